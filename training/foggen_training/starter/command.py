"""The command `foggen-train starter`: a base from nothing, the recipe's rounds, the GGUF and its card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from foggen.errors import RoundRefusedError, UsageError

from ..checkpoints import best_device
from ..evaluation.quants import QUANTS
from ..publish import publish
from ..publish_options import PublishOptions
from ..recipe_file import read_recipe
from ..run_command import run_chain
from .build import StarterPlan, build
from .model import SIZES
from .pretrain import PretrainingPlan

BATCHES = {True: 512, False: 64}  # questions in a step, by whether there is an NVIDIA GPU


@dataclass(frozen=True)
class StarterOptions:
    """The command-line options of `starter`. batch: questions in a step; 0 means what suits the device."""

    output: Path
    recipe: str | Path
    size: str
    steps: int
    batch: int
    seed: int
    exam: tuple[Path, ...]


def run_starter(options: StarterOptions) -> tuple[Path, Path]:
    """Build and publish the starter; returns the paths of the GGUF and of its card."""
    if options.size not in SIZES:
        raise UsageError(f"unknown size {options.size!r}", hint=f"known: {', '.join(SIZES)}")
    read_recipe(options.recipe)  # report errors before an hour of pretraining
    batch = options.batch or BATCHES[best_device().type == "cuda"]
    plan = StarterPlan(
        options.size, options.seed, PretrainingPlan(options.steps, batch, seed=options.seed)
    )
    return finish(options, _build_with_bar(plan, options.output))


def finish(options: StarterOptions, base: Path) -> tuple[Path, Path]:
    """Run the rounds from a base's checkpoint, and publish the last one that the gate let pass."""
    chain = options.output / "chain"
    try:
        run_chain(options.recipe, chain, str(base), data="")
    except RoundRefusedError as refused:  # they end when one makes the model surer than it may be
        Console(stderr=True).print(f"the rounds end here: {refused.message}")
    gguf, card = publish(
        PublishOptions(
            chain,
            options.output,
            about=options.output / "about.md",
            exam=options.exam,
            compared=QUANTS,
            most=0,
        )
    )
    return gguf, card


def _build_with_bar(plan: StarterPlan, output: Path) -> Path:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("pretraining", total=None)

        def progress(step: int, steps: int, loss: float) -> None:
            bar.update(task, total=steps, completed=step, description=f"loss {loss:.3f}")
            if not console.is_terminal and step % 250 == 0:
                console.print(f"step {step} of {steps}, loss {loss:.3f}")

        return build(plan, output, progress)
