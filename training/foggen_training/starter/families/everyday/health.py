"""Everyday questions of medicines, deadlines and limits."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import DAYS, LONG_MONTHS, MONTHS
from ..drawing import near, others, verdict
from ..wordings import asked


def _syrup(random: Random) -> Draw:
    dose, times, days = random.choice([5, 10, 15]), random.randint(2, 4), random.randint(2, 7)
    answer = dose * times * days
    wrong = near(random, answer, [dose * times, dose * days, dose + times + days], low=1, step=5)
    return Draw({"a": dose, "n": times, "d": days}, f"{answer} ml", [f"{n} ml" for n in wrong])


def _next_dose(random: Random) -> Draw:
    hour, gap = random.randint(6, 14), random.choice([4, 6, 8])
    answer = f"{hour + gap}:00"
    pool = [f"{(hour + gap + n) % 24}:00" for n in (-2, -1, 1, 2, 3, gap)]
    return Draw({"a": f"{hour}:00", "h": gap}, answer, others(random, pool, answer))


def _most_a_day(random: Random) -> Draw:
    most = random.randint(3, 8)
    taken = random.randint(1, most - 1)
    return Draw(
        {"a": most, "b": taken},
        str(most - taken),
        near(random, most - taken, [most, taken, most + taken]),
    )


def _fever(random: Random) -> Draw:
    tenths = random.randint(360, 395)
    tenths += 1 if tenths == 380 else 0
    return verdict({"x": f"{tenths / 10:.1f}"}, tenths > 380)


def _half_tablets(random: Random) -> Draw:
    times, days = 2, random.randint(2, 12)
    wrong = near(random, days, [days * times, days // 2, days + 1], low=1)
    return Draw({"d": days}, str(days), wrong)


def _expired(random: Random) -> Draw:
    month, now = random.sample(range(12), 2)
    year = random.randint(2020, 2030)
    values = {"a": f"{MONTHS[month]} {year}", "b": f"{MONTHS[now]} {year}"}
    return verdict(values, now < month)


def _return_by(random: Random) -> Draw:
    bought, days = random.randint(1, 16), random.choice([7, 10, 14])
    month = random.choice(LONG_MONTHS)
    answer = bought + days
    wrong = others(
        random,
        map(str, (answer - 1, answer + 1, answer - 2, days, bought, answer - 7)),
        str(answer),
    )
    return Draw(
        {"a": f"{bought} {month}", "n": days}, f"{answer} {month}", [f"{n} {month}" for n in wrong]
    )


def _overdue(random: Random) -> Draw:
    days, fee = random.randint(2, 12), random.choice([5, 10, 20, 50])
    wrong = near(random, days * fee, [days + fee, fee, days * fee + fee], low=1, step=5)
    return Draw({"n": days, "a": fee}, f"{days * fee} tenge", [f"{n} tenge" for n in wrong])


def _parking(random: Random) -> Draw:
    came, limit = random.randint(8, 17), random.randint(1, 4)
    now = came + random.randint(1, 6)
    now += 1 if now == came + limit else 0
    unit = "hour" if limit == 1 else "hours"
    return verdict(
        {"a": f"{came}:00", "n": f"{limit} {unit}", "b": f"{now}:00"}, now < came + limit
    )


def _working_days(random: Random) -> Draw:
    start, days = random.randrange(5), random.randint(1, 5)
    answer = DAYS[(start + days) % 5]
    unit = "working day" if days == 1 else "working days"
    return Draw({"x": DAYS[start], "n": f"{days} {unit}"}, answer, others(random, DAYS, answer))


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "medical",
        "syrup",
        _syrup,
        "A child takes {a} ml of syrup {n} times a day for {d} days. How much is that in all?",
        "{a} ml, {n} times daily, {d} days: ____",
        "How much syrup do I need for {d} days at {n} doses of {a} ml a day?",
        "Dose {a} ml, {n} a day. For {d} days one needs what?",
    ),
    _family(
        "medical",
        "next_dose",
        _next_dose,
        "I took a tablet at {a}. The next one is due after {h} hours. When?",
        "Last dose {a}, every {h} hours: next at ____",
        "A drug is taken every {h} hours. The first dose was at {a}. When is the second?",
        "{a} plus {h} hours is the time for the medicine. Which time?",
    ),
    _family(
        "medical",
        "most_a_day",
        _most_a_day,
        "At most {a} tablets a day. I have taken {b}. How many may I still take today?",
        "Limit {a} a day, {b} taken: ____ left for today",
        "The leaflet allows {a} a day. {b} are gone. How many more?",
        "No more than {a} doses in a day; {b} were given. How many can be given yet?",
    ),
    _family(
        "medical",
        "is_it_fever",
        _fever,
        "Fever is above 38.0 degrees. I have {x}. Is it fever?",
        "{x} degrees, fever means over 38.0. Fever?",
        "The child has {x}. By the rule 'over 38.0 is fever', does it have fever?",
        "Is {x} more than 38.0, so that we call the doctor?",
    ),
    _family(
        "medical",
        "half_tablets",
        _half_tablets,
        "Take half a tablet in the morning and half in the evening for {d} days. How many tablets are needed?",
        "Half a tablet twice a day, {d} days: ____ tablets",
        "The cat gets half a pill two times a day. How many pills for {d} days?",
        "Two halves daily for {d} days: how many whole tablets?",
    ),
    _family(
        "medical",
        "still_good",
        _expired,
        "The yoghurt is good until the end of {a}. It is {b}. Is it still good by the date?",
        "Best before {a}. Now: {b}. Still in date?",
        "On the box: use by {a}. It is {b} now. May I use it?",
        "Valid to {a}. Is it valid in {b}?",
    ),
    _family(
        "law",
        "return_by",
        _return_by,
        "I bought shoes on {a}. They can be returned within {n} days. What is the last day?",
        "Bought on {a}, {n} days to return: until ____",
        "The trial period of {n} days began on {a}, counted from the next day. When does it end?",
        "{n} days after {a} the right to return ends. On which date?",
    ),
    _family(
        "law",
        "library_fee",
        _overdue,
        "A book is {n} days late. The library takes {a} tenge a day. How much must I pay?",
        "{n} days over, {a} tenge each: ____",
        "What do {n} days of delay cost at {a} tenge a day?",
        "The fee is {a} tenge for every late day. {n} days late is how much?",
    ),
    _family(
        "law",
        "parking_limit",
        _parking,
        "One may park for {n}. I came at {a}. It is {b}. Am I still within the limit?",
        "Parking: {n}. From {a}, now {b}. Still allowed?",
        "A ticket is good for {n} from {a}. Is it good at {b}?",
        "Limit {n}, start {a}, time {b}. In time?",
    ),
    _family(
        "law",
        "working_days",
        _working_days,
        "The parcel was sent on {x} and takes {n} (no weekend). When does it come?",
        "{x} plus {n}, Saturday and Sunday do not count: ____",
        "An answer is promised {n} after {x}. On which day?",
        "The bank needs {n} from {x}, weekends free. Which day is it then?",
    ),
)
