"""Reading text that a model wrote freely: the confidence and the answer, or None. Never a guess.

The one pass forces the format and needs none of this; text from elsewhere (another runtime, a
recording, the published demo) does. The cards' `route_query` keeps a question whose answer is
missing, knows A to D only, crashes on "0.75.", accepts 100 and reads inside thinking; this does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from foggen_cloud.letters import strip_thinking

_CONFIDENCE = re.compile(r"confidence\s*[:=]\s*\**\s*(\S+)", re.IGNORECASE)
_ANSWER = re.compile(r"final\s+answer\s*[:=]\s*(.*)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(%?)")
_EDGES = " \t.,;:!?()[]{}*_`'\"“”«»"


@dataclass(frozen=True)
class ParsedReply:
    """confidence: in [0, 1], None if none was said. answer: position of the option, or None."""

    confidence: float | None
    answer: int | None

    @property
    def routable_confidence(self) -> float | None:
        """The confidence that the rule may use: without an answer there is nothing to keep."""
        return None if self.answer is None else self.confidence


def parse(text: str, labels: Sequence[str], options: Sequence[str] = ()) -> ParsedReply:
    """The last confidence and the last answer after thinking is stripped.

    labels: as shown to the model ("A", "B", ...). options: their texts, if an answer in words is to
    be understood. An unfinished thinking gives nothing.
    """
    final = strip_thinking(text)
    if final is None:
        return ParsedReply(None, None)
    said = _CONFIDENCE.findall(final)
    answers = _ANSWER.findall(final)
    return ParsedReply(
        read_confidence(said[-1]) if said else None,
        _read_answer(answers[-1], labels, options) if answers else None,
    )


def read_confidence(text: str) -> float | None:
    """A confidence in [0, 1] from "0.75", "0,75", ".5", "75%", "1", "0.75."; else None.

    Nothing is clamped: 100 or -1 is not a confidence.
    """
    match = _NUMBER.fullmatch(text.replace(",", ".").rstrip(".;*_`)"))
    if not match:
        return None
    value = float(match[1]) / (100 if match[2] else 1)
    return value if math.isfinite(value) and 0.0 <= value <= 1.0 else None


def _read_answer(text: str, labels: Sequence[str], options: Sequence[str]) -> int | None:
    """The option that the rest of the answer line names: its label, its text, or both."""
    named = text.strip(_EDGES)
    by_label = [index for index, label in enumerate(labels) if label.casefold() == named.casefold()]
    if by_label:
        return by_label[0]
    match = re.match(r"[(\[*]*(\w{1,2})[)\].:*]+\s+(.+)", text.strip())
    if match:  # "B. 0.67": both parts must say the same
        index = _read_answer(match[1], labels, ())
        same = index is not None and (not options or _fold(options[index]) == _fold(match[2]))
        return index if same else None
    by_text = [index for index, option in enumerate(options) if _fold(option) == _fold(text)]
    return by_text[0] if len(by_text) == 1 else None


def _fold(text: str) -> str:
    return " ".join(text.strip(_EDGES).casefold().split())
