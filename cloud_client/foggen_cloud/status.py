"""Turns an HTTP status and an error body into the CloudError that names the reason."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from .errors import CloudError, ConfigError, KeyRefused, Kind
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
DETAIL_CHARACTERS = 80
KEY_PIECE_CHARACTERS = 8

CONTENT = re.compile(r"content_?(filter|policy)|data_?inspection|moderation|\bflagged\b", re.I)
CREDIT = re.compile(r"insufficient[_ ](quota|balance|credit|funds)|arrearage|billing_", re.I)
KEY = re.compile(r"invalid_api_key|api key not valid", re.I)
MODEL = re.compile(r"model_not_found|not a valid model|model\b.*\b(not exist|not found)", re.I)
# An error in a 200 reply without a numeric code is read as the status that its words stand for.
STATUS_OF_WORDS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"api[_ ]?key|authentication|unauthorized|permission", re.I), 401),
    (re.compile(r"rate_?limit|too many requests", re.I), 429),
    (re.compile(r"overloaded|unavailable|server_error|internal", re.I), 503),
    (re.compile(r"context_length|invalid_request", re.I), 400),
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
    return _named(status, error_words(payload), headers, safe_detail(text, settings))


def payload_error(payload: Mapping[str, Any], text: str, settings: CloudSettings) -> CloudError:
    """The error in the body of a 200 reply. Its code is read as if it were the HTTP status."""
    words = error_words(payload)
    error = payload.get("error")
    status = _code(error.get("code")) if isinstance(error, Mapping) else None
    detail = safe_detail(text, settings)
    if status is None:
        status = next((status for words_, status in STATUS_OF_WORDS if words_.search(words)), None)
    if status is None and not _named_by_words(400, words):
        return CloudError("the server reports an error", detail=detail)
    return _named(status or 400, words, {}, detail)


def error_words(payload: object) -> str:
    """The code, type and message of an error body in one string, or "" if there are none."""
    if isinstance(payload, list) and payload:  # one server wraps its error in a list
        payload = payload[0]
    error = payload.get("error", payload) if isinstance(payload, Mapping) else None
    if isinstance(error, str):
        return error
    if not isinstance(error, Mapping):
        return ""
    return " ".join(str(error[name]) for name in ("code", "type", "message") if error.get(name))


def safe_detail(text: str, settings: CloudSettings) -> str:
    """The first characters that the server wrote, made printable; "" if they hold a piece of the
    key."""
    shown = "".join(c if c.isprintable() else " " for c in text[:DETAIL_CHARACTERS])
    key = settings.key
    length = min(len(key), KEY_PIECE_CHARACTERS)
    pieces = (key[start : start + length] for start in range(len(key) - length + 1))
    return "" if key and any(piece in shown for piece in pieces) else shown


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


def _named(status: int, words: str, headers: Mapping[str, str], detail: str) -> CloudError:
    kind = _named_by_words(status, words) or KINDS.get(status)
    kind = kind or ("server" if status >= 500 else "rejected")
    message = f"the server answered with status {status}"
    if kind == "auth":  # no detail: servers repeat the key here, in part or in full
        return KeyRefused(message, status=status)
    return CloudError(
        message,
        kind=kind,
        retryable=kind in ("server", "rate_limited"),
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
    if status == 400 and MODEL.search(words):
        return "model"
    return None


def _code(code: object) -> int | None:
    """An error code that is an HTTP status, as a number or as digits."""
    if isinstance(code, str) and re.fullmatch(r"[45][0-9]{2}", code):
        return int(code)
    return code if isinstance(code, int) and 400 <= code <= 599 else None
