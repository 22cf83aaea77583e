"""Everyday questions of days, weeks, months and ages."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import DAYS, LONG_MONTHS, MONTHS, NAMES
from ..drawing import facts, near, others, pairs
from ..wordings import asked

DATES = pairs("""
New Year's Day: 1 January; Christmas Day in the West: 25 December; International Women's Day: 8 March
Valentine's Day: 14 February; April Fools' Day: 1 April; Halloween: 31 October; New Year's Eve: 31 December
International Children's Day: 1 June; Labour Day: 1 May
""")
SEASON_SIGNS = pairs("""
leaves turn yellow and fall: autumn; snow covers the fields: winter; birds come back from the south: spring; days are longest: summer
people build snowmen: winter; trees get their first leaves: spring; children swim in the lake: summer; the school year starts: autumn
it gets dark earliest: winter; apples are picked before the cold: autumn
""")
HALVES = pairs("""
January: the first quarter; May: the second quarter; August: the third quarter; November: the fourth quarter; February: the first quarter
June: the second quarter; July: the third quarter; October: the fourth quarter; March: the first quarter; April: the second quarter
September: the third quarter; December: the fourth quarter
""")


def _until(random: Random) -> Draw:
    now, days = random.randint(1, 20), random.randint(2, 10)
    month = random.choice(LONG_MONTHS)
    values = {"a": f"{now} {month}", "b": f"{now + days} {month}"}
    return Draw(
        values,
        f"{days} days",
        [f"{n} days" for n in near(random, days, [now, now + days, days + 1], low=2)],
    )


def _weeks(random: Random) -> Draw:
    weeks, days = random.randint(1, 9), random.randint(1, 6)
    answer = 7 * weeks + days
    values = {"w": f"{weeks} week{'s' * (weeks > 1)}", "d": f"{days} day{'s' * (days > 1)}"}
    return Draw(
        values,
        str(answer),
        near(random, answer, [weeks + days, 5 * weeks + days, 7 * weeks], low=1),
    )


def _born(random: Random) -> Draw:
    year, age = random.randint(1950, 2015), random.randint(4, 60)
    values = {"y": year, "now": year + age, "name": random.choice(NAMES)}
    return Draw(values, str(age), near(random, age, [age + 10, age - 10, age + 1], low=1))


def _birthday(random: Random) -> Draw:
    start, later = random.randrange(12), random.randint(2, 5)
    answer = MONTHS[(start + later) % 12]
    name, other = random.sample(NAMES, 2)
    values = {"name": name, "other": other, "x": MONTHS[start], "n": later}
    return Draw(values, answer, others(random, MONTHS, answer))


def _every_other(random: Random) -> Draw:
    start = random.randrange(7)
    answer = DAYS[(start + 2) % 7]
    return Draw({"x": DAYS[start]}, answer, others(random, DAYS, answer))


def _week_earlier(random: Random) -> Draw:
    date = random.randint(9, 28)
    weeks = 1 if date < 15 else random.randint(1, 2)
    values = {"x": f"{random.choice(MONTHS)} {date}", "n": "a week" if weeks == 1 else "two weeks"}
    answer = date - 7 * weeks
    return Draw(values, str(answer), near(random, answer, [date - 1, date - 10, answer + 2], low=1))


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "law",
        "days_until",
        _until,
        "Today is {a}. The exam is on {b}. In how many days is it?",
        "From {a} to {b}: how many days later?",
        "It is {a} and the bill is due on {b}. I still have ____.",
        "The trip starts on {b}. Today is {a}. How long is that from now?",
    ),
    _family(
        "math",
        "weeks_and_days",
        _weeks,
        "How many days are {w} and {d}?",
        "{w} and {d} = ____ days",
        "The holidays last {w} and {d}. How many days is that?",
        "We are away for {w} and {d}. Count the days.",
    ),
    _family(
        "math",
        "age_from_year",
        _born,
        "{name} was born in {y}. How old does {name} get in {now}?",
        "Born {y}, year {now}: age ____",
        "My birth year is {y}. Which age do I reach in {now}?",
        "The house was built in {y}. How old was it in {now}?",
    ),
    _family(
        "law",
        "birthday_month",
        _birthday,
        "{name} has a birthday in {x}, {other} {n} months later. In which month is {other}'s birthday?",
        "{name}: {x}. {other}: {n} months after that. So {other} has ____.",
        "We met in {x} and married {n} months later. In which month was that?",
        "The plant was put in the soil in {x} and had fruit {n} months later. When?",
    ),
    _family(
        "law",
        "every_other_day",
        _every_other,
        "I run every other day. I ran on {x}. When do I run next?",
        "Every second day, last time on {x}: next on ____",
        "The flowers get water every two days, last on {x}. Which day is next?",
        "A pill every other day: one on {x}, the next on which day?",
    ),
    _family(
        "law",
        "a_week_earlier",
        _week_earlier,
        "The party is on {x}. Invitations go out {n} before. On which day of the month?",
        "{n} before {x}: day ____",
        "One must cancel {n} before {x}. Which date of that month is that?",
        "Homework was given {n} before {x}. Which day number was it?",
    ),
    facts(
        "law",
        "date_of_day",
        DATES,
        asked(
            "On which date is {x}?",
            "{x} is on ____.",
            "When is {x}?",
            "Which day of the calendar is {x}?",
        ),
    ),
    facts(
        "science",
        "season_sign",
        SEASON_SIGNS,
        asked(
            "In which season is it that {x}?",
            "When {x}, it is ____.",
            "{x}. Which season is it?",
            "In Kazakhstan {x} in ____.",
        ),
    ),
    facts(
        "finance",
        "quarter_of_month",
        HALVES,
        asked(
            "In which quarter of the year is {x}?",
            "{x} is in ____ of the year.",
            "The report for {x} belongs to which quarter?",
            "{x}: which quarter?",
        ),
    ),
)
