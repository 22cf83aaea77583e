"""Which kind of map a calibration takes, judged on rows that the map was not fitted on.

A map must first be right on the average: its mean P(right) must be within one standard error of the share that
is right. A temperature has no offset, so where the scores hardly rank it cannot reach the base rate, and its loss
alone does not show it: among a few hundred rows, three points too many are less than one standard error of a
loss. Of the maps that are right on the average, the simplest within one standard error of the best loss is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .logistic import log_loss
from .map_fits import FITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def best_map(scores: Array, right: Array, folds: Sequence[Array]) -> tuple[str, Array]:
    """The kind of map to take, and its held-out P(right), (n,).

    scores, right: (n,). folds: positions of rows; each is judged by maps that were fitted on the others.
    """
    held_out = {kind: cross_fitted(kind, scores, right, folds) for kind in FITS}
    unbiased = [kind for kind, chance in held_out.items() if right_on_average(chance, right)]
    losses = {kind: log_loss(held_out[kind], right) for kind in unbiased or FITS}
    kind = simplest(losses)
    return kind, held_out[kind]


def right_on_average(chance: Array, right: Array) -> bool:
    """Whether the mean of P(right) is within one standard error of the share that is right."""
    excess = chance - right
    return bool(abs(excess.mean()) <= excess.std() / np.sqrt(len(excess)))


def simplest(losses: dict[str, Array]) -> str:
    """The first kind whose mean loss is within one standard error of the best's, paired by row."""
    best = min(losses, key=lambda kind: float(losses[kind].mean()))
    for kind, loss in losses.items():
        excess = loss - losses[best]
        if excess.mean() <= excess.std() / np.sqrt(len(excess)):
            return kind
    return best


def cross_fitted(kind: str, scores: Array, right: Array, folds: Sequence[Array]) -> Array:
    """(n,) P(right) of each row, by a map that was fitted on the other folds."""
    chance = np.zeros(len(right))
    for fold in folds:
        others = np.setdiff1d(np.arange(len(right)), fold)
        fitted = FITS[kind](scores[others], right[others])
        chance[fold] = [fitted(float(score)) for score in scores[fold]]
    return chance
