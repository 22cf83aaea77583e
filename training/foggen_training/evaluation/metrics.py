"""Metrics of an evaluation that the runtime does not need: selective risk, routing curves, gap recovered.

As in `foggen.confidence.metrics`, functions take arrays of one domain and return fractions; figures over
domains are means of those. Higher `scores` are surer, and the least sure questions go to the cloud first.
PGR, APGR, CPT and IBC lift divide by the gap between cloud and edge, so they are nan if it is below
LEAST_GAP; tables show nan as "-" and JSON as null.

Sources: AURC, Geifman and El-Yaniv 2017; AUGRC, Traub et al. 2024; PGR, APGR and CPT, RouteLLM (Ong et
al. 2024); IBC lift, AutoMix (Aggarwal et al. 2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.metrics import macro, system_accuracy

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

GRID = np.linspace(0.0, 1.0, 101)  # cloud shares at which curves are compared
LEAST_GAP = 0.05  # smallest gap between cloud and edge that figures are divided by


def coverage_risk(scores: ArrayLike, correct: ArrayLike) -> tuple[Array, Array]:
    """Risk (share wrong among the kept) at every coverage k/n, k = 1 ... n, surest first.

    Tied scores have no order: inside a tie the risk is the mean over a random order.
    """
    values, wrong = _array(scores), 1 - _array(correct)
    order = np.argsort(-values, kind="stable")
    values, wrong = values[order], _mean_in_ties(values[order], wrong[order])
    kept = np.arange(1, len(values) + 1)
    return kept / len(values), np.cumsum(wrong) / kept


def aurc(scores: ArrayLike, correct: ArrayLike) -> float:
    """Area under the risk-coverage curve: the mean risk over all coverages."""
    return float(coverage_risk(scores, correct)[1].mean())


def augrc(scores: ArrayLike, correct: ArrayLike) -> float:
    """Area under the generalized risk-coverage curve: mean of (kept and wrong)/n over coverages.

    With a the accuracy of n answers it equals (1 - AUROC) a (1 - a) + (1 - a)^2 / 2 + (1 - a) / 2n.
    """
    coverage, risk = coverage_risk(scores, correct)
    return float((coverage * risk).mean())


def routing_curve(
    scores: ArrayLike, edge: ArrayLike, cloud: ArrayLike, weights: ArrayLike | None = None
) -> Array:
    """System accuracy at the cloud shares of GRID when the least sure questions go to the cloud first.

    Between two questions, and inside a tie, a share is reached by sending some of them at random.
    weights: weights of the questions; equal by default.
    """
    values, right = _array(scores), _array(edge)
    shares = np.ones(len(values)) if weights is None else _array(weights)
    shares = shares / shares.sum()
    _, ties = np.unique(values, return_inverse=True)
    sent = np.cumsum(np.bincount(ties, shares))
    gained = np.cumsum(np.bincount(ties, shares * (_array(cloud) - right)))
    curve = np.interp(GRID, [0.0, *sent], [0.0, *gained])
    return np.asarray((shares * right).sum() + curve)


def has_gap(edge: float, cloud: float) -> bool:
    """Whether the cloud is better than the edge by at least LEAST_GAP."""
    return cloud - edge >= LEAST_GAP - 1e-9


def performance_gap_recovered(system: float, edge: float, cloud: float) -> float:
    """PGR: share of the gap between edge alone and cloud alone that is recovered; nan without a gap."""
    return (system - edge) / (cloud - edge) if has_gap(edge, cloud) else float("nan")


def average_gap_recovered(curve: ArrayLike, edge: float, cloud: float) -> float:
    """APGR: the mean PGR over all cloud shares; one half for random routing."""
    if not has_gap(edge, cloud):
        return float("nan")
    gaps = (_array(curve) - edge) / (cloud - edge)
    return float(np.trapezoid(gaps, GRID))


def call_share_for(gap: float, curve: ArrayLike, edge: float, cloud: float) -> float:
    """CPT: the smallest cloud share that recovers the share `gap` of the gap; nan if none does."""
    if not has_gap(edge, cloud):
        return float("nan")
    reached = np.flatnonzero((_array(curve) - edge) / (cloud - edge) >= gap - 1e-12)
    return float(GRID[reached[0]]) if reached.size else float("nan")


def ibc_lift(routed: ArrayLike, edge: ArrayLike, cloud: ArrayLike) -> float:
    """AutoMix's IBC lift: gain per cloud call relative to always asking the cloud, minus one.

    An edge answer costs 0 and a cloud call 1, so routing costs the cloud share. nan if nothing is routed,
    or without a gap.
    """
    share, low, high = (float(_array(values).mean()) for values in (routed, edge, cloud))
    if share == 0 or not has_gap(low, high):
        return float("nan")
    gained = system_accuracy(routed, edge, cloud) - low
    return (gained / share) / (high - low) - 1


def needless_routes(routed: ArrayLike, edge: ArrayLike) -> float:
    """Share of all questions that were routed although the edge was right."""
    return float((_array(routed) * _array(edge)).mean())


def missed_routes(routed: ArrayLike, edge: ArrayLike, cloud: ArrayLike) -> float:
    """Share of all questions that were kept although the edge was wrong and the cloud right."""
    return float(((1 - _array(routed)) * (1 - _array(edge)) * _array(cloud)).mean())


def gap_figures(
    curves: Mapping[str, Array], edge: Mapping[str, float], cloud: Mapping[str, float]
) -> dict[str, float]:
    """APGR and CPT(20/50/80) of the mean of the domains' curves."""
    curve = np.mean(list(curves.values()), axis=0)
    low, high = macro(edge), macro(cloud)
    return {
        "apgr": average_gap_recovered(curve, low, high),
        **{
            f"cpt{int(100 * gap)}": call_share_for(gap, curve, low, high) for gap in (0.2, 0.5, 0.8)
        },
    }


def _mean_in_ties(values: Array, other: Array) -> Array:
    """`other` with every run of equal `values` replaced by its mean. values: sorted."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, other) / counts
    return np.asarray(means[inverse])


def _array(values: ArrayLike) -> Array:
    return np.asarray(values, dtype=np.float64)
