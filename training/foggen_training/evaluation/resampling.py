"""The bootstrap as a few matrix products: many resamples of an evaluation's questions at once.

A resample draws the questions of every domain with replacement. It is represented by a column of counts: how
often each question was drawn. A figure that is a sum over questions is then computed for all resamples at
once, and two methods with the same counts are paired question by question. For the original questions all
counts are 1 (`Domains.once`).

Shapes: n questions, D domains, B resamples, G groups of equal scores. Questions are the first axis, so that
numbers that are added together are adjacent in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DRAWS = 2000
PART = 50  # resamples at a time, so that their counts fit into the processor's caches
LEVEL = 0.95

Interval = tuple[float, float]


@dataclass(frozen=True)
class Domains:
    """The questions of each domain. places: an array of positions per domain."""

    places: tuple[NDArray[np.intp], ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> Domains:
        """Build from the domain of every question."""
        column = np.array(names)
        return cls(tuple(np.flatnonzero(column == name) for name in dict.fromkeys(names)))

    @cached_property
    def weights(self) -> Array:
        """(n,) The weights of the questions in a mean of the domains' means; they sum to 1."""
        weights = np.empty(sum(map(len, self.places)))
        for places in self.places:
            weights[places] = 1 / (len(self.places) * len(places))
        return weights

    @property
    def once(self) -> Array:
        """(n, 1) Counts of the original questions: all 1."""
        return np.ones((len(self.weights), 1))

    def resamples(self, draws: int = DRAWS, seed: int = 0) -> Iterator[Array]:
        """Counts (n, B), PART resamples at a time, determined by the seed."""
        random = np.random.default_rng(seed)
        for start in range(0, draws, PART):
            columns = min(PART, draws - start)
            counts = np.empty((len(self.weights), columns))
            for places in self.places:
                counts[places] = _counts(random, len(places), columns)
            yield counts

    def rankings(self, scores: Array) -> list[Ranking]:
        """Rank the questions of each domain by their scores, (n,)."""
        return [Ranking(scores, places) for places in self.places]

    def mean(self, values: Array, counts: Array) -> Array:
        """(B,) The mean of the domains' means. values: (n,)."""
        return np.asarray((self.weights * values) @ counts)

    def means(self, values: Array, counts: Array) -> Array:
        """(D, B) The mean of each domain. values: (n,)."""
        return np.stack([values[p] @ counts[p] / len(p) for p in self.places])


def _counts(random: np.random.Generator, size: int, columns: int) -> Array:
    """(size, columns) How often each of `size` questions is drawn in `size` draws."""
    drawn = random.integers(0, size, (size, columns)) * columns + np.arange(columns)
    counts = np.bincount(drawn.ravel(), minlength=size * columns)
    return counts.reshape(size, columns).astype(float)


class Ranking:
    """Questions from the lowest score to the highest, equal scores together as one group."""

    def __init__(self, scores: Array, places: NDArray[np.intp] | None = None) -> None:
        """scores: (n,). places: the questions to rank; all by default."""
        places = np.arange(len(scores)) if places is None else places
        self.order = places[np.argsort(scores[places], kind="stable")]
        self.starts = np.flatnonzero(np.diff(scores[self.order], prepend=-np.inf))

    def sums(self, values: Array, counts: Array) -> Array:
        """(G, B) The sums of values, (n,), inside the groups."""
        ranked = counts[self.order] * values[self.order, None]
        if len(self.starts) == len(self.order):  # no ties; adding would take most of the time
            return np.asarray(ranked)
        return np.asarray(np.add.reduceat(ranked, self.starts, axis=0))


def auroc(ranking: Ranking, correct: Array, counts: Array) -> Array:
    """(B,) `foggen.confidence.metrics.auroc` of weighted questions; nan if all are right or all wrong."""
    right, wrong = ranking.sums(correct, counts), ranking.sums(1 - correct, counts)
    below = np.cumsum(wrong, axis=0) - wrong / 2
    won, pairs = (right * below).sum(axis=0), right.sum(axis=0) * wrong.sum(axis=0)
    return _ratio(won, pairs)


def mean_auroc(rankings: Sequence[Ranking], correct: Array, counts: Array) -> Array:
    """(B,) The mean over the domains that have an AUROC."""
    return mean_of_known(np.stack([auroc(ranking, correct, counts) for ranking in rankings]))


def system_accuracy_at(
    share: float, ranking: Ranking, edge: Array, cloud: Array, weights: Array, counts: Array
) -> Array:
    """(B,) Accuracy if the lowest scores go to the cloud, up to a share of the weights.

    There is one threshold for all questions. Of the questions whose score equals it, a random selection
    goes to the cloud, as the share allows. weights: (n,), summing to 1.
    """
    mass = ranking.sums(weights, counts)
    gain = ranking.sums(weights * (cloud - edge), counts)
    room = share - (np.cumsum(mass, axis=0) - mass)  # share left for each group
    sent = (room / np.maximum(mass, 1e-12)).clip(0, 1)  # a group that was not drawn has no gain
    return np.asarray((weights * edge) @ counts + (sent * gain).sum(axis=0))


def mean_of_known(values: Array) -> Array:
    """(B,) Means along the first axis, ignoring nan; nan if there is nothing else."""
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0).astype(float))


def _ratio(part: Array, whole: Array) -> Array:
    """The quotient; nan where the whole is 0."""
    nothing = np.full(part.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))


def interval(values: Array, level: float = LEVEL) -> Interval:
    """The percentile interval of a figure's resampled values, (B,), ignoring nan."""
    known = values[~np.isnan(values)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
