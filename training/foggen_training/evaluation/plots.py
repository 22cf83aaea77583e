"""Plots of an evaluation and of a chain, as PNG files; they need matplotlib (extra `bench`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foggen.engine.contract import BUCKETS

from .baselines import edge_of, foggen
from .comparison import OWN
from .metrics import GRID, coverage_risk, routing_curve
from .outcomes import Outcome
from .resampling import Domains

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .evaluation import Evaluation

LEAST_SPAN = 0.06  # smallest range of a vertical axis in the history plot
BLUE, GREY, GREEN = "#2563a8", "#8a8f98", "#3f8f5b"
OTHERS = ("#d97706", "#7c5cbf", "#b0413e", "#5b8c9e", "#a3862b", "#c2477f", "#4a4f57")


def _figure(
    wide: float = 6.4, high: float = 4.4, columns: int = 1, rows: int = 1
) -> tuple[Figure, Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(rows, columns, figsize=(wide, high), layout="constrained")
    for ax in np.atleast_1d(axes).flat:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(alpha=0.25, linewidth=0.6)
    return figure, axes


def _save(figure: Figure, path: Path) -> Path:
    import matplotlib.pyplot as plt

    figure.savefig(path, dpi=130)
    plt.close(figure)
    return path


def _domains(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    names = dict.fromkeys(outcome.domain for outcome in outcomes)
    return [[o for o in outcomes if o.domain == name] for name in names]


def accuracy_over_share(evaluation: Evaluation, path: Path) -> Path:
    """Plot system accuracy over cloud share with the first cloud, as a mean over domains.

    There is one threshold for all domains, as in the comparison table.
    """
    figure, ax = _figure(wide=8.2)
    outcomes = evaluation.outcomes
    weights = Domains.of([outcome.domain for outcome in outcomes]).weights
    cloud = np.array([outcome.cloud for outcome in outcomes], dtype=float)
    methods = evaluation.rivals.baselines or foggen(outcomes)
    lines = _lines(sum(method.name in OWN for method in methods))
    for method, (color, style, width) in zip(methods, lines, strict=False):
        curve = routing_curve(method.order, method.edge, cloud, weights)
        ax.plot(GRID, curve, style, color=color, label=method.name, linewidth=width)
    edge = edge_of(outcomes)
    ax.plot([0, 1], [weights @ edge, weights @ cloud], ":", color=GREY, label="random")
    oracle = routing_curve(edge - cloud, edge, cloud, weights)
    ax.plot(GRID, oracle, color=GREEN, label="oracle", linewidth=1.0)
    share = evaluation.first.mean["cloud_share"]
    ax.axvline(share, color=GREY, linewidth=0.8)
    place = (share, ax.get_ylim()[0])
    ax.annotate(f"tau {evaluation.tau:g}", place, xytext=(4, 4), textcoords="offset points")
    ax.set(xlabel="share of questions sent to the cloud", ylabel="system accuracy", xlim=(0, 1))
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return _save(figure, path)


def _lines(own: int) -> Iterator[tuple[str, str, float]]:
    """Color, style and width of each line: FogGen's own, then those of the other methods."""
    yield from ((BLUE, style, 1.8) for style in ("--", "-", "-.")[:own])
    yield from ((color, style, 1.1) for style in ("-", "-.", ":") for color in OTHERS)


def reliability(outcomes: Sequence[Outcome], path: Path) -> Path:
    """Plot each bucket's accuracy, and how often it was stated."""
    figure, (ax, below) = _figure(high=5.2, rows=2)
    said = np.array([outcome.confidence for outcome in outcomes])
    right = np.array([outcome.edge for outcome in outcomes])
    buckets = [bucket for bucket in BUCKETS if (said == bucket).any()]
    worth = [right[said == bucket].mean() for bucket in buckets]
    ax.plot([0, 1], [0, 1], ":", color=GREY, label="perfect")
    ax.plot(buckets, worth, "o-", color=BLUE, label="measured")
    for bucket, value in zip(buckets, worth, strict=True):
        ax.annotate(
            f"{value:.0%}", (bucket, value), xytext=(6, -10), textcoords="offset points", fontsize=8
        )
    ax.set(ylabel="share right", xlim=(-0.1, 1.1), ylim=(-0.02, 1.05))
    ax.legend(frameon=False, fontsize=8)
    below.bar(BUCKETS, [(said == bucket).mean() for bucket in BUCKETS], width=0.12, color=BLUE)
    below.set(xlabel="confidence said", ylabel="share of questions", xlim=(-0.1, 1.1))
    return _save(figure, path)


def risk_coverage(outcomes: Sequence[Outcome], path: Path) -> Path:
    """Plot the share wrong among the kept questions over the share kept, as a mean over domains."""
    figure, ax = _figure()
    grid = np.linspace(0.02, 1, 99)
    curves = []
    for group in _domains(outcomes):
        coverage, risk = coverage_risk([o.expected for o in group], [o.edge for o in group])
        curves.append(np.interp(grid, coverage, risk))
    ax.plot(grid, np.mean(curves, axis=0), color=BLUE, label="FogGen, expected confidence")
    wrong = 1 - np.mean([np.mean([o.edge for o in group]) for group in _domains(outcomes)])
    ax.axhline(float(wrong), linestyle=":", color=GREY, label="random")
    ax.set(
        xlabel="share of questions kept on the edge", ylabel="share wrong among them", xlim=(0, 1)
    )
    ax.legend(frameon=False, fontsize=8)
    return _save(figure, path)


def history_plot(lines: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Plot accuracy, AUROC, entropy and stated buckets over the rounds of a chain."""
    lines = [line for line in lines if line["edge"] is not None]
    names = [line["round"] for line in lines]
    figure, axes = _figure(9.6, 6.2, columns=2, rows=2)
    for ax, key, title in zip(
        axes.flat,
        ("edge", "auroc", "entropy"),
        ("accuracy of the edge", "AUROC", "entropy of the buckets"),
        strict=False,
    ):
        values = [line[key] for line in lines]
        ax.plot(names, values, "o-", color=BLUE, markersize=3)
        middle, half = (max(values) + min(values)) / 2, (max(values) - min(values)) / 2
        half = 1.15 * max(half, LEAST_SPAN / 2)  # noise must not look like a trend
        ax.set_ylim(middle - half, middle + half)
        ax.set_title(title, fontsize=10, loc="left")
    _histograms(axes.flat[3], lines, names)
    for ax in axes.flat:
        ax.tick_params(axis="x", labelrotation=60, labelsize=8)
    return _save(figure, path)


def _histograms(ax: Axes, lines: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    totals = [max(1, sum(line["histogram"].values())) for line in lines]
    bottom = np.zeros(len(lines))
    for bucket, color in zip(
        BUCKETS, ("#b8d0ea", "#8ab2dc", "#5c93cb", "#2f73b3", "#12487f"), strict=True
    ):
        shares = np.array(
            [line["histogram"][str(bucket)] / n for line, n in zip(lines, totals, strict=True)]
        )
        ax.bar(list(names), shares, bottom=bottom, color=color, label=str(bucket), width=0.8)
        bottom += shares
    ax.grid(visible=False)
    ax.set_title("buckets said", fontsize=10, loc="left")
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
