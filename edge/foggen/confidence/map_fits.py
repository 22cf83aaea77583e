"""Fits the maps of `maps.py` to scores and outcomes: (n,) scores in [0, 1], (n,) 0 or 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .logistic import fit_logistic
from .maps import ISOTONIC, LEAST, LINE, TEMPERATURE, ProbabilityMap
from .scores import log_odds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PSEUDO_ROWS = 1.0  # added to an isotonic step, half of them right, so that no step is worth 0 or 1


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
