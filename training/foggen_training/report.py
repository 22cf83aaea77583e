"""`foggen-train evaluate`: questions in; tables, figures and plots out."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from foggen.config import load_settings
from foggen.engine import Engine
from foggen.errors import NoQuestionError
from foggen.models import STARTER, checked
from foggen.routing import parse_tau

from . import automix, baselines
from .clouds import AnswerKey, Cloud, open_cloud
from .data import Keyed, read_questions
from .engines import EngineOptions, chosen
from .evaluate import Outcome, as_markdown, below_tau, measure, outcome, summarize
from .gguf_reader import GgufReader
from .intervals import mean_intervals, more_figures
from .labeller import ModelSource
from .labelling import Job, cut
from .master import plan_of
from .reading import Reader
from .recipe import RAW_SYSTEM_PROMPT, LabelPlan, ModelPlan

CHUNK = 64  # questions between two steps of the progress bar


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
    engine: EngineOptions = field(default_factory=EngineOptions)


def run_evaluate(options: EvaluateOptions) -> None:
    """Measure a model on files, or on generated questions of the test split; print and save."""
    questions = (
        [item for file in options.data for item in read_questions(file)]
        if options.data
        else generated(options.number, options.seed)
    )
    if not questions:
        raise NoQuestionError("no questions", hint="the files after --data are empty")
    with open_cloud(options.cloud, options.cloud_model) as cloud:
        found = evaluated(options, questions, cloud)
    if options.output:
        save(found, options.output)
    if options.json:
        print(json.dumps(_plain(found.as_dict())))
    else:
        print(found.text())


@dataclass(frozen=True)
class Evaluation:
    """Everything that was measured. others: the baselines' scores, for the plots."""

    tau: float
    cloud: str
    outcomes: Sequence[Outcome]
    table: Mapping[str, Mapping[str, float]]
    intervals: Mapping[str, tuple[float, float]]
    figures: Mapping[str, float]
    compared: Mapping[str, Mapping[str, float]]
    others: Sequence[baselines.Baseline]
    notes: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "tau": self.tau, "cloud": self.cloud, "table": self.table,
            "intervals": {key: list(value) for key, value in self.intervals.items()},
            "figures": self.figures, "below_tau": below_tau(self.outcomes, self.tau),
            "baselines": self.compared, "notes": list(self.notes),
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
        }  # fmt: skip

    def text(self) -> str:
        shares = below_tau(self.outcomes, self.tau)
        lines = [
            as_markdown(self.table),
            "",
            f"below tau {self.tau:g}: "
            + ", ".join(f"{name} {share:.1%}" for name, share in shares.items()),
            "95% intervals of the means: "
            + ", ".join(
                f"{key} {low:.3f} to {high:.3f}" for key, (low, high) in self.intervals.items()
            ),
            ", ".join(f"{key} {value:.3f}" for key, value in self.figures.items()),
            f"cloud: {self.cloud}; lift in points",
        ]
        if self.compared:
            lines += ["", baseline_table(self.compared)]
        return "\n".join([*lines, *self.notes])


def evaluated(options: EvaluateOptions, questions: Sequence[Keyed], cloud: Cloud) -> Evaluation:
    """All figures of a model on some questions."""
    others: list[baselines.Baseline] = []
    with opened(options.model) as (model, engine, own_tau):
        tau = own_tau if options.tau is None else parse_tau(options.tau)
        if options.engine.engine != "local":
            outcomes = elsewhere(options, questions, cloud)
        elif engine:
            outcomes = measured(engine, questions, cloud)
        else:
            outcomes = read(model, questions, cloud)
        if options.baselines:
            others = all_baselines(model, questions, outcomes, shots=options.model != STARTER)
    return assembled(outcomes, tau, cloud, others)


def assembled(
    outcomes: Sequence[Outcome], tau: float, cloud: Cloud, others: Sequence[baselines.Baseline]
) -> Evaluation:
    """All figures of what was measured; the baselines at FogGen's cloud share."""
    table = summarize(outcomes, tau)
    right = np.array([outcome.cloud for outcome in outcomes], dtype=float)
    share = table["mean"]["cloud_share"]
    compared = baselines.compare(outcomes, others, right, share) if others else {}
    notes = [f"baselines at FogGen's cloud share, {share:.1%}"] if others else []
    if others:
        notes.append("AutoMix's verifier has no context to verify against here; its paper's has")
    return Evaluation(
        tau, cloud.name, outcomes, table, mean_intervals(outcomes, tau),
        more_figures(outcomes, tau), compared, others, notes,
    )  # fmt: skip


@contextmanager
def opened(model: str) -> Iterator[tuple[Reader, Engine | None, float]]:
    """A model to read, its engine if it is a GGUF, and its tau."""
    folder = Path(model)
    if (folder / "config.json").exists():
        plan = plan_of(folder)
        with ModelSource(model, plan).open() as reader:
            yield reader, None, plan.contract().tau
        return
    _, path, _ = checked(model, load_settings().home)
    with Engine(path) as engine:
        plain = engine.contract.with_system_prompt(_plain_prompt(model))
        yield GgufReader(engine, plain), engine, engine.contract.tau


