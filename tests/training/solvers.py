"""What each computable skill asks, worked out from the question's text alone.

A solver says of one option's text whether it answers the stem. Nothing here looks at how a question
was made; only for facts (words, elements of a rule) the table of facts is the reference.
"""

from __future__ import annotations

import datetime
import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from foggen_training.starter.domains import kazakh_words, law

Solver = Callable[[str, str], bool]  # stem, option -> whether it is right

# Each unit in the base unit of its dimension.
UNITS: dict[str, Fraction] = {
    "km": Fraction(1000),
    "m": Fraction(1),
    "cm": Fraction(1, 100),
    "mm": Fraction(1, 1000),
    "kg": Fraction(1000),
    "g": Fraction(1),
    "mg": Fraction(1, 1000),
    "mcg": Fraction(1, 10**6),
    "L": Fraction(1),
    "dL": Fraction(1, 10),
    "mL": Fraction(1, 1000),
    "weeks": Fraction(604_800),
    "days": Fraction(86_400),
    "hours": Fraction(3600),
    "minutes": Fraction(60),
    "seconds": Fraction(1),
    "km/h": Fraction(1000),
    "m/h": Fraction(1),
}
AMOUNT = re.compile(r"\$(\d+)([KMB]?)")
SCALE = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}
NUMERALS = dict(
    zip(
        [
            "бір",
            "екі",
            "үш",
            "төрт",
            "бес",
            "алты",
            "жеті",
            "сегіз",
            "тоғыз",
            "он",
            "жиырма",
            "отыз",
            "қырық",
            "елу",
            "алпыс",
            "жетпіс",
            "сексен",
            "тоқсан",
        ],
        [*range(1, 10), *range(10, 100, 10)],
        strict=True,
    )
)
PARTS = {"half": 2, "a third": 3, "a quarter": 4, "a tenth": 10}


def integers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def amounts(text: str) -> list[int]:
    """Sums of money, in units of the currency."""
    return [int(number) * SCALE[suffix] for number, suffix in AMOUNT.findall(text)]


def measured(text: str, unit: str) -> int:
    """The number before a unit."""
    found = re.search(rf"(\d+) {re.escape(unit)}(?![\w/])", text)
    if found is None:
        raise AssertionError(f"no {unit} in {text!r}")
    return int(found[1])


def numeral(text: str) -> int | None:
    """The value of a Kazakh numeral or of digits; None for anything else."""
    words = text.split()
    if text.isdecimal():
        return int(text)
    return sum(map(NUMERALS.__getitem__, words)) if set(words) <= set(NUMERALS) else None


def printed(code: str) -> str:
    """What a program prints, run with nothing but the few functions that it may use."""
    lines: list[str] = []
    allowed = {"print": lambda value: lines.append(str(value)), "len": len, "range": range}
    exec(code, {"__builtins__": allowed})
    return "\n".join(lines)


def code_of(stem: str) -> str:
    """The program in a question: every line but the sentences around it."""
    sentence = re.compile(r"[A-Z].* .*[?:]")
    return "\n".join(line for line in stem.split("\n") if not sentence.fullmatch(line))


def number(work: Callable[..., object]) -> Solver:
    """A solver whose answer is a function of the whole numbers of the stem, in their order."""
    return lambda stem, option: integers(option) == [work(*integers(stem))]


def quantity(unit: str, work: Callable[[int, int], object], first: str, second: str) -> Solver:
    """A solver whose answer is a function of two measured quantities, in a unit."""
    return lambda stem, option: (
        option == f"{work(measured(stem, first), measured(stem, second))} {unit}"
    )


def ratio(stem: str, option: str) -> bool:
    """The rounded quotient; `Equity is ... and debt is ...` names them the other way round."""
    above, below = amounts(stem)
    if stem.startswith("Equity"):
        above, below = below, above
    return abs(Fraction(above, below) - Fraction(option)) <= Fraction(1, 200)


def profit(stem: str, option: str) -> bool:
    costs, revenue = sorted(amounts(stem))  # no firm of these questions makes a loss
    return amounts(option) == [revenue - costs]


def margin(stem: str, option: str) -> bool:
    gain, revenue = sorted(amounts(stem))
    return Fraction(gain, revenue) == Fraction(option.removesuffix("%")) / 100


def interest(stem: str, option: str) -> bool:
    (principal,) = amounts(stem)
    (percent,) = (int(found) for found in re.findall(r"(\d+)%", stem))
    (years,) = (int(found) for found in re.findall(r"(\d+) years?", stem))
    return amounts(option) == [Fraction(principal * percent * years, 100)]


def conversion(stem: str, option: str) -> bool:
    amount, unit = option.split()
    known = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
    (given,) = re.findall(rf"(\d+) ({known})(?![\w/])", stem)
    return int(given[0]) * UNITS[given[1]] == int(amount) * UNITS[unit]


def interval(stem: str, option: str) -> bool:
    (hours,) = (int(found) for found in re.findall(r"every (\d+) hours", stem))
    (days,) = (int(found) for found in re.findall(r"(\d+) days?", stem))
    return Fraction(24 * days, hours) == int(option)


