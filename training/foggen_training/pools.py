"""Where the questions of a chain come from: files, or the starter's generator.

Every question has one use: training questions are new only once, validation and calibration questions are
never trained on, and test questions come from separate files, or have separate wordings and operands.
The draw depends only on the recipe, so a chain that was killed draws the same questions again. If a file
has fewer questions than the recipe wants, its rounds share what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random
from typing import Protocol

from foggen.confidence.labelled import Keyed, read_questions
from foggen.errors import ConfigurationError, QuestionError

from .recipe import DOMAINS, Recipe

# Seeds of the generator. Those of the rounds come from the recipe's seed and the round's number.
VALIDATION_SEED, CALIBRATION_SEED, TEST_SEED = 777, 555, 2026


class QuestionPool(Protocol):
    """The questions of one recipe."""

    def fresh(self, number: int) -> list[Keyed]:
        """Return the new questions of round `number`; every call returns the same ones."""
        ...

    def shares(self, number: int) -> dict[str, int]:
        """Return how many new questions round `number` has from each of its domains."""
        ...

    def typical(self, each: int) -> list[Keyed]:
        """Return at most `each` questions per domain, like those that the rounds train on."""
        ...

    def trainable(self) -> list[Keyed]:
        """Return all questions that may be trained on, including those of the rounds."""
        ...

    def validation(self) -> list[Keyed]:
        """Return the questions that the gate measures on."""
        ...

    def calibration(self) -> list[Keyed]:
        """Return the questions that the bucket table is fitted on."""
        ...

    def test(self) -> list[Keyed]:
        """Return the questions that the card's tables are measured on."""
        ...


def open_pool(recipe: Recipe) -> QuestionPool:
    """Open the pool of a recipe; raises ConfigurationError if a round would have no new question."""
    if recipe.data.source == "generated":
        return GeneratedPool(recipe)
    pool = FilePool(recipe)
    pool.check()
    return pool


