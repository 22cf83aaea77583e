"""Questions, the command line in this process and in one of its own, and clouds that fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from foggen.cli.main import app
from foggen.engine.engine import Engine
from foggen_cloud import CloudAnswer, CloudClient, CloudError, CloudSettings, Kind
from foggen_cloud.testing import FakeCloud

from .scripted_model import SURE

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("FOGGEN_SHARED", REPOSITORY.parent / "shared"))

OPTIONS = ("4", "5", "6", "7")
QUESTION = "What is 2 + 3?\nA. 4\nB. 5\nC. 6\nD. 7"
SURE_QUESTION = QUESTION.replace("What", f"{SURE} What")  # a scripted model is sure of it
JSON_KEYS = {
    "label",
    "text",
    "route",
    "confidence",
    "expected_confidence",
    "p_right",
    "calibrated_on",
    "letter_probability",
    "coverage",
    "tau",
    "degraded",
    "reason",
    "edge_answer",
    "model",
    "cloud",
    "timings_ms",
    "notes",
    "schema",
    "sure",
}
COMMAND = (sys.executable, "-c", "from foggen.cli.main import main; main()")
LIMIT_S = 120  # of a process; far more than it needs


@dataclass(frozen=True)
class Outcome:
    """What a command gave: its exit code and its two outputs."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        (line,) = self.out.splitlines()
        return dict(json.loads(line))


def cli(*arguments: object, stdin: bytes | str = b"") -> Outcome:
    """`foggen-edge` in this process."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def command(*arguments: object, stdin: bytes = b"", **environment: str) -> Outcome:
    """`foggen-edge` in a process of its own, with more environment."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
        env=os.environ | environment,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def python(program: str | Path, *arguments: object, limit_s: float = LIMIT_S) -> Outcome:
    """A program, or its file, in an interpreter of its own."""
    given = [str(program)] if isinstance(program, Path) else ["-c", textwrap.dedent(program)]
    done = subprocess.run(
        [sys.executable, *given, *map(str, arguments)],
        capture_output=True,
        timeout=limit_s,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def is_one_line(text: str) -> bool:
    """Whether an error reads as it should: one line, no traceback."""
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


@contextmanager
def held(engine: Engine, longest_s: float | None = None) -> Iterator[None]:
    """The engine is busy with another thread's question inside, for at most so many seconds."""
    begun, done = threading.Event(), threading.Event()

    def work() -> None:
        with engine.turn():
            begun.set()
            done.wait(longest_s)

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()


class FailingCloud:
    """A cloud that fails with an error of one kind; `asked` counts the questions."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.asked = 0

    def ask(
        self,
        question_text: str,
        labels: Sequence[str],
        options: Sequence[str],
        *,
        deadline_s: float | None = None,
    ) -> CloudAnswer:
        return self.ask_open(question_text, deadline_s=deadline_s)

    def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer:
        self.asked += 1
        raise CloudError("scripted", kind=self.kind)

    def close(self) -> None:
        pass


def saying(*script: Any) -> tuple[FakeCloud, CloudClient]:
    """A fake cloud, to look at its requests, and the real client of it."""
    fake = FakeCloud(*script)
    settings = CloudSettings("http://127.0.0.1:9/v1", "asked-model")
    return fake, CloudClient(settings, transport=fake)
