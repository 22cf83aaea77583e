"""Labelled questions in JSON lines, checked as they are read.

    {"id", "domain", "question", "options": [...], "answer": "A", "source", "split"}

An invalid row raises an error with its file and line. Rows are never skipped silently, because it
must be known what a model is trained and measured on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..errors import FogGenError, NoQuestionError, QuestionError
from ..question.question import Question
from ..text_files import read_text


@dataclass(frozen=True)
class Keyed:
    """A question with its answer, the index of the right option. tier: 0 if the row has none.
    stands_alone: whether the question can be asked without its options."""

    id: str
    domain: str
    question: Question
    answer: int
    tier: int = 0
    stands_alone: bool = False

    @property
    def answer_text(self) -> str:
        return self.question.options[self.answer]


class Identified(Protocol):
    """Anything that was made from a row and has the row's id."""

    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=Identified)
Row = TypeVar("Row")


def read_questions(path: Path) -> list[Keyed]:
    """Read the questions of a JSONL file. QuestionError names the file and line of a bad row."""
    return read_items(path, _keyed, "every row needs question, options, answer")


def read_items(
    path: Path, convert: Callable[[Mapping[str, Any], str], Item], remedy: str
) -> list[Item]:
    """Convert every row of a JSONL file. Raises QuestionError if two rows have the same id."""
    items: list[Item] = []
    places: dict[str, str] = {}
    for item, place in converted_lines(path, convert, remedy):
        if item.id in places:
            raise QuestionError(
                f"{place}: the id {item.id!r} is already used in {places[item.id]}",
                hint="give every row an id of its own",
            )
        places[item.id] = place
        items.append(item)
    return items


def converted_lines(
    path: Path, convert: Callable[[Mapping[str, Any], str], Row], remedy: str
) -> Iterator[tuple[Row, str]]:
    """Convert every row of a JSONL file and yield it with its `file:line`, as named in errors."""
    for line, place in _lines(path):
        try:
            yield convert(json.loads(line), place), place
        except FogGenError as exc:
            raise QuestionError(f"{place}: {exc.message}", hint=exc.hint) from exc
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise QuestionError(f"{place}: {exc!r}", hint=remedy) from exc


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines that are not blank, each with its `file:line`."""
    text = read_text(path, unreadable=NoQuestionError)
    lines = text.split("\n")  # splitlines would also split inside a string
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield line, f"{path}:{number}"


def _keyed(row: Mapping[str, Any], place: str) -> Keyed:
    question = Question.from_row(row)
    answer = question.index_of(str(row["answer"]))
    if answer is None:
        raise QuestionError(
            f"answer {row['answer']!r} is not one of the labels", hint="give a letter: A, B, ..."
        )
    return Keyed(
        id=str(row.get("id", place)),
        domain=str(row.get("domain", "")),
        question=question,
        answer=answer,
        tier=int(row.get("tier", 0)),
        stands_alone=bool(row.get("stands_alone", False)),
    )
