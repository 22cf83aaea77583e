"""The command `foggen-train evaluate`: tables, figures and plots of a model on labelled questions."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from foggen.confidence.labelled import Keyed, read_questions
from foggen.config import STARTER, load_settings
from foggen.engine.contract import Contract
from foggen.engine.engine import Engine
from foggen.errors import NoQuestionError, UsageError
from foggen.routing.rule import parse_tau
from foggen.store.models import checked, describe, layout_for

from ..checkpoints import plan_of
from ..labels.gguf_reader import GgufReader
from ..labels.jobs import cut
from ..labels.models import ModelReference
from ..labels.reading import Reader, Reading
from ..pools import generated
from ..recipe import RAW_SYSTEM_PROMPT, ModelPlan
from ..scale.executors import ExecutorOptions, chosen
from .clouds import CloudOptions, clouds_for
from .evaluation import Evaluation, assembled, without_nan
from .outcomes import MeasureJob, Outcome, measure, outcome
from .progress import CHUNK, in_chunks, progress_bar
from .rivals import Rivals, all_rivals

if TYPE_CHECKING:
    from ..starter.columns import Column


@dataclass(frozen=True)
class EvaluateOptions:
    """The options of `evaluate`. base: the untrained model, for the row "letter of the base"."""

    model: str
    data: tuple[Path, ...] = ()
    number: int = 14_000
    seed: int = 2026
    tau: str | None = None
    json: bool = False
    output: Path | None = None
    baselines: bool = False
    base: str = ""
    cloud: CloudOptions = field(default_factory=CloudOptions)
    engine: ExecutorOptions = field(default_factory=ExecutorOptions)

    def __post_init__(self) -> None:
        if self.base and not self.baselines:
            raise UsageError("--base needs --baselines", hint="give both, or neither")


def run_evaluate(options: EvaluateOptions) -> None:
    """Measure a model on files or on generated test questions; print and save the results."""
    questions = (
        [item for file in options.data for item in read_questions(file)]
        if options.data
        else generated(options.seed, "test", options.number)
    )
    if not questions:
        raise NoQuestionError("no questions", hint="the files after --data are empty")
    evaluation = evaluated(options, questions)
    if options.output:
        save(evaluation, options.output)
    from ..starter.columns import as_text as columns_as_text

    columns = [] if options.data else starter_columns(options, questions, evaluation)
    if options.json:
        print(json.dumps(without_nan(evaluation.as_dict() | columns_as_dict(columns))))
    else:
        print("\n\n".join(filter(None, [columns_as_text(columns), evaluation.text()])))


def evaluated(options: EvaluateOptions, questions: Sequence[Keyed]) -> Evaluation:
    """Evaluate a model on questions; the model is opened in this process only if it is needed here."""
    tau = contract_of(options.model).tau if options.tau is None else parse_tau(options.tau)
    clouds = clouds_for(options.cloud, questions)  # first: it may fail, and the edge takes longer
    base = base_readings(options, questions) if options.base else None
    elsewhere = options.engine.engine != "local"
    outcomes = measured_elsewhere(options, questions) if elsewhere else []
    rivals = Rivals()
    if not elsewhere or options.baselines:
        with opened(options.model) as (model, engine):
            if not elsewhere:
                outcomes = measured(engine, questions) if engine else read(model, questions)
            if options.baselines:
                shots = options.model != STARTER
                rivals = all_rivals(model, questions, outcomes, base, shots=shots)
    return assembled(questions, outcomes, tau, clouds, rivals)


def starter_columns(
    options: EvaluateOptions, questions: Sequence[Keyed], evaluation: Evaluation
) -> list[Column]:
    """The starter's figures on and off its own templates; its own questions are not asked again."""
    from ..starter.columns import all_columns, off_its_templates

    with opened(options.model) as (model, engine):

        def ask(_: str, items: Sequence[Keyed]) -> list[Outcome]:
            return measured(engine, items) if engine else read(model, items)

        contract, off = contract_of(options.model), off_its_templates(options.number)
        return all_columns(questions, evaluation.outcomes, off, contract, ask)


