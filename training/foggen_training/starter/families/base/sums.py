"""Small sums in stories: having more, giving away, sharing, growing older."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..common import story
from ..drawing import near
from ..wordings import asked


def _numbers(random: Random, most: int) -> tuple[int, int]:
    return random.randint(2, most), random.randint(2, most)


def _plus(random: Random) -> Draw:
    a, b = _numbers(random, random.choice([9, 20]))
    wrong = near(random, a + b, [abs(a - b), a * b, a, b, a + b + 1])
    return Draw({**story(random), "a": a, "b": b}, str(a + b), wrong)


def _minus(random: Random) -> Draw:
    b, left = _numbers(random, random.choice([9, 15]))
    a = b + left
    wrong = near(random, left, [a + b, a, b, left + 1])
    return Draw({**story(random), "a": a, "b": b}, str(left), wrong)


def _times(random: Random) -> Draw:
    a, b = random.randint(2, 6), random.randint(2, 10)
    wrong = near(random, a * b, [a + b, a * b + b, a * b - a, a * b + 1])
    return Draw({**story(random), "a": a, "b": b}, str(a * b), wrong)


def _share(random: Random) -> Draw:
    answer, b = random.randint(2, 9), random.randint(2, 6)
    wrong = near(random, answer, [answer * b - b, b, answer * b, answer + 1], low=1)
    return Draw({**story(random), "a": answer * b, "b": b}, str(answer), wrong)


def _age(random: Random) -> Draw:
    age, years = random.randint(3, 40), random.randint(2, 10)
    values = {**story(random), "a": age, "b": years}
    return Draw(
        values, str(age + years), near(random, age + years, [age - years, age, years], low=1)
    )


def _age_before(random: Random) -> Draw:
    years = random.randint(2, 10)
    age = years + random.randint(2, 30)
    wrong = near(random, age - years, [age + years, age, years], low=1)
    return Draw({**story(random), "a": age, "b": years}, str(age - years), wrong)


FAMILIES = (
    Family(
        "math",
        "story_plus",
        _plus,
        asked(
            "{name} has {a} {thing} and gets {b} more. How many {thing} does {name} have now?",
            "{name} has {a} {thing}. {other} has {b} {thing}. How many do they have together?",
            "There are {a} {thing} on the table. {name} puts {b} more there. How many are there now?",
            "I had {a} {thing} and bought {b}. How many do I have?",
            "{a} {thing} plus {b} {thing} is how many {thing}?",
            "First {a} {thing}, then {b} more {thing}. All in all: ____",
        ),
    ),
    Family(
        "math",
        "story_minus",
        _minus,
        asked(
            "{name} has {a} {thing} and gives {b} to {other}. How many are left?",
            "There were {a} {thing}. {name} took {b} of them. How many {thing} are still there?",
            "I had {a} {thing} and lost {b}. How many do I have now?",
            "{name} has {a} {thing}, {other} has {b}. How many more does {name} have?",
            "{a} {thing}, and {b} are taken away. ____ are left.",
            "{name} needs {a} {thing} and has {b}. How many more are needed?",
        ),
    ),
    Family(
        "math",
        "story_times",
        _times,
        asked(
            "There are {a} bags with {b} {thing} in each. How many {thing} are there?",
            "{name} buys {a} packs of {b} {thing}. How many {thing} is that?",
            "{a} children have {b} {thing} each. How many {thing} do they have together?",
            "{b} {thing} in each of {a} boxes: how many in all?",
            "{name} gets {b} {thing} a day. How many in {a} days?",
        ),
    ),
    Family(
        "math",
        "story_share",
        _share,
        asked(
            "{a} {thing} are shared equally by {b} friends. How many does each get?",
            "{name} puts {a} {thing} into {b} equal bags. How many are in each bag?",
            "{b} children share {a} {thing} equally. Each gets ____.",
            "We are {b} people and have {a} {thing}. How many for each, if all get the same?",
            "Divide {a} {thing} among {b} people. How many does one person get?",
        ),
    ),
    Family(
        "math",
        "age_later",
        _age,
        asked(
            "{name} is {a} years old. How old will {name} be in {b} years?",
            "{name} is {a}. {other} is {b} years older. How old is {other}?",
            "I am {a} now. In {b} years I will be ____.",
            "How old is {name} in {b} years, if the age is now {a}?",
        ),
    ),
    Family(
        "math",
        "age_before",
        _age_before,
        asked(
            "{name} is {a} years old. How old was {name} {b} years ago?",
            "{name} is {a}. {other} is {b} years younger. How old is {other}?",
            "I am {a} now. {b} years ago I was ____.",
            "{other} is {a}, {name} is {b} years younger. The age of {name} is ____.",
        ),
    ),
)
