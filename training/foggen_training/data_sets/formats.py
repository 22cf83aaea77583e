"""Reads the rows of a file as dictionaries: JSON lines, JSON, CSV, and Parquet if pyarrow is installed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from foggen.errors import ConfigurationError, QuestionError
from foggen.installation import installation

Row = dict[str, Any]
LISTS = ("data", "questions", "rows", "examples")  # keys of a JSON object's rows


def can_be_read(name: str) -> bool:
    """Whether a file name of a repository has a known format and does not lead out of its folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        return False
    return path.suffix in READERS and path.name not in ("dataset_infos.json", "config.json")


def rows_of(path: Path, name: str) -> Iterator[Row]:
    """Read the rows of a file. name: its path in the repository.

    Raises QuestionError if it cannot be read, ConfigurationError if pyarrow is missing.
    """
    try:
        yield from READERS[PurePosixPath(name).suffix](path)
    except ModuleNotFoundError as exc:
        raise ConfigurationError(
            f"{name} is a Parquet file, and {exc.name} is not installed",
            hint=installation().add_extra("data"),
        ) from exc
    except (OSError, ValueError, csv.Error) as exc:  # includes pyarrow's errors
        reason = next(iter(str(exc).splitlines()), type(exc).__name__)
        raise QuestionError(
            f"{name} cannot be read: {reason}", hint="leave it out with --files"
        ) from exc


def _json_lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _object(json.loads(line), f"line {number}")


def _json(path: Path) -> Iterator[Row]:
    """Rows from a list of objects, from an object with such a list, or from misnamed JSON lines."""
    text = path.read_text("utf-8")
    try:
        content = json.loads(text)
    except ValueError:
        yield from _json_lines(path)
        return
    if isinstance(content, dict):
        content = next(
            (content[key] for key in LISTS if isinstance(content.get(key), list)), [content]
        )
    if not isinstance(content, list):
        raise ValueError("it has no list of rows")
    for number, row in enumerate(content, 1):
        yield _object(row, f"row {number}")


def _object(value: Any, place: str) -> Row:
    if not isinstance(value, dict):
        raise ValueError(f"{place} is not an object")
    return value


def _csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _tsv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def _parquet(path: Path) -> Iterator[Row]:
    """Rows read in batches, since hundreds of thousands of rows are large as Python objects."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield from batch.to_pylist()


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".jsonl": _json_lines,
    ".json": _json,
    ".csv": _csv,
    ".tsv": _tsv,
    ".parquet": _parquet,
}
