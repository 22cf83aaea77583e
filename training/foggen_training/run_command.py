"""The commands `foggen-train run`, `distill` and `status`: a chain's live table and its history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from foggen.errors import RoundRefusedError, UsageError

from .chain import Chain
from .evaluation.plots import history_plot
from .files import write_json
from .history import cells, history, recipe_of, table
from .labels.jobs import Executor, in_this_process
from .recipe import Recipe
from .recipe_file import read_recipe
from .scale.executors import ExecutorOptions, chosen


def run_distillation(file: str | Path, output: Path, buffer: str, base: str, data: str) -> Path:
    """Train R0 of a recipe from a sibling's buffer; returns the path of the checkpoint."""
    recipe = with_places(read_recipe(file), base, data)
    if buffer:
        recipe = replace(recipe, distill=replace(recipe.distill, buffer=buffer))
    if not recipe.distill.buffer:
        raise UsageError(
            "no buffer to distill from", hint="give --buffer FILE, or [distill] buffer"
        )
    recipe = replace(recipe, passes=0)
    return _shown(recipe, output, in_this_process) / recipe.rounds[0][0] / "checkpoint"


def run_chain(
    file: str | Path,
    output: Path,
    base: str,
    data: str,
    open_ended: str = "",
    executor: ExecutorOptions | None = None,
    most: int | None = None,
) -> Path:
    """Run or resume a recipe to its end, or up to `most` rounds; returns the chain's folder.

    Raises RoundRefusedError if the gate stops it; the history is written in any case.
    """
    recipe = with_places(read_recipe(file), base, data, open_ended)
    labeller = chosen(executor or ExecutorOptions(), len(recipe.rounds[:most]))
    try:
        _shown(recipe, output, labeller, most)
    except RoundRefusedError:
        _write_history(recipe, output)
        raise
    _write_history(recipe, output)
    return output


def _write_history(recipe: Recipe, folder: Path) -> None:
    lines = history(recipe, folder)
    write_json(folder / "history.json", lines)
    history_plot(lines, folder / "history.png")


def _shown(recipe: Recipe, output: Path, executor: Executor, most: int | None = None) -> Path:
    """Run the chain with a live table on stderr, or one line per round if stderr is not a terminal."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    task = bar.add_task("", total=None)
    lines: list[dict[str, Any]] = []

    def step(name: str, done: int, total: int) -> None:
        number = min(len(lines), len(recipe.rounds) - 1)
        bar.update(
            task, description=f"{recipe.rounds[number][0]} {name}", completed=done, total=total
        )

    with Live(console=console, auto_refresh=console.is_terminal, transient=True) as live:
        for line in Chain(recipe, output, executor, step).run(most):
            lines.append(line)
            live.update(Group(table(lines), bar))
            if not console.is_terminal:
                console.print(" ".join(cells(line)))
    return output


def with_places(recipe: Recipe, base: str, data: str, open_ended: str = "") -> Recipe:
    """Return the recipe with another base or other folders of questions, where given."""
    if base:
        recipe = replace(recipe, model=replace(recipe.model, base=base))
    if data:
        recipe = replace(recipe, data=replace(recipe.data, folder=data))
    if open_ended:
        recipe = replace(recipe, open_ended=replace(recipe.open_ended, folder=open_ended))
    return recipe


def chain_status(folder: Path) -> Table:
    """Return the table of a chain's rounds so far; raises ConfigurationError if there is no chain."""
    return table(history(recipe_of(folder), folder))
