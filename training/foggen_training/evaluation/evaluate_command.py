"""`foggen-train evaluate`: questions in; tables, figures and plots out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from foggen.config import load_settings
from foggen.engine import Engine
from foggen.errors import NoQuestionError
from foggen.labelled import Keyed, read_questions
from foggen.models import STARTER, checked, describe
from foggen.routing import parse_tau

from ..checkpoints import plan_of
from ..labels.gguf_reader import GgufReader
from ..labels.labelling import cut
from ..labels.models import ModelReference
from ..labels.reading import Reader
from ..pools import generated
from ..recipe import RAW_SYSTEM_PROMPT, ModelPlan
from ..scale.executors import ExecutorOptions, chosen
from . import baselines
from .clouds import AnswerKey, Cloud, open_cloud
from .evaluation import (
    CHUNK,
    Evaluation,
    all_baselines,
    assembled,
    in_chunks,
    progress_bar,
    without_nan,
)
from .outcomes import MeasureJob, Outcome, measure, outcome


@dataclass(frozen=True)
class EvaluateOptions:
    """The flags of `evaluate`, as given. cloud: "" (the answer key), a file or a URL."""

    model: str
    data: tuple[Path, ...] = ()
    number: int = 14_000
    seed: int = 2026
    tau: str | None = None
    json: bool = False
    output: Path | None = None
    baselines: bool = False
    cloud: str = ""
    cloud_model: str = ""
    engine: ExecutorOptions = field(default_factory=ExecutorOptions)


def run_evaluate(options: EvaluateOptions) -> None:
    """Measure a model on files, or on generated questions of the test split; print and save."""
    questions = (
        [item for file in options.data for item in read_questions(file)]
        if options.data
        else generated(options.seed, "test", options.number)
    )
    if not questions:
        raise NoQuestionError("no questions", hint="the files after --data are empty")
    with open_cloud(options.cloud, options.cloud_model) as cloud:
        found = evaluated(options, questions, cloud)
    if options.output:
        save(found, options.output)
    if options.json:
        print(json.dumps(without_nan(found.as_dict())))
    else:
        print(found.text())


def evaluated(options: EvaluateOptions, questions: Sequence[Keyed], cloud: Cloud) -> Evaluation:
    """All figures of a model on some questions; the model is opened here only if it is needed here."""
    others: list[baselines.Baseline] = []
    tau = tau_of(options.model) if options.tau is None else parse_tau(options.tau)
    there = options.engine.engine != "local"
    outcomes = elsewhere(options, questions, cloud) if there else []
    if not there or options.baselines:
        with opened(options.model) as (model, engine):
            if not there:
                outcomes = (
                    measured(engine, questions, cloud) if engine else read(model, questions, cloud)
                )
            if options.baselines:
                others = all_baselines(model, questions, outcomes, shots=options.model != STARTER)
    return assembled(outcomes, tau, cloud, others)


def is_checkpoint(model: str) -> bool:
    """Whether a model is a checkpoint's folder; the others are GGUF files and names."""
    return (Path(model) / "config.json").exists()


def tau_of(model: str) -> float:
    """The tau of a checkpoint's or a GGUF's contract."""
    if is_checkpoint(model):
        return plan_of(Path(model)).contract().tau
    return describe(model, load_settings().home).contract.tau


@contextmanager
def opened(model: str) -> Iterator[tuple[Reader, Engine | None]]:
    """A model to read, and its engine if it is a GGUF."""
    if is_checkpoint(model):
        with ModelReference(model, plan_of(Path(model))).open() as reader:
            yield reader, None
        return
    _, path, _ = checked(model, load_settings().home)
    with Engine(path) as engine:
        plain = engine.contract.with_system_prompt(_plain_prompt(model))
        yield GgufReader(engine, plain), engine


def _plain_prompt(model: str) -> str:
    """What a model is asked with when it shall answer and say no confidence."""
    if model != STARTER:
        return RAW_SYSTEM_PROMPT
    from ..starter.rows import PLAIN

    return PLAIN.system_prompt


def save(found: Evaluation, folder: Path) -> None:
    """The tables as text, CSV and JSON, and the plots, into a folder."""
    from . import plots

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.md").write_text(found.text() + "\n", "utf-8")
    (folder / "evaluation.json").write_text(
        json.dumps(without_nan(found.as_dict())) + "\n", "utf-8"
    )
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["domain", *next(iter(found.table.values()))])
        writer.writerows([name, *row.values()] for name, row in found.table.items())
    plots.accuracy_over_share(found.outcomes, found.tau, found.others[2:], folder / "accuracy.png")
    plots.reliability(found.outcomes, folder / "reliability.png")
    plots.risk_coverage(found.outcomes, folder / "risk.png")


def measured(
    engine: Engine, questions: Sequence[Keyed], cloud: Cloud | None = None
) -> list[Outcome]:
    """`evaluate.measure` with a progress bar on a terminal."""
    with progress_bar("questions", len(questions)) as advance:
        return measure(engine, questions, lambda: advance(1), cloud or AnswerKey())


def read(model: Reader, questions: Sequence[Keyed], cloud: Cloud) -> list[Outcome]:
    """The outcomes of a checkpoint that is no GGUF."""
    found = in_chunks("questions", model.read, questions)
    return [outcome(item, one, cloud) for item, one in zip(questions, found, strict=True)]


def elsewhere(options: EvaluateOptions, questions: Sequence[Keyed], cloud: Cloud) -> list[Outcome]:
    """The outcomes from Ray's workers or a server; the cloud is asked here."""
    if is_checkpoint(options.model):
        plan = plan_of(Path(options.model))
    else:
        _, path, _ = checked(options.model, load_settings().home)
        plan = ModelPlan(str(path), raw_system_prompt=_plain_prompt(options.model))
    job = MeasureJob(ModelReference(plan.base, plan))
    batches = cut(questions, CHUNK, "evaluate")
    found: list[Outcome] = []
    with progress_bar("questions", len(questions)) as advance:
        for part in chosen(options.engine)(job, batches):
            found += part
            advance(len(part))
    return [
        replace(one, cloud=cloud.is_right(item)) for one, item in zip(found, questions, strict=True)
    ]
