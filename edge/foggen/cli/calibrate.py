"""`foggen-edge calibrate`: what a model's answers are worth on labelled questions, and the tau that follows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..confidence.labelled import Keyed, read_questions
from ..confidence.scores import BUCKET, LETTER_SCORES, SCORES
from ..errors import NoQuestionError, QuestionError, UsageError
from .border import interruptible, show, show_json

if TYPE_CHECKING:
    from ..calls.cancelling import CancelToken
    from ..confidence.calibrating import Target
    from ..confidence.fitting import Labelled
    from ..router import Router


@dataclass(frozen=True)
class CalibrateOptions:
    """The flags of `calibrate`, as given."""

    source: Path
    model: str | None
    cloud_share: float | None
    max_error: float | None
    delta: float
    score: str
    layout: str | None
    json: bool
    dry_run: bool
    plot: Path | None = None

    def __post_init__(self) -> None:
        if self.cloud_share is not None and self.max_error is not None:
            raise UsageError(
                "--cloud-share and --max-error cannot be combined", hint="give only one"
            )
        if self.score and self.score not in SCORES:
            raise UsageError(f"score is {self.score!r}", hint=f"known: {', '.join(SCORES)}")
        for name, value in (("--max-error", self.max_error), ("--delta", self.delta)):
            if value is not None and not 0 < value < 1:
                raise UsageError(f"{name} is {value}", hint="give a number between 0 and 1")

    def target(self) -> Target:
        from ..confidence.calibrating import Target

        return Target(self.cloud_share, self.max_error, self.delta)


def run_calibrate(options: CalibrateOptions) -> None:
    """Ask every question, fit the calibration, keep it, and print what the questions say of it."""
    questions = read_questions(options.source)
    _check_count(options, len(questions))
    from ..confidence import stored
    from ..confidence.calibrating import calibrate
    from ..confidence.report import as_dict, as_text
    from ..engine.engine import Engine
    from ..router import Router
    from ..store.identity import identity_of

    with Router.open(
        model=options.model, mode="edge-only", score=BUCKET, layout=options.layout
    ) as router:
        _check_score(options.score, router)
        rows = interruptible(
            lambda cancel: _labelled(router, questions, options.source.name, cancel)
        )
        engine, info = router.edge, router.model
        assert isinstance(engine, Engine)
        assert info is not None
        identity = identity_of(engine, info.sha256)
        report = calibrate(
            rows, identity, options.target(), data=options.source.name, score=options.score
        )
        kept = None if options.dry_run else stored.save(router.settings.home, report.calibration)
    if options.plot:
        from ..confidence.plots import save_plot

        save_plot(report.p_right, report.right, report.calibration.tau, options.plot)
    if options.json:
        show_json(as_dict(report))
    else:
        show(as_text(report, info.name))
    if options.plot:
        print(f"plot: {options.plot}", file=sys.stderr)
    if kept:
        print(f"kept for {info.name}: {kept}", file=sys.stderr)


def _check_score(score: str, router: Router) -> None:
    """Raises UsageError for a score that the model does not have."""
    if score not in ("", *LETTER_SCORES) and not router.edge.contract.says_confidence:
        raise UsageError(
            f"score is {score!r}, and this model says no confidence",
            hint=f"give {' or '.join(LETTER_SCORES)}, or leave it out",
        )


def _check_count(options: CalibrateOptions, count: int) -> None:
    from ..confidence.calibrating import least_rows

    if not count:
        raise NoQuestionError("no questions", hint=f"{options.source} is empty")
    least = least_rows(options.target())
    if count < least:
        what = f"--max-error {options.max_error:g}" if options.max_error else "a calibration"
        raise QuestionError(
            f"{count} labelled questions are too few for {what}", hint=f"give {least} or more"
        )


def _labelled(
    router: Router, questions: Sequence[Keyed], title: str, cancel: CancelToken
) -> list[Labelled]:
    """The signals of every question, with its key. Raises QuestionError if one gives no numbers."""
    from rich.console import Console
    from rich.progress import Progress

    from ..confidence.fitting import Labelled
    from ..confidence.scores import signals_of

    console = Console(stderr=True)
    rows = []
    with Progress(console=console, disable=not console.is_terminal) as bar:
        for item in bar.track(questions, description=title):
            assessed = router.assess(router.edge.fitted(item.question), cancel=cancel)
            if not assessed.answer_probabilities:
                raise QuestionError(
                    f"the model gave no numbers for question {item.id}", hint="pull the model again"
                )
            rows.append(Labelled(signals_of(assessed), item.answer, item.domain))
    return rows
