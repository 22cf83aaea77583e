"""`foggen-train run` and `status`: a chain, its live table, and its history on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from foggen.errors import ConfigurationError, UsageError

from .chain import RECIPE, Chain, history
from .evaluation.plots import history_plot
from .files import read_json, write_json
from .labels.labelling import Executor, in_this_process
from .recipe import Recipe
from .recipe_file import read_recipe, recipe_from
from .scale.executors import ExecutorOptions, chosen

HEADS = ("round", "domain", "right", "AUROC", "ECE", "lift", "cloud", "entropy", "gate", "time")


def run_distillation(file: Path, output: Path, buffer: str, base: str, data: str) -> Path:
    """R0 of a recipe from a sibling's buffer; the path of the checkpoint."""
    recipe = with_places(read_recipe(file), base, data)
    if buffer:
        recipe = replace(recipe, distill=replace(recipe.distill, buffer=buffer))
    if not recipe.distill.buffer:
        raise UsageError("no buffer to distil from", hint="give --buffer FILE, or [distill] buffer")
    recipe = replace(recipe, passes=0)
    return _shown(recipe, output, in_this_process) / recipe.rounds[0][0] / "checkpoint"


def run_chain(
    file: Path, output: Path, base: str, data: str, open_ended: str = "",
    executor: ExecutorOptions | None = None,
) -> Path:  # fmt: skip
    """Run a recipe to its end, or on from where it was; the path of the chain's folder."""
    recipe = with_places(read_recipe(file), base, data, open_ended)
    folder = _shown(recipe, output, chosen(executor or ExecutorOptions()))
    lines = history(recipe, folder)
    write_json(folder / "history.json", lines)
    history_plot(lines, folder / "history.png")
    return folder


def _shown(recipe: Recipe, output: Path, executor: Executor) -> Path:
    """Run the chain under a live table on stderr, or a line a round where that is no terminal."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip
    task = bar.add_task("", total=None)
    lines: list[dict[str, Any]] = []

    def step(name: str, done: int, total: int) -> None:
        number = min(len(lines), len(recipe.rounds) - 1)
        bar.update(
            task, description=f"{recipe.rounds[number][0]} {name}", completed=done, total=total
        )

    with Live(console=console, auto_refresh=console.is_terminal, transient=True) as live:
        for line in Chain(recipe, output, executor, step).run():
            lines.append(line)
            live.update(Group(table(lines), bar))
            if not console.is_terminal:
                console.print(" ".join(cells(line)))
    return output


def with_places(recipe: Recipe, base: str, data: str, open_ended: str = "") -> Recipe:
    """The recipe with another base, or other folders of questions, where one is given."""
    if base:
        recipe = replace(recipe, model=replace(recipe.model, base=base))
    if data:
        recipe = replace(recipe, data=replace(recipe.data, folder=data))
    if open_ended:
        recipe = replace(recipe, open_ended=replace(recipe.open_ended, folder=open_ended))
    return recipe


def chain_status(folder: Path) -> Table:
    """The table of a chain's rounds so far; ConfigurationError if the folder holds none."""
    if not (folder / RECIPE).exists():
        raise ConfigurationError(
            f"{folder} holds no chain", hint="give the folder after -o of `foggen-train run`"
        )
    return table(history(recipe_from(read_json(folder / RECIPE), folder / RECIPE), folder))


def table(lines: Sequence[Mapping[str, Any]]) -> Table:
    """The rounds as a person reads them."""
    shown = Table(*HEADS, box=None, pad_edge=False)
    for line in lines:
        shown.add_row(*cells(line))
    return shown


def cells(line: Mapping[str, Any]) -> list[str]:
    domains = line["domains"]
    attempts = line["attempts"]
    return [
        str(line["round"]),
        domains[0] if len(domains) == 1 else "all",
        _percent(line["edge"]),
        _plain(line["auroc"]),
        _plain(line["ece"]),
        "-" if line["lift"] is None else f"{100 * line['lift']:+.1f}",
        _percent(line["cloud_share"]),
        _plain(line["entropy"]),
        ("passed" if line["passed"] else "refused") + (f" at try {len(attempts)}" if len(attempts) > 1 else ""),
        f"{sum(line['seconds'].values()):.0f} s",
    ]  # fmt: skip


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
