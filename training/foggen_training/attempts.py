"""The attempts of a round: a refused attempt is set aside in the round's folder to make room for the next.

    attempts.json             judgements of the attempts that were set aside, in order
    outcomes.attempt1.jsonl   outcomes of the first of them
    metrics.attempt1.json     its figures

The judgement is written first and the outcomes are renamed last, so a run that was killed in between
finishes setting the attempt aside before it starts another.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .files import read_json, write_json
from .tuning.worker import ORDER, STATE, TRAINED
from .validation import OUTCOMES

FILE = "attempts.json"
KEPT = ("metrics.json", "open.json", OUTCOMES)  # renamed in this order
REMOVED = ("adapter", "checkpoint", "model.gguf", "table.json", TRAINED, ORDER, STATE)

Judgement = dict[str, Any]


def set_aside_before(folder: Path) -> list[Judgement]:
    """Return the judgements of all attempts that were set aside."""
    path = folder / FILE
    return list(read_json(path)["attempts"]) if path.exists() else []


def halvings(folder: Path) -> int:
    """Count how often the learning rate was halved since the recipe's tuning last changed."""
    path = folder / FILE
    return (
        len(set_aside_before(folder)) - int(read_json(path)["halved_since"]) if path.exists() else 0
    )


def set_aside(folder: Path, attempts: Sequence[Judgement], *, anew: bool = False) -> None:
    """Make room for another attempt.

    attempts: all judgements so far; the last belongs to the attempt that is still in the folder. anew:
    start again at the full learning rate.
    """
    since = len(attempts) if anew else len(attempts) - 1 - halvings(folder)
    write_json(folder / FILE, {"attempts": list(attempts), "halved_since": since})
    finish_setting_aside(folder)


def finish_setting_aside(folder: Path) -> None:
    """Move the last refused attempt out of the way, unless that was already done."""
    number = len(set_aside_before(folder))
    if number == 0 or _aside(folder / OUTCOMES, number).exists():
        return
    for name in REMOVED:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for name in KEPT:
        if (folder / name).exists():
            (folder / name).rename(_aside(folder / name, number))


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}.attempt{number}{path.suffix}")
