"""`foggen-train tables`: the tables of a publication again, from what was measured and no model.

    foggen-train tables docs/gemma3-270m-laptop/measured --data FILE.jsonl ...

A publication keeps every result by question id and without the question's text (`keeping.py`). With the
questions at hand, all its figures can be computed and checked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foggen.confidence.calibration import Calibration, from_json
from foggen.confidence.labelled import Keyed, read_questions
from foggen.engine.contract import DEFAULT_TAU
from foggen.errors import NoQuestionError
from foggen.routing.rule import parse_tau

from .calibrated import judged
from .clouds import Cloud, CloudOptions, clouds_for
from .evaluation import Evaluation, assembled
from .keeping import all_kept, read_kept
from .rivals import AUTOMIX, RAW, rivals_of
from .untrained import Untrained, untrained

OUTCOMES, BASE, IN_FORMAT = "outcomes", "base", "base-in-format"  # names of measurements
CALIBRATION = "calibration.json"


@dataclass(frozen=True)
class TablesOptions:
    """The flags of `tables`, as given. folder: of the kept results. cloud: a file of recorded answers."""

    folder: Path
    data: tuple[Path, ...]
    tau: str | None = None
    cloud: str = ""


def tables_again(options: TablesOptions) -> str:
    """The tables as text; NoQuestionError without questions or results."""
    questions = [item for file in options.data for item in read_questions(file)]
    if not questions:
        raise NoQuestionError("no questions", hint="the files after --data are empty")
    tau = DEFAULT_TAU if options.tau is None else parse_tau(options.tau)
    clouds = clouds_for(CloudOptions(options.cloud), questions)
    evaluation = evaluation_of(options.folder, questions, tau, clouds)
    base = beside_base(options.folder, questions, evaluation)
    return "\n\n".join([evaluation.text(), *([base.text()] if base else [])])


def evaluation_of(
    folder: Path, questions: Sequence[Keyed], tau: float, clouds: Sequence[Cloud]
) -> Evaluation:
    """All figures of a folder of results; rows that were not measured are left out with a note."""
    outcomes = read_kept(folder, OUTCOMES, questions)
    if outcomes is None:
        raise NoQuestionError(
            f"{folder} has no {OUTCOMES}.jsonl", hint="give the folder `measured` of a publication"
        )
    calibration = kept_calibration(folder)
    rivals = rivals_of(
        questions,
        outcomes,
        calibrated=judged(calibration, questions, outcomes) if calibration else None,
        base=read_kept(folder, BASE, questions),
        raw=read_kept(folder, RAW, questions),
        verified=read_kept(folder, AUTOMIX, questions),
    )
    return assembled(questions, outcomes, tau, clouds, rivals)


def kept_calibration(folder: Path) -> Calibration | None:
    """The calibration of the published file, which is kept beside the results."""
    path = folder / CALIBRATION
    return from_json(path.read_text("utf-8"), str(path)) if path.exists() else None


def beside_base(
    folder: Path, questions: Sequence[Keyed], evaluation: Evaluation
) -> Untrained | None:
    """The untrained base beside the model; None if it was not measured."""
    base = read_kept(folder, BASE, questions)
    if base is None:
        return None
    in_format = all_kept(folder, IN_FORMAT) or {}
    return untrained(questions, evaluation.outcomes, base, list(in_format.values()))
