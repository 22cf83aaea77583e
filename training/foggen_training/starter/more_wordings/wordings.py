"""The wordings of one skill that pretraining and the rounds have beyond the skill's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wordings:
    """Templates over the names of a skill's operands. pretraining and rounds have none in common."""

    pretraining: tuple[str, ...]
    rounds: tuple[str, ...]


def lines(text: str) -> tuple[str, ...]:
    """One wording for each line that is not empty; a backslash and `n` stand for a line break."""
    stripped = (line.strip() for line in text.splitlines())
    return tuple(line.replace(r"\n", "\n") for line in stripped if line)
