"""Ways to draw a question that many families share: from a table of facts, an order, groups, or a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from ..family import Family
from ..skills import Draw
from .common import article, spell

MOST_WRONG = 5  # with the answer, six options
YES_NO = ("yes", "no")
TRUE_FALSE = ("true", "false")


def pairs(text: str) -> dict[str, str]:
    """A table from "key: value; key: value", also over several lines."""
    entries = [entry.split(":", 1) for entry in text.replace("\n", ";").split(";") if entry.strip()]
    table = {key.strip(): value.strip() for key, value in entries}
    if len(table) < len(entries):
        raise ValueError(f"a key occurs twice in {text[:40]!r}")
    return table


def numbers(text: str) -> dict[str, int]:
    """A table of numbers from "key: number; key: number"."""
    return {key: int(value) for key, value in pairs(text).items()}


def groups(text: str) -> dict[str, tuple[str, ...]]:
    """Groups from "name: member, member; name: member, ..."."""
    return {name: words(members) for name, members in pairs(text).items()}


def words(text: str) -> tuple[str, ...]:
    """The words or phrases of a list with commas."""
    return tuple(word.strip() for word in text.replace("\n", " ").split(",") if word.strip())


def others(random: Random, pool: Iterable[str], *right: str) -> list[str]:
    """Up to five different entries of a pool that are not right."""
    wrong = [entry for entry in dict.fromkeys(pool) if entry not in right]
    return random.sample(wrong, min(MOST_WRONG, len(wrong)))


def near(
    random: Random, answer: int, mistakes: Sequence[int] = (), low: int = 0, step: int = 1
) -> list[str]:
    """Five different wrong numbers, at least `low`: typical mistakes, and values a few steps away."""
    chosen: list[str] = []
    reach = 6
    while len(chosen) < MOST_WRONG:
        if mistakes and random.random() < 0.4:
            value = random.choice(mistakes)
        else:
            value = answer + step * random.randint(-reach, reach)
        reach += 1  # ends also where few values are allowed
        if value >= low and value != answer and str(value) not in chosen:
            chosen.append(str(value))
    return chosen


def in_figures_or_words(random: Random, answer: int, wrong: Sequence[str]) -> tuple[str, list[str]]:
    """An answer and wrong answers as figures, or sometimes all as English words."""
    values = [answer, *map(int, wrong)]
    if max(values) > 100 or random.random() < 0.75:
        return str(answer), list(wrong)
    return spell(answer), [spell(value) for value in values[1:]]


def named(x: str) -> dict[str, object]:
    """The subject of a question as {x}, with its article as {ax}, and so at a sentence's start as {Ax}."""
    return {"x": x, "ax": article(x), "Ax": article(x).capitalize()}


def facts(domain: str, name: str, table: Mapping[str, str], wordings: Sequence[str]) -> Family:
    """Asks for the value of a key of a table, among the table's other values."""

    def draw(random: Random) -> Draw:
        x = random.choice(list(table))
        return Draw(named(x), table[x], others(random, table.values(), table[x]))

    return Family(domain, name, draw, wordings)


def keys(domain: str, name: str, table: Mapping[str, str], wordings: Sequence[str]) -> Family:
    """Asks which key of a table has a value."""

    def draw(random: Random) -> Draw:
        answer = random.choice(list(table))
        x = table[answer]
        return Draw(named(x), answer, others(random, (key for key in table if table[key] != x)))

    return Family(domain, name, draw, wordings)


def counts(domain: str, name: str, table: Mapping[str, int], wordings: Sequence[str]) -> Family:
    """Asks for the number of a key of a table."""

    def draw(random: Random) -> Draw:
        x = random.choice(list(table))
        wrong = near(random, table[x], [n for n in table.values() if abs(n - table[x]) <= 30])
        answer, wrong = in_figures_or_words(random, table[x], wrong)
        return Draw(named(x), answer, wrong)

    return Family(domain, name, draw, wordings)


def ordered(
    domain: str, name: str, items: Sequence[str], step: int, wordings: Sequence[str], cyclic: bool
) -> Family:
    """Asks for the entry so many steps after another."""

    def draw(random: Random) -> Draw:
        places = [n for n in range(len(items)) if cyclic or 0 <= n + step < len(items)]
        place = random.choice(places)
        answer = items[(place + step) % len(items)]
        return Draw(named(items[place]), answer, others(random, items, answer))

    return Family(domain, name, draw, wordings)


def members(
    domain: str, name: str, table: Mapping[str, Sequence[str]], wordings: Sequence[str]
) -> Family:
    """Asks which option belongs to the group {x}; the others belong to other groups only."""

    def draw(random: Random) -> Draw:
        x = random.choice(list(table))
        foreign = [member for group in table.values() for member in group]
        answer = random.choice(table[x])
        return Draw(named(x), answer, others(random, foreign, *table[x]))

    return Family(domain, name, draw, wordings)


def odd_one(
    domain: str, name: str, table: Mapping[str, Sequence[str]], wordings: Sequence[str]
) -> Family:
    """Asks for the option that does not belong to the group {x}, as the others do; {list} has all of them."""

    def draw(random: Random) -> Draw:
        x = random.choice([group for group in table if len(table[group]) >= 3])
        foreign = [member for group in table.values() for member in group if member not in table[x]]
        answer, wrong = random.choice(foreign), others(random, table[x])[: random.randint(3, 5)]
        shown = ", ".join(random.sample([answer, *wrong], len(wrong) + 1))
        return Draw({**named(x), "list": shown}, answer, wrong)

    return Family(domain, name, draw, wordings)


def judged(
    domain: str,
    name: str,
    table: Mapping[str, str],
    wordings: Sequence[str],
    verdicts: tuple[str, str] = YES_NO,
) -> Family:
    """Asks whether {x} has the value {y}: half the time its own, else another of the table."""

    def draw(random: Random) -> Draw:
        x = random.choice(list(table))
        right = random.random() < 0.5
        y = table[x] if right else random.choice(others(random, table.values(), table[x]))
        return verdict({**named(x), "y": y, "ay": article(y)}, right, verdicts)

    return Family(domain, name, draw, wordings)


def verdict(values: Mapping[str, object], right: bool, verdicts: tuple[str, str] = YES_NO) -> Draw:
    """A question that is answered by one of two words."""
    return Draw(values, verdicts[not right], [verdicts[right]])
