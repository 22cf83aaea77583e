"""The tables of an evaluation: figures per domain, their mean over domains, and the cards' Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from foggen.confidence import metrics

from .outcomes import Outcome


def summarize(outcomes: Sequence[Outcome], tau: float) -> dict[str, dict[str, float]]:
    """All figures per domain, and their mean under "mean"; fractions, see `foggen.confidence.metrics`.

    Questions are routed as the product would route them at this tau.
    """
    domains = list(dict.fromkeys(outcome.domain for outcome in outcomes))
    table = {name: _figures([o for o in outcomes if o.domain == name], tau) for name in domains}
    keys = [key for key in next(iter(table.values())) if key != "n"]
    mean = {key: metrics.macro(row[key] for row in table.values()) for key in keys}
    return {**table, "mean": {"n": len(outcomes), **mean}}


def _figures(outcomes: Sequence[Outcome], tau: float) -> dict[str, float]:
    edge = np.array([o.edge for o in outcomes])
    cloud = np.array([o.cloud for o in outcomes])
    said = np.array([o.confidence for o in outcomes])
    expected = np.array([o.expected for o in outcomes])
    routed = np.array([o.compared_confidence < tau for o in outcomes])
    by_expected = np.array([o.compared_expected < tau for o in outcomes])
    return {
        "n": len(outcomes),
        "cloud_only": float(cloud.mean()),
        "edge": float(edge.mean()),
        "random": metrics.random_accuracy(float(routed.mean()), edge, cloud),
        "system": metrics.system_accuracy(routed, edge, cloud),
        "lift": metrics.lift(routed, edge, cloud),
        "cloud_share": float(routed.mean()),
        "lift_expected": metrics.lift(by_expected, edge, cloud),
        "cloud_share_expected": float(by_expected.mean()),
        "auroc": metrics.auroc(expected, edge),
        "auroc_bucket": metrics.auroc(said, edge),
        "auroc_in_tier": _auroc_in_tier(outcomes),
        "ece": metrics.expected_calibration_error(said.clip(0), edge),
        "ece_expected": _error_of_expected(expected.clip(0), edge),
        "brier": metrics.brier(expected.clip(0), edge),
        "kept_accuracy": float(edge[~routed].mean()) if (~routed).any() else float("nan"),
    }


def _auroc_in_tier(outcomes: Sequence[Outcome]) -> float:
    """Mean of the AUROCs within tiers, which does not reward knowing that a tier is easy."""
    values = []
    for tier in sorted({o.tier for o in outcomes} - {0}):
        chosen = [o for o in outcomes if o.tier == tier]
        values.append(metrics.auroc([o.expected for o in chosen], [o.edge for o in chosen]))
    return metrics.macro(values) if values and not all(np.isnan(values)) else float("nan")


def _error_of_expected(expected: Any, edge: Any) -> float:
    """ECE of the expected confidence, with each value in the bin of its nearest bucket."""
    return metrics.expected_calibration_error(expected, edge, np.round(expected * 4))


COLUMNS: Mapping[str, str] = {
    "n": "n",
    "cloud_only": "Cloud only",
    "edge": "Edge",
    "random": "Random",
    "system": "FogGen",
    "lift": "Lift",
    "cloud_share": "Cloud routed",
    "auroc": "AUROC",
    "auroc_in_tier": "in tier",
    "ece": "ECE",
    "brier": "Brier",
    "kept_accuracy": "Kept right",
}
_POINTS = ("lift",)
_PLAIN = ("auroc", "auroc_in_tier", "ece", "brier")


def as_markdown(table: Mapping[str, Mapping[str, float]]) -> str:
    """The table in Markdown: percentages, lift in points, the rest as fractions."""
    head = ["Domain", *COLUMNS.values()]
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * len(COLUMNS) + "|"]
    for name, row in table.items():
        cells = [_cell(key, row[key]) for key in COLUMNS]
        title = name.replace("_", " ").capitalize()
        shown = [title, *cells] if name != "mean" else [f"**{cell}**" for cell in (title, *cells)]
        lines.append("| " + " | ".join(shown) + " |")
    return "\n".join(lines)


def _cell(key: str, value: float) -> str:
    if np.isnan(value):
        return "-"
    if key == "n":
        return f"{value:.0f}"
    if key in _POINTS:
        return f"{100 * value:+z.1f}"
    return f"{value:.3f}" if key in _PLAIN else f"{100 * value:.1f}%"


def below_tau(outcomes: Sequence[Outcome], tau: float) -> dict[str, float]:
    """The share of each domain's questions that the product would route, and the mean over domains."""
    domains = dict.fromkeys(outcome.domain for outcome in outcomes)
    shares = {
        name: float(np.mean([o.compared_confidence < tau for o in outcomes if o.domain == name]))
        for name in domains
    }
    return {**shares, "mean": metrics.macro(shares)}


def buckets_as_markdown(table: Mapping[str, Mapping[str, float]]) -> str:
    """The bucket table of `metrics.bucket_table` in Markdown."""
    total = sum(row["n"] for row in table.values())
    rows = [
        f"| {name} | {row['n'] / total:.1%} | {row['accuracy']:.1%} |"
        for name, row in table.items()
    ]
    return "\n".join(["| Says | Share | Right |", "|---|---:|---:|", *rows])


def shares_as_markdown(shares: Mapping[str, float]) -> str:
    """The shares of `below_tau` in Markdown."""
    rows = [
        f"| {name.replace('_', ' ').capitalize()} | {share:.1%} |" for name, share in shares.items()
    ]
    return "\n".join(["| Domain | Below tau |", "|---|---:|", *rows])
