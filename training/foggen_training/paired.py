"""Two rounds compared question by question: what was lost, what was gained, and how much of it is luck.

Fine-tuning changes some answers for no reason, to the better about as often as to the worse ("churn"),
and so the accuracy of n questions moves although nothing was learnt or forgotten. How far it moves can
be read from the questions that changed: if either way is equally likely, `lost - gained` has the
standard deviation sqrt(lost + gained), as in McNemar's test (1947). AUROC moves likewise; its deviation
is that of the questions' shares in it (DeLong, DeLong and Clarke-Pearson 1988), subtracted question by
question before they are squared, since both rounds answered the same ones.
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

Pair = tuple[Outcome, Outcome]  # of one question: before, now


@dataclass(frozen=True)
class Change:
    """What became of a domain's questions. lost: right before and wrong now. gained: the reverse.
    questions: all that were asked."""

    lost: int
    gained: int
    questions: int


@dataclass(frozen=True)
class RankingChange:
    """Mean AUROC of the domains, before and now. deviation: the standard deviation of the difference
    that churn alone makes."""

    before: float
    now: float
    deviation: float


def paired(before: Sequence[Outcome], now: Sequence[Outcome]) -> dict[str, list[Pair]]:
    """The outcomes of each domain, question by question.

    Raises ConfigurationError where the questions are not the same ones.
    """
    earlier = {(outcome.domain, outcome.id): outcome for outcome in before}
    if earlier.keys() != {(outcome.domain, outcome.id) for outcome in now}:
        raise ConfigurationError(
            "the validation questions are not those that the rounds before were judged by",
            hint="give the files of questions as they were, or another output folder",
        )
    pairs: dict[str, list[Pair]] = {}
    for outcome in now:
        pair = (earlier[outcome.domain, outcome.id], outcome)
        pairs.setdefault(outcome.domain, []).append(pair)
    return pairs


def changes(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, Change]:
    """How many questions each domain lost and gained."""
    return {
        domain: Change(
            sum(before.edge > now.edge for before, now in answered),
            sum(before.edge < now.edge for before, now in answered),
            len(answered),
        )
        for domain, answered in pairs.items()
    }


def accuracy_lost(domains: Sequence[Change], luck: float) -> float:
    """How much the mean accuracy of some domains fell, in [-1, 1], beyond `luck` standard deviations
    of what churn does."""
    net = sum((change.lost - change.gained) / change.questions for change in domains)
    variance = sum((change.lost + change.gained) / change.questions**2 for change in domains)
    return (net - luck * math.sqrt(variance)) / len(domains)


def ranking_change(pairs: Mapping[str, Sequence[Pair]]) -> RankingChange | None:
    """How the AUROC of the expected confidence changed, over the domains where both rounds have one;
    None where there is none."""
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
    """How much each question moves the AUROC, (n,), with mean 0; the variance of the AUROC of n
    questions is the mean square over n. Both classes must be there."""
    others = (np.sort(scores[~right]), np.sort(scores[right]))
    below_right = 1 - _rank_share(others[1], scores)  # of a wrong answer: right ones above it
    placement = np.where(right, _rank_share(others[0], scores), below_right)
    share = np.where(right, right.mean(), 1 - right.mean())
    return np.asarray((placement - placement[right].mean()) / share)


def _rank_share(ordered: Array, scores: Array) -> Array:
    """The share of sorted values that each score exceeds, ties counting one half."""
    below = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")
    return np.asarray(below / (2 * len(ordered)))


def _columns(outcomes: Sequence[Outcome]) -> tuple[Array, NDArray[np.bool_]]:
    expected = np.array([outcome.expected for outcome in outcomes], dtype=np.float64)
    return expected, np.array([outcome.edge for outcome in outcomes]) > 0
