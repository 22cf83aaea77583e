"""Numbers and amounts in English words: `$20M` as "twenty million dollars", `4 g` as "four grams".

Only a whole operand is spelled; one that is more than an amount (a date, code, a Kazakh word) stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ONES_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
ONES = _ONES_WORDS.split()
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = ["", "", *_TENS_WORDS.split()]  # by the tens digit
SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))
LIMIT = 10**12

LETTERS = {"": "", "K": " thousand", "M": " million", "B": " billion"}
UNITS = {
    "g": ("gram", "grams"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "mcg": ("microgram", "micrograms"),
    "km": ("kilometre", "kilometres"),
    "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "s": ("second", "seconds"),
    "L": ("litre", "litres"),
    "dL": ("decilitre", "decilitres"),
    "mL": ("millilitre", "millilitres"),
    "cm3": ("cubic centimetre", "cubic centimetres"),
    "V": ("volt", "volts"),
    "A": ("ampere", "amperes"),
    "ohm": ("ohm", "ohms"),
    "C": ("degree Celsius", "degrees Celsius"),
    "%": ("percent", "percent"),
    "m/s2": ("metre per second squared", "metres per second squared"),
    "km/h": ("kilometre per hour", "kilometres per hour"),
    "mg/kg": ("milligram per kilogram", "milligrams per kilogram"),
    "": ("", ""),
}
_AMOUNT = re.compile(r"(?P<dollar>\$?)(?P<digits>\d+)(?P<letter>[KMB]?) ?(?P<unit>\D\S*|)")


def number_words(number: int) -> str:
    """A whole number in words: 42 is "forty-two". Raises `ValueError` outside of 0 to 10**12 - 1."""
    if not 0 <= number < LIMIT:
        raise ValueError(f"{number} cannot be spelled: use a number from 0 to {LIMIT - 1}")
    for size, name in SCALES:
        if number >= size:
            return _joined(f"{number_words(number // size)} {name}", number % size, " ")
    if number >= 100:
        return _joined(f"{ONES[number // 100]} hundred", number % 100, " ")
    if number >= 20:
        return _joined(TENS[number // 10], number % 10, "-")
    return ONES[number]


def _joined(head: str, rest: int, link: str) -> str:
    return head + link + number_words(rest) if rest else head


def year_words(year: int) -> str:
    """A year as it is said: 1998 is "nineteen ninety-eight", 2004 "two thousand four"."""
    century, rest = divmod(year, 100)
    if century % 10 == 0 and rest < 10:
        return number_words(year)
    tail = "hundred" if rest == 0 else f"oh {ONES[rest]}" if rest < 10 else number_words(rest)
    return f"{number_words(century)} {tail}"


def amount_words(text: str) -> str:
    """An amount with its unit or currency in words; a text that is no amount comes back unchanged."""
    found = _AMOUNT.fullmatch(text)
    if found is None or int(found["digits"]) >= LIMIT:
        return text
    number = number_words(int(found["digits"])) + LETTERS[found["letter"]]
    one = number == "one"
    if found["dollar"]:
        return f"{number} dollar" if one else f"{number} dollars"
    names = UNITS.get(found["unit"], (found["unit"], found["unit"]))
    return f"{number} {names[0] if one else names[1]}".strip()


def in_words(values: Mapping[str, object]) -> dict[str, object]:
    """A draw's operands in words; the operand `year` is spelled as a year."""
    return {
        name: year_words(value)
        if name == "year" and isinstance(value, int)
        else amount_words(str(value))
        for name, value in values.items()
    }
