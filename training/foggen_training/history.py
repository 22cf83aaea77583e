"""The history of a chain: one line for each finished round, read from its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from foggen.errors import ConfigurationError

from .files import read_json
from .recipe import Recipe
from .recipe_file import recipe_from
from .verdicts import VERDICT, has_passed, has_verdict

RECIPE = "recipe.json"
HEADS = (
    "round",
    "domain",
    "rows",
    "right",
    "AUROC",
    "ECE",
    "lift",
    "cloud",
    "entropy",
    "gate",
    "time",
)


def recipe_of(folder: Path) -> Recipe:
    """Return the recipe of the chain in a folder; raises ConfigurationError if there is none."""
    path = folder / RECIPE
    if not path.exists():
        raise ConfigurationError(
            f"{folder} holds no chain", hint="give the output folder of `foggen-train run`"
        )
    return recipe_from(read_json(path), path)


def history(recipe: Recipe, folder: Path) -> list[dict[str, Any]]:
    """Return a line for each finished round; see `line_of`."""
    return [
        line_of(folder / name, domains)
        for name, domains in recipe.rounds
        if has_verdict(folder / name)
    ]


def line_of(folder: Path, domains: tuple[str, ...]) -> dict[str, Any]:
    """Return the verdict of one round and its figures on the validation set."""
    path = folder / "metrics.json"
    metrics = read_json(path) if path.exists() else {}
    mean = metrics.get("table", {}).get("mean", {})
    return {
        "round": folder.name,
        "domains": list(domains),
        **read_json(folder / VERDICT),
        **{key: mean.get(key) for key in ("edge", "auroc", "ece", "lift", "cloud_share")},
        **{key: metrics.get(key) for key in ("entropy", "histogram", "extreme_share")},
    }


def last_passed(recipe: Recipe, folder: Path) -> Path | None:
    """Return the folder of the last round that passed the gate or was accepted, or None."""
    passed = None
    for name, _ in recipe.rounds:
        if not has_passed(folder / name):
            return passed
        passed = folder / name
    return passed


def table(lines: Sequence[Mapping[str, Any]]) -> Table:
    """Return the rounds as a table."""
    rounds = Table(*HEADS, box=None, pad_edge=False)
    for line in lines:
        rounds.add_row(*cells(line))
    return rounds


def cells(line: Mapping[str, Any]) -> list[str]:
    """Return a line of the history as text, with one cell for each of HEADS."""
    domains = line["domains"]
    return [
        str(line["round"]),
        domains[0] if len(domains) == 1 else "all",
        _rows(line.get("rows")),
        _percent(line["edge"]),
        _fraction(line["auroc"]),
        _fraction(line["ece"]),
        "-" if line["lift"] is None else f"{100 * line['lift']:+.1f}",
        _percent(line["cloud_share"]),
        _fraction(line["entropy"]),
        _gate(line),
        f"{sum(line['seconds'].values()):.0f} s",
    ]


def _rows(counts: Mapping[str, Any] | None) -> str:
    """Say how many rows were trained on; "90 of 100" if some had no label or were too long."""
    if counts is None:
        return "-"
    trained, left_out = counts["trained"], counts["unlabelled"] + counts["too_long"]
    return f"{trained} of {trained + left_out}" if left_out else str(trained)


def _gate(line: Mapping[str, Any]) -> str:
    if line.get("accepted"):
        return "accepted"
    verdict, tries = "passed" if line["passed"] else "refused", len(line["attempts"])
    return f"{verdict} at try {tries}" if tries > 1 else verdict


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _fraction(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
