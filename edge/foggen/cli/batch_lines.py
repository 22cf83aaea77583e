"""`foggen-edge batch - -`: a conversation with another program, one JSON object a line each way.

The next line is read when the last one has been answered, so a program may write a question, wait for
its answer, and only then write the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ..errors import QuestionError
from ..question_files import Record, json_line
from ..text_files import decoded
from .border import DOUBTFUL
from .result_stream import ResultStream
from .results import Result
from .rows import Row

STANDARD_INPUT = "-"


def read_lines(stream: BinaryIO) -> Iterator[Row]:
    """The rows of JSON lines, each as soon as it has come. Ids may repeat; blank lines are left out."""
    for number, line in enumerate(iter(stream.readline, b""), 1):
        if line.strip():
            yield Row.of(_record(line, number))


def _record(line: bytes, number: int) -> Record:
    try:
        return json_line(decoded(line, "the line"), number)
    except QuestionError as error:
        return Record(number, None, repr(line), error=error)


@dataclass
class Tally:
    """What was answered so far. Results are counted, not kept: a conversation has no end."""

    answered: int = 0
    failed: int = 0
    degraded: int = 0
    unsure: int = 0

    def answer(
        self, rows: Iterable[Row], output: ResultStream, ask: Callable[[Row], Result]
    ) -> None:
        """Answer each row before the next is taken."""
        for row in rows:
            result = ask(row)
            output.add(result)
            self._count(result)

    def _count(self, result: Result) -> None:
        self.failed += result.failed
        self.answered += not result.failed
        self.degraded += result.degraded
        self.unsure += result.unsure

    def exit_code(self, strict: bool) -> int:
        """65 if a row failed; otherwise 75 if `strict` is set and an answer is in doubt."""
        if self.failed:
            return QuestionError.exit_code
        return DOUBTFUL if strict and (self.degraded or self.unsure) else 0

    def summary(self) -> str:
        doubts = f"{self.degraded} degraded, {self.unsure} unsure"
        return f"{self.answered} answered ({doubts}), {self.failed} failed"
