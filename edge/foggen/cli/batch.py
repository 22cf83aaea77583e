"""`foggen-edge batch`: answers many questions, with one result per line; a run can be resumed.

`results.py` matches results with rows; `result_file.py` keeps them in a file. `batch_lines.py` answers
the lines of stdin as they come.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..calls.cancelling import CancelToken
from ..config import Settings, load_settings
from ..errors import ConfigurationError, QuestionError, UsageError
from ..routing.rule import Mode, parse_mode, parse_tau
from .batch_lines import STANDARD_INPUT, Tally, read_lines
from .border import DOUBTFUL, interruptible
from .result_file import ResultFile
from .result_stream import ResultStream, find_stream
from .results import Result, matched, without_replaced
from .rows import Row, read_rows
from .writing import writing

CLOUD_MODES = (Mode.AUTO, Mode.CLOUD_ONLY)
Output = ResultFile | ResultStream


@dataclass(frozen=True)
class BatchOptions:
    """The flags of `batch`, as given."""

    source: Path
    output: Path
    model: str | None
    tau: str | None
    mode: str | None
    strict: bool
    score: str | None = None
    layout: str | None = None

    def for_router(self) -> dict[str, Any]:
        """The options that were given, as arguments of `Router.open`. Raises UsageError."""
        given = {"tau": (self.tau, parse_tau), "mode": (self.mode, parse_mode)}
        parsed = {name: parse(text) for name, (text, parse) in given.items() if text is not None}
        return {"model": self.model, "score": self.score, "layout": self.layout, **parsed}


class Run:
    """The rows of one run. latest: the result of each row, or None until there is a good one."""

    def __init__(
        self, rows: Sequence[Row], output: Output, is_enough: Callable[[Result], bool]
    ) -> None:
        self.rows, self.output, self.is_enough = rows, output, is_enough
        self.latest = matched(rows, output.results, is_enough)
        self.kept = [result for result in self.latest if result is not None]
        self.new: list[Result] = []
        self.left: Sequence[Result] = output.results  # what the output holds at the end

    @property
    def waiting(self) -> list[int]:
        """The indices of the rows that still have to be asked."""
        return [place for place, result in enumerate(self.latest) if result is None]

    @property
    def results(self) -> list[Result]:
        """The latest result of each row that has one."""
        return [result for result in self.latest if result is not None]

    def record(self, place: int, result: Result) -> None:
        self.output.add(result)
        self.latest[place] = result
        self.new.append(result)

    def tidy(self) -> None:
        """Remove the results that newer ones replace. Raises ConfigurationError."""
        results = self.output.results
        self.left = without_replaced(self.rows, results, self.results, self.is_enough)
        if len(self.left) < len(results):
            self.output.replace(self.left)

    def exit_code(self, strict: bool) -> int:
        """65 if the output holds an error; otherwise 75 if `strict` is set and an answer is in
        doubt."""
        if any(result.failed for result in (*self.results, *self.left)):
            return QuestionError.exit_code
        doubtful = any(result.degraded or result.unsure for result in self.results)
        return DOUBTFUL if strict and doubtful else 0

    def summary(self) -> str:
        failed = sum(result.failed for result in self.new)
        others = set(self.left) - set(self.results)
        errors = sum(result.failed for result in others)
        kept = f"; {len(others)} of other rows are kept" if others else ""
        kept += f", {errors} of them errors" if errors else ""
        doubts = (
            f" ({_doubts(self.kept)})" if any(r.degraded or r.unsure for r in self.kept) else ""
        )
        return (
            f"{len(self.new) - failed} answered ({_doubts(self.new)}), {failed} failed,"
            f" {len(self.kept)} already done{doubts}{kept}"
        )


def run_batch(options: BatchOptions) -> None:
    """Answer every row without a good result. Exits with 65 if one failed, or 75 under --strict."""
    given = options.for_router()
    settings = load_settings(given)
    if str(options.source) == STANDARD_INPUT:
        return _run_lines(options, given, settings)
    with closing(_opened(options.output, options.source)) as output:
        rows = read_rows(options.source)
        from ..router import Router

        with Router.open(**given) as router:
            output.begin()
            run = Run(rows, output, partial(_is_enough, settings))
            _tell_of_older_form(run, options.output)
            _ask_all(run, router, settings, options.source.name)
        _tidy(run, options.output)
    print(f"{options.output}: {run.summary()}", file=sys.stderr)
    if code := run.exit_code(options.strict):
        raise SystemExit(code)


def _run_lines(options: BatchOptions, given: dict[str, Any], settings: Settings) -> None:
    """Answer the lines of stdin, each before the next is read. Exits as `run_batch` does."""
    with writing(options.output):
        output = find_stream(options.output, options.source)
    if output is None:
        raise UsageError(
            f"{options.output} is a file, and the questions come from stdin",
            hint="give '-' for the results, or a file with the questions",
        )
    from ..router import Router

    tally = Tally()
    with Router.open(**given) as router:
        is_dry = settings.mode is Mode.DRY_RUN
        rows = read_lines(sys.stdin.buffer)
        tally.answer(
            rows, output, lambda row: interruptible(partial(_answered, router, row, is_dry))
        )
    print(f"{options.output}: {tally.summary()}", file=sys.stderr)
    if code := tally.exit_code(options.strict):
        raise SystemExit(code)


def _opened(output: Path, source: Path) -> Output:
    with writing(output):
        return find_stream(output, source) or ResultFile(output, source)


def _is_enough(settings: Settings, result: Result) -> bool:
    """Whether a row with this result need not be asked again.

    Errors are asked again. So are the results of a dry run, unless this is one too, and degraded
    answers if a cloud may give a better one.
    """
    may_ask_cloud = settings.mode in CLOUD_MODES and settings.has_cloud
    is_of_use = settings.mode is Mode.DRY_RUN or not result.is_dry
    return is_of_use and not result.failed and not (result.degraded and may_ask_cloud)


def _ask_all(run: Run, router: Any, settings: Settings, title: str) -> None:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        for place in bar.track(run.waiting, description=title):
            work = partial(_answered, router, run.rows[place], settings.mode is Mode.DRY_RUN)
            run.record(place, interruptible(work))


def _answered(router: Any, row: Row, is_dry: bool, cancel: CancelToken) -> Result:
    """Ask one row. The result is its reply or error, with the row's id and the hash of its
    question."""
    if row.content is None:
        reply = {"error": row.problem, "exit_code": QuestionError.exit_code}
    else:
        (reply,) = router.batch([row.content], cancel=cancel)
    marked = {"dry_run": True} if is_dry else {}
    return Result.of({"question_sha256": row.sha256, "id": row.id, **reply, **marked})


def _tell_of_older_form(run: Run, output: Path) -> None:
    if older := sum(not result.sha256 for result in run.output.results):
        print(
            f"{output}: {older} results are in an older format, which does not record the question;"
            " their rows are asked again, and results with the same id are replaced",
            file=sys.stderr,
        )


def _tidy(run: Run, output: Path) -> None:
    try:
        run.tidy()
    except ConfigurationError as error:
        print(
            f"{output}: the results that newer ones replace were not removed: {error.message}",
            file=sys.stderr,
        )


def _doubts(results: Sequence[Result]) -> str:
    degraded, unsure = (sum(r.degraded for r in results), sum(r.unsure for r in results))
    return f"{degraded} degraded, {unsure} unsure"
