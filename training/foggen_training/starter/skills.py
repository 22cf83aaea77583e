"""The parts of a graded question: a skill draws operands, and a wording turns them into text.

A skill belongs to one domain and draws at a tier (1 easy ... 3 hard; tier 4, which cannot be known, is in
`unknown.py`). A hash assigns operands to one of three splits. Pretraining uses `train`. The rounds, in
which the model measures its own success, use `round`: on operands that it memorized, it would measure its
memory and become too sure of all others. Neither the operands of a `test` question, in their order, nor its
wording, one of the skill's `test_wordings`, occur in the other splits. Half of the rounds' questions have
wordings that are new to the base (`round_wordings.py`).

A tier with few operands is a table, which is memorized like facts: one-digit products, weekdays, doses per
day. Tests ask for all of a table, in new wordings. Pretraining never sees 10% of its entries; half of those
are kept from the rounds as well. For skills of facts (`facts=True`) only the wording is held out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

SPLITS = ("train", "round", "test")
TEST_SHARE = ROUND_SHARE = 0.05  # shares of every skill's operands
TABLE = 300  # a tier of a skill with fewer sets of operands is a table
DEMO_OPERANDS = "debt_to_equity|a=$400M|b=$600M"  # the card's question, never trained on


@dataclass(frozen=True)
class Draw:
    """One set of operands, by their names in the wordings, with its answer and wrong answers."""

    values: Mapping[str, object]
    answer: str
    wrong: Sequence[str]


@dataclass(frozen=True, eq=False)  # hashed by identity
class Skill:
    """One learnable ability of a domain. draw: called with (random, tier), draws a question's operands."""

    domain: str
    name: str
    draw: Callable[[Random, int], Draw]
    wordings: Sequence[str]
    test_wordings: Sequence[str]
    tiers: Sequence[int] = (1, 2, 3)
    facts: bool = False


def operand_key(skill: Skill, draw: Draw) -> str:
    return "|".join([skill.name, *(f"{name}={draw.values[name]}" for name in sorted(draw.values))])


def split_of(key: str) -> str:
    """The split that operands belong to, by a hash; the same on every machine."""
    digest = hashlib.blake2b(key.encode(), digest_size=4).digest()
    place = int.from_bytes(digest, "big") / 2**32
    if key == DEMO_OPERANDS or place < TEST_SHARE:
        return "test"
    return "round" if place < TEST_SHARE + ROUND_SHARE else "train"


def belongs(skill: Skill, tier: int, draw: Draw, split: str) -> bool:
    """Whether operands may be used in a split."""
    own = split_of(operand_key(skill, draw))
    if skill.facts or own == split:
        return True
    return SPLITS.index(own) < SPLITS.index(split) and is_table(skill, tier)


@cache
def is_table(skill: Skill, tier: int) -> bool:
    """Whether a tier of a skill has so few sets of operands that they are memorized."""
    random = Random(f"table-{skill.domain}-{skill.name}-{tier}")
    keys: set[str] = set()
    for _ in range(5 * TABLE):
        keys.add(operand_key(skill, skill.draw(random, tier)))
        if len(keys) >= TABLE:
            return False
    return True


def wrong_numbers(random: Random, answer: int, mistakes: Sequence[int], near: float) -> list[str]:
    """Wrong answers for a whole number: typical mistakes, neighbours, and far values.

    near: share of neighbours (off by one, by ten, two digits swapped); the higher it is, the less an
    estimate helps.
    """
    digits = str(answer)
    swapped = int(digits[:-2] + digits[-1] + digits[-2]) if len(digits) > 1 else answer + 2
    neighbours = [answer + 1, answer - 1, answer + 10, answer - 10, answer + 2, swapped]
    spread = max(10, abs(answer))
    chosen: list[str] = []
    while len(chosen) < 3:
        draw = random.random()
        if draw < 0.35 and mistakes:
            value = random.choice(mistakes)
        elif draw < 0.35 + near * 0.65:
            value = random.choice(neighbours)
        else:
            value = random.randrange(0, 2 * spread + 3)
        if value >= 0 and value != answer and str(value) not in chosen:
            chosen.append(str(value))
    return chosen


def integer(random: Random, digits: int) -> int:
    """A random whole number with this many digits, at least 1."""
    return random.randrange(max(1, 10 ** (digits - 1)), 10**digits)
