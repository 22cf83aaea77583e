"""The self-evolving chain: R0, then a round for every domain, each starting from the previous checkpoint.

    foggen-train run foggen-starter -o build/chain

The folder holds the recipe, one folder per round (`round.py`) and history.json. A chain that was killed
resumes where it stopped. A chain that the gate stopped keeps the last checkpoint that passed; it continues
with a changed [gate], with a changed [tuning], or from the refused round itself (`accept`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.errors import RoundRefusedError, UsageError

from .bases import base_folder
from .chain_folder import check_recipe, check_shares, claim
from .files import read_json, write_json
from .gate import Reference, better
from .history import last_passed, line_of
from .labels.jobs import Executor, in_this_process
from .open_round import OpenRound
from .pools import QuestionPool, open_pool
from .primer import Primer
from .recipe import Recipe
from .round import Round
from .round_rows import Progress
from .verdicts import VERDICT


@dataclass(frozen=True)
class Chain:
    """A recipe and the folder that it runs in. progress: called after every step of every round."""

    recipe: Recipe
    folder: Path
    executor: Executor = in_this_process
    progress: Progress = lambda *_: None

    def run(self, most: int | None = None) -> Iterator[dict[str, Any]]:
        """Run the remaining rounds, and yield each round's line of the history.

        most: stop after this many rounds, counting R0; the rest can be run later. Raises
        RoundRefusedError after yielding the line of a round that the gate refused, and ConfigurationError
        if the folder holds a chain of another recipe. The data and the base are checked before anything
        is written.
        """
        check_recipe(self.folder, self.recipe)
        pool = open_pool(self.recipe)
        check_shares(self.folder, self.recipe, pool)
        self._round(pool, 0, Path(self.recipe.model.base)).check()
        start = self._base()
        claim(self.folder, self.recipe)
        if not last_passed(self.recipe, self.folder):
            start = Primer(self.recipe, pool, start, self.folder, self.progress).run()
        reference = None
        for number, (_, domains) in list(enumerate(self.recipe.rounds))[:most]:
            current = self._round(pool, number, start)
            reference = reference or current.start_reference()
            verdict = current.run(reference)
            yield line_of(current.folder, domains)
            if not verdict["passed"]:
                raise refusal(current, verdict)
            reference = best_so_far(reference, current, verdict)
            self._forget(number, reference.name)
            start = current.checkpoint

    def _round(self, pool: QuestionPool, number: int, start: Path) -> Round:
        folder = self.folder / self.recipe.rounds[number][0]
        kind = OpenRound if self.recipe.open_ended.rows else Round
        return kind(self.recipe, pool, number, start, folder, self.executor, self.progress)

    def _base(self) -> Path:
        """Return the folder of the base, which is no longer needed once the first round has passed."""
        if last_passed(self.recipe, self.folder):
            return Path(self.recipe.model.base)
        return base_folder(self.recipe.model.base, self.folder)

    def _forget(self, number: int, best: str) -> None:
        """Remove all checkpoints except those of R0, of the best round and of the last one.

        The others can be made again from the base and the adapters.
        """
        rounds = [name for name, _ in self.recipe.rounds]
        for name in rounds[1:number]:
            if name != best:
                shutil.rmtree(self.folder / name / "checkpoint", ignore_errors=True)
                (self.folder / name / "model.gguf").unlink(missing_ok=True)
        (self.folder / rounds[0] / "start.gguf").unlink(missing_ok=True)


def best_so_far(reference: Reference, current: Round, verdict: dict[str, Any]) -> Reference:
    """Return the reference for the next round; an accepted round becomes the reference in any case."""
    return (
        current.reference() if verdict.get("accepted") else better(reference, current.reference())
    )


def refusal(current: Round, verdict: dict[str, Any]) -> RoundRefusedError:
    """Say what a refused round lost, and how to continue the chain."""
    last = verdict["attempts"][-1]
    domains = ", ".join(current.recipe.rounds[current.number][1])
    return RoundRefusedError(
        f"the gate refused {current.name} ({domains}): compared with {last['against']}, "
        f"{'; '.join(last['losses'])}",
        hint=f"the previous checkpoint is {current.start}; change [gate] in the recipe to judge the "
        "round again, change [tuning] to tune it again, or accept it with `foggen-train accept "
        f"{current.folder.parent} {current.name}`; then run the chain again",
    )


def accept(folder: Path, name: str) -> Path:
    """Accept a refused round so that its chain can continue from it; returns the path of its checkpoint.

    Raises UsageError if no round of this name was refused.
    """
    verdict = folder / name / VERDICT
    judged = read_json(verdict) if verdict.exists() else {"passed": True}
    if judged["passed"] and not judged.get("accepted"):
        raise UsageError(
            f"{folder} has no refused round {name!r}",
            hint=f"`foggen-train status {folder}` shows its rounds",
        )
    write_json(verdict, judged | {"passed": True, "accepted": True})
    return folder / name / "checkpoint"
