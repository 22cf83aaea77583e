"""`foggen-train starter`: the stages with a progress bar, then the tables and the card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from foggen.calibration import macro
from foggen.config import load_settings
from foggen.engine import Engine
from foggen.errors import UsageError
from foggen.models import describe

from ..data import read_questions
from ..evaluate import below_tau, summarize
from ..report import measured
from .build import StarterPlan, base_accuracy, build, held_out_questions
from .card import write_card
from .model import SIZES
from .pretrain import PretrainingPlan
from .questions import GradedQuestion, keyed
from .round_zero import RoundZeroPlan


@dataclass(frozen=True)
class StarterOptions:
    """The flags of `starter`, as given."""

    output: Path
    size: str
    steps: int
    questions: int
    seed: int
    number: int
    exam: tuple[Path, ...]


def run_starter(options: StarterOptions) -> None:
    """Build, measure, write the card; prints the paths of the GGUF and the card."""
    if options.size not in SIZES:
        raise UsageError(f"size {options.size!r}", hint=f"known: {', '.join(SIZES)}")
    plan = StarterPlan(
        size=options.size, seed=options.seed,
        pretraining=PretrainingPlan(steps=options.steps, seed=options.seed),
        round_zero=RoundZeroPlan(questions=options.questions, seed=100 * options.seed),
    )  # fmt: skip
    path = _build_with_bar(plan, options.output)
    card = measure_and_write_card(plan, options.output, path, options.number, options.exam)
    print(path)
    print(card)


def _build_with_bar(plan: StarterPlan, output: Path) -> Path:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("training", total=None)

        def progress(step: int, steps: int, loss: float) -> None:
            bar.update(task, total=steps, completed=step, description=f"loss {loss:.3f}")
            if not console.is_terminal and step % 250 == 0:
                console.print(f"step {step} of {steps}, loss {loss:.3f}")

        return build(plan, output, progress)


def measure_and_write_card(
    plan: StarterPlan, output: Path, path: Path, number: int, exam: tuple[Path, ...]
) -> Path:
    """The tables of the test split, and of real exams if there are any, into the card."""
    questions: list[GradedQuestion] = held_out_questions(number)
    base = macro([float(value) for value in base_accuracy(output, questions).values()])
    show = describe(str(path), load_settings().home)
    shown = show.as_dict()
    with Engine(path) as engine:
        table = summarize(measured(engine, [keyed(q) for q in questions]), engine.contract.tau)
        shares = _exam_shares(engine, exam)
    return write_card(output, plan, table, base, shown, shares)


def _exam_shares(engine: Engine, files: tuple[Path, ...]) -> dict[str, Any] | None:
    if not files:
        return None
    outcomes = measured(engine, [item for file in files for item in read_questions(file)])
    return {"number": len(outcomes), "shares": below_tau(outcomes, engine.contract.tau)}
