"""Months and seasons."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..common import MONTHS
from ..drawing import counts, facts, groups, keys, members, ordered, others
from ..wordings import asked, phrased

SEASONS = groups("""
winter: December, January, February
spring: March, April, May
summer: June, July, August
autumn: September, October, November
""")
MONTH_DAYS = {
    month: 30 if month in ("April", "June", "September", "November") else 31
    for month in MONTHS
    if month != "February"
}
NUMBER_OF_MONTH = {month: MONTHS.index(month) + 1 for month in MONTHS}


def _month_days(random: Random) -> Draw:
    month = random.choice(list(MONTH_DAYS))
    answer = MONTH_DAYS[month]
    pool = [str(n) for n in (28, 29, 30, 31, 32, 33, 27, 25, 35)]
    return Draw({"x": month}, str(answer), others(random, pool, str(answer)))


FAMILIES = (
    ordered(
        "law",
        "month_after",
        MONTHS,
        1,
        asked(
            "What month comes after {x}?",
            "Which month follows {x}?",
            "After {x} comes ____.",
            "It is {x} now. What is next month?",
            "{x}, then which month?",
        )
        + phrased("the month after {x}", "the next month after {x}"),
        cyclic=True,
    ),
    ordered(
        "law",
        "month_before",
        MONTHS,
        -1,
        asked(
            "What month comes before {x}?",
            "Which month is right before {x}?",
            "It is {x} now. What was last month?",
            "Before {x} we have ____.",
        )
        + phrased("the month before {x}"),
        cyclic=True,
    ),
    counts(
        "law",
        "number_of_month",
        NUMBER_OF_MONTH,
        asked(
            "Which number is the month {x}?",
            "What number in the year does {x} have?",
            "{x} is month number ____.",
            "January is 1. What is {x}?",
        )
        + phrased("the number of the month {x}"),
    ),
    keys(
        "law",
        "month_of_number",
        {month: str(number) for month, number in NUMBER_OF_MONTH.items()},
        asked(
            "Which month is number {x} in the year?",
            "What is month {x} called?",
            "Month number {x} is ____.",
            "January is month 1. Which is month {x}?",
        )
        + phrased("month {x} of the year"),
    ),
    facts(
        "science",
        "season_of_month",
        {month: season for season, months in SEASONS.items() for month in months},
        asked(
            "In which season is {x}?",
            "What season is it in {x}?",
            "{x} is in ____.",
            "Which season does {x} belong to?",
            "It is {x}. Is it winter, spring, summer or autumn?",
        )
        + phrased("the season of {x}"),
    ),
    members(
        "science",
        "month_of_season",
        SEASONS,
        asked(
            "Which of these months is in {x}?",
            "Which month belongs to {x}?",
            "Choose a month of {x}.",
            "A month in {x} is ____.",
            "Which is a {x} month?",
        ),
    ),
    ordered(
        "science",
        "season_after",
        ("winter", "spring", "summer", "autumn"),
        1,
        asked(
            "Which season comes after {x}?",
            "What season follows {x}?",
            "After {x} comes ____.",
            "When {x} ends, what begins?",
        )
        + phrased("the season after {x}"),
        cyclic=True,
    ),
    Family(
        "law",
        "days_of_month",
        _month_days,
        asked(
            "How many days are in {x}?",
            "How many days does {x} have?",
            "{x} has ____ days.",
            "How long is {x} in days?",
        )
        + phrased("the number of days in {x}"),
    ),
)
