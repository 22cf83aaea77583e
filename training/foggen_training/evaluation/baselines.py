"""What FogGen must beat: other scores for "the edge is right", on the same checkpoint.

A baseline gives every question a score (higher is surer) and an answer, and counts the model passes that it
needs. `comparison.py` compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.labelled import Keyed

from ..labels.label import seed_of
from ..labels.reading import Reading
from .outcomes import Outcome
from .resampling import Domains

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

BUCKET, EXPECTED = "FogGen, bucket", "FogGen, expected"
P_RIGHT = "FogGen, P(right)"
SAME_PASS, ASKED_ALONE = "letter, same pass", "letter, asked alone"
OF_THE_BASE = "letter of the base"
DOMAIN_PRIOR = "domain prior"


@dataclass(frozen=True)
class Baseline:
    """scores: (n,), rank the answers. edge: (n,), 1 where the kept answer is right. passes: model passes
    per question. routed_by: (n,), questions with the lowest values go to the cloud first; None means the
    scores."""

    name: str
    scores: Array
    edge: Array
    passes: float
    routed_by: Array | None = None

    @property
    def order(self) -> Array:
        """(n,) The values that decide which questions go to the cloud first."""
        return self.scores if self.routed_by is None else self.routed_by


def edge_of(outcomes: Sequence[Outcome]) -> Array:
    """(n,) 1 where FogGen's answer is right."""
    return np.array([outcome.edge for outcome in outcomes], dtype=float)


def foggen(outcomes: Sequence[Outcome]) -> list[Baseline]:
    """FogGen itself: routed by the bucket, as in the product, and by the expected confidence.

    Questions with more options than the contract was trained on go to the cloud first, as in the product.
    """
    edge = edge_of(outcomes)

    def column(name: str) -> Array:
        return np.array([getattr(outcome, name) for outcome in outcomes], dtype=float)

    return [
        Baseline(BUCKET, column("confidence"), edge, 1, column("compared_confidence")),
        Baseline(EXPECTED, column("expected"), edge, 1, column("compared_expected")),
    ]


def letter_same_pass(outcomes: Sequence[Outcome]) -> Baseline:
    """The best letter's probability, read in the same pass after the confidence."""
    scores = np.array([outcome.letter for outcome in outcomes], dtype=float)
    return Baseline(SAME_PASS, scores, edge_of(outcomes), 1)


def letter_of_base(outcomes: Sequence[Outcome], base: Sequence[Reading]) -> Baseline:
    """The untrained base's probability of FogGen's answer, which is kept.

    base: the base's readings when asked for the answer alone. Without an answer of FogGen the score is 0.
    """
    scores = [
        float(reading.labels[0][one.answer]) if one.answer >= 0 else 0.0
        for one, reading in zip(outcomes, base, strict=True)
    ]
    return Baseline(OF_THE_BASE, np.array(scores), edge_of(outcomes), 2)


def letter_asked_alone(items: Sequence[Keyed], raw: Sequence[Reading]) -> Baseline:
    """The probability of the best letter when the model is asked for the answer alone."""
    scores = np.array([reading.labels[0].max() for reading in raw])
    return Baseline(ASKED_ALONE, scores, right(items, raw), 1)


def self_consistency(
    items: Sequence[Keyed], raw: Sequence[Reading], samples: int = 8, temperature: float = 0.7
) -> Baseline:
    """The share of `samples` raw answers that agree with the most frequent one, which is kept.

    An answer is one token, so samples are draws from its probabilities at the temperature.
    """
    counts = []
    for item, reading in zip(items, raw, strict=True):
        shares = reading.labels[0] ** (1 / temperature)
        random = np.random.default_rng(seed_of("consistency", item.id))
        counts.append(random.multinomial(samples, shares / shares.sum()))
    scores = np.array([row.max() / samples for row in counts])
    edge = [float(row.argmax() == item.answer) for row, item in zip(counts, items, strict=True)]
    return Baseline("self-consistency", scores, np.array(edge), samples)


def right(items: Sequence[Keyed], readings: Sequence[Reading]) -> Array:
    """(n,) 1 where a reading's answer is the key."""
    pairs = zip(items, readings, strict=True)
    return np.array([float(item.answer == reading.answer) for item, reading in pairs])


def domain_prior(items: Sequence[Keyed], edge: Array) -> Baseline:
    """One score per domain, its accuracy on these same questions; the question itself is not used.

    Scores from other folds would rank by luck: if a fold does well, the mean of the others is lower.
    """
    scores = np.zeros(len(items))
    for places in Domains.of([item.domain for item in items]).places:
        scores[places] = edge[places].mean()
    return Baseline(DOMAIN_PRIOR, scores, edge, 0)


def surface(items: Sequence[Keyed], edge: Array) -> Baseline:
    """Logistic regression on features of the text, fitted on the other folds.

    If a fold does well, the mean of the others is lower, so pooled scores would rank by luck. The scores
    of a domain are therefore shifted to the same mean in every fold.
    """
    domains = sorted({item.domain for item in items})
    seen = np.array([features(item, domains) for item in items])
    scores, parts = np.zeros(len(items)), [fold for fold in folds(items) if fold.size]
    for fold in parts:
        others = np.setdiff1d(np.arange(len(items)), fold)
        scores[fold] = _fitted(seen[others], edge[others], seen[fold])
    for places in Domains.of([item.domain for item in items]).places:
        mean = scores[places].mean()
        for fold in parts:
            mine = np.intersect1d(places, fold)
            scores[mine] += mean - scores[mine].mean() if mine.size else 0.0
    return Baseline("surface features", scores, edge, 0)


def _fitted(seen: Array, edge: Array, asked: Array) -> Array:
    """Log odds that the `asked` rows are right, fitted on other rows; 0 if those are all right or all
    wrong."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(set(edge)) < 2:
        return np.zeros(len(asked))
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return np.asarray(model.fit(seen, edge).decision_function(asked))


def folds(items: Sequence[Keyed], count: int = 5) -> list[NDArray[np.intp]]:
    """Positions of the questions in `count` folds, by a hash of their ids."""
    numbers = np.array([seed_of("fold", item.id) % count for item in items])
    return [np.flatnonzero(numbers == fold) for fold in range(count)]


def features(item: Keyed, domains: Sequence[str]) -> list[float]:
    """Lengths in characters and words, digits, options and their lengths, the domain."""
    question = item.question
    stem, lengths = question.stem, [len(option) for option in question.options]
    numbers = [option for option in question.options if any(c.isdigit() for c in option)]
    return [
        len(stem),
        len(stem.split()),
        sum(c.isdigit() for c in stem),
        float(not stem.isascii()),
        len(lengths),
        float(np.mean(lengths)),
        float(np.std(lengths)),
        len(numbers) / len(lengths),
        *[float(item.domain == name) for name in domains],
    ]
