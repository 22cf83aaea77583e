"""Classes of things from the seven domains, of which "which of these is not" can be asked.

rendered = render(random, of_category(random))
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .asked import Asked, Category
from .domains.law import DAYS, RULES

_ANIMALS = ("ат", "қой", "түйе", "сиыр", "ит", "мысық", "құс")
_COLOURS = ("ақ", "қара", "қызыл", "көк", "жасыл", "сары")
_BODY = ("көз", "құлақ", "қол", "аяқ", "бас", "жүрек", "тіс")
_LENGTHS = ("mm", "cm", "m", "km")
_MASSES = ("mcg", "mg", "g", "kg")
_TIMES = ("second", "minute", "hour", "day", "week")
_GAMES = ("kokpar", "baiga", "asyk", "kures", "togyzkumalak")
_INSTRUMENTS = ("dombra", "kobyz", "sybyzgy", "zhetigen")
_FOODS = ("beshbarmak", "kazy", "baursak", "kurt", "manty")

FIXED = (
    Category("a Kazakh word for an animal", _ANIMALS, (*_COLOURS, *_BODY)),
    Category("a Kazakh word for a colour", _COLOURS, (*_ANIMALS, *_BODY)),
    Category("a Kazakh word for a part of the body", _BODY, (*_ANIMALS, *_COLOURS)),
    Category("a game of the Kazakhs", _GAMES, (*_INSTRUMENTS, *_FOODS)),
    Category("a musical instrument", _INSTRUMENTS, (*_GAMES, *_FOODS)),
    Category("something to eat", _FOODS, (*_INSTRUMENTS, "kokpar", "baiga", "kures")),
    Category("a unit of length", _LENGTHS, (*_MASSES, "hour", "ohm", "mL")),
    Category("a unit of mass", _MASSES, (*_LENGTHS, "hour", "ohm", "mL")),
    Category("a unit of time", _TIMES, (*_LENGTHS, *_MASSES, "volt")),
    Category("a day of the week", DAYS, ("March", "July", "August", "October")),
    Category(
        "a string in Python", ('"3"', '"cat"', '"x" + "y"', "str(7)"), ("3", "[3]", "2.5", "7 + 1")
    ),
)


def of_category(random: Random) -> Asked:
    """Ask for the one option that belongs to a category; `render` may turn it around."""
    draw = random.choice((_fixed, _rule, _multiples, _above))
    category = draw(random)
    wrong = random.sample(list(category.others), min(3, len(category.others)))
    stem = f"Which of these is {category.phrase}?"
    answer = random.choice(category.members)
    return Asked(stem, answer, wrong, stands_alone=False, unique=False, category=category)


def _fixed(random: Random) -> Category:
    return random.choice(FIXED)


def _rule(random: Random) -> Category:
    rule = random.choice(list(RULES))
    others = [item for other, items in RULES.items() if other != rule for item in items]
    return Category(f"an element of {rule}", RULES[rule], others)


def _multiples(random: Random) -> Category:
    factor = random.choice((2, 3, 5, 10))
    phrase = "an even number" if factor == 2 else f"a multiple of {factor}"
    return _of_numbers(phrase, lambda n: n % factor == 0)


def _above(random: Random) -> Category:
    limit = random.randint(20, 80)
    if random.random() < 0.5:
        return _of_numbers(f"more than {limit}", lambda n: n > limit)
    return _of_numbers(f"less than {limit}", lambda n: n < limit)


def _of_numbers(phrase: str, belongs: Callable[[int], bool]) -> Category:
    """A category of the numbers from 1 to 99."""
    members = [str(n) for n in range(1, 100) if belongs(n)]
    others = [str(n) for n in range(1, 100) if not belongs(n)]
    return Category(phrase, members, others)
