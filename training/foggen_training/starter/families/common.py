"""Words that many families draw from: days, months, names, things, and numbers in English words."""

from __future__ import annotations

from random import Random

from ..domains.law import DAYS

__all__ = [
    "ALPHABET",
    "DAYS",
    "LONG_MONTHS",
    "MONTHS",
    "NAMES",
    "THINGS",
    "article",
    "ordinal",
    "spell",
    "story",
]

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
LONG_MONTHS = tuple(month for month in MONTHS if month != "February")  # of 30 days or more
NAMES = (
    *(
        "Anna",
        "Ben",
        "Aidar",
        "Aliya",
        "Dana",
        "Tom",
        "Sara",
        "Marat",
        "Leo",
        "Mia",
        "Omar",
        "Kate",
    ),
    *("Timur", "Asel", "John", "Nina", "Emma", "Paul"),
)
THINGS = (
    *("apples", "pens", "books", "coins", "stickers", "sweets", "eggs", "balls", "cups", "toys"),
    *("stamps", "marbles", "cards", "nuts"),
)
_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spell(number: int) -> str:
    """A whole number from 0 to 999 in English words."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_SMALL[number % 10]}" if number % 10 else "")
    rest = f" and {spell(number % 100)}" if number % 100 else ""
    return f"{_SMALL[number // 100]} hundred{rest}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ..."""
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def article(noun: str) -> str:
    """A noun with "a" or "an"."""
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


def story(random: Random) -> dict[str, object]:
    """Two names and a kind of thing."""
    name, other = random.sample(NAMES, 2)
    return {"name": name, "other": other, "thing": random.choice(THINGS)}
