"""Check that a recipe matches the chain in a folder: what may change while a chain runs, what may not."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from foggen.errors import ConfigurationError

from .files import write_json
from .history import RECIPE, recipe_of
from .pools import QuestionPool, open_pool
from .recipe import Recipe
from .validation import OUTCOMES
from .verdicts import has_passed, has_verdict


def claim(folder: Path, recipe: Recipe) -> None:
    """Create the folder if needed, and write the recipe into it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RECIPE, _as_json(recipe))


def check_recipe(folder: Path, recipe: Recipe) -> None:
    """Raise ConfigurationError if the folder holds a chain of a different recipe.

    `passes` may grow and `[gate]` may change at any time; `[tuning]` may change while a round is
    refused. Any other change needs a new folder.
    """
    if not (folder / RECIPE).exists():
        return
    before = recipe_of(folder)
    alike = replace(recipe, passes=before.passes, gate=before.gate)
    if _is_refused(folder, recipe):
        alike = replace(alike, tuning=before.tuning)
    if difference := _difference(_as_json(before), _as_json(alike)):
        raise ConfigurationError(
            f"{folder} holds a chain of another recipe: {difference}",
            hint="give another folder, or undo the change",
        )
    _check_outcomes(folder, recipe)


def check_shares(folder: Path, recipe: Recipe, pool: QuestionPool) -> None:
    """Raise ConfigurationError if more passes change how many new questions a started round takes.

    A later round would then ask some of the same questions again.
    """
    if not (folder / RECIPE).exists() or recipe_of(folder).passes == recipe.passes:
        return
    before = recipe_of(folder)
    earlier = open_pool(before)
    for number in range(min(len(before.rounds), len(recipe.rounds))):
        name, _ = recipe.rounds[number]
        had, has = earlier.shares(number), pool.shares(number)
        if (folder / name).exists() and had != has:
            raise ConfigurationError(
                f"{name} took {had} new questions; with {recipe.passes} passes it would take {has}",
                hint=f"keep passes = {before.passes}, add questions, or give another folder",
            )


def _is_refused(folder: Path, recipe: Recipe) -> bool:
    rounds = [folder / name for name, _ in recipe.rounds]
    return any(has_verdict(path) and not has_passed(path) for path in rounds)


def _check_outcomes(folder: Path, recipe: Recipe) -> None:
    """Raise ConfigurationError if a finished round has no outcomes; later rounds are judged by them."""
    for name, _ in recipe.rounds:
        path = folder / name / OUTCOMES
        if has_verdict(path.parent) and not path.exists():
            raise ConfigurationError(
                f"{path} is missing, so the chain cannot continue",
                hint="chains of earlier versions cannot be resumed; run the recipe in another folder",
            )


def _as_json(recipe: Recipe) -> dict[str, Any]:
    table = asdict(recipe)
    table["data"]["domains"] = list(recipe.data.domains)
    return table


def _difference(before: dict[str, Any], given: dict[str, Any], section: str = "") -> str:
    """Describe the first key in which two recipes differ; empty if there is none."""
    for key, value in given.items():
        if isinstance(value, dict):
            if difference := _difference(before.get(key, {}), value, f"{section}{key}."):
                return difference
        elif before.get(key) != value:
            return f"{section}{key} was {before.get(key)!r} and is now {value!r}"
    return ""
