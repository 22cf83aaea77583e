"""What the tests of `batch` share: two rows, files of lines, and what a run says at its end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..helpers import OPTIONS, Outcome, is_one_line

ROW = {"id": "sure", "question": "What # is 2 + 3?", "options": list(OPTIONS)}
UNSURE = {"id": "unsure", "question": "What is 2 + 3?", "options": list(OPTIONS)}


def write(path: Path, *lines: Any) -> None:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(f"{text}\n" for text in texts), "utf-8")


def results(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def check_counts(outcome: Outcome, code: int, counts: str) -> None:
    assert (outcome.code, outcome.out) == (code, "")
    assert is_one_line(outcome.err)
    assert counts in outcome.err