class FilePool:
    """Questions from `folder`/{domain}.train.jsonl and .test.jsonl.

    A domain's training file is shuffled by the seed and cut into validation, calibration, R0's share and
    one piece per later round. A piece has `buffer.new` questions, or fewer if the rest does not suffice
    for all rounds. R0 and the rounds take no question above `data.longest`.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    @cached_property
    def _pools(self) -> dict[str, list[Keyed]]:
        return {name: self._shuffled(name) for name in self.recipe.data.domains}

    @cached_property
    def _trained(self) -> dict[str, list[Keyed]]:
        """The questions of each domain that R0 and the rounds share."""
        longest = self.recipe.data.longest
        return {
            name: [item for item in pool[self._apart() :] if not longest or size(item) <= longest]
            for name, pool in self._pools.items()
        }

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
                f"{path}: {wrong[0]!r} belongs to another domain than {domain!r}",
                hint="put every domain into its own file",
            )
        if not rows:
            raise QuestionError(
                f"{path}: no questions of {domain!r}", hint="add some, or drop the domain"
            )
        return rows

    def check(self) -> None:
        """Raise ConfigurationError if a domain has too few questions for one per round."""
        for domain, questions in self._trained.items():
            first, rounds = self._first(domain), self._later(domain)
            if len(questions) < first + len(rounds):
                left = len(self._pools[domain]) - self._apart() - len(questions)
                raise ConfigurationError(
                    f"{domain} has {len(self._pools[domain])} training questions; validation and "
                    f"calibration take {self._apart()}, R00 {first}, and the {len(rounds)} rounds after "
                    f"it need one each{f'; {left} are above data.longest' if left else ''}",
                    hint="add questions, or lower data.validation, data.calibration, buffer.first "
                    "or passes",
                )

    def _apart(self) -> int:
        """Return how many questions of a domain are never trained on."""
        return self.recipe.data.validation + self.recipe.data.calibration

    def _first(self, domain: str) -> int:
        """Return R0's share of a domain; 0 for an open-ended round."""
        _, domains = self.recipe.rounds[0]
        if domain not in domains:
            return 0
        return share_of(self.recipe.buffer.first, domains.index(domain), len(domains))

    def _later(self, domain: str) -> list[int]:
        """Return the numbers of a domain's rounds after R0."""
        rounds = enumerate(self.recipe.rounds)
        return [number for number, (_, domains) in rounds if number and domain in domains]

    def _share(self, domain: str, number: int) -> int:
        """Return how many new questions round `number` has from a domain."""
        if number == 0:
            return self._first(domain)
        rounds = self._later(domain)
        if number not in rounds:
            return 0
        left = len(self._trained[domain]) - self._first(domain)
        return min(self.recipe.buffer.new, share_of(left, rounds.index(number), len(rounds)))

    def shares(self, number: int) -> dict[str, int]:
        _, domains = self.recipe.rounds[number]
        return {domain: self._share(domain, number) for domain in domains if domain in self._pools}

    def fresh(self, number: int) -> list[Keyed]:
        questions: list[Keyed] = []
        for domain, share in self.shares(number).items():
            start = sum(self._share(domain, before) for before in range(number))
            questions += self._trained[domain][start : start + share]
        return _mixed(questions, f"mix-{self.recipe.seed}-{number}")

    def typical(self, each: int) -> list[Keyed]:
        return [item for pool in self._trained.values() for item in pool[:each]]

    def trainable(self) -> list[Keyed]:
        return [item for pool in self._trained.values() for item in pool]

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
    """The starter's questions: the rounds' world, families apart from it for the gate and the calibration,
    and for the tables its own templates, in wordings and with operands that no training uses."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def shares(self, number: int) -> dict[str, int]:
        _, domains = self.recipe.rounds[number]
        total = self.recipe.buffer.new if number else self.recipe.buffer.first
        return {
            domain: share_of(total, place, len(domains)) for place, domain in enumerate(domains)
        }

    def fresh(self, number: int) -> list[Keyed]:
        shares = self.shares(number)
        seed = 1000 * self.recipe.seed + number
        return of_worlds(seed, "round", sum(shares.values()), tuple(shares))

    def typical(self, each: int) -> list[Keyed]:
        return self._balanced(of_worlds, VALIDATION_SEED, "round", each)

    def trainable(self) -> list[Keyed]:
        return [item for number, _ in enumerate(self.recipe.rounds) for item in self.fresh(number)]

    def validation(self) -> list[Keyed]:
        each = self.recipe.data.validation
        return self._balanced(of_worlds, VALIDATION_SEED, "apart", each)

    def calibration(self) -> list[Keyed]:
        each = self.recipe.data.calibration
        return self._balanced(of_worlds, CALIBRATION_SEED, "apart", each)

    def test(self) -> list[Keyed]:
        return self._balanced(generated, TEST_SEED, "test", self.recipe.data.test)

    def _balanced(
        self, drawn: Callable[..., list[Keyed]], seed: int, split: str, each: int
    ) -> list[Keyed]:
        domains = self.recipe.data.domains
        return drawn(seed, split, each * len(domains), domains)


def of_worlds(seed: int, split: str, count: int, domains: Sequence[str] = DOMAINS) -> list[Keyed]:
    """Draw questions of the starter's worlds: of the split "round" or "apart"."""
    from .starter.questions import keyed
    from .starter.worlds import stream

    return [keyed(question) for question in islice(stream(seed, split, None, domains), count)]


def generated(seed: int, split: str, count: int, domains: Sequence[str] = DOMAINS) -> list[Keyed]:
    """Generate graded questions of a split, in the mix of tiers that the rounds use."""
    from .starter.questions import TIER_MIX, generate, keyed

    return [keyed(question) for question in islice(generate(seed, split, TIER_MIX, domains), count)]


def size(item: Keyed) -> int:
    """Count the characters of a question and its options."""
    return len(item.question.stem) + sum(map(len, item.question.options))


def share_of(total: int, place: int, parts: int) -> int:
    """Return the size of piece `place` when `total` is cut into `parts` pieces of almost equal size."""
    return total // parts + (place < total % parts)


def _mixed(items: list[Keyed], seed: str) -> list[Keyed]:
    Random(seed).shuffle(items)
    return items
