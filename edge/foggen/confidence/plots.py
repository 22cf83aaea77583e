"""The report of a calibration as a picture; it needs matplotlib, which the base install does not have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .metrics import share_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

POINTS = 10  # groups of about equal size on the reliability plot
BLUE, GREY, GREEN = "#2563a8", "#8a8f98", "#3f8f5b"


def save_plot(p_right: Array, right: Array, tau: float, path: Path) -> Path:
    """Save three plots side by side: reliability, risk over coverage, and accuracy over cloud share.

    p_right: (n,), P(right) of answers that nothing was fitted on. right: (n,), 1 where one is right. The
    last plot assumes a cloud that is always right, so it is the most that any cloud could give.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(12.6, 4.0), layout="constrained")
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(alpha=0.25, linewidth=0.6)
    _reliability(axes[0], p_right, right, tau)
    _risk(axes[1], p_right, right, tau)
    _accuracy(axes[2], p_right, right, tau)
    figure.savefig(path, dpi=130)
    plt.close(figure)
    return path


def _reliability(ax: Axes, p_right: Array, right: Array, tau: float) -> None:
    """The share right of groups of alike P(right), with 95% intervals."""
    order = np.argsort(p_right, kind="stable")
    groups = [group for group in np.array_split(order, POINTS) if group.size]
    said = [float(p_right[group].mean()) for group in groups]
    worth = [float(right[group].mean()) for group in groups]
    spans = np.abs(np.array([share_interval(right[group]) for group in groups]).T - worth)
    ax.plot([0, 1], [0, 1], ":", color=GREY, label="perfect")
    ax.errorbar(said, worth, yerr=spans, fmt="o", color=BLUE, capsize=2, label="measured, 95%")
    _mark(ax, tau)
    ax.set(
        xlabel="P(right)", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02), title="reliability"
    )
    ax.legend(frameon=False, fontsize=8)


def _risk(ax: Axes, p_right: Array, right: Array, tau: float) -> None:
    """The share wrong among the kept answers, the surest kept first."""
    count = np.arange(1, len(right) + 1)
    wrong = np.cumsum(1 - _surest_first(p_right, right))
    ax.plot(count / len(right), wrong / count, color=BLUE, label="P(right)")
    ax.axhline(float(1 - right.mean()), linestyle=":", color=GREY, label="random")
    _mark(ax, float((p_right >= tau).mean()))
    ax.set(xlabel="share kept", ylabel="share wrong among the kept", xlim=(0, 1))
    ax.set(ylim=(0, None), title="risk over coverage")
    ax.legend(frameon=False, fontsize=8)


def _accuracy(ax: Axes, p_right: Array, right: Array, tau: float) -> None:
    """Accuracy of edge and cloud together, over the share that the cloud answers."""
    sent = np.arange(len(right) + 1) / len(right)
    kept = np.array([0.0, *np.cumsum(_surest_first(p_right, right))])[::-1] / len(right)
    own = float(right.mean())
    ax.plot(sent, np.minimum(1.0, own + sent), color=GREEN, linewidth=1.0, label="oracle")
    ax.plot(sent, kept + sent, color=BLUE, label="P(right)")
    ax.plot([0, 1], [own, 1.0], ":", color=GREY, label="random")
    _mark(ax, float((p_right < tau).mean()))
    ax.set(xlabel="share sent to a cloud that is always right", ylabel="accuracy", xlim=(0, 1))
    ax.set(title="accuracy over cloud share")
    ax.legend(frameon=False, fontsize=8)


def _surest_first(p_right: Array, right: Array) -> Array:
    """(n,) Whether answers are right, by falling P(right); among equal ones, the mean of them."""
    values, groups = np.unique(-p_right, return_inverse=True)
    means = np.bincount(groups, right, len(values)) / np.bincount(groups, minlength=len(values))
    return np.asarray(means[np.sort(groups)])


def _mark(ax: Axes, place: float) -> None:
    """A vertical line where tau is; none if tau is outside the plot."""
    if 0 <= place <= 1:
        ax.axvline(place, color=GREY, linewidth=0.8)
        ax.annotate("tau", (place, ax.get_ylim()[0]), xytext=(3, 3), textcoords="offset points")
