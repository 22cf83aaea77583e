"""Labelled questions, checked as they are read: rows of `question_files.py` in a layout of `row_layouts.py`.

    {"id", "domain", "question", "options": [...], "answer": "A", "source", "split"}

An invalid row raises an error with its file and line. Rows are never skipped silently, because it
must be known what a model is trained and measured on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..errors import FogGenError, NoQuestionError, QuestionError
from ..question.question import Question
from ..question.row_layouts import RowParts, parts_of
from ..question_files import read_records


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
    for record in read_records(path, unreadable=NoQuestionError):
        place = f"{path}:{record.line}"
        if record.error:
            raise QuestionError(f"{place}: {record.error!r}", hint=remedy)
        try:
            yield convert(record.value, place), place
        except FogGenError as exc:
            raise QuestionError(f"{place}: {exc.message}", hint=exc.hint) from exc
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise QuestionError(f"{place}: {exc!r}", hint=remedy) from exc


def _keyed(row: Mapping[str, Any], place: str) -> Keyed:
    parts = parts_of(row)
    question = Question.from_row_parts(parts)
    return Keyed(
        id=str(row.get("id", place)),
        domain=str(row.get("domain", "")),
        question=question,
        answer=_right(parts, question),
        tier=int(row.get("tier", 0)),
        stands_alone=bool(row.get("stands_alone", False)),
    )


def _right(parts: RowParts, question: Question) -> int:
    """The index of the right option. Raises `QuestionError` where the row does not tell it for sure."""
    if parts.right is not None:
        return parts.right
    for answer in parts.answers:
        found = _index(answer, parts.counts_from, question)
        if found is not None:
            return found
    if not parts.answers:
        raise QuestionError("the row has no 'answer'", hint="give a letter: A, B, ...")
    raise QuestionError(
        f"answer {parts.answers[0]!r} is not one of the labels", hint="give a letter: A, B, ..."
    )


def _index(answer: object, counts_from: int | None, question: Question) -> int | None:
    """By its label, else by its number, else by its text."""
    count, written = len(question.options), str(answer).strip()
    found = question.index_of(written)
    if found is not None or isinstance(answer, bool) or answer is None:
        return found
    if not written.isdecimal():
        return question.options.index(written) if written in question.options else None
    number = int(written)
    if counts_from is None and 0 < number < count:
        first, second = question.labels[number], question.labels[number - 1]
        what = f"answer {number} may count from 0, which is {first}, or from 1, which is {second}"
        raise QuestionError(what, hint="give a letter: A, B, ...")
    place = number - (counts_from if counts_from is not None else number == count)
    return place if 0 <= place < count else None
