"""95% intervals of an evaluation's means, and figures that need whole curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.metrics import macro, system_accuracy

from .metrics import (
    augrc,
    aurc,
    gap_figures,
    has_gap,
    ibc_lift,
    missed_routes,
    needless_routes,
    performance_gap_recovered,
    routing_curve,
)
from .outcomes import Outcome
from .resampling import DRAWS, Domains, Interval, Ranking, interval, mean_auroc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class Columns:
    """Outcomes as arrays, (n,). routed: 1 where the product asks the cloud."""

    def __init__(self, outcomes: Sequence[Outcome], tau: float) -> None:
        self.edge = np.array([o.edge for o in outcomes], dtype=float)
        self.cloud = np.array([o.cloud for o in outcomes], dtype=float)
        self.confidence = np.array([o.confidence for o in outcomes], dtype=float)
        self.expected = np.array([o.expected for o in outcomes], dtype=float)
        self.compared_expected = np.array([o.compared_expected for o in outcomes], dtype=float)
        compared = np.array([o.compared_confidence for o in outcomes], dtype=float)
        self.routed = (compared < tau).astype(float)

    @property
    def system(self) -> Array:
        """1 where the user gets a correct answer."""
        return np.asarray(self.routed * self.cloud + (1 - self.routed) * self.edge)


def by_domain(outcomes: Sequence[Outcome], tau: float) -> dict[str, Columns]:
    """The columns of each domain."""
    names = dict.fromkeys(outcome.domain for outcome in outcomes)
    return {n: Columns([o for o in outcomes if o.domain == n], tau) for n in names}


def mean_intervals(
    outcomes: Sequence[Outcome], tau: float, draws: int = DRAWS
) -> dict[str, Interval]:
    """95% bootstrap intervals of the means over domains; questions are drawn within each domain.

    The ECE of a resampled domain is biased upwards, like every ECE of a small sample.
    """
    columns, domains = Columns(outcomes, tau), Domains.of([o.domain for o in outcomes])
    rankings = domains.rankings(columns.expected)
    parts = [mean_figures(columns, domains, rankings, c) for c in domains.resamples(draws)]
    return {key: interval(np.concatenate([part[key] for part in parts])) for key in parts[0]}


def mean_figures(
    columns: Columns, domains: Domains, rankings: Sequence[Ranking], counts: Array
) -> dict[str, Array]:
    """Each figure of B resamples, (B,); if all counts are 1, they equal those of `tables.summarize`."""
    edge, cloud = domains.means(columns.edge, counts), domains.means(columns.cloud, counts)
    share = domains.means(columns.routed, counts)  # (D, B)
    system = domains.means(columns.system, counts)
    return {
        "edge": edge.mean(axis=0),
        "system": system.mean(axis=0),
        "lift": (system - (1 - share) * edge - share * cloud).mean(axis=0),
        "cloud_share": share.mean(axis=0),
        "auroc": mean_auroc(rankings, columns.edge, counts),
        "ece": _calibration_errors(columns, domains, counts).mean(axis=0),
    }


def _calibration_errors(columns: Columns, domains: Domains, counts: Array) -> Array:
    """(D, B) The ECE of the stated buckets; a missing confidence counts as 0."""
    confidence = columns.confidence.clip(0)
    gaps = [
        np.abs(domains.means((confidence - columns.edge) * (confidence == bucket), counts))
        for bucket in np.unique(confidence)
    ]
    return np.asarray(np.sum(gaps, axis=0))


def more_figures(outcomes: Sequence[Outcome], tau: float) -> dict[str, float]:
    """Means over domains of further figures, for which a table has no room; see `metrics.py`."""
    domains = by_domain(outcomes, tau)
    curves = {n: routing_curve(c.compared_expected, c.edge, c.cloud) for n, c in domains.items()}
    edge = {n: float(c.edge.mean()) for n, c in domains.items()}
    cloud = {n: float(c.cloud.mean()) for n, c in domains.items()}
    columns = list(domains.values())
    system = macro(system_accuracy(c.routed, c.edge, c.cloud) for c in columns)
    lifts = macro(ibc_lift(c.routed, c.edge, c.cloud) for c in columns)
    return {
        "pgr": performance_gap_recovered(system, macro(edge), macro(cloud)),
        **gap_figures(curves, edge, cloud),
        "ibc_lift": lifts if has_gap(macro(edge), macro(cloud)) else float("nan"),
        "aurc": macro(aurc(c.expected, c.edge) for c in columns),
        "augrc": macro(augrc(c.expected, c.edge) for c in columns),
        "needless_routes": macro(needless_routes(c.routed, c.edge) for c in columns),
        "missed_routes": macro(missed_routes(c.routed, c.edge, c.cloud) for c in columns),
        "format_compliance": macro(float((c.confidence >= 0).mean()) for c in columns),
    }
