"""Days of the week, parts of the day, and the clock."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..common import DAYS, MONTHS, spell
from ..drawing import counts, facts, near, numbers, ordered, others, pairs
from ..wordings import asked, phrased

HOW_MANY = numbers("""
days in a week: 7; months in a year: 12; hours in a day: 24; minutes in an hour: 60
seconds in a minute: 60; weeks in a year: 52; days in a normal year: 365; days in a leap year: 366
seasons in a year: 4; years in a century: 100; years in a decade: 10; days in a weekend: 2
minutes in half an hour: 30; minutes in a quarter of an hour: 15; months in half a year: 6
days in two weeks: 14; hours in two days: 48; hours in half a day: 12; quarters in a year: 4
days in February of a normal year: 28; days in February of a leap year: 29
days from Monday to Friday: 5; years in a millennium: 1000; months in two years: 24
days in three weeks: 21; months in a season: 3; seconds in half a minute: 30
""")
PART_OF_DAY = pairs("""
breakfast: in the morning; lunch: at midday; sunrise: in the morning
sunset: in the evening; supper: in the evening; seeing the stars: at night; midnight: at night
waking up: in the morning; noon: at midday; sleeping: at night
""")
NUMBER_OF_DAY = {day: DAYS.index(day) + 1 for day in DAYS}


def _days_later(random: Random) -> Draw:
    start, days = random.randrange(7), random.randint(2, 6)
    answer = DAYS[(start + days) % 7]
    values = {"x": DAYS[start], "n": random.choice([str(days), spell(days)])}
    return Draw(values, answer, others(random, DAYS, answer))


def _weekend(random: Random) -> Draw:
    free = random.random() < 0.5
    kind = random.choice(["a day of the weekend", "a weekend day"])
    pool, wrong = (DAYS[5:], DAYS[:5]) if free else (DAYS[:5], DAYS[5:])
    if not free:  # two wrong ones are too few; a month is no day at all
        wrong = (*wrong, *random.sample(MONTHS, 3))
        kind = random.choice(["a working day", "a weekday", "a day from Monday to Friday"])
    return Draw({"kind": kind}, random.choice(pool), others(random, wrong))


def _half_past(random: Random) -> Draw:
    hour = random.randint(1, 11)
    words, minutes = random.choice(
        [("half past", 30), ("quarter past", 15), ("ten past", 10), ("twenty past", 20)]
    )
    pool = [f"{h}:{m}" for h in (hour, hour + 1) for m in (10, 15, 20, 30, 45, 50)]
    answer = f"{hour}:{minutes}"
    return Draw({"x": f"{words} {spell(hour)}"}, answer, others(random, pool, answer))


def _hours_later(random: Random) -> Draw:
    hour, hours = random.randint(1, 8), random.randint(1, 4)
    wrong = [n for n in near(random, hour + hours, [hour, hours, hour + 1], low=1) if int(n) <= 12]
    wrong += others(random, (str(n) for n in range(1, 13)), str(hour + hours), *wrong)
    unit = "hour" if hours == 1 else "hours"
    values = {"x": f"{hour} o'clock", "n": f"{hours} {unit}"}
    return Draw(values, f"{hour + hours} o'clock", [f"{n} o'clock" for n in wrong[:5]])


FAMILIES = (
    ordered(
        "law",
        "day_after",
        DAYS,
        1,
        asked(
            "What day comes after {x}?",
            "Which day follows {x}?",
            "After {x} comes ____.",
            "The day after {x} is ____.",
            "{x}, then which day?",
        )
        + phrased("the day after {x}", "the next day after {x}"),
        cyclic=True,
    ),
    ordered(
        "law",
        "day_before",
        DAYS,
        -1,
        asked(
            "What day comes before {x}?",
            "Which day is just before {x}?",
            "Before {x} comes ____.",
            "Which day does {x} follow?",
        )
        + phrased("the day before {x}", "the day right before {x}"),
        cyclic=True,
    ),
    ordered(
        "law",
        "tomorrow",
        DAYS,
        1,
        asked(
            "Today is {x}. What day is tomorrow?",
            "If today is {x}, what is tomorrow?",
            "It is {x} today. Tomorrow is ____.",
            "Today is {x}. Which day will it be tomorrow?",
            "Yesterday was {x}. What day is it today?",
        ),
        cyclic=True,
    ),
    ordered(
        "law",
        "yesterday",
        DAYS,
        -1,
        asked(
            "Today is {x}. What day was yesterday?",
            "If today is {x}, what was yesterday?",
            "It is {x} today. Yesterday was ____.",
            "Tomorrow is {x}. What day is it today?",
        ),
        cyclic=True,
    ),
    Family(
        "law",
        "days_later",
        _days_later,
        asked(
            "Today is {x}. What day is it in {n} days?",
            "What day is {n} days after {x}?",
            "Which day comes {n} days after {x}?",
            "It is {x}. In {n} days it will be ____.",
            "Today is {x}. I have {n} days to answer. Which day is the last one?",
            "The report is due {n} days after {x}. On which day is it due?",
        ),
    ),
    counts(
        "law",
        "number_of_day",
        NUMBER_OF_DAY,
        asked(
            "If Monday is day 1 of the week, what number is {x}?",
            "Monday is 1. What is {x}?",
            "Counting from Monday, which number is {x}?",
            "The week starts with Monday. {x} is day number ____.",
        ),
    ),
    counts(
        "math",
        "time_counts",
        HOW_MANY,
        asked(
            "How many {x}?",
            "How many {x} are there?",
            "Tell me how many {x}.",
            "Number of {x}: ____",
            "Do you know how many {x}?",
        )
        + phrased("the number of {x}"),
    ),
    Family(
        "law",
        "weekend",
        _weekend,
        asked(
            "Which of these is {kind}?",
            "Choose {kind}.",
            "Which one is {kind}?",
            "Name {kind}.",
            "____ is {kind}.",
        ),
    ),
    Family(
        "math",
        "clock_words",
        _half_past,
        asked(
            "What time is {x}?",
            "How do you write {x} in numbers?",
            "It is {x}. What does the clock show?",
            "{x} is ____",
            "Which time is the same as {x}?",
        ),
    ),
    Family(
        "math",
        "hours_later",
        _hours_later,
        asked(
            "It is {x}. What time is it in {n}?",
            "What time is {n} after {x}?",
            "The lesson starts at {x} and takes {n}. When does it end?",
            "It is {x} now. I come home in {n}. When is that?",
            "A film begins at {x} and lasts {n}. It ends at ____.",
        ),
    ),
    facts(
        "law",
        "part_of_day",
        PART_OF_DAY,
        asked(
            "When is the usual time for {x}?",
            "At which time of the day is {x}?",
            "The time for {x} is ____.",
            "{x}: when does it happen?",
        ),
    ),
)