def columns_as_dict(columns: Sequence[Column]) -> dict[str, object]:
    return {"columns": {one.name: one.figures() for one in columns}} if columns else {}


def base_readings(options: EvaluateOptions, questions: Sequence[Keyed]) -> list[Reading]:
    """Read the untrained base, asked for the answer alone."""
    if is_checkpoint(options.model):
        plan = replace(plan_of(Path(options.model)), base=options.base)
    else:
        layout = describe(options.model, load_settings().home).contract.chat_layout
        plan = ModelPlan(options.base, layout, raw_system_prompt=_raw_prompt(options.model))
    with ModelReference(options.base, plan).open() as reader:
        return in_chunks("base", reader.read_raw, questions)


def is_checkpoint(model: str) -> bool:
    """Whether a model is a checkpoint's folder; otherwise it is a GGUF file or a name in the store."""
    return (Path(model) / "config.json").exists()


def contract_of(model: str) -> Contract:
    """The contract of a checkpoint or GGUF."""
    if is_checkpoint(model):
        return plan_of(Path(model)).contract()
    return describe(model, load_settings().home).contract


@contextmanager
def opened(model: str) -> Iterator[tuple[Reader, Engine | None]]:
    """Open a model for reading; the second value is its engine if it is a GGUF, else None."""
    if is_checkpoint(model):
        with ModelReference(model, plan_of(Path(model))).open() as reader:
            yield reader, None
        return
    _, path, _ = checked(model, load_settings().home)
    with Engine(path, layout=layout_for(path)) as engine:
        raw = engine.contract.with_system_prompt(_raw_prompt(model))
        yield GgufReader(engine, raw), engine


def _raw_prompt(model: str) -> str:
    """The system prompt that asks a model for the answer without a confidence."""
    if model != STARTER:
        return RAW_SYSTEM_PROMPT
    from ..starter.rows import PLAIN

    return PLAIN.system_prompt


def save(evaluation: Evaluation, folder: Path) -> None:
    """Save the tables as text, CSV and JSON, and the plots, into a folder."""
    from . import plots

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.md").write_text(evaluation.text() + "\n", "utf-8")
    (folder / "evaluation.json").write_text(
        json.dumps(without_nan(evaluation.as_dict())) + "\n", "utf-8"
    )
    _save_csv(evaluation, folder / "table.csv")
    plots.accuracy_over_share(evaluation, folder / "accuracy.png")
    plots.reliability(evaluation.outcomes, folder / "reliability.png")
    plots.risk_coverage(evaluation.outcomes, folder / "risk.png")


def _save_csv(evaluation: Evaluation, path: Path) -> None:
    """Write one row per cloud and domain."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["cloud", "domain", *evaluation.first.mean])
        for figures in evaluation.beside:
            for name, row in figures.table.items():
                writer.writerow([figures.cloud, name, *row.values()])


def measured(engine: Engine, questions: Sequence[Keyed]) -> list[Outcome]:
    """`outcomes.measure` with a progress bar on a terminal."""
    with progress_bar("questions", len(questions)) as advance:
        return measure(engine, questions, lambda: advance(1))


def read(model: Reader, questions: Sequence[Keyed]) -> list[Outcome]:
    """The outcomes of a transformers checkpoint."""
    readings = in_chunks("questions", model.read, questions)
    return [outcome(item, one) for item, one in zip(questions, readings, strict=True)]


def measured_elsewhere(options: EvaluateOptions, questions: Sequence[Keyed]) -> list[Outcome]:
    """The outcomes from Ray's workers or a server."""
    if is_checkpoint(options.model):
        plan = plan_of(Path(options.model))
    else:
        _, path, _ = checked(options.model, load_settings().home)
        plan = ModelPlan(str(path), raw_system_prompt=_raw_prompt(options.model))
    job = MeasureJob(ModelReference(plan.base, plan))
    batches = cut(questions, CHUNK, "evaluate")
    outcomes: list[Outcome] = []
    with progress_bar("questions", len(questions)) as advance:
        for part in chosen(options.engine)(job, batches):
            outcomes += part
            advance(len(part))
    return outcomes
