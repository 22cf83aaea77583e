"""Rows of a data set as questions with keys, and how many were left out, by the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from foggen.errors import NoQuestionError, QuestionError
from foggen.question.question import Question

from ..recipe import DOMAINS
from .catalog import DataSet
from .fetching import Fetched
from .formats import rows_of
from .layouts import LETTERS, Layout, NoKey, layout_of

TRAIN, TEST = "train", "test"
# Whole words of a file's path: "data/validation-00000-of-00001.parquet", "law.test.jsonl".
SPLITS = {
    "train": TRAIN,
    "validation": TRAIN,
    "valid": TRAIN,
    "val": TRAIN,
    "dev": TRAIN,
    "test": TEST,
}
ID_COLUMNS = ("id", "question_id", "pubid", "task_id")


@dataclass(frozen=True)
class Item:
    """A question with its key. split: as published, TRAIN or TEST, "" if the file does not tell."""

    id: str
    domain: str
    question: str
    options: tuple[str, ...]
    answer: int
    source: str
    split: str

    def row(self, split: str) -> dict[str, Any]:
        """As a line of our files."""
        return {
            "id": self.id,
            "domain": self.domain,
            "question": self.question,
            "options": list(self.options),
            "answer": LETTERS[self.answer],
            "source": self.source,
            "split": split,
        }


def read(data_set: DataSet, file: Fetched, left_out: Counter[str]) -> Iterator[Item]:
    """The questions of a file. left_out: counts the rows that cannot be used, by reason.

    Raises QuestionError where the file's columns are unknown, or its domain.
    """
    layout: Layout | None = None
    prefix = f"{data_set.name}-{_stem(file.name)}"
    split = split_of(file.name, data_set.test)
    ids: set[str] = set()
    for number, row in enumerate(rows_of(file.path, file.name)):
        layout = layout or layout_of(list(row), file.name)
        try:
            domain = domain_of(data_set, row, file.name)
            question, answer = _question(row, layout)
        except NoKey as reason:
            left_out[str(reason)] += 1
            continue
        own = next((str(row[name]) for name in ID_COLUMNS if row.get(name) not in (None, "")), "")
        name = own if own and own not in ids else f"{own}-{number}".lstrip("-")
        ids.add(name)
        yield Item(
            f"{prefix}-{name}",
            domain,
            question.stem,
            question.options,
            answer,
            data_set.name,
            split,
        )


def _question(row: Mapping[str, Any], layout: Layout) -> tuple[Question, int]:
    """A row's question and its key. Raises NoKey."""
    if set(layout.columns) - set(row):
        raise NoKey("a column is missing")
    text, options, answer = layout.read(row)
    try:
        question = Question.from_options(text, options)
    except (QuestionError, NoQuestionError) as exc:
        raise NoKey("no question, or an empty option") from exc
    if "duplicate_option_text" in question.notes:
        raise NoKey("two options are the same")
    return question, answer


def domain_of(data_set: DataSet, row: Mapping[str, Any], name: str) -> str:
    """The domain of a row: the set's, by its column, the row's own, or that of the file's name.

    Raises NoKey for a row of a subject that is no domain, QuestionError where nothing tells it.
    """
    if data_set.domain:
        return data_set.domain
    if data_set.column:
        if domain := data_set.domains.get(str(row.get(data_set.column, ""))):
            return domain
        raise NoKey(f"another {data_set.column}")
    told = str(row.get("domain") or "").strip().lower().replace(" ", "_")
    if told in DOMAINS:
        return told
    named = re.search(rf"(?<![a-z])({'|'.join(DOMAINS)})(?![a-z])", name.lower())
    if named:
        return named[1]
    known = ", ".join(DOMAINS)
    raise QuestionError(
        f"{data_set.repo}: nothing tells the domain of {name}" + (f" ({told!r})" if told else ""),
        hint=f"give --domain, one of {known}",
    )


def split_of(name: str, test: str = "test") -> str:
    """TRAIN or TEST by the words of a file's path, the last one that tells; "" if none does.

    test: the word of the split that is tested on.
    """
    words = [word for word in re.split(r"[^a-z]+", name.lower()) if word in SPLITS]
    return (TEST if words[-1] == test else TRAIN) if words else ""


def _stem(name: str) -> str:
    """A file's path as a part of an id: "all-test" of "all/test-00000-of-00001.parquet"."""
    path = PurePosixPath(name)
    return "-".join((*path.parts[:-1], re.sub(r"-\d+-of-\d+$", "", path.stem)))