def _plain_prompt(model: str) -> str:
    """What a model is asked with when it shall answer and say no confidence."""
    if model != STARTER:
        return RAW_SYSTEM_PROMPT
    from .starter.rows import PLAIN

    return PLAIN.system_prompt


def all_baselines(
    model: Reader, questions: Sequence[Keyed], outcomes: Sequence[Outcome], *, shots: bool
) -> list[baselines.Baseline]:
    """FogGen itself, by bucket and by expected confidence, and what it must beat."""
    edge = np.array([outcome.edge for outcome in outcomes], dtype=float)
    answers = [found.answer for found in in_chunks("answers", model.read, questions)]
    plain = in_chunks("plain answers", model.read_plain, questions)
    warm = in_chunks("samples", lambda items: model.read_plain(items, 0.7), questions)
    pairs = dict(zip((item.id for item in questions), answers, strict=True))
    found = in_chunks(
        "verification",
        lambda items: automix.verify(model, items, [pairs[item.id] for item in items], shots=shots),
        questions,
    )
    return [
        baselines.Baseline("FogGen, bucket", np.array([o.confidence for o in outcomes]), edge, 1),
        baselines.Baseline("FogGen, expected", np.array([o.expected for o in outcomes]), edge, 1),
        baselines.domain_prior(questions, edge),
        baselines.surface(questions, edge),
        baselines.letter_probability(questions, plain),
        baselines.self_consistency(questions, warm),
        baselines.Baseline("AutoMix", automix.scores(questions, found, 0), edge, automix.PASSES),
    ]


def baseline_table(compared: Mapping[str, Mapping[str, float]]) -> str:
    """The baselines as a markdown table; lift in points."""
    lines = ["| Method | Edge | System | Lift | AUROC | Passes |", "|---|---:|---:|---:|---:|---:|"]
    for name, row in compared.items():
        lines.append(
            f"| {name} | {row['edge']:.1%} | {row['system']:.1%} | {100 * row['lift']:+.1f} "
            f"| {row['auroc']:.3f} | {row['passes']:g} |"
        )
    return "\n".join(lines)


def save(found: Evaluation, folder: Path) -> None:
    """The tables as text, CSV and JSON, and the plots, into a folder."""
    from . import plots

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.md").write_text(found.text() + "\n", "utf-8")
    (folder / "evaluation.json").write_text(json.dumps(_plain(found.as_dict())) + "\n", "utf-8")
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["domain", *next(iter(found.table.values()))])
        writer.writerows([name, *row.values()] for name, row in found.table.items())
    plots.accuracy_over_share(found.outcomes, found.tau, found.others[2:], folder / "accuracy.png")
    plots.reliability(found.outcomes, folder / "reliability.png")
    plots.risk_coverage(found.outcomes, folder / "risk.png")


def _plain(value: Any) -> Any:
    """JSON has no nan: a figure that does not exist is null."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def generated(number: int, seed: int) -> list[Keyed]:
    """Questions of the starter's test split, as the evaluation takes them."""
    from .starter.build import held_out_questions
    from .starter.questions import keyed

    return [keyed(question) for question in held_out_questions(number, seed)]


def measured(
    engine: Engine, questions: Sequence[Keyed], cloud: Cloud | None = None
) -> list[Outcome]:
    """`evaluate.measure` with a progress bar on a terminal."""
    with _bar("questions", len(questions)) as advance:
        return measure(engine, questions, lambda: advance(1), cloud or AnswerKey())


def read(model: Reader, questions: Sequence[Keyed], cloud: Cloud) -> list[Outcome]:
    """The outcomes of a checkpoint that is no GGUF."""
    found = in_chunks("questions", model.read, questions)
    return [outcome(item, one, cloud) for item, one in zip(questions, found, strict=True)]


def elsewhere(options: EvaluateOptions, questions: Sequence[Keyed], cloud: Cloud) -> list[Outcome]:
    """The outcomes from Ray's workers or a server; the cloud is asked here."""
    folder = Path(options.model)
    if (folder / "config.json").exists():
        plan = plan_of(folder)
    else:
        _, path, _ = checked(options.model, load_settings().home)
        plan = ModelPlan(str(path), raw_system_prompt=_plain_prompt(options.model))
    job = Job(ModelSource(plan.base, plan), LabelPlan(), plain=False, measure=True)
    batches = cut(questions, CHUNK, "evaluate")
    found: list[Outcome] = []
    with _bar("questions", len(questions)) as advance:
        for part in chosen(options.engine)(job, batches):
            found += part
            advance(len(part))
    return [
        replace(one, cloud=cloud.is_right(item)) for one, item in zip(found, questions, strict=True)
    ]


def in_chunks(name: str, function: Any, questions: Sequence[Keyed]) -> list[Any]:
    """What `function` gives for lists of questions, with a progress bar on a terminal."""
    out: list[Any] = []
    with _bar(name, len(questions)) as advance:
        for start in range(0, len(questions), CHUNK):
            chunk = questions[start : start + CHUNK]
            out += function(chunk)
            advance(len(chunk))
    return out


@contextmanager
def _bar(name: str, total: int) -> Iterator[Any]:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=total)
        yield lambda count: bar.advance(task, count)
