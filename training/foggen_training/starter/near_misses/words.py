"""Near misses about code, dates, rules and words: those of coding, law and Kazakh culture."""

from __future__ import annotations

import re

from ..domains.law import DAYS, MONTHS
from .asks import (
    Values,
    chosen,
    computed,
    larger,
    letters,
    not_said,
    not_said_number,
    not_said_of,
    number_in,
    operand,
)
from .template import NAMES, Template

YEARS = tuple(str(year) for year in range(1990, 2025))
LATIN, CYRILLIC = tuple("abcdefghiklmnoprstuvw"), tuple("абгдежзийклмнопрстұүшыіәөқңғ")
INITIALS = {"English": CYRILLIC, "Kazakh": LATIN}  # by the language that is translated into


def _code(values: Values) -> str:
    return str(values["code"])


def _numbers(values: Values) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", _code(values))]


def _list(values: Values) -> list[int]:
    """The items of the list in `n = [3, 2, 9]`."""
    return [int(n) for n in _code(values).partition("[")[2].partition("]")[0].split(",")]


def _day_before(values: Values) -> str:
    return DAYS[DAYS.index(str(values["day"])) - 1]


def _initial(values: Values) -> str:
    return str(values["word"])[0]


CODING = (
    Template(
        "coding",
        "assign",
        "How many lines does this code have?\n{code}",
        computed(lambda v: len(_code(v).splitlines())),
    ),
    Template("coding", "assign", "{code}\nWhat does the program after this one print?", not_said()),
    Template(
        "coding",
        "assign",
        "{code}\nHow many milliseconds does it take to run?",
        not_said_number("{}", 1, 60),
    ),
    Template(
        "coding",
        "loop",
        "{code}\nHow many times does the loop run?",
        computed(lambda v: _numbers(v)[1]),
    ),
    Template(
        "coding",
        "loop",
        "{code}\nHow much is added in each turn of the loop?",
        computed(lambda v: _numbers(v)[2]),
    ),
    Template(
        "coding",
        "length",
        "{code}\nWith which letter does the text in quotes begin?",
        chosen(lambda v: _code(v).split('"')[1][0], LATIN),
    ),
    Template("coding", "length", "{code}\nWho wrote this line?", not_said_of(NAMES)),
    Template(
        "coding",
        "index",
        "{code}\nHow many items are in the list?",
        computed(lambda v: len(_list(v))),
    ),
    Template(
        "coding",
        "index",
        "{code}\nWhat is the sum of the first two items of the list?",
        computed(lambda v: sum(_list(v)[:2])),
    ),
    Template("coding", "index", "{code}\nWhat was in the list before?", not_said()),
    Template(
        "coding",
        "boolean",
        "{code}\nHow many numbers are compared here?",
        computed(lambda v: len(_numbers(v))),
    ),
    Template("coding", "boolean", "{code}\nIn which year was this written?", not_said_of(YEARS)),
)

LAW = (
    Template(
        "law",
        "weekday",
        "A notice is served on {day}. The reply is due {n} days later. On which day was the notice written?",
        not_said_of(DAYS),
    ),
    Template(
        "law",
        "weekday",
        "The period of {n} days starts on '{day}'. How many letters are in '{day}'?",
        letters("day"),
    ),
    Template(
        "law",
        "weekday",
        "A claim is filed on {day} and answered {n} days later. Which day comes before the day of the filing?",
        chosen(_day_before, DAYS),
    ),
    Template(
        "law",
        "deadline",
        "A claim is filed on {date}. It is answered {n} days later. In which month is it filed?",
        chosen(lambda v: str(v["date"]).split()[0], MONTHS),
    ),
    Template(
        "law",
        "deadline",
        "A notice is served on {date}. The reply is due {n} days later. In which year is that?",
        not_said_of(YEARS),
    ),
    Template(
        "law",
        "missing",
        "The elements of {rule} include {present}. How many elements are named here?",
        computed(lambda v: 3),
    ),
    Template(
        "law",
        "missing",
        "A court finds {present}, but {rule} needs more. On which day of the week did the court sit?",
        not_said_of(DAYS),
    ),
    Template(
        "law",
        "element",
        "A party must show an element of {rule}. What is the party called?",
        not_said_of(NAMES),
    ),
    Template(
        "law",
        "age",
        "A person of {limit} or older may vote. From what age may a person vote?",
        operand("limit"),
    ),
    Template(
        "law",
        "age",
        "By law a driver must be at least {limit}. How old is {name}, who does not drive?",
        not_said_number("{}", 15, 80),
    ),
    Template(
        "law",
        "limitation",
        "A claim from {year} must be brought within {n} years. How many months does one have?",
        computed(lambda v: 12 * number_in(v["n"])),
    ),
    Template(
        "law",
        "limitation",
        "A right from {year} lasts {n} years. In which year ends one that is a year older?",
        computed(lambda v: number_in(v["year"]) + number_in(v["n"]) - 1),
    ),
    Template(
        "law",
        "fine",
        "The fine is {b} for each day. A party is {a} days late. How many days late is it a week after that?",
        computed(lambda v: number_in(v["a"]) + 7),
    ),
    Template(
        "law",
        "fine",
        "The fine is {b} for each day. A party is {a} days late. What does {other}, who is late as well, have to pay?",
        not_said(),
    ),
)

KAZAKH = (
    Template(
        "kazakh_culture",
        "word",
        "The word '{word}' is put into {language}. How many letters are in '{word}'?",
        letters("word"),
    ),
    Template(
        "kazakh_culture",
        "word",
        "What is '{word}' in {language}? No, wait: with which letter does '{word}' begin?",
        lambda random, v, draw: chosen(_initial, INITIALS[str(v["language"])])(random, v, draw),
    ),
    Template(
        "kazakh_culture",
        "fact",
        "'{subject}' is asked for in a quiz. How many words are in '{subject}'?",
        computed(lambda v: len(str(v["subject"]).split())),
    ),
    Template(
        "kazakh_culture",
        "fact",
        "In a quiz they ask for {subject}. Who knows it first?",
        not_said_of(NAMES),
    ),
    Template(
        "kazakh_culture",
        "number",
        "Think of the number '{number}'. Which number comes after it, in digits?",
        computed(lambda v: number_in(v["number"]) + 1),
    ),
    Template(
        "kazakh_culture",
        "sum",
        "Айданада {a} алма, Асқарда {b} алма бар. Айданада неше алма бар, in digits?",
        computed(lambda v: number_in(v["a"])),
    ),
    Template(
        "kazakh_culture",
        "sum",
        "Айданада {a} алма, Асқарда {b} алма бар. Серікте неше алма бар?",
        not_said(),
    ),
    Template(
        "kazakh_culture",
        "sum",
        "{a} және {b}: which of the two is larger?",
        larger("a", "b", "{a}", "{b}"),
    ),
)
