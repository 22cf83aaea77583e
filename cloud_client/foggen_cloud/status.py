"""Turns an HTTP status and an error body into the CloudError that names the reason."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import CloudError, ConfigError, KeyRefused, Kind
from .parameters import refused_parameters
from .settings import CloudSettings

KINDS: Mapping[int, Kind] = {
    401: "auth",
    402: "credit",
    403: "auth",
    404: "model",
    407: "config",
    408: "server",
    409: "server",
    429: "rate_limited",
}
MESSAGES = ("message", "msg", "detail", "details", "errors", "error_msg", "error_description")
DETAIL_CHARACTERS = 80
KEY_PIECE_CHARACTERS = 8

CONTENT = re.compile(r"content_?(filter|policy)|data_?inspection|moderation|\bflagged\b", re.I)
CREDIT = re.compile(r"insufficient[_ ](quota|balance|credit|funds)|arrearage|billing_", re.I)
KEY = re.compile(r"invalid_api_key|api key not valid", re.I)
MODEL = re.compile(
    r"model_not_found|not a valid model|model\b.*\b(not exist|not found|not loaded)|no models? (is |are )?loaded",
    re.I,
)
# The URL is another than that of chat completions.
PLACE = re.compile(
    r"(unexpected|unknown|invalid|unsupported) (endpoint|url|route|path)|no (such )?(endpoint|route)"
    r"|(endpoint|route|path|url|page) (was )?not found|method not allowed|cannot post|\A\W*not found\W*\Z",
    re.I,
)
TOO_MANY_TOKENS = re.compile(
    r"max_(completion_)?tokens\b.*(too large|too high|at most|exceed|less than|maximum)",
    re.I | re.S,
)
# An error in a 200 reply without a numeric code is read as the status that its words stand for.
STATUS_OF_WORDS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"api[_ ]?key|authenticat|unauthorized|permission|forbidden", re.I), 401),
    (re.compile(r"rate_?limit|too many requests", re.I), 429),
    (re.compile(r"overloaded|unavailable|server_error|internal", re.I), 503),
    (
        re.compile(r"context_length|invalid_request|field required|validation|bad request", re.I),
        400,
    ),
)


def status_error(
    status: int, headers: Mapping[str, str], payload: object, text: str, settings: CloudSettings
) -> CloudError:
    """The error for a reply with a status outside 200-299.

    payload: the body as JSON, or None if it is not JSON. text: the body as text. settings: their
    key is kept out of the error's detail.
    """
    if 300 <= status < 400:
        return ConfigError(
            f"the server redirects (status {status}), and redirects are not followed",
            hint="set the url to the server's final address",
            status=status,
        )
    if status >= 500 and text.lstrip().startswith("<"):
        message = f"the server sent a web page instead of an answer (status {status})"
        return CloudError(message, kind="bad_response", retryable=True, status=status)
    return _named(status, payload, headers, safe_detail(text, settings))


def payload_error(payload: Mapping[str, Any], text: str, settings: CloudSettings) -> CloudError:
    """The error in the body of a 200 reply. Its code is read as if it were the HTTP status."""
    words = error_words(payload)
    status = next(filter(None, map(_code, _codes(payload))), None)
    detail = safe_detail(text, settings)
    if status is None:
        status = next((status for words_, status in STATUS_OF_WORDS if words_.search(words)), None)
    if status is None and not _named_by_words(400, words):
        return CloudError("the server reports an error", detail=detail)
    return _named(status or 400, payload, {}, detail)


def error_words(payload: object) -> str:
    """The code, type and message of an error body in one string, or "" if there are none."""
    error = _error(payload)
    if not isinstance(error, Mapping):
        return " ".join(_texts(error))
    fields = (error.get(name) for name in ("code", "type", *MESSAGES))
    return " ".join(text for value in fields for text in _texts(value))


def holds_message(payload: Mapping[str, Any]) -> bool:
    """Whether a body without `error` and without choices says in words what went wrong."""
    return any(True for name in MESSAGES for _ in _texts(payload.get(name)))


def _error(payload: object) -> object:
    """What of a body describes the error: `error`, or the body itself."""
    if isinstance(payload, list) and payload:  # one server wraps its error in a list
        payload = payload[0]
    return (payload.get("error") or payload) if isinstance(payload, Mapping) else None


def _codes(payload: Mapping[str, Any]) -> list[object]:
    """What may be the error's HTTP status."""
    sources = [source for source in (_error(payload), payload) if isinstance(source, Mapping)]
    return [source.get(name) for source in sources for name in ("code", "status", "statusCode")]


def _texts(value: object, deep: int = 3) -> Iterator[str]:
    """The texts and numbers in a value. FastAPI lists several messages, each with its place."""
    if isinstance(value, (str, int)) and value:
        yield str(value)
    elif deep and isinstance(value, list):
        for part in value:
            yield from _texts(part, deep - 1)
    elif deep and isinstance(value, Mapping):
        for name in ("loc", *MESSAGES):
            yield from _texts(value.get(name), deep - 1)


def safe_detail(text: str, settings: CloudSettings) -> str:
    """The first characters that the server wrote, made printable; "" if they hold a piece of a
    secret of the settings."""
    shown = "".join(c if c.isprintable() else " " for c in text[:DETAIL_CHARACTERS])
    hidden = any(_holds_piece(shown, secret) for secret in settings.secrets)
    return "" if hidden else shown


def _holds_piece(text: str, secret: str) -> bool:
    length = min(len(secret), KEY_PIECE_CHARACTERS)
    return any(secret[start : start + length] in text for start in range(len(secret) - length + 1))


def retry_after_s(value: str) -> float | None:
    """The seconds of a Retry-After header (a number or an HTTP date), or None if it is invalid."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        seconds = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _named(status: int, payload: object, headers: Mapping[str, str], detail: str) -> CloudError:
    words = error_words(payload)
    kind = _named_by_words(status, words) or KINDS.get(status)
    kind = kind or ("server" if status >= 500 else "rejected")
    message = f"the server answered with status {status}"
    if kind == "auth":  # no detail: servers repeat the key here, in part or in full
        return KeyRefused(message, status=status)
    parameters = refused_parameters(_error(payload), words) if kind == "rejected" else frozenset()
    too_many = kind == "rejected" and TOO_MANY_TOKENS.search(words)
    return CloudError(
        message,
        kind=kind,
        retryable=kind in ("server", "rate_limited"),
        hint="lower max_tokens: the model writes no reply that long" if too_many else None,
        setting="max_tokens" if too_many else "",
        parameters=parameters,
        status=status,
        retry_after_s=retry_after_s(headers.get("retry-after", "")),
        detail=detail,
    )


def _named_by_words(status: int, words: str) -> Kind | None:
    """The reason, if the error's own words name it better than its status does."""
    if status in (400, 403, 422, 451) and CONTENT.search(words):
        return "refused"
    if status in (400, 403, 429) and CREDIT.search(words):
        return "credit"
    if status == 400 and KEY.search(words):
        return "auth"
    if status in (400, 404, 405) and (MODEL.search(words) or PLACE.search(words)):
        return "model"
    return None


def _code(code: object) -> int | None:
    """An error code that is an HTTP status, as a number or as digits."""
    if isinstance(code, str) and re.fullmatch(r"[45][0-9]{2}", code):
        return int(code)
    return code if isinstance(code, int) and 400 <= code <= 599 else None
