"""JSON files that appear whole, and a folder's record of how long its steps took."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = "seconds.json"


def read_json(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value


def write_json(path: Path, value: Any) -> None:
    _write(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file with one JSON object per line."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write one JSON object per line."""
    _write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _write(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def read_seconds(folder: Path) -> dict[str, float]:
    """Return the wall time of each step so far, summed over all runs."""
    path = folder / SECONDS
    return read_json(path) if path.exists() else {}


@contextmanager
def timed(folder: Path, step: str) -> Iterator[None]:
    """Add the wall time of a step to the folder's record, even if the step fails."""
    started = time.monotonic()
    try:
        yield
    finally:
        seconds = read_seconds(folder)
        seconds[step] = round(seconds.get(step, 0.0) + time.monotonic() - started, 1)
        write_json(folder / SECONDS, seconds)