def weekday(stem: str, option: str) -> bool:
    (day,) = re.findall(r"\w+day\b", stem)
    (later,) = integers(stem)
    week = [datetime.date(2024, 1, 1) + datetime.timedelta(n) for n in range(7)]
    (start,) = (date for date in week if f"{date:%A}" == day)
    return f"{start + datetime.timedelta(later):%A}" == option


def deadline(stem: str, option: str) -> bool:
    (given,) = re.findall(r"\b([A-Z][a-z]+ \d+)\b", stem)
    (later,) = integers(stem.replace(given, ""))
    start = datetime.datetime.strptime(f"{given} 2023", "%B %d %Y")
    due = start + datetime.timedelta(later)
    return f"{due:%B} {due.day}" == option


def age(stem: str, option: str) -> bool:
    (limit,) = integers(stem)
    return (int(option) < limit) if "may not" in stem else int(option) >= limit


def limitation(stem: str, option: str) -> bool:
    (years,) = (int(found) for found in re.findall(r"(\d+) years", stem))
    (start,) = (found for found in integers(stem) if found > 1900)
    return int(option) == start + years


def missing(stem: str, option: str) -> bool:
    return option not in stem


def element(stem: str, option: str) -> bool:
    (rule,) = (name for name in law.RULES if name in stem)
    return option in law.RULES[rule]


def subtraction(stem: str, option: str) -> bool:
    return int(option) == abs(operator.sub(*integers(stem)))


def part(stem: str, option: str) -> bool:
    (share,) = (size for word, size in PARTS.items() if word in stem)
    (whole,) = integers(stem)
    return int(option) * share == whole


def sum_of_numerals(stem: str, option: str) -> bool:
    words = re.findall("|".join(sorted(NUMERALS, key=len, reverse=True)), stem)
    return numeral(option) == sum(map(NUMERALS.__getitem__, words))


def same_number(stem: str, option: str) -> bool:
    quoted = re.search(r"'(.+)'|: (.+)\?", stem)
    assert quoted
    return numeral(option) == numeral(quoted[1] or quoted[2])


def translation(stem: str, option: str) -> bool:
    (word,) = re.findall(r"'(.+?)'", stem)
    pairs: set[Any] = {
        *kazakh_words.WORDS,
        *((english, own) for own, english in kazakh_words.WORDS),
    }
    return (word, option) in pairs


def fact(stem: str, option: str) -> bool:
    asked = [
        row for row in kazakh_words.FACTS if re.search(rf"{row[0]}[?.]|{row[1]}[?.]", f"{stem}?")
    ]
    return option in {answer for _, _, answer, _ in asked}


def code(stem: str, option: str) -> bool:
    return printed(code_of(stem)) == option


SOLVERS: dict[tuple[str, str], Solver] = {
    ("finance", "debt_to_equity"): ratio,
    ("finance", "current_ratio"): ratio,
    ("finance", "profit"): profit,
    ("finance", "margin"): margin,
    ("finance", "interest"): interest,
    ("finance", "shares"): number(operator.mul),
    ("science", "density"): quantity("g/cm3", Fraction, "g", "cm3"),
    ("science", "voltage"): quantity("V", operator.mul, "A", "ohm"),
    ("science", "current"): quantity("A", Fraction, "V", "ohm"),
    ("science", "speed"): quantity("m/s", Fraction, "m", "s"),
    ("science", "force"): quantity("N", operator.mul, "kg", "m/s2"),
    ("science", "convert"): conversion,
    ("science", "kelvin"): number(lambda celsius: celsius + 273),
    ("coding", "assign"): code,
    ("coding", "loop"): code,
    ("coding", "length"): code,
    ("coding", "index"): code,
    ("coding", "boolean"): code,
    ("law", "weekday"): weekday,
    ("law", "deadline"): deadline,
    ("law", "missing"): missing,
    ("law", "element"): element,
    ("law", "age"): age,
    ("law", "limitation"): limitation,
    ("law", "fine"): number(operator.mul),
    ("math", "add"): number(operator.add),
    ("math", "subtract"): subtraction,
    ("math", "multiply"): number(operator.mul),
    ("math", "remainder"): number(operator.mod),
    ("math", "gcd"): number(math.gcd),
    ("math", "part"): part,
    ("kazakh_culture", "word"): translation,
    ("kazakh_culture", "fact"): fact,
    ("kazakh_culture", "number"): same_number,
    ("kazakh_culture", "sum"): sum_of_numerals,
    ("medical", "dose"): quantity("mg", operator.mul, "mg/kg", "kg"),
    ("medical", "tablets"): number(lambda *mg: Fraction(max(mg), min(mg))),
    ("medical", "rate"): lambda stem, option: option == f"{Fraction(*integers(stem))} mL/h",
    ("medical", "pulse"): number(lambda beats, seconds: Fraction(60 * beats, seconds)),
    ("medical", "interval"): interval,
    ("medical", "convert"): conversion,
}


EXTREME = ("math", "largest")  # answered by the options, not by the stem
SOLVED = {*SOLVERS, EXTREME}


def right_options(domain: str, skill: str, stem: str, options: tuple[str, ...]) -> list[str]:
    """Every option that answers the stem; a sound question has one."""
    if (domain, skill) == EXTREME:
        extreme = max if "largest" in stem else min
        return [option for option in options if int(option) == extreme(map(int, options))]
    return [option for option in options if SOLVERS[domain, skill](stem, option)]
