"""From labelled signals to a calibration: a letter prior, a head, the score that routes, its map to P(right).

Everything is judged by cross-fitting: what a choice is worth is measured on rows that it was not fitted on.
Where several are alike within one standard error, the simplest is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .logistic import fit_logistic, predicted
from .map_choice import best_map
from .map_fits import FITS
from .maps import ProbabilityMap
from .metrics import auroc
from .scores import FUSED, LEAST, Signals, features, score_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FOLDS = 5
PENALTY = 1.0  # of the head: a weight of 1 costs as much as half a row
LEAST_FOR_HEAD = 100  # rows: with fewer, eight weights are not told from luck
DRAWS = 200  # bootstrap draws of a difference of AUROCs


@dataclass(frozen=True)
class Labelled:
    """The signals of one question, its key by position, and its domain."""

    signals: Signals
    key: int
    domain: str = ""

    def right(self, prior: Sequence[float] = ()) -> bool:
        return self.signals.without_prior(prior).answer == self.key


@dataclass(frozen=True)
class Fitted:
    """What was fitted. prior: of the letters by place, () for none. weights: of the head, () for none.
    held_out: (n,), P(right) of each row by a map and a head that were not fitted on it. right: (n,)."""

    score: str
    prior: tuple[float, ...]
    weights: tuple[float, ...]
    map: ProbabilityMap
    held_out: Array
    right: Array

    def p_right(self, signals: Signals) -> float:
        """The probability that the answer is right; the answer is that of `without_prior(prior)`."""
        adjusted = signals.without_prior(self.prior)
        return self.map(score_of(self.score, adjusted, self.weights))


def fit(rows: Sequence[Labelled], seed: int = 0, score: str = "") -> Fitted:
    """A calibration's parts, fitted on some rows. score: the one to take, the best if ""."""
    folds = folds_of(len(rows), seed)
    prior = fit_prior(rows, folds)
    signals = [row.signals.without_prior(prior) for row in rows]
    right = np.array([row.right(prior) for row in rows], dtype=float)
    columns = _columns(signals, right, folds, score)
    name = score or best_score(columns, right, seed)
    weights = head(signals, right) if name == FUSED else ()
    kind, held_out = best_map(columns[name], right, folds)
    # The map is fitted to scores of heads that had not seen the row, as it will be used.
    return Fitted(name, prior, weights, FITS[kind](columns[name], right), held_out, right)


def _columns(
    signals: Sequence[Signals], right: Array, folds: Sequence[Array], only: str
) -> dict[str, Array]:
    """(n,) of each score that may be taken; the fused one by heads that were not fitted on the row."""
    known = signals[0].scores
    names = [only] if only else [name for name in known if name != FUSED]
    if not only and len(right) >= LEAST_FOR_HEAD:
        names.append(FUSED)
    columns = {}
    for name in names:
        if name == FUSED:
            columns[name] = _held_out_heads(signals, right, folds)
        else:
            columns[name] = np.array([score_of(name, one) for one in signals])
    return columns


def folds_of(count: int, seed: int) -> list[Array]:
    """Positions of `count` rows in random folds, as many as there are rows for."""
    order = np.random.default_rng(seed).permutation(count)
    return [np.sort(part) for part in np.array_split(order, min(FOLDS, count)) if part.size]


def head(signals: Sequence[Signals], right: Array) -> tuple[float, ...]:
    """The weights of a head."""
    rows = np.array([features(one) for one in signals])
    return tuple(float(weight) for weight in fit_logistic(rows, right, PENALTY))


def _held_out_heads(signals: Sequence[Signals], right: Array, folds: Sequence[Array]) -> Array:
    rows = np.array([features(one) for one in signals])
    chance = np.zeros(len(right))
    for fold in folds:
        others = np.setdiff1d(np.arange(len(right)), fold)
        chance[fold] = predicted(rows[fold], fit_logistic(rows[others], right[others], PENALTY))
    return chance


def best_score(columns: dict[str, Array], right: Array, seed: int) -> str:
    """The score with the best AUROC, or the simplest that is not worse by more than one standard error
    of the paired difference."""
    ranks = {name: auroc(column, right) for name, column in columns.items()}
    if any(np.isnan(value) for value in ranks.values()):  # all right, or all wrong
        return next(iter(columns))
    best = max(ranks, key=ranks.__getitem__)
    for name, column in columns.items():
        error = _error_of_difference(columns[best], column, right, seed)
        if ranks[best] - ranks[name] <= error:
            return name
    return best


def _error_of_difference(first: Array, second: Array, right: Array, seed: int) -> float:
    """The standard error of a difference of two AUROCs, over bootstrap draws of the rows."""
    random = np.random.default_rng(seed)
    differences = []
    for _ in range(DRAWS):
        drawn = random.integers(0, len(right), len(right))
        differences.append(auroc(first[drawn], right[drawn]) - auroc(second[drawn], right[drawn]))
    return float(np.nanstd(differences))


def fit_prior(rows: Sequence[Labelled], folds: Sequence[Array]) -> tuple[float, ...]:
    """The letters' prior by place, if it makes the keys likelier in held-out rows; () otherwise.

    A small model prefers some letters whatever the question. The prior is the mean log-probability by
    place, less its mean; taking it out may change the answer (Zhao et al. 2021, "Calibrate before use").
    It is kept only where the log loss of the keys falls by more than one standard error.
    """
    losses: dict[str, list[float]] = {"": [], "prior": []}
    for fold in folds:
        chosen = set(fold.tolist())
        prior = _prior([row for place, row in enumerate(rows) if place not in chosen])
        for place in fold:
            row = rows[int(place)]
            losses[""].append(_loss(row, ()))
            losses["prior"].append(_loss(row, prior))
    gain = np.array(losses[""]) - np.array(losses["prior"])
    better = gain.mean() > gain.std() / np.sqrt(len(gain))
    return _prior(rows) if better else ()


def _prior(rows: Sequence[Labelled]) -> tuple[float, ...]:
    places = max((len(row.signals.letters) for row in rows), default=0)
    sums, counts = np.zeros(places), np.zeros(places)
    for row in rows:
        logs = np.log(np.clip(row.signals.letters, LEAST, 1.0))
        sums[: len(logs)] += logs - logs.mean()
        counts[: len(logs)] += 1
    return tuple(float(one) for one in sums / np.maximum(counts, 1))


def _loss(row: Labelled, prior: Sequence[float]) -> float:
    return float(-np.log(max(row.signals.without_prior(prior).letters[row.key], LEAST)))
