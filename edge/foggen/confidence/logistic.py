"""Logistic regression with a ridge penalty, by Newton's method: a few weights, thousands of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

STEPS = 50
LEAST_CHANGE = 1e-8
LARGEST_STEP = 5.0  # where classes are separated, weights grow without an end
STEADY = 1e-6  # added to the diagonal, so that constant features can be solved for


def fit_logistic(rows: Array, right: Array, penalty: float = 1.0) -> Array:
    """(features,) The weights that minimize the log loss plus penalty / 2 of their squares.

    rows: (n, features), a column of ones among them. right: (n,), 0 or 1. Every weight is penalized, so
    the features should have about one size. Without a penalty, weights end at 1,000 at the latest.
    """
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = predicted(rows, weights)
        gradient = rows.T @ (chance - right) + penalty * weights
        spread = chance * (1 - chance)
        curvature = (rows * spread[:, None]).T @ rows + (penalty + STEADY) * np.eye(rows.shape[1])
        step = np.linalg.solve(curvature, gradient)
        size = float(np.abs(step).max())
        weights -= step * min(1.0, LARGEST_STEP / size) if size else 0.0
        if size < LEAST_CHANGE:
            break
    return np.clip(weights, -1e3, 1e3)


def log_loss(chance: Array, right: Array) -> Array:
    """(n,) The log loss of each row."""
    inside = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.asarray(-(right * np.log(inside) + (1 - right) * np.log(1 - inside)))


def predicted(rows: Array, weights: Array) -> Array:
    """(n,) The probabilities that a fit gives to rows, (n, features)."""
    return np.asarray(0.5 * (1 + np.tanh(rows @ weights / 2)))
