"""Monotone maps from a score to the probability that the answer is right.

Three kinds, the simplest first: one temperature for the score's log odds, a line over them, and a
piecewise constant map by isotonic regression (pool adjacent violators). Which one a calibration takes
is decided by their loss on rows that they were not fitted on (`fitting.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .logistic import fit_logistic
from .scores import log_odds, sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

TEMPERATURE, LINE, ISOTONIC = "temperature", "logistic", "isotonic"
LEAST = 1e-3  # a score of 0 or 1, such as a bucket's, counts as .001 or .999
PSEUDO_ROWS = 1.0  # of each outcome in an isotonic step, so that no step is worth 0 or 1


@dataclass(frozen=True)
class ProbabilityMap:
    """A map to P(right). slope, offset: over the score's log odds. steps: (score from which it holds, value)
    in rising order; used where there are any."""

    kind: str
    slope: float = 1.0
    offset: float = 0.0
    steps: tuple[tuple[float, float], ...] = ()

    def __call__(self, score: float) -> float:
        if self.steps:
            place = bisect_right([start for start, _ in self.steps], score) - 1
            return self.steps[max(place, 0)][1]
        return sigmoid(self.slope * log_odds(score, LEAST) + self.offset)

    def as_dict(self) -> dict[str, Any]:
        if self.steps:
            return {"kind": self.kind, "steps": [list(step) for step in self.steps]}
        return {"kind": self.kind, "slope": self.slope, "offset": self.offset}

    @staticmethod
    def from_dict(row: Mapping[str, Any]) -> ProbabilityMap:
        """The map that `as_dict` wrote. Raises KeyError, TypeError or ValueError."""
        if row["kind"] == ISOTONIC:
            steps = tuple((float(start), float(value)) for start, value in row["steps"])
            if not steps or list(steps) != sorted(steps):
                raise ValueError("the steps do not rise")
            return ProbabilityMap(ISOTONIC, steps=steps)
        if row["kind"] not in (TEMPERATURE, LINE):
            raise ValueError(f"unknown map {row['kind']!r}")
        return ProbabilityMap(row["kind"], float(row["slope"]), float(row["offset"]))


def fit_temperature(scores: Array, right: Array) -> ProbabilityMap:
    """P = sigmoid(log odds / T); the slope 1 / T is not negative."""
    odds = _log_odds(scores)
    (slope,) = fit_logistic(odds[:, None], right, penalty=0.0)
    return ProbabilityMap(TEMPERATURE, max(float(slope), 0.0))


def fit_line(scores: Array, right: Array) -> ProbabilityMap:
    """P = sigmoid(a log odds + b), a not negative (Platt 1999, with his prior by pseudo rows)."""
    odds = _log_odds(scores)
    rows = np.column_stack([odds, np.ones_like(odds)])
    slope, offset = map(float, fit_logistic(rows, right, penalty=0.0))
    if slope < 0:  # the score ranks the wrong way round; then the base rate is all that it is worth
        slope, offset = 0.0, log_odds(float(right.mean()))
    return ProbabilityMap(LINE, slope, offset)


def fit_isotonic(scores: Array, right: Array) -> ProbabilityMap:
    """The rising step function closest to the outcomes, by pooling adjacent violators."""
    order = np.argsort(scores, kind="stable")
    values, starts = np.unique(scores[order], return_index=True)
    sums = np.add.reduceat(right[order], starts)
    counts = np.diff([*starts, len(order)]).astype(float)
    blocks: list[list[float]] = []  # first score, rows right, rows
    for value, total, count in zip(values, sums, counts, strict=True):
        blocks.append([float(value), float(total), float(count)])
        while len(blocks) > 1 and _worth(blocks[-2]) >= _worth(blocks[-1]):
            _, more, rows = blocks.pop()
            blocks[-1][1] += more
            blocks[-1][2] += rows
    return ProbabilityMap(ISOTONIC, steps=tuple((block[0], _worth(block)) for block in blocks))


def _worth(block: Sequence[float]) -> float:
    _, total, count = block
    return (total + PSEUDO_ROWS / 2) / (count + PSEUDO_ROWS)


def _log_odds(scores: Array) -> Array:
    inside = np.clip(scores, LEAST, 1 - LEAST)
    return np.asarray(np.log(inside / (1 - inside)))


FITS: Mapping[str, Callable[[Array, Array], ProbabilityMap]] = {
    TEMPERATURE: fit_temperature,
    LINE: fit_line,
    ISOTONIC: fit_isotonic,
}
