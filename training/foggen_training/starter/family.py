"""A family of questions: what is asked, apart from how it is worded and which operands it has.

Families belong to one of three worlds. Pretraining uses those of the `base`; those of the `rounds` meet only
the rounds, where a measured success near chance teaches that the unfamiliar fails; those of the `validation`
are used by nothing but measurements, and were written without sight of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from .skills import Draw


@dataclass(frozen=True, eq=False)  # hashed by identity
class Family:
    """domain: the nearest of the seven, for the chain's rounds. draw: draws operands, the answer and three
    to five wrong answers, or fewer where the question leaves no more (yes or no; this or that).
    wordings: templates of the question's text over the names of the operands."""

    domain: str
    name: str
    draw: Callable[[Random], Draw]
    wordings: Sequence[str]

    def question(self, random: Random) -> tuple[str, Draw]:
        """Draw a question; returns its text and what was drawn."""
        draw = self.draw(random)
        return random.choice(self.wordings).format(**draw.values), draw
