"""A round's attempts: what the gate refused is set aside in the round's folder, and the next one is made.

    attempts.json          the judgements of attempts that were set aside, in order
    NAME.attempt1.jsonl    what the first of them left: outcomes, and the figures made of them

The judgement comes first on disk, the outcomes' new name last, so that a run that was killed between
the two finishes the one before it begins the other.
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
KEPT = ("metrics.json", "open.json", OUTCOMES)  # under another name, in this order
REMOVED = ("adapter", "checkpoint", "model.gguf", "table.json", TRAINED, ORDER, STATE)

Judgement = dict[str, Any]


def set_aside_before(folder: Path) -> list[Judgement]:
    """The judgements of all attempts that were set aside."""
    path = folder / FILE
    return list(read_json(path)["attempts"]) if path.exists() else []


def halvings(folder: Path) -> int:
    """How often the rate has been halved: the attempts so far, since another tuning was ordered."""
    path = folder / FILE
    return (
        len(set_aside_before(folder)) - int(read_json(path)["halved_since"]) if path.exists() else 0
    )


def set_aside(folder: Path, attempts: Sequence[Judgement], *, anew: bool = False) -> None:
    """Make room for another attempt. attempts: all so far, the one in the folder last. anew: the next
    one is at the full rate."""
    since = len(attempts) if anew else len(attempts) - 1 - halvings(folder)
    write_json(folder / FILE, {"attempts": list(attempts), "halved_since": since})
    finish_setting_aside(folder)


def finish_setting_aside(folder: Path) -> None:
    """Move the last refused attempt out of the way, unless that is done."""
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
