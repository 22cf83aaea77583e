"""`foggen-edge batch`: many questions, one result a line, resumable."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.errors import ConfigurationError, NoQuestionError, QuestionError
from foggen.routing import parse_tau

from .border import DOUBTFUL, interruptible


@dataclass(frozen=True)
class BatchOptions:
    """The flags of `batch`, as given."""

    source: Path
    output: Path
    model: str | None
    tau: str | None
    mode: str | None
    strict: bool


@dataclass
class Counts:
    """What became of the lines."""

    answered: int = 0
    failed: int = 0
    degraded: int = 0
    resumed: int = 0

    def line(self) -> str:
        return (f"{self.answered} answered ({self.degraded} degraded), {self.failed} failed,"
                f" {self.resumed} were there already")  # fmt: skip


def run_batch(options: BatchOptions) -> None:
    """Answer every line that has no result yet; exit 65 if one failed, 75 for --strict."""
    tau = None if options.tau is None else parse_tau(options.tau)
    lines = _read_lines(options.source)
    done = _finished(options.output)
    counts = Counts(resumed=sum(name in done for name, _ in lines))
    waiting = [(name, line) for name, line in lines if name not in done]
    from rich.console import Console
    from rich.progress import Progress

    from foggen.router import Router

    console = Console(stderr=True)
    with (
        Router.open(model=options.model, tau=tau, mode=options.mode) as router,
        _appending(options.output) as out,
        Progress(console=console, disable=not console.is_terminal) as bar,
    ):
        for name, line in bar.track(waiting, description=options.source.name):
            result = interruptible(
                lambda cancel, name=name, line=line: _result(router, name, line, cancel)
            )
            _count(counts, result)
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
            out.flush()
    print(f"{options.output}: {counts.line()}", file=sys.stderr)
    if counts.failed:
        raise SystemExit(QuestionError.exit_code)
    if counts.degraded and options.strict:
        raise SystemExit(DOUBTFUL)


def _result(router: Any, name: str, line: str, cancel: Any) -> dict[str, Any]:
    """The reply or the error of one line, under the line's own id or else its name."""
    try:
        row = json.loads(line)
    except ValueError as exc:
        return {"id": name, "error": f"not JSON: {exc}", "exit_code": QuestionError.exit_code}
    if not isinstance(row, dict):
        return {"id": name, "error": "not a JSON object", "exit_code": QuestionError.exit_code}
    result: dict[str, Any]
    (result,) = router.batch([row], cancel=cancel)
    return result if str(result["id"]) == name else {**result, "id": name}


def _count(counts: Counts, result: dict[str, Any]) -> None:
    if "error" in result:
        counts.failed += 1
    else:
        counts.answered += 1
        counts.degraded += result["degraded"]


def _read_lines(source: Path) -> list[tuple[str, str]]:
    """Each line with its id, or `line N` where it has none; ids must differ."""
    try:
        texts = source.read_bytes().decode("utf-8-sig", errors="replace").split("\n")
    except FileNotFoundError:
        raise NoQuestionError(f"no file {source}", hint="check the path") from None
    except OSError as exc:
        raise QuestionError(
            f"{source} cannot be read: {exc.strerror}", hint="give a JSONL file"
        ) from exc
    named: dict[str, str] = {}
    for number, text in enumerate(texts, 1):
        if text.strip():
            name = _id_of(text) or f"line {number}"
            if name in named:
                raise QuestionError(
                    f"{source}:{number}: the id {name!r} is there twice", hint="ids must differ"
                )
            named[name] = text
    return list(named.items())


def _id_of(text: str) -> str | None:
    try:
        row = json.loads(text)
    except ValueError:
        return None
    name = row.get("id") if isinstance(row, dict) else None
    return None if name is None else str(name)


def _finished(output: Path) -> set[str]:
    """Ids that have a result. A last line without its end was cut off by a kill and is dropped."""
    try:
        data = output.read_bytes()
    except FileNotFoundError:
        return set()
    except OSError as exc:
        raise _unusable(output, exc) from exc
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with output.open("r+b") as file:
            file.truncate(len(whole))
    names = (_id_of(line) for line in whole.decode("utf-8", errors="replace").split("\n"))
    return {name for name in names if name is not None}


def _appending(output: Path) -> Any:
    """Lone surrogates of an id are written as JSON's escapes, not refused."""
    try:
        return output.open("a", encoding="utf-8", errors="backslashreplace")
    except OSError as exc:
        raise _unusable(output, exc) from exc


def _unusable(output: Path, exc: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{output} cannot be written: {exc.strerror}", hint="choose another file"
    )
