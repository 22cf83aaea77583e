"""Reads replies that are framed as server-sent events although no stream was requested.

Two forms occur: a whole completion followed by `data: [DONE]`, and a stream of pieces. The pieces
are joined to the completion that they would have been without streaming. Sources: "Server-sent
events" in WHATWG's HTML standard, and OpenAI's reference of chat completion chunks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DONE = "[DONE]"
DATA = "data:"
DONE_AT_END = re.compile(r"\s(?:data:\s?)?\[DONE\]\s*\Z")
FIELD = re.compile(r"(?:data|event|id|retry)?:")  # without a name it is a comment
LINE_END = re.compile(r"\r\n|\n|\r")  # JSON strings may hold the others that splitlines knows

Piece = Mapping[str, Any]


class CutStreamError(ValueError):
    """The stream ended before its last piece."""


def read_json(text: str) -> Any:
    """The JSON value of a body, or of the completion that its events hold.

    Raises ValueError if there is none, CutStreamError if the end of a stream is missing.
    """
    if not FIELD.match(text.lstrip()):
        return json.loads(DONE_AT_END.sub("", text))
    values = [line[len(DATA) :].strip() for line in LINE_END.split(text) if line.startswith(DATA)]
    pieces = [json.loads(value) for value in values if value not in ("", DONE)]
    if not pieces or not all(isinstance(piece, dict) for piece in pieces):
        raise ValueError("no completion")
    for piece in pieces:
        if piece.get("error") or "message" in _choice(piece):
            return piece  # an error, or a whole completion in one event
    return _joined(pieces, done=DONE in values)


def _joined(pieces: Sequence[Piece], done: bool) -> dict[str, Any]:
    """The completion whose pieces these are."""
    choices = [_choice(piece) for piece in pieces]
    reasons = [choice["finish_reason"] for choice in choices if choice.get("finish_reason")]
    if not done and not reasons:
        raise CutStreamError("no end of the stream")
    message = {name: value for delta in _deltas(choices) for name, value in delta.items() if value}
    message["content"] = _content(_deltas(choices))
    choice = {"message": message, "finish_reason": reasons[-1] if reasons else None}
    whole = {name: value for piece in pieces for name, value in piece.items() if value}
    return whole | {"choices": [choice]}


def _content(deltas: Iterator[Piece]) -> str | list[Any] | None:
    """The pieces of the text, as one text or as one list of parts; None if there are none."""
    texts: list[str] = []
    parts: list[Any] = []
    for content in (delta.get("content") for delta in deltas):
        if isinstance(content, str):
            texts.append(content)
        elif isinstance(content, list):
            parts += content
    return parts or ("".join(texts) if texts else None)


def _deltas(choices: Sequence[Piece]) -> Iterator[Piece]:
    return (delta for choice in choices if isinstance(delta := choice.get("delta"), dict))


def _choice(piece: Piece) -> Piece:
    """The piece of the first choice, which is the only one that was requested."""
    choices = piece.get("choices")
    found = choices if isinstance(choices, list) else []
    first = (choice for choice in found if isinstance(choice, dict) and not choice.get("index"))
    return next(first, {})
