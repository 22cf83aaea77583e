"""What the families share: wrong answers, tables of facts, times of day, names of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from ...family import Family
from ...skills import Draw

PEOPLE = (
    "Aiko", "Bram", "Celine", "Dauren", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kamila",
    "Lars", "Mei", "Nadia", "Oskar", "Priya", "Rosa", "Sami", "Tomas", "Zhanna",
)  # fmt: skip


def near(random: Random, answer: int, *slips: int, step: int = 1, count: int = 3) -> list[str]:
    """Wrong whole numbers from 1: one or two of the slips that people make, then multiples of the step away."""
    made = random.sample(slips, min(len(slips), random.randint(1, 2)))
    chosen = [slip for slip in dict.fromkeys(made) if slip > 0 and slip != answer]
    reach = max(4, answer // (4 * step))
    while len(chosen) < count:
        value = answer + step * random.randint(-reach, reach)
        if value > 0 and value != answer and value not in chosen:
            chosen.append(value)
    return [str(value) for value in chosen]


def others(random: Random, pool: Sequence[str], *answers: str, count: int = 3) -> list[str]:
    """Different entries of the pool, none of them right."""
    return random.sample(sorted(set(pool) - set(answers)), count)


def of_facts(domain: str, name: str, facts: Mapping[str, str], wordings: Sequence[str]) -> Family:
    """A family over a table of facts; its wordings have {cue}, and other facts' answers are wrong."""

    def draw(random: Random) -> Draw:
        cue = random.choice(list(facts))
        wrong = others(random, list(facts.values()), facts[cue])
        return Draw({"cue": cue}, facts[cue], wrong)

    return Family(domain, name, draw, wordings)


def with_unit(
    draw: Callable[[Random], Draw], before: str = "", after: str = ""
) -> Callable[[Random], Draw]:
    """The same draw, a unit at its answer and at its wrong answers."""

    def drawn(random: Random) -> Draw:
        plain = draw(random)
        wrong = [f"{before}{value}{after}" for value in plain.wrong]
        return Draw(plain.values, f"{before}{plain.answer}{after}", wrong)

    return drawn


def clock(minutes: int) -> str:
    """A time of day from minutes after midnight: 605 is 10:05."""
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def listed(words: Sequence[str]) -> str:
    """`a, b and c`"""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
