"""Where the questions of a chain come from: files, or the starter's generator.

Every question has one use. A chain's training questions never return as new ones, validation and
calibration questions are never trained on, and test questions come from files, wordings and operands of
their own. All of it is a function of the recipe, so that a chain that was killed draws the same again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random
from typing import Protocol

from foggen.errors import ConfigurationError, QuestionError
from foggen.labelled import Keyed, read_questions

from .recipe import DOMAINS, Recipe

# The generator's seeds: a round's questions have the recipe's seed and the round's number.
VALIDATION_SEED, CALIBRATION_SEED, TEST_SEED = 777, 555, 2026


class QuestionPool(Protocol):
    """The questions of one recipe."""

    def fresh(self, number: int) -> list[Keyed]:
        """New questions of round `number`, the same at every call."""
        ...

    def validation(self) -> list[Keyed]:
        """What the gate measures on."""
        ...

    def calibration(self) -> list[Keyed]:
        """What the bucket table is fitted on."""
        ...

    def test(self) -> list[Keyed]:
        """What the tables of the card are measured on."""
        ...


def open_pool(recipe: Recipe) -> QuestionPool:
    """The source that a recipe names; ConfigurationError if it cannot feed the whole chain."""
    if recipe.data.source == "generated":
        return GeneratedPool(recipe)
    source = FilePool(recipe)
    source.check()
    return source


def new_in(recipe: Recipe, number: int) -> int:
    """How many new questions round `number` takes."""
    return recipe.buffer.first if number == 0 else recipe.buffer.new


class FilePool:
    """Questions of `folder`/{domain}.train.jsonl and .test.jsonl.

    A domain's training file is shuffled by the seed and cut: validation, calibration, R0's share,
    then one piece for each of its rounds.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    @cached_property
    def _pools(self) -> dict[str, list[Keyed]]:
        return {name: self._shuffled(name) for name in self.recipe.data.domains}

    def _shuffled(self, domain: str) -> list[Keyed]:
        rows = self._rows(domain, "train")
        Random(f"pool-{self.recipe.seed}-{domain}").shuffle(rows)
        return rows

    def _rows(self, domain: str, split: str) -> list[Keyed]:
        path = Path(self.recipe.data.folder) / f"{domain}.{split}.jsonl"
        rows = read_questions(path)
        wrong = [item.id for item in rows if item.domain not in (domain, "")]
        if wrong:
            raise QuestionError(
                f"{path}: {wrong[0]!r} is of another domain than {domain!r}",
                hint="put every domain into a file of its own",
            )
        if not rows:
            raise QuestionError(f"{path}: no questions of {domain!r}", hint="add some, or drop it")
        return rows

    def check(self) -> None:
        """ConfigurationError where a domain has fewer questions than the chain will ask for."""
        for domain, pool in self._pools.items():
            needed = self._start(domain, len(self.recipe.rounds))
            if len(pool) < needed:
                raise ConfigurationError(
                    f"{domain} has {len(pool)} training questions, the chain takes {needed}",
                    hint="add questions, or lower buffer.first, buffer.new or passes",
                )

    def _start(self, domain: str, number: int) -> int:
        """Where round `number` begins in a domain's pool."""
        taken = self.recipe.data.validation + self.recipe.data.calibration
        for before, (_, domains) in enumerate(self.recipe.rounds[:number]):
            if domain in domains:
                taken += share_of(new_in(self.recipe, before), domains.index(domain), len(domains))
        return taken

    def fresh(self, number: int) -> list[Keyed]:
        _, domains = self.recipe.rounds[number]
        out: list[Keyed] = []
        for domain in domains:
            start, end = self._start(domain, number), self._start(domain, number + 1)
            out += self._pools[domain][start:end]
        return _mixed(out, f"mix-{self.recipe.seed}-{number}")

    def validation(self) -> list[Keyed]:
        size = self.recipe.data.validation
        return [item for pool in self._pools.values() for item in pool[:size]]

    def calibration(self) -> list[Keyed]:
        data = self.recipe.data
        end = data.validation + data.calibration
        return [item for pool in self._pools.values() for item in pool[data.validation : end]]

    def test(self) -> list[Keyed]:
        size = self.recipe.data.test
        rows = [self._rows(name, "test") for name in self.recipe.data.domains]
        return [item for domain in rows for item in (domain[:size] if size else domain)]


class GeneratedPool:
    """The starter's graded questions, of the splits that pretraining never drew from."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def fresh(self, number: int) -> list[Keyed]:
        _, domains = self.recipe.rounds[number]
        seed = 1000 * self.recipe.seed + number
        return generated(seed, "round", new_in(self.recipe, number), domains)

    def validation(self) -> list[Keyed]:
        return self._balanced(VALIDATION_SEED, "round", self.recipe.data.validation)

    def calibration(self) -> list[Keyed]:
        return self._balanced(CALIBRATION_SEED, "round", self.recipe.data.calibration)

    def test(self) -> list[Keyed]:
        return self._balanced(TEST_SEED, "test", self.recipe.data.test)

    def _balanced(self, seed: int, split: str, each: int) -> list[Keyed]:
        domains = self.recipe.data.domains
        return generated(seed, split, each * len(domains), domains)


def generated(seed: int, split: str, count: int, domains: Sequence[str] = DOMAINS) -> list[Keyed]:
    """The starter's graded questions of a split, in the rounds' mix of tiers."""
    from .starter.questions import TIER_MIX, generate, keyed

    return [keyed(question) for question in islice(generate(seed, split, TIER_MIX, domains), count)]


def share_of(total: int, place: int, parts: int) -> int:
    """The size of one of `parts` pieces of `total`, which differ by one at most."""
    return total // parts + (place < total % parts)


def _mixed(items: list[Keyed], seed: str) -> list[Keyed]:
    Random(seed).shuffle(items)
    return items
