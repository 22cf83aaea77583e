"""The commands that make a model: the starter, and the chain of a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foggen.cli.border import reported

from .options import (
    BaseOption,
    BaseUrlOption,
    DataOption,
    EngineOption,
    ExamOption,
    OpenEndedOption,
    RecipeArgument,
    ServerModelOption,
    WaitOption,
    WorkersOption,
    tell,
)

WIDTH = 120  # characters of a table that goes into a file or a pipe


def starter(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="folder of the run; an existing one is resumed")
    ],
    recipe: Annotated[
        str, typer.Option(help="recipe of the rounds: a name or a TOML file")
    ] = "foggen-starter",
    size: Annotated[str, typer.Option(help="size of the model: nano, small or mid")] = "mid",
    steps: Annotated[int, typer.Option(min=1, help="number of pretraining steps")] = 5000,
    batch: Annotated[
        int, typer.Option(min=0, help="questions in a step; 0: 512 on a GPU, 64 without one")
    ] = 0,
    seed: Annotated[int, typer.Option(help="seed of the weights and of the questions")] = 1,
    exam: ExamOption = None,
) -> None:
    """Make the model in the box from nothing: base, rounds, GGUF, card and plots.

    The base takes 4 minutes on an NVIDIA H200, and hours on two cores. A run that was killed resumes where
    it stopped.
    """
    with reported():
        from ..starter.command import StarterOptions, run_starter

        options = StarterOptions(output, recipe, size, steps, batch, seed, tuple(exam or ()))
        for path in run_starter(options):
            print(path)


def run(
    recipe: RecipeArgument,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="folder of the chain; an existing one is resumed")
    ],
    base: BaseOption = "",
    data: DataOption = "",
    open_ended: OpenEndedOption = "",
    rounds: Annotated[
        int | None, typer.Option(min=1, help="stop after this many rounds, counting R0")
    ] = None,
    engine: EngineOption = "local",
    workers: WorkersOption = 2,
    base_url: BaseUrlOption = "",
    server_model: ServerModelOption = "",
    wait_for_server: WaitOption = False,
) -> None:
    """Run the self-evolving rounds of a recipe; a run that was killed resumes where it stopped.

    Exit codes: 0 success, 2 usage, 65 invalid row in the data, 66 data not found, 76 the gate refused a
    round, 78 configuration or no disk space, 130 interrupted.
    """
    with reported():
        from ..run_command import run_chain
        from ..scale.executors import ExecutorOptions

        options = ExecutorOptions(engine, workers, base_url, server_model, wait_for_server, tell)
        print(run_chain(recipe, output, base, data, open_ended, options, rounds))


def plan(
    recipe: RecipeArgument,
    base: BaseOption = "",
    data: DataOption = "",
    open_ended: OpenEndedOption = "",
    json: Annotated[bool, typer.Option("--json", help="print the plan as one JSON object")] = False,
) -> None:
    """Print what a recipe would do with the data: questions, rows, tokens, memory and time.

    The base is loaded and timed for about ten seconds. Exit codes: 0 success, 65 invalid row in the data,
    66 data not found, 78 configuration.
    """
    with reported():
        from ..plan_command import show_plan

        show_plan(recipe, base, data, open_ended, json=json)


def recipes(
    name: Annotated[str, typer.Argument(help="recipe to print (default: list all names)")] = "",
) -> None:
    """List the shipped recipes, or print one of them with its comments."""
    with reported():
        from ..recipe_file import recipe_names, recipe_path

        print(recipe_path(name).read_text("utf-8").rstrip() if name else "\n".join(recipe_names()))


def accept(
    folder: Annotated[Path, typer.Argument(help="folder of a chain")],
    name: Annotated[str, typer.Argument(metavar="ROUND", help="the refused round")],
) -> None:
    """Accept a round that the gate refused, so that its chain can go on from there."""
    with reported():
        from ..chain import accept as accept_round

        print(accept_round(folder, name))


def distill(
    recipe: RecipeArgument,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="folder of the result; an existing one is resumed"),
    ],
    buffer: Annotated[
        str, typer.Option(help="sibling's buffer.jsonl to use instead of the recipe's")
    ] = "",
    base: BaseOption = "",
    data: DataOption = "",
) -> None:
    """Teach the format to a model that cannot state a confidence, with a sibling's buffer."""
    with reported():
        from ..run_command import run_distillation

        print(run_distillation(recipe, output, buffer, base, data))


def status(folder: Annotated[Path, typer.Argument(help="folder of a chain")]) -> None:
    """Print the table of a chain's rounds so far."""
    with reported():
        from rich.console import Console

        from ..run_command import chain_status

        console = Console()
        if not console.is_terminal:
            console.width = WIDTH
        console.print(chain_status(folder))
