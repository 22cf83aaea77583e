"""Files of questions: JSON lines, a JSON array, CSV, TSV, or questions as text (Aiken, GIFT, an exam).

A file's name decides where it ends in .jsonl, .csv or .tsv, and else what it begins with. What a row
means is known to `question/row_layouts.py`, and where a text is divided to `question/exams.py`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import FogGenError, QuestionError
from .question.exams import questions_of
from .question.row_layouts import LETTERS
from .text_files import read_text

JSON_LINES = (".jsonl", ".ndjson")
DELIMITERS = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True)
class Record:
    """One row. line: where it begins in the file. value: what it holds, a mapping if it is sound.
    text: as written. error: why it could not be read in the file's `form`, or None."""

    line: int
    value: Any
    text: str
    form: str = "JSON"
    error: Exception | None = None


def read_records(path: Path, unreadable: type[FogGenError] = QuestionError) -> list[Record]:
    """The rows of a file of questions. A row that cannot be read has an `error`.

    Raises as `read_text` does, and `QuestionError` if the whole file is not what it should be.
    """
    text, suffix = read_text(path, unreadable=unreadable), path.suffix.lower()
    if suffix in DELIMITERS:
        return _table(text, DELIMITERS[suffix], path)
    beginning = text.lstrip()[:1]
    if beginning == "[" and (rows := _whole(text)) is not None:
        return rows
    if suffix in JSON_LINES or beginning == "{":
        return _json_lines(text, path)
    return [
        Record(line, {"question": question}, question, "a question")
        for line, question in questions_of(text)
    ]


def _whole(text: str) -> list[Record] | None:
    """The rows of a JSON array of objects, or of an object with one such array."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    lists = [part for part in value.values() if _is_rows(part)] if isinstance(value, dict) else []
    rows = value if isinstance(value, list) else lists[0] if len(lists) == 1 else [value]
    if not _is_rows(rows):
        return None
    return [Record(n, row, json.dumps(row)) for n, row in enumerate(rows, 1)]


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _json_lines(text: str, path: Path) -> list[Record]:
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    records = [json_line(line, number) for number, line in lines]
    if len(records) > 1 and all(record.error for record in records):
        if (rows := _whole(text)) is not None:
            return rows
        raise QuestionError(
            f"{path} is not JSON lines: none of its {len(records)} lines is JSON",
            hint="give one JSON object a line, or name the file .json, .csv, .tsv or .txt",
        )
    return records


def json_line(line: str, number: int) -> Record:
    """The row in one line of JSON lines. number: that of the line."""
    try:
        return Record(number, json.loads(line), line)
    except (ValueError, RecursionError) as exc:
        return Record(number, None, line, error=exc)


def _table(text: str, delimiter: str, path: Path) -> list[Record]:
    """The rows of a table whose first line names its columns."""
    first = text.lstrip().partition("\n")[0]
    if delimiter == "," and first.count(";") > first.count(","):
        delimiter = ";"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, start = [], 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((start, cells))
        start = reader.line_num + 1
    names = _columns([cells for _, cells in rows], path)
    if names is not None:
        rows.insert(0, (0, names))
    return [_row(line, cells, rows[0][1], delimiter) for line, cells in rows[1:]]


def _row(line: int, cells: Sequence[str], names: Sequence[str], delimiter: str) -> Record:
    text = delimiter.join(cells)
    if len(cells) != len(names):
        error = ValueError(f"it has {len(cells)} columns, the first line has {len(names)}")
        return Record(line, None, text, "a row of the table", error)
    return Record(line, {n: c if c else None for n, c in zip(names, cells, strict=True)}, text)


def _columns(rows: Sequence[Sequence[str]], path: Path) -> list[str] | None:
    """None if the first row names the columns; else names, where the rows are MMLU's: question,
    options and a letter. Raises `QuestionError` where they are neither."""
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if not rows or any(
        name in header for name in ("question", "question_stem", "ctx", "query", "goal", "sentence")
    ):
        return None
    width = len(header)
    letters = LETTERS[: width - 2]
    if width > 3 and all(len(row) == width and row[-1] in set(letters) for row in rows):
        return ["question", *letters, "answer"]
    raise QuestionError(
        f"{path} has no column 'question' in its first line: {', '.join(rows[0])[:60]!r}",
        hint="name the columns in the first line, such as question,A,B,C,D,answer",
    )
