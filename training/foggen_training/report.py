"""`foggen-train evaluate`: questions in, tables out."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from foggen.config import load_settings
from foggen.engine import Engine
from foggen.errors import NoQuestionError
from foggen.models import checked
from foggen.routing import parse_tau

from .data import Keyed, read_questions
from .evaluate import Outcome, as_markdown, below_tau, measure, summarize


def run_evaluate(
    model: str, data: Sequence[Path], number: int, seed: int, tau: str | None, as_json: bool
) -> None:
    """Measure a model on files, or on generated questions of the test split, and print."""
    _, path, _ = checked(model, load_settings().home)
    questions = (
        [item for file in data for item in read_questions(file)]
        if data
        else generated(number, seed)
    )
    if not questions:
        raise NoQuestionError("no questions", hint="the files after --data are empty")
    with Engine(path) as engine:
        threshold = engine.contract.tau if tau is None else parse_tau(tau)
        outcomes = measured(engine, questions)
    table = summarize(outcomes, threshold)
    shares = below_tau(outcomes, threshold)
    if as_json:
        print(json.dumps({"tau": threshold, "table": _plain(table), "below_tau": shares,
                          "outcomes": [asdict(outcome) for outcome in outcomes]}))  # fmt: skip
        return
    print(as_markdown(table))
    print(
        f"\nbelow tau {threshold:g}: "
        + ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    )
    print("cloud: an answer key that errs at the published card's rate per domain; lift in points")


def _plain(table: dict[str, dict[str, float]]) -> dict[str, dict[str, Any]]:
    """JSON has no nan: a figure that does not exist is null."""
    return {
        name: {key: None if math.isnan(value) else value for key, value in row.items()}
        for name, row in table.items()
    }


def generated(number: int, seed: int) -> list[Keyed]:
    """Questions of the starter's test split, as the evaluation takes them."""
    from .starter.build import held_out_questions
    from .starter.questions import keyed

    return [keyed(question) for question in held_out_questions(number, seed)]


def measured(engine: Engine, questions: Sequence[Keyed]) -> list[Outcome]:
    """`evaluate.measure` with a progress bar on a terminal."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("questions", total=len(questions))
        return measure(engine, questions, lambda: bar.advance(task))
