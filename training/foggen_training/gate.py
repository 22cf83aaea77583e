"""The gate after a round: figures of the validation set, and whether the chain may continue.

A round is compared with the best round so far, question by question (`paired.py`). It is refused if a
domain lost more than `accuracy_drop` of its questions beyond what churn explains:

    lost - gained - luck * sqrt(lost + gained) > accuracy_drop * n

and likewise for the mean over domains and for AUROC. With `ece_rise` it is refused, too, if its expected
confidence is further from the truth than the best round's by more. `python bench/gate.py` shows how often a round that
changed nothing is refused, and how often a true loss is detected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from foggen.confidence import scores
from foggen.confidence.metrics import macro
from foggen.engine.contract import BUCKETS, DEFAULT_TAU

from .evaluation.outcomes import Outcome
from .evaluation.tables import summarize
from .paired import Change, RankingChange, accuracy_lost, changes, paired, ranking_change
from .recipe import GatePlan

Figures = dict[str, Any]
EXACTLY = 1e-9  # a drop of exactly the allowed size passes despite rounding


@dataclass(frozen=True)
class Reference:
    """What a round is compared with. name: a round's name or a description. ranked: whether it stated
    confidences in the round's format; if not, as for a raw base, only its accuracy counts."""

    name: str
    outcomes: Sequence[Outcome]
    ranked: bool = True

    @property
    def accuracy(self) -> float:
        """The mean accuracy over the domains."""
        domains = {outcome.domain for outcome in self.outcomes}
        return macro(
            float(np.mean([o.edge for o in self.outcomes if o.domain == name])) for name in domains
        )


def better(one: Reference, other: Reference) -> Reference:
    """Return the reference for later rounds: the more accurate one, or `one` if they are equal.

    A reference that stated no confidences is always replaced.
    """
    return other if not one.ranked or other.accuracy > one.accuracy else one


def judge(outcomes: Sequence[Outcome], reference: Reference, plan: GatePlan) -> dict[str, Any]:
    """Judge a round; it passes if "losses" is empty.

    Returns {"against": name of the reference, "changes": {domain: {"lost", "gained", "questions"}},
    "losses": [sentences]}.
    """
    pairs = paired(reference.outcomes, outcomes)
    domains = changes(pairs)
    losses = [*_entropy_losses(outcomes, plan), *_accuracy_losses(domains, plan)]
    if reference.ranked and (ranking := ranking_change(pairs)):
        losses += _ranking_losses(ranking, plan)
        losses += _calibration_losses(outcomes, reference, plan)
    return {
        "against": reference.name,
        "changes": {domain: asdict(change) for domain, change in domains.items()},
        "losses": losses,
    }


def _entropy_losses(outcomes: Sequence[Outcome], plan: GatePlan) -> Iterator[str]:
    value = entropy([outcome.confidence for outcome in outcomes])
    if value < plan.least_entropy:
        yield f"the entropy of the buckets is {value:.2f}, less than {plan.least_entropy:.2f}"


def _accuracy_losses(domains: Mapping[str, Change], plan: GatePlan) -> Iterator[str]:
    for domain, change in domains.items():
        if accuracy_lost([change], plan.luck) > plan.accuracy_drop + EXACTLY:
            yield f"{domain} lost {change.lost} questions and gained {change.gained} of {change.questions}"
    every = list(domains.values())
    if len(every) > 1 and accuracy_lost(every, plan.luck) > plan.mean_drop + EXACTLY:
        lost, gained, asked = (
            sum(getattr(change, name) for change in every)
            for name in ("lost", "gained", "questions")
        )
        yield f"all domains together lost {lost} questions and gained {gained} of {asked}"


def _ranking_losses(ranking: RankingChange, plan: GatePlan) -> Iterator[str]:
    drop = ranking.before - ranking.now
    if drop - plan.luck * ranking.deviation > plan.auroc_drop + EXACTLY:
        yield (
            f"AUROC fell from {ranking.before:.3f} to {ranking.now:.3f}, while churn alone moves it by "
            f"{ranking.deviation:.3f}"
        )


def _calibration_losses(
    outcomes: Sequence[Outcome], reference: Reference, plan: GatePlan
) -> Iterator[str]:
    before, now = calibration_error(reference.outcomes), calibration_error(outcomes)
    if now - before > plan.ece_rise + EXACTLY:
        yield f"the calibration error rose from {before:.3f} to {now:.3f}"


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """The calibration error of the expected confidence, the mean over the domains."""
    return float(summarize(outcomes, DEFAULT_TAU)["mean"]["ece_expected"])


def entropy(confidences: Sequence[float]) -> float:
    """Entropy of the stated buckets as a share of its maximum: 1 if all are equally frequent, 0 if
    there is only one or none."""
    counts = Counter(value for value in confidences if value in BUCKETS)
    return scores.entropy([counts[bucket] / max(1, counts.total()) for bucket in BUCKETS])


def figures(outcomes: Sequence[Outcome], tau: float) -> Figures:
    """Compute the figures that tables and plots show of a round; all are fractions."""
    table = summarize(outcomes, tau)
    confidences = [outcome.confidence for outcome in outcomes]
    return {
        "tau": tau,
        "table": table,
        "accuracy": {name: row["edge"] for name, row in table.items()},
        "auroc": table["mean"]["auroc"],
        "entropy": entropy(confidences),
        "histogram": {str(bucket): confidences.count(bucket) for bucket in BUCKETS},
        "extreme_share": float(np.mean([value in (0.0, 1.0) for value in confidences])),
        "confidence_minus_accuracy": macro(
            float(np.mean([max(0.0, o.expected) - o.edge for o in outcomes if o.domain == name]))
            for name in table
            if name != "mean"
        ),
    }
