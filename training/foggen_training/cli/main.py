"""foggen-train: make a model that knows what it knows, and measure it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from foggen.cli.version import version_option

from .data import data, questions
from .evaluating import evaluate, publish, tables
from .training import accept, distill, plan, recipes, run, starter, status

COMMANDS: tuple[Callable[..., None], ...] = (  # in the order of --help
    starter,
    run,
    plan,
    recipes,
    accept,
    distill,
    status,
    publish,
    evaluate,
    tables,
    data,
    questions,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def train(version: Annotated[bool, version_option("foggen-train")] = False) -> None:
    """Make a model that knows what it knows, and measure it."""


for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """The console script."""
    app()
