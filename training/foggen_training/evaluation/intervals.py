"""95% intervals of an evaluation's means, and the figures that need whole curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from foggen.calibration import auroc, expected_calibration_error, lift, macro, system_accuracy

from .metrics import (
    augrc,
    aurc,
    bootstrap,
    gap_figures,
    ibc_lift,
    missed_routes,
    needless_routes,
    performance_gap_recovered,
    routing_curve,
)
from .outcomes import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DRAWS = 2000


class Columns:
    """One domain's outcomes as arrays, so that two thousand draws take seconds."""

    def __init__(self, outcomes: Sequence[Outcome], tau: float) -> None:
        self.edge = np.array([o.edge for o in outcomes], dtype=float)
        self.cloud = np.array([o.cloud for o in outcomes], dtype=float)
        self.said = np.array([o.confidence for o in outcomes])
        self.expected = np.array([o.expected for o in outcomes])
        self.routed = (self.said < tau).astype(float)


def columns(outcomes: Sequence[Outcome], tau: float) -> dict[str, Columns]:
    """The columns of each domain."""
    names = dict.fromkeys(outcome.domain for outcome in outcomes)
    return {n: Columns([o for o in outcomes if o.domain == n], tau) for n in names}


FIGURES: dict[str, Callable[[Columns, NDArray[np.intp]], float]] = {
    "edge": lambda c, i: float(c.edge[i].mean()),
    "system": lambda c, i: system_accuracy(c.routed[i], c.edge[i], c.cloud[i]),
    "lift": lambda c, i: lift(c.routed[i], c.edge[i], c.cloud[i]),
    "cloud_share": lambda c, i: float(c.routed[i].mean()),
    "auroc": lambda c, i: auroc(c.expected[i], c.edge[i]),
    "ece": lambda c, i: expected_calibration_error(c.said[i].clip(0), c.edge[i]),
}


def mean_intervals(
    outcomes: Sequence[Outcome], tau: float, draws: int = DRAWS
) -> dict[str, tuple[float, float]]:
    """95% bootstrap intervals of the means over domains, questions drawn within each domain.

    The ECE of a resampled domain is biased upwards, as every ECE of a small sample is.
    """
    found = list(columns(outcomes, tau).values())
    sizes = [len(column.edge) for column in found]

    def mean(key: str) -> Callable[[Sequence[NDArray[np.intp]]], float]:
        figure = FIGURES[key]
        return lambda places: macro(figure(c, i) for c, i in zip(found, places, strict=True))

    return {key: bootstrap(mean(key), sizes, draws) for key in FIGURES}


def more_figures(outcomes: Sequence[Outcome], tau: float) -> dict[str, float]:
    """Means over domains of what a table has no room for; see `metrics.py`."""
    found = columns(outcomes, tau)
    curves = {n: routing_curve(c.expected, c.edge, c.cloud) for n, c in found.items()}
    edge = {n: float(c.edge.mean()) for n, c in found.items()}
    cloud = {n: float(c.cloud.mean()) for n, c in found.items()}
    system = macro(system_accuracy(c.routed, c.edge, c.cloud) for c in found.values())
    return {
        "pgr": performance_gap_recovered(system, macro(edge), macro(cloud)),
        **gap_figures(curves, edge, cloud),
        "ibc_lift": macro(ibc_lift(c.routed, c.edge, c.cloud) for c in found.values()),
        "aurc": macro(aurc(c.expected, c.edge) for c in found.values()),
        "augrc": macro(augrc(c.expected, c.edge) for c in found.values()),
        "needless_routes": macro(needless_routes(c.routed, c.edge) for c in found.values()),
        "missed_routes": macro(missed_routes(c.routed, c.edge, c.cloud) for c in found.values()),
        "format_compliance": macro(float((c.said >= 0).mean()) for c in found.values()),
    }
