"""The files of a publication besides its GGUFs: merged weights, plots, and the card with its notice."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from foggen.confidence.plots import save_plot
from foggen_export.loading import load_model

from .checkpoints import save_checkpoint
from .evaluation import plots
from .evaluation.evaluation import Evaluation
from .evaluation.front_matter import NOTICE_FILE, FrontMatter, notice_of
from .files import read_json
from .recipe import ModelPlan


def save_weights(checkpoint: Path, folder: Path, plan: ModelPlan) -> None:
    """Save the merged checkpoint in bfloat16, as usual on hubs; half the size of fp32."""
    import torch

    shutil.rmtree(folder, ignore_errors=True)
    model = load_model(checkpoint).to(torch.bfloat16)
    save_checkpoint(model, checkpoint, folder, plan)


def save_plots(evaluation: Evaluation, lines: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Save the plots of the card. lines: the chain's history, which is no curve with one round."""
    if len(lines) > 1:
        plots.history_plot(lines, folder / "history.png")
    plots.accuracy_over_share(evaluation, folder / "accuracy.png")
    plots.reliability(evaluation.outcomes, folder / "reliability.png")
    if found := evaluation.rivals.calibrated:
        save_plot(found.p_right, found.edge, found.calibration.tau, folder / "p_right.png")


def save_card(front: FrontMatter, title: str, text: str, folder: Path) -> Path:
    """Save the card, and a NOTICE if the licence requires one; returns the path of the card."""
    if notice := notice_of(front, title):
        (folder / NOTICE_FILE).write_text(notice, "utf-8")
    card = folder / "README.md"
    card.write_text(f"{front.text()}\n{text}", "utf-8")
    return card


def open_figures(folder: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the task figures before and after an open-ended round; None for other rounds."""
    before, after = folder / "open.before.json", folder / "open.json"
    return (read_json(before), read_json(after)) if after.exists() else None
