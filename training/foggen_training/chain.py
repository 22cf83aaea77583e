"""The self-evolving chain: R0, then a round for every domain, each from the checkpoint before it.

    foggen-train run training/foggen_training/recipes/foggen-starter.toml -o build/chain

The folder holds the recipe, one folder a round (`round.py`) and history.json. A chain that was killed
goes on where it was; one that the gate stopped keeps the last checkpoint that passed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from foggen.errors import ConfigurationError

from .bases import base_folder
from .files import read_json, write_json
from .labels.labelling import Executor, in_this_process
from .open_round import OpenRound
from .pools import QuestionPool, open_pool
from .recipe import Recipe
from .recipe_file import recipe_from
from .round import Progress, Round

RECIPE = "recipe.json"


@dataclass(frozen=True)
class Chain:
    """A recipe in a folder. progress: told of every step of every round."""

    recipe: Recipe
    folder: Path
    executor: Executor = in_this_process
    progress: Progress = lambda *_: None

    def run(self) -> Iterator[dict[str, Any]]:
        """Run what is left, round by round; each round's line of the history.

        Raises ConfigurationError if the folder holds another recipe's chain. What the recipe names, its
        data and its base, is looked for before anything is written.
        """
        self._check_folder()
        pool = open_pool(self.recipe)
        self._round(pool, 0, "").check()
        start, before = self._base(), None
        self._claim()
        for number in range(len(self.recipe.rounds)):
            current = self._round(pool, number, start)
            verdict = current.run(before)
            yield line_of(current.folder, self.recipe.rounds[number][1])
            if not verdict["passed"]:
                return
            before = current.measure()
            self._forget(number)
            start = str(current.checkpoint)

    def _round(self, pool: QuestionPool, number: int, start: str) -> Round:
        folder = self.folder / self.recipe.rounds[number][0]
        kind = OpenRound if self.recipe.open_ended.rows else Round
        return kind(self.recipe, pool, number, start, folder, self.executor, self.progress)

    def _base(self) -> str:
        """The folder of the base; of no use any more once the first round has passed."""
        if last_passed(self.recipe, self.folder):
            return self.recipe.model.base
        return str(base_folder(self.recipe.model.base, self.folder))

    def _check_folder(self) -> None:
        """Raises ConfigurationError where the folder holds the chain of another recipe."""
        path = self.folder / RECIPE
        if not path.exists():
            return
        before = recipe_from(read_json(path), path)
        # More passes over the same chain go on from it; any other change would be another chain.
        given = _as_json(replace(self.recipe, passes=before.passes))
        if difference := _difference(_as_json(before), given):
            raise ConfigurationError(
                f"{self.folder} holds a chain of another recipe: {difference}",
                hint="give another folder, or the recipe as it was",
            )
        if before.passes != self.recipe.passes:
            self._check_shares(before)

    def _check_shares(self, before: Recipe) -> None:
        """Raises ConfigurationError where a round that has begun would now have had another number of
        new questions: a later round would ask some of them again."""
        there, given = open_pool(before), open_pool(self.recipe)
        both = range(min(len(before.rounds), len(self.recipe.rounds)))
        for number in both:
            name, _ = self.recipe.rounds[number]
            had, has = there.shares(number), given.shares(number)
            if (self.folder / name).exists() and had != has:
                raise ConfigurationError(
                    f"{name} took {had} new questions; of {self.recipe.passes} passes it takes {has}",
                    hint=f"keep passes = {before.passes}, add questions, or give another folder",
                )

    def _claim(self) -> None:
        """Make the folder this recipe's."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.folder / RECIPE, _as_json(self.recipe))

    def _forget(self, number: int) -> None:
        """Remove the checkpoint of two rounds before; base and adapters can make it again."""
        if number >= 3:  # R0's stays: what later rounds are compared with
            name = self.recipe.rounds[number - 2][0]
            shutil.rmtree(self.folder / name / "checkpoint", ignore_errors=True)


def history(recipe: Recipe, folder: Path) -> list[dict[str, Any]]:
    """A line for each round that is over, from what it left on disk."""
    return [
        line_of(folder / name, domains)
        for name, domains in recipe.rounds
        if (folder / name / "verdict.json").exists()
    ]


def line_of(folder: Path, domains: tuple[str, ...]) -> dict[str, Any]:
    """One round: its verdict and the figures of its validation set."""
    metrics = folder / "metrics.json"
    found = read_json(metrics) if metrics.exists() else {}
    mean = found.get("table", {}).get("mean", {})
    return {
        "round": folder.name,
        "domains": list(domains),
        **read_json(folder / "verdict.json"),
        **{key: mean.get(key) for key in ("edge", "auroc", "ece", "lift", "cloud_share")},
        **{key: found.get(key) for key in ("entropy", "histogram", "extreme_share")},
    }


def last_passed(recipe: Recipe, folder: Path) -> Path | None:
    """The folder of the last round that passed its gate."""
    passed = None
    for name, _ in recipe.rounds:
        verdict = folder / name / "verdict.json"
        if not verdict.exists() or not read_json(verdict)["passed"]:
            return passed
        passed = folder / name
    return passed


def _as_json(recipe: Recipe) -> dict[str, Any]:
    table = asdict(recipe)
    table["data"]["domains"] = list(recipe.data.domains)
    return table


def _difference(there: dict[str, Any], given: dict[str, Any], section: str = "") -> str:
    """The first key in which two recipes differ."""
    for key, value in given.items():
        if isinstance(value, dict):
            if found := _difference(there.get(key, {}), value, f"{section}{key}."):
                return found
        elif there.get(key) != value:
            return f"{section}{key} was {there.get(key)!r}, is {value!r}"
    return ""
