"""Reads the model's text from the bytes of a reply, or raises one typed error.

Only a complete reply is accepted: without a content length, a connection that is cut causes no
error of its own. A reply that was streamed although it should not be is read by `server_events.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import CloudError
from .final_text import strip_thinking
from .server_events import CutStreamError, read_json
from .settings import CloudSettings
from .status import holds_message, payload_error, safe_detail, status_error

if TYPE_CHECKING:
    from .transfer import RawReply

LONGEST_NAME = 200
USAGE_FIELDS = ("prompt_tokens", "completion_tokens")
TEXT_PARTS = ("text", "output_text")
THINKING_FIELDS = ("reasoning_content", "reasoning", "reasoning_details", "thinking")


@dataclass(frozen=True)
class Completion:
    """The model's reply.

    text: without the thinking. truncated: the reply reached max_tokens, so its last word may be
    incomplete. model: the name in the server's reply, or "". usage: token counts, if reported.
    """

    text: str
    truncated: bool
    model: str
    usage: Mapping[str, int]


def read_completion(reply: RawReply, settings: CloudSettings) -> Completion:
    """Read a chat completion. Raises CloudError, which never contains the key."""
    text = reply.body.decode("utf-8", "replace")
    payload = _payload(reply.body, text, settings)
    if not 200 <= reply.status < 300:
        raise status_error(reply.status, reply.headers, payload, text, settings)
    if not isinstance(payload, dict):
        raise _bad_response("is not a JSON object", text, settings)
    choice = _first_choice(payload)
    _raise_reported(payload, choice, text, settings)
    truncated = choice.get("finish_reason") == "length"
    message = choice.get("message", {} if truncated else None)
    if not isinstance(message, dict):
        raise _bad_response("holds no message", text, settings)
    return Completion(
        text=_final_text(message, choice.get("finish_reason"), text, settings),
        truncated=truncated,
        model=_name(payload.get("model")),
        usage=_usage(payload.get("usage")),
    )


def _raise_reported(
    payload: Mapping[str, Any], choice: Mapping[str, Any], text: str, settings: CloudSettings
) -> None:
    """Raise CloudError if a 200 reply reports an error, in one of the places where servers do."""
    for part in (payload, choice):
        if part.get("error"):
            raise payload_error(part, text, settings)
    if not choice and holds_message(payload):
        raise payload_error(payload, text, settings)


def clean_text(text: str) -> str:
    """`text` without lone surrogates and control characters, which a terminal would obey."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in whole if c in "\n\t" or not _is_control(c))


def _is_control(character: str) -> bool:
    return ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0


def _payload(body: bytes, text: str, settings: CloudSettings) -> Any:
    """The body's JSON value, or None if it is not one complete document or stream in UTF-8.

    Raises CloudError for a stream that was cut off.
    """
    try:
        return read_json(body.decode("utf-8-sig"))
    except CutStreamError:
        what = "was streamed, though no stream was requested, and cut off"
        raise _bad_response(what, text, settings) from None
    except (ValueError, RecursionError):
        return None


def _first_choice(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = payload.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


def _final_text(
    message: Mapping[str, Any], finish_reason: object, text: str, settings: CloudSettings
) -> str:
    """The message's text after its thinking. Raises CloudError if there is anything else."""
    if finish_reason == "content_filter":
        raise CloudError("the model's answer was filtered", kind="refused")
    content = message.get("content")
    said = _text_of(content)
    if said.strip():
        return clean_text(_after_thinking(said))
    if message.get("tool_calls") or message.get("function_call") or message.get("refusal"):
        raise _bad_answer("the model called a tool or refused, and gave no text")
    if finish_reason == "length":
        raise cut_short("the model was still thinking when its reply ended")
    if any(message.get(name) for name in THINKING_FIELDS):
        raise _bad_answer("the model thought, and gave no answer")
    if isinstance(content, str):
        raise _bad_answer("the model's answer is empty")
    if isinstance(content, list) and any(isinstance(part, dict) for part in content):
        raise _bad_answer("the model answered in parts that are not text")
    raise _bad_response("holds no text", text, settings)


def _text_of(content: object) -> str:
    """The text of a message's content, which is a text or a list of parts; "" if there is none.

    Parts of thinking, images and calls are left out.
    """
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = (
        part.get("text")
        for part in parts
        if isinstance(part, dict) and part.get("type", "text") in TEXT_PARTS
    )
    return "".join(text for text in texts if isinstance(text, str))


def _after_thinking(content: str) -> str:
    final = strip_thinking(content)
    if final is None:
        raise cut_short("the model was still thinking when its reply ended")
    return final


def cut_short(message: str) -> CloudError:
    """The error for a reply that ended too early, with the setting that allows a longer one."""
    return CloudError(
        message,
        kind="bad_answer",
        setting="max_tokens",
        hint="raise max_tokens, or choose a model that does not think",
    )


def _bad_answer(message: str) -> CloudError:
    return CloudError(message, kind="bad_answer")


def _bad_response(what: str, text: str, settings: CloudSettings) -> CloudError:
    return CloudError(
        f"the server's reply {what}", kind="bad_response", detail=safe_detail(text, settings)
    )


def _name(model: object) -> str:
    return clean_text(model)[:LONGEST_NAME] if isinstance(model, str) else ""


def _usage(usage: object) -> dict[str, int]:
    """The token counts that are whole numbers of at least 0."""
    counts = usage if isinstance(usage, dict) else {}
    return {
        name: count
        for name in USAGE_FIELDS
        if isinstance(count := counts.get(name), int) and not isinstance(count, bool) and count >= 0
    }
