"""Questions with keys, from JSON lines: read, checked, and refused with file and line.

    {"id", "domain", "question", "options": [...], "answer": "A", "source", "split"}
    {"id", "task", "context", "question", "answers": [...]}         open-ended

A wrong row is an error, never a row less: what is trained on and measured must be known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from foggen.errors import FogGenError, NoQuestionError, QuestionError
from foggen.question import Question


@dataclass(frozen=True)
class Keyed:
    """A question with its key: position of the right option. tier is 0 where there is none.
    stands_alone: whether it can be asked without its options."""

    id: str
    domain: str
    question: Question
    answer: int
    tier: int = 0
    stands_alone: bool = False

    @property
    def answer_text(self) -> str:
        return self.question.options[self.answer]


@dataclass(frozen=True)
class OpenItem:
    """An open-ended question and every answer that counts as right. context: "" if there is none."""

    id: str
    task: str
    context: str
    question: str
    answers: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the model sees."""
        return f"{self.context}\n\n{self.question}" if self.context else self.question


Item = TypeVar("Item", Keyed, OpenItem)
Row = TypeVar("Row")


def read_questions(path: Path) -> list[Keyed]:
    """The rows of a JSONL file; QuestionError names file and line of what is wrong."""
    return _read(path, _keyed)


def read_open(path: Path) -> list[OpenItem]:
    """The open-ended rows of a JSONL file; QuestionError names file and line of what is wrong."""
    return _read(path, _open_item)


def read_incorrect(path: Path) -> dict[str, list[str]]:
    """Wrong reference answers by id: {"id", "incorrect": [...]} a line."""
    rows = converted_lines(
        path, lambda row, _: (str(row["id"]), [str(text) for text in row["incorrect"]]),
        "every row needs id, incorrect",
    )  # fmt: skip
    return dict(row for row, _ in rows)


def _read(path: Path, convert: Callable[[Mapping[str, Any], str], Item]) -> list[Item]:
    items: list[Item] = []
    places: dict[str, str] = {}
    for item, place in converted_lines(path, convert, "every row needs question, options, answer"):
        if item.id in places:
            raise QuestionError(
                f"{place}: the id {item.id!r} is that of {places[item.id]} too",
                hint="give every row an id of its own",
            )
        places[item.id] = place
        items.append(item)
    return items


def converted_lines(
    path: Path, convert: Callable[[Mapping[str, Any], str], Row], remedy: str
) -> Iterator[tuple[Row, str]]:
    """Every row of a JSONL file, converted, and its `file:line`; what is wrong is told with them."""
    for line, place in _lines(path, remedy):
        try:
            yield convert(json.loads(line), place), place
        except FogGenError as exc:
            raise QuestionError(f"{place}: {exc.message}", hint=exc.hint) from exc
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise QuestionError(f"{place}: {exc!r}", hint=remedy) from exc


def _lines(path: Path, remedy: str) -> Iterator[tuple[str, str]]:
    """The lines that hold something, each with its `file:line`."""
    try:
        lines = path.read_text("utf-8").split("\n")  # splitlines would also cut inside a text
    except OSError as exc:
        raise NoQuestionError(f"{path}: {exc.strerror}", hint="check the path") from exc
    except UnicodeDecodeError as exc:
        raise QuestionError(f"{path}: {exc}", hint=remedy) from exc
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield line, f"{path}:{number}"


def _keyed(row: Mapping[str, Any], place: str) -> Keyed:
    question = Question.from_row(row)
    answer = question.index_of(str(row["answer"]))
    if answer is None:
        raise QuestionError(
            f"answer {row['answer']!r} is none of the labels", hint="give a letter: A, B, ..."
        )
    domain = str(row.get("domain", ""))
    return Keyed(
        str(row.get("id", place)), domain, question, answer, int(row.get("tier", 0)),
        bool(row.get("stands_alone", False)),
    )  # fmt: skip


def _open_item(row: Mapping[str, Any], place: str) -> OpenItem:
    answers = row["answers"]
    if not isinstance(answers, list) or not answers or not all(isinstance(a, str) for a in answers):
        raise QuestionError(f"answers is {answers!r}", hint="give a list of one text or more")
    return OpenItem(
        str(row.get("id", place)), str(row["task"]), str(row.get("context") or ""),
        str(row["question"]), tuple(answers),
    )  # fmt: skip
