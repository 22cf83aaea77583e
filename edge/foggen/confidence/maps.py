"""Monotone maps from a score to the probability that the answer is right.

Three kinds, the simplest first: one temperature for the score's log odds, a line over them, and a
piecewise constant map by isotonic regression (pool adjacent violators). Which one a calibration takes
is decided by their loss on rows that they were not fitted on (`map_fits.py`, `fitting.py`). This module needs no
numpy, so that a router that asks only the cloud does not load it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .scores import log_odds, sigmoid

TEMPERATURE, LINE, ISOTONIC = "temperature", "logistic", "isotonic"
LEAST = 1e-3  # a score of 0 or 1, such as a bucket's, counts as .001 or .999


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
