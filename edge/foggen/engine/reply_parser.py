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

from foggen_cloud.final_text import strip_thinking
from foggen_cloud.letters import read_label

_CONFIDENCE = re.compile(r"confidence\s*[:=]\s*\**\s*(\S+)", re.IGNORECASE)
_ANSWER = re.compile(r"final\s+answer\s*[:=]\s*(.*)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(%?)")


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
        read_label(answers[-1], labels, options) if answers else None,
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
