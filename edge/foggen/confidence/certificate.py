"""A threshold with a promise: among the answers that it keeps, at most a share `max_error` is wrong.

Learn then test (Angelopoulos et al. 2021): thresholds are tried one after the other, each by an exact
binomial test of "more than max_error of what it keeps is wrong" at level delta, and the first that cannot
be rejected ends it (fixed-sequence testing). Over draws of the rows, the threshold's true error then
exceeds max_error in at most a share delta. The order is fixed by P(right) alone, never by the outcomes: the
threshold that should pass most surely comes first.

The promise holds for questions of the same kind as the rows, and for rows that nothing was fitted on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

STEPS = 40  # thresholds that are tried at the most
NOTHING_KEPT = 1.01  # a tau that no probability reaches
POWER = 0.8  # with which the rows that are asked for would do


@dataclass(frozen=True)
class Certificate:
    """What can be promised. tau: the lowest threshold that was certified, NOTHING_KEPT if none. kept,
    wrong: rows at or above it. tested: rows in all. needed: rows with which a first threshold would
    probably be certified, where none was; None if no number would do."""

    tau: float
    max_error: float
    delta: float
    tested: int
    kept: int = 0
    wrong: int = 0
    needed: int | None = None

    @property
    def holds(self) -> bool:
        return self.kept > 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "max_error": self.max_error,
            "delta": self.delta,
            "tested": self.tested,
            "kept": self.kept,
            "wrong": self.wrong,
        }


def certify(p_right: Array, right: Array, max_error: float, delta: float = 0.1) -> Certificate:
    """The lowest threshold on `p_right` that can be certified on rows that nothing was fitted on.

    p_right, right: (n,). max_error, delta: in (0, 1).
    """
    best = Certificate(NOTHING_KEPT, max_error, delta, len(right))
    for tau in thresholds(p_right, max_error):
        kept = p_right >= tau
        count, wrong = int(kept.sum()), int((1 - right[kept]).sum())
        if binomial_tail(wrong, count, max_error) > delta:
            break
        if tau < best.tau:
            best = Certificate(tau, max_error, delta, len(right), count, wrong)
    if best.holds:
        return best
    needed = rows_needed(p_right, max_error, delta)
    return Certificate(NOTHING_KEPT, max_error, delta, len(right), needed=needed)


def thresholds(p_right: Array, max_error: float) -> list[float]:
    """Values of `p_right`, first the one that passes most surely if `p_right` is true."""
    ordered = np.sort(p_right)[::-1]
    places = np.unique(np.linspace(1, len(ordered), min(STEPS, len(ordered))).astype(int))
    values = dict.fromkeys(float(ordered[place - 1]) for place in places)

    def predicted(tau: float) -> float:
        kept = p_right[p_right >= tau]
        return binomial_tail(round(float((1 - kept).sum())), len(kept), max_error)

    return sorted(values, key=predicted)


def fewest_rows(max_error: float, delta: float) -> int:
    """Rows that must be kept, all right, before an error above `max_error` can be ruled out."""
    return math.ceil(math.log(delta) / math.log(1 - max_error))


def rows_needed(p_right: Array, max_error: float, delta: float) -> int | None:
    """Rows with which a threshold would be certified in four of five draws, if `p_right` is true; None if
    none would be."""
    ordered = np.sort(p_right)[::-1]
    errors = np.cumsum(1 - ordered) / np.arange(1, len(ordered) + 1)
    guesses = [
        math.ceil(rows * len(ordered) / count)
        for count, error in enumerate(errors, 1)
        if (rows := _rows_for(float(error), max_error, delta)) is not None
    ]
    return max(min(guesses), len(ordered) + 1) if guesses else None


def _rows_for(error: float, max_error: float, delta: float) -> int | None:
    """Kept rows with which a true error is told from `max_error`, by the normal approximation."""
    if error >= max_error:
        return None
    sure, likely = _quantile(1 - delta), _quantile(POWER)
    spread = sure * math.sqrt(max_error * (1 - max_error)) + likely * math.sqrt(error * (1 - error))
    return max(fewest_rows(max_error, delta), math.ceil((spread / (max_error - error)) ** 2))


def _quantile(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


def binomial_tail(wrong: int, count: int, share: float) -> float:
    """P(X <= wrong) of X ~ Binomial(count, share): the exact p-value of "more than `share` is wrong"."""
    if wrong >= count:
        return 1.0
    logs = [
        math.lgamma(count + 1)
        - math.lgamma(k + 1)
        - math.lgamma(count - k + 1)
        + k * math.log(share)
        + (count - k) * math.log1p(-share)
        for k in range(wrong + 1)
    ]
    largest = max(logs)
    return min(1.0, math.exp(largest) * math.fsum(math.exp(one - largest) for one in logs))


def tau_for_share(p_right: Array, cloud_share: float) -> float:
    """The threshold below which a share of the rows lies: what `--cloud-share` asks for.

    Where rows are alike, it keeps all or none of them, whichever comes closer to the share.
    """
    values = np.unique(p_right)
    shares = np.array([(p_right < value).mean() for value in values] + [1.0])
    place = int(np.abs(shares - cloud_share).argmin())
    return float(values[place]) if place < len(values) else NOTHING_KEPT
