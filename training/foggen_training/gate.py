"""The gate after a round: figures of the validation set, and whether the chain may go on from them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from foggen.calibration import macro
from foggen.contract import BUCKETS

from .evaluation.outcomes import Outcome
from .evaluation.tables import summarize
from .recipe import GatePlan

Figures = dict[str, Any]


def entropy(values: Sequence[float]) -> float:
    """Entropy of the buckets said, as a share of its maximum: 1 where all come equally often."""
    counts = np.array(list(Counter(values).values()), dtype=float)
    shares = counts / counts.sum()
    return abs(float((shares * np.log(shares)).sum() / math.log(len(BUCKETS))))


def figures(outcomes: Sequence[Outcome], tau: float) -> Figures:
    """What a round is judged and plotted by; all fractions."""
    table = summarize(outcomes, tau)
    said = [outcome.confidence for outcome in outcomes]
    return {
        "tau": tau,
        "table": table,
        "accuracy": {name: row["edge"] for name, row in table.items()},
        "auroc": table["mean"]["auroc"],
        "entropy": entropy(said),
        "histogram": {str(bucket): said.count(bucket) for bucket in BUCKETS},
        "extreme_share": float(np.mean([value in (0.0, 1.0) for value in said])),
        "confidence_minus_accuracy": macro(
            float(np.mean([o.expected - o.edge for o in outcomes if o.domain == name]))
            for name in table
            if name != "mean"
        ),
    }


def losses(now: Figures, before: Mapping[str, Any] | None, plan: GatePlan) -> list[str]:
    """Why a round must not be built on, in words; empty if it passes.

    before: the figures of the round before; a raw base's have accuracies alone.
    """
    found = []
    if now["entropy"] < plan.least_entropy:
        found.append(
            f"entropy of the buckets {now['entropy']:.2f}, at least {plan.least_entropy:.2f}"
        )
    if before is None:
        return found
    for domain, accuracy in now["accuracy"].items():
        drop = before["accuracy"].get(domain, accuracy) - accuracy
        if domain != "mean" and drop > plan.accuracy_drop:
            found.append(f"accuracy of {domain} fell by {drop:.3f}")
    if before.get("auroc") is not None and before["auroc"] - now["auroc"] > plan.auroc_drop:
        found.append(f"AUROC fell from {before['auroc']:.3f} to {now['auroc']:.3f}")
    return found
