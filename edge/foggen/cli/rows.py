"""The rows that `batch` reads from a file of questions, identified by a hash of the question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import QuestionError
from ..question_files import Record, read_records

Key = tuple[str | None, str]  # identifies a row or a result: its name and the hash of its question


@dataclass(frozen=True)
class Row:
    """One question of the source.

    id: as it was given, or None. content: the JSON object, or None if the line is not one;
    `problem` then says why. sha256: the hash of the question, see `question_sha256`.
    """

    id: Any
    content: Mapping[str, Any] | None
    sha256: str
    problem: str = ""

    @property
    def name(self) -> str | None:
        return name_of(self.id)

    @property
    def key(self) -> Key:
        return self.name, self.sha256

    @classmethod
    def of(cls, record: Record) -> Row:
        if record.error:
            return cls._invalid(
                record.text, f"line {record.line} is not {record.form}: {record.error}"
            )
        if not isinstance(record.value, dict):
            return cls._invalid(record.text, f"line {record.line} is not a JSON object")
        return cls(record.value.get("id"), record.value, question_sha256(record.value))

    @classmethod
    def _invalid(cls, text: str, problem: str) -> Row:
        return cls(id=None, content=None, sha256=_sha256(text.strip()), problem=problem)


def question_sha256(row: Mapping[str, Any]) -> str:
    """The sha256 of everything in a row except its id, in hexadecimal digits.

    The hash is that of the row's JSON with sorted keys, without whitespace, and with non-ASCII
    characters escaped. The order of the fields does not change it; another field or text does.
    """
    content = {name: value for name, value in row.items() if name != "id"}
    return _sha256(json.dumps(content, sort_keys=True, separators=(",", ":")))


def name_of(identity: Any) -> str | None:
    """An id as text for comparison, so that 7 and "7" are the same, or None without an id."""
    if identity is None or identity == "":
        return None
    return identity if isinstance(identity, str) else json.dumps(identity, sort_keys=True)


def read_rows(source: Path) -> list[Row]:
    """Read the rows of a file. Raises NoQuestionError if there is no such
    file, and QuestionError if it cannot be read or repeats an id."""
    rows: list[Row] = []
    seen: set[str] = set()
    for record in read_records(source):
        row = Row.of(record)
        if row.name in seen:
            raise QuestionError(
                f"{source}:{record.line}: the id {row.id!r} appears twice",
                hint="give every row an id of its own",
            )
        if row.name is not None:
            seen.add(row.name)
        rows.append(row)
    return rows


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
