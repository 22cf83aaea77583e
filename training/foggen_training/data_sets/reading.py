"""Reads the rows of a data set as questions with keys, and counts the rows left out, by reason."""

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
# Words in a file's path, such as "data/validation-00000-of-00001.parquet" or "law.test.jsonl".
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
    """A question with its key. split: the published split, TRAIN or TEST, "" if unknown."""

    id: str
    domain: str
    question: str
    options: tuple[str, ...]
    answer: int
    source: str
    split: str

    def row(self, split: str) -> dict[str, Any]:
        """The question as a row of our files."""
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
    """Read the questions of a file. left_out: counts the rows that cannot be used, by reason.

    Raises QuestionError if the file's columns or its domain are unknown.
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
    """The question of a row and its key; raises NoKey if the row cannot be used."""
    if set(layout.columns) - set(row):
        raise NoKey("a column is missing")
    text, options, answer = layout.read(row)
    try:
        question = Question.from_options(text, options)
    except (QuestionError, NoQuestionError) as exc:
        raise NoKey("no question, or an empty option") from exc
    if "duplicate_option_text" in question.notes:
        raise NoKey("two options are equal")
    return question, answer


def domain_of(data_set: DataSet, row: Mapping[str, Any], name: str) -> str:
    """The domain of a row: that of the set, of its column, of the row, or in the file's name.

    Raises NoKey if the column's value is not one of our domains, QuestionError if there is no domain.
    """
    if data_set.domain:
        return data_set.domain
    if data_set.column:
        if domain := data_set.domains.get(str(row.get(data_set.column, ""))):
            return domain
        raise NoKey(f"a {data_set.column} outside all domains")
    told = str(row.get("domain") or "").strip().lower().replace(" ", "_")
    if told in DOMAINS:
        return told
    named = re.search(rf"(?<![a-z])({'|'.join(DOMAINS)})(?![a-z])", name.lower())
    if named:
        return named[1]
    known = ", ".join(DOMAINS)
    raise QuestionError(
        f"{data_set.repo}: the domain of {name} is unknown" + (f" ({told!r})" if told else ""),
        hint=f"give --domain, one of {known}",
    )


def split_of(name: str, test: str = "test") -> str:
    """TRAIN or TEST by the last word in a file's path that names a split; "" if there is none.

    test: the word that marks the test split.
    """
    words = [word for word in re.split(r"[^a-z]+", name.lower()) if word in SPLITS]
    return (TEST if words[-1] == test else TRAIN) if words else ""


def _stem(name: str) -> str:
    """A file's path as part of an id: "all-test" for "all/test-00000-of-00001.parquet"."""
    path = PurePosixPath(name)
    return "-".join((*path.parts[:-1], re.sub(r"-\d+-of-\d+$", "", path.stem)))
