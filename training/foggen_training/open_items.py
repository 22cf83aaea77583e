"""Open-ended questions with their answers, from JSON lines.

    {"id", "task", "context", "question", "answers": [...]}

Multiple-choice questions are read by `foggen.confidence.labelled`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.confidence.labelled import converted_lines, read_items
from foggen.errors import QuestionError


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


def read_open(path: Path) -> list[OpenItem]:
    """Read the open-ended questions of a JSONL file; QuestionError names the file and the invalid line."""
    return read_items(path, _open_item, "every row needs task, question, answers")


def read_incorrect(path: Path) -> dict[str, list[str]]:
    """Read the wrong reference answers by id; each line is {"id", "incorrect": [...]}."""
    rows = converted_lines(
        path,
        lambda row, _: (str(row["id"]), [str(text) for text in row["incorrect"]]),
        "every row needs id, incorrect",
    )
    return dict(row for row, _ in rows)


def read_solutions(path: Path) -> dict[str, str]:
    """Read the reference solutions by id; each line is {"id", "solution"}."""
    rows = converted_lines(
        path,
        lambda row, _: (str(row["id"]), str(row["solution"])),
        "every row needs id, solution",
    )
    return dict(row for row, _ in rows)


def _open_item(row: Mapping[str, Any], place: str) -> OpenItem:
    answers = row["answers"]
    if not isinstance(answers, list) or not answers or not all(isinstance(a, str) for a in answers):
        raise QuestionError(f"answers is {answers!r}", hint="give a list of strings, at least one")
    return OpenItem(
        str(row.get("id", place)),
        str(row["task"]),
        str(row.get("context") or ""),
        str(row["question"]),
        tuple(answers),
    )
