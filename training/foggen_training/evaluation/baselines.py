"""What FogGen must beat: other ways to a score of "the edge is right", on the same checkpoint.

A baseline gives every question a score (the higher, the surer) and the answer that it would keep, and
says how many passes of the model that took. All are compared at one cloud share, the lowest scores
first to the cloud, ties at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.calibration import auroc, macro
from foggen.labelled import Keyed

from ..labels.label import seed_of
from ..labels.reading import Reading
from .metrics import GRID, oracle_accuracy, routing_curve
from .outcomes import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Baseline:
    """scores, edge: (n,), edge 1 where the kept answer would be right. passes: a question."""

    name: str
    scores: Array
    edge: Array
    passes: float


def domain_prior(items: Sequence[Keyed], edge: Array) -> Baseline:
    """A domain's accuracy on the other folds' questions: no look at the question itself."""
    scores = np.zeros(len(items))
    names = np.array([item.domain for item in items])
    for fold in folds(items):
        others = np.setdiff1d(np.arange(len(items)), fold)
        for name in set(names[fold]):
            known = edge[others][names[others] == name]
            scores[fold[names[fold] == name]] = known.mean() if known.size else 0.5
    return Baseline("domain prior", scores, edge, 0)


def surface(items: Sequence[Keyed], edge: Array) -> Baseline:
    """Logistic regression on what is seen without a model, fitted on the other folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    domains = sorted({item.domain for item in items})
    seen = np.array([features(item, domains) for item in items])
    scores = np.zeros(len(items))
    for fold in folds(items):
        others = np.setdiff1d(np.arange(len(items)), fold)
        if len(set(edge[others])) == 2:
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
            scores[fold] = model.fit(seen[others], edge[others]).predict_proba(seen[fold])[:, 1]
    return Baseline("surface features", scores, edge, 0)


def folds(items: Sequence[Keyed], count: int = 5) -> list[NDArray[np.intp]]:
    """Positions in `count` folds, by a hash of the ids."""
    places = np.array([seed_of("fold", item.id) % count for item in items])
    return [np.flatnonzero(places == fold) for fold in range(count)]


def letter_probability(items: Sequence[Keyed], plain: Sequence[Reading]) -> Baseline:
    """The probability of the best letter where the model is asked for the answer alone."""
    scores = np.array([found.labels[0].max() for found in plain])
    return Baseline("letter probability", scores, _right(items, [f.answer for f in plain]), 1)


def self_consistency(
    items: Sequence[Keyed], plain: Sequence[Reading], samples: int = 8, temperature: float = 0.7
) -> Baseline:
    """How many of `samples` plain answers agree with the most frequent one, which is kept.

    An answer is one token, so that samples are draws from its probabilities at the temperature.
    """
    scores, answers = [], []
    for item, found in zip(items, plain, strict=True):
        shares = found.labels[0] ** (1 / temperature)
        random = np.random.default_rng(seed_of("consistency", item.id))
        counts = random.multinomial(samples, shares / shares.sum())
        scores.append(counts.max() / samples)
        answers.append(int(counts.argmax()))
    return Baseline("self-consistency", np.array(scores), _right(items, answers), samples)


def _right(items: Sequence[Keyed], answers: Sequence[int]) -> Array:
    return np.array(
        [float(item.answer == given) for item, given in zip(items, answers, strict=True)]
    )


def features(item: Keyed, domains: Sequence[str]) -> list[float]:
    """Lengths in characters and words, digits, options and their lengths, the domain."""
    question = item.question
    stem, lengths = question.stem, [len(option) for option in question.options]
    numbers = [option for option in question.options if any(c.isdigit() for c in option)]
    return [
        len(stem), len(stem.split()), sum(c.isdigit() for c in stem), float(not stem.isascii()),
        len(lengths), float(np.mean(lengths)), float(np.std(lengths)), len(numbers) / len(lengths),
        *[float(item.domain == name) for name in domains],
    ]  # fmt: skip


def compare(
    items: Sequence[Keyed | Outcome], baselines: Sequence[Baseline], cloud: Array, share: float
) -> dict[str, dict[str, float]]:
    """Per baseline the means over domains at one cloud share: accuracy, lift, AUROC, passes."""
    names = np.array([item.domain for item in items])
    places = {name: np.flatnonzero(names == name) for name in dict.fromkeys(names)}
    table = {"random": _random(baselines[0], places, cloud, share)}
    for baseline in baselines:
        table[baseline.name] = _row(baseline, places, cloud, share)
    table["oracle"] = _oracle(baselines[0], places, cloud, share)
    return table


def _row(
    baseline: Baseline, places: Mapping[str, NDArray[np.intp]], cloud: Array, share: float
) -> dict[str, float]:
    rows = [
        (baseline.scores[where], baseline.edge[where], cloud[where]) for where in places.values()
    ]
    curves = [routing_curve(*row) for row in rows]
    systems = [float(np.interp(share, GRID, curve)) for curve in curves]
    even = [float((1 - share) * edge.mean() + share * right.mean()) for _, edge, right in rows]
    return {
        "edge": macro(float(edge.mean()) for _, edge, _ in rows),
        "system": macro(systems),
        "lift": macro(np.array(systems) - np.array(even)),
        "auroc": macro(auroc(scores, edge) for scores, edge, _ in rows),
        "passes": baseline.passes,
    }


def _random(
    own: Baseline, places: Mapping[str, NDArray[np.intp]], cloud: Array, share: float
) -> dict[str, float]:
    even = Baseline("random", np.zeros(len(own.edge)), own.edge, 1)
    return _row(even, places, cloud, share)


def _oracle(
    own: Baseline, places: Mapping[str, NDArray[np.intp]], cloud: Array, share: float
) -> dict[str, float]:
    systems = [oracle_accuracy(share, own.edge[w], cloud[w]) for w in places.values()]
    even = _random(own, places, cloud, share)
    system = macro(systems)
    return {**even, "system": system, "lift": system - even["system"], "auroc": 1.0}
