"""The verdict of a round on disk: whether the round passed, and whether the verdict still stands.

    config.json     the recipe and the start that the round was run with
    verdict.json    {"passed", "attempts", "rows", "seconds"}, written last; "accepted" if a user accepted it

A refused round is over only for the [gate] and [tuning] that refused it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .files import read_json, read_seconds, write_json
from .recipe import Recipe
from .tuning.worker import TRAINED

VERDICT, CONFIG = "verdict.json", "config.json"


def write_config(folder: Path, name: str, start: Path, recipe: Recipe) -> None:
    """Record what a round is run with."""
    config = {"round": name, "start": str(start), "recipe": asdict(recipe)}
    write_json(folder / CONFIG, config)


def changed(folder: Path, recipe: Recipe, *sections: str) -> bool:
    """Whether one of these sections of the recipe changed since the round was run."""
    before, now = read_json(folder / CONFIG)["recipe"], asdict(recipe)
    return any(before[section] != now[section] for section in sections)


def write_verdict(folder: Path, attempts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Write the verdict on a round whose last attempt is the last of these, and return it."""
    verdict = {
        "passed": not attempts[-1]["losses"],
        "attempts": list(attempts),
        "rows": read_json(folder / "labelled.json") | read_json(folder / TRAINED),
        "seconds": read_seconds(folder),
    }
    write_json(folder / VERDICT, verdict)
    return verdict


def has_verdict(folder: Path) -> bool:
    return (folder / VERDICT).exists()


def has_passed(folder: Path) -> bool:
    """Whether a round passed the gate or was accepted; False without a verdict."""
    return has_verdict(folder) and bool(read_json(folder / VERDICT)["passed"])


def is_over(folder: Path, recipe: Recipe) -> bool:
    """Whether a round passed, or was refused with the same [gate] and [tuning]."""
    if not has_verdict(folder):
        return False
    return has_passed(folder) or not changed(folder, recipe, "gate", "tuning")
