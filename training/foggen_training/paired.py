"""Compare two rounds question by question: what was lost, what was gained, and how much of it is luck.

Fine-tuning changes some answers at random, for the better about as often as for the worse ("churn"), so
the accuracy on n questions moves although nothing was learnt or forgotten. The questions that changed show
how far: if both directions are equally likely, `lost - gained` has the standard deviation
sqrt(lost + gained), as in McNemar's test (1947). AUROC moves in the same way. Its deviation is that of the
questions' contributions (DeLong, DeLong and Clarke-Pearson 1988); both rounds answered the same questions,
so the contributions are subtracted question by question before they are squared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.metrics import auroc
from foggen.errors import ConfigurationError

from .evaluation.outcomes import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Pair = tuple[Outcome, Outcome]  # the outcomes of one question: before, now


@dataclass(frozen=True)
class Change:
    """How the answers of a domain changed. lost: right before and wrong now. gained: the reverse.
    questions: number of questions asked."""

    lost: int
    gained: int
    questions: int


@dataclass(frozen=True)
class RankingChange:
    """Mean AUROC over the domains, before and now. deviation: standard deviation of their difference
    under churn alone."""

    before: float
    now: float
    deviation: float


def paired(before: Sequence[Outcome], now: Sequence[Outcome]) -> dict[str, list[Pair]]:
    """Pair the outcomes of each domain, question by question.

    Raises ConfigurationError if the two rounds answered different questions.
    """
    earlier = {(outcome.domain, outcome.id): outcome for outcome in before}
    if earlier.keys() != {(outcome.domain, outcome.id) for outcome in now}:
        raise ConfigurationError(
            "the validation questions differ from those that earlier rounds were judged by",
            hint="restore the question files, or give another output folder",
        )
    pairs: dict[str, list[Pair]] = {}
    for outcome in now:
        pair = (earlier[outcome.domain, outcome.id], outcome)
        pairs.setdefault(outcome.domain, []).append(pair)
    return pairs


def changes(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, Change]:
    """Count the questions that each domain lost and gained."""
    return {
        domain: Change(
            sum(before.edge > now.edge for before, now in answered),
            sum(before.edge < now.edge for before, now in answered),
            len(answered),
        )
        for domain, answered in pairs.items()
    }


def accuracy_lost(domains: Sequence[Change], luck: float) -> float:
    """Return how much the mean accuracy of the domains fell, in [-1, 1], beyond `luck` standard
    deviations of churn."""
    net = sum((change.lost - change.gained) / change.questions for change in domains)
    variance = sum((change.lost + change.gained) / change.questions**2 for change in domains)
    return (net - luck * math.sqrt(variance)) / len(domains)


def ranking_change(pairs: Mapping[str, Sequence[Pair]]) -> RankingChange | None:
    """Return the change in AUROC of the expected confidence, over the domains where both rounds have
    one; None if there is no such domain."""
    before, now, variances = [], [], []
    for answered in pairs.values():
        sides = [_columns(side) for side in zip(*answered, strict=True)]
        areas = [auroc(scores, right) for scores, right in sides]
        if any(math.isnan(area) for area in areas):
            continue
        influences = [auroc_influence(scores, right) for scores, right in sides]
        before.append(areas[0])
        now.append(areas[1])
        variances.append(float(np.mean((influences[1] - influences[0]) ** 2)) / len(answered))
    if not before:
        return None
    deviation = math.sqrt(sum(variances)) / len(variances)
    return RankingChange(float(np.mean(before)), float(np.mean(now)), deviation)


def auroc_influence(scores: Array, right: NDArray[np.bool_]) -> Array:
    """Return the influence of each question on the AUROC, (n,), with mean 0.

    Its mean square divided by n is the variance of the AUROC. Both classes must occur.
    """
    others = (np.sort(scores[~right]), np.sort(scores[right]))
    below_right = 1 - _rank_share(others[1], scores)  # for wrong answers: right ones above
    placement = np.where(right, _rank_share(others[0], scores), below_right)
    share = np.where(right, right.mean(), 1 - right.mean())
    return np.asarray((placement - placement[right].mean()) / share)


def _rank_share(ordered: Array, scores: Array) -> Array:
    """Return the share of the sorted values that each score exceeds; ties count one half."""
    below = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")
    return np.asarray(below / (2 * len(ordered)))


def _columns(outcomes: Sequence[Outcome]) -> tuple[Array, NDArray[np.bool_]]:
    expected = np.array([outcome.expected for outcome in outcomes], dtype=np.float64)
    return expected, np.array([outcome.edge for outcome in outcomes]) > 0
