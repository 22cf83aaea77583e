"""An alarm where a higher score was right less often, so that a threshold on it would keep the worse answers.

A one-sided Mann-Whitney test for each domain and the whole, at a level that all of them share, so that
scores that are worth nothing set off one calibration in forty at the most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from .metrics import auroc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LEVEL = 0.025
WHOLE = ""  # the name of all rows together


@dataclass(frozen=True)
class Alarm:
    """domain: WHOLE for all rows. auroc: below one half. n: rows."""

    domain: str
    auroc: float
    n: int

    def text(self) -> str:
        where = f"in {self.domain}" if self.domain else "over all rows"
        return f"{where}, a higher score was right less often: AUROC {self.auroc:.3f} of {self.n:,} rows"


def alarms(scores: Array, right: Array, domains: Sequence[str]) -> list[Alarm]:
    """Where the score ranks the wrong way round, beyond luck; the whole first."""
    names = np.array(domains)
    parts = {WHOLE: np.ones(len(right), dtype=bool)}
    if len(set(domains)) > 1:
        parts |= {name: names == name for name in dict.fromkeys(domains) if name}
    level = LEVEL / len(parts)
    return [
        Alarm(name, auroc(scores[rows], right[rows]), int(rows.sum()))
        for name, rows in parts.items()
        if p_value(scores[rows], right[rows]) <= level
    ]


def p_value(scores: Array, right: Array) -> float:
    """Of an AUROC as low as this one if the score says nothing; 1 where all are right, or all wrong."""
    positives, negatives = int((right > 0).sum()), int((right <= 0).sum())
    if not positives or not negatives:
        return 1.0
    total = positives + negatives
    _, counts = np.unique(scores, return_counts=True)
    ties = float((counts**3 - counts).sum()) / (total * (total - 1)) if total > 1 else 0.0
    variance = positives * negatives / 12 * (total + 1 - ties)
    if variance <= 0:
        return 1.0
    pairs = positives * negatives
    below = pairs * (auroc(scores, right) - 0.5) + 0.5  # continuity
    return NormalDist().cdf(below / math.sqrt(variance))
