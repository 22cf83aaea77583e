"""Recipes, sport, time zones, and dates over months and years."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import MONTHS, NAMES
from ..drawing import near, others
from ..wordings import asked

OFFSETS = {
    "London": 0,
    "Paris": 1,
    "Berlin": 1,
    "Cairo": 2,
    "Moscow": 3,
    "Dubai": 4,
    "Astana": 5,
    "Delhi": 5.5,
    "Bangkok": 7,
    "Beijing": 8,
    "Tokyo": 9,
    "Sydney": 10,
    "New York": -5,
    "Chicago": -6,
    "Los Angeles": -8,
}


def _recipe(random: Random) -> Draw:
    people, factor = random.choice([2, 3, 4]), random.choice([2, 3, 5])
    amount = 50 * random.randint(1, 8)
    unit = random.choice(["g of flour", "ml of milk", "g of rice", "g of sugar"])
    wrong = near(
        random,
        amount * factor,
        [amount + factor, amount * people, amount * (factor + 1)],
        low=1,
        step=50,
    )
    values = {"a": f"{amount} {unit}", "n": people, "m": people * factor}
    return Draw(values, f"{amount * factor} {unit}", [f"{n} {unit}" for n in wrong])


def _league(random: Random) -> Draw:
    won, drawn, lost = random.randint(1, 12), random.randint(1, 8), random.randint(1, 8)
    mistakes = [2 * won + drawn, 3 * won, won + drawn, 3 * won + drawn - lost]
    wrong = near(random, 3 * won + drawn, mistakes, low=1)
    return Draw({"w": won, "d": drawn, "l": lost}, str(3 * won + drawn), wrong)


def _score(random: Random) -> Draw:
    home, away = random.randint(0, 3), random.randint(0, 3)
    more, other = random.randint(1, 3), random.randint(0, 2)
    answer = f"{home + more}:{away + other}"
    pool = [f"{home + a}:{away + b}" for a in range(4) for b in range(4)] + [
        f"{away + other}:{home + more}"
    ]
    values = {"x": f"{home}:{away}", "a": more, "b": other}
    return Draw(values, answer, others(random, pool, answer))


def _pace(random: Random) -> Draw:
    km, pace = random.choice([3, 5, 8, 10, 12]), random.randint(4, 8)
    wrong = near(random, km * pace, [km + pace, (km + 1) * pace, km * (pace + 1)], low=1)
    return Draw({"a": km, "b": pace}, f"{km * pace} minutes", [f"{n} minutes" for n in wrong])


def _clock(hour: float) -> str:
    return f"{int(hour % 24):02d}:{'30' if hour % 1 else '00'}"


def _zone(random: Random) -> Draw:
    here, there = random.sample(list(OFFSETS), 2)
    hour = random.randint(0, 23)
    shift = OFFSETS[there] - OFFSETS[here]
    answer = _clock(hour + shift)
    pool = [
        _clock(hour - shift),
        *(_clock(hour + shift + n) for n in (-2, -1, 1, 2, 12)),
        _clock(hour),
    ]
    values = {
        "here": f"{here} (UTC{OFFSETS[here]:+g})",
        "there": f"{there} (UTC{OFFSETS[there]:+g})",
        "t": _clock(hour),
    }
    return Draw(values, answer, others(random, pool, answer))


def _months_later(random: Random) -> Draw:
    start, months = random.randrange(12), random.randint(4, 30)
    answer = MONTHS[(start + months) % 12]
    return Draw({"x": MONTHS[start], "n": months}, answer, others(random, MONTHS, answer))


def _leap(random: Random) -> Draw:
    years = range(1896, 2101)
    leap = [str(n) for n in years if n % 4 == 0 and (n % 100 or n % 400 == 0)]
    usual = [str(n) for n in years if str(n) not in leap and (n % 2 == 0 or n % 100 == 0)]
    return Draw({}, random.choice(leap), others(random, usual))


def _duration(random: Random) -> Draw:
    start, length = 5 * random.randint(80, 200), 5 * random.randint(7, 60)
    end = start + length

    def shown(n: int) -> str:
        return f"{n // 60} h {n % 60} min"

    pool = [shown(max(5, length + n)) for n in (-60, 60, -10, 10, 40, -40, 5)]
    values = {
        "a": f"{start // 60}:{start % 60:02d}",
        "b": f"{end // 60}:{end % 60:02d}",
        "name": random.choice(NAMES),
    }
    return Draw(values, shown(length), others(random, pool, shown(length)))


def _century(random: Random) -> Draw:
    year = random.randint(101, 2099)
    century = (year + 99) // 100

    def shown(n: int) -> str:
        return f"the {n}{'th' if 10 < n < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')} century"

    wrong = near(random, century, [century - 1, century + 1], low=1)
    return Draw({"x": year}, shown(century), [shown(int(n)) for n in wrong])


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "math",
        "recipe",
        _recipe,
        "A recipe for {n} people needs {a}. How much is needed for {m} people?",
        "{a} for {n} people, ____ for {m}",
        "I cook for {m}. The book says {a} for {n}. What do I take?",
        "Scale the recipe from {n} to {m} people: {a} become?",
    ),
    _family(
        "math",
        "league_points",
        _league,
        "A win gives 3 points, a draw 1. A team won {w}, drew {d} and lost {l}. How many points does it have?",
        "{w} wins, {d} draws, {l} losses, football rules of three points for a win: ____ points",
        "In the league a team has {w} victories, {d} draws and {l} defeats. Victory is 3 points, draw 1. Points?",
        "How many points are {w} wins at 3 and {d} draws at 1, with {l} games lost?",
    ),
    _family(
        "math",
        "final_score",
        _score,
        "At half time it is {x}. Then the home team scores {a} and the guests {b}. What is the final score?",
        "{x} at the break, {a} more goals for the hosts and {b} for the guests: ____",
        "The score was {x}. After {a} home goals and {b} away goals it is what?",
        "From {x}, add {a} for the first team and {b} for the second. Result?",
    ),
    _family(
        "math",
        "running_pace",
        _pace,
        "A runner needs {b} minutes for each km. How long are {a} km?",
        "{a} km at {b} minutes a km: ____",
        "With a pace of {b} min/km, when have I run {a} km?",
        "How many minutes does {a} km take at {b} minutes per km?",
    ),
    _family(
        "science",
        "time_zone",
        _zone,
        "It is {t} in {here}. What time is it in {there}?",
        "{here}: {t}. {there}: ____",
        "When it is {t} in {here}, what does a clock in {there} show?",
        "I call from {here} at {t}. Which time is it in {there}?",
    ),
    _family(
        "law",
        "months_later",
        _months_later,
        "It is {x}. Which month is it in {n} months?",
        "Which month is {n} months after {x}?",
        "A contract begins in {x} and runs for {n} months. In which month is it over, counting {n} months on?",
        "{x} plus {n} months: ____",
    ),
    _family(
        "science",
        "leap_year",
        _leap,
        "Which of these is a leap year?",
        "Which year has 366 days?",
        "____ is a leap year.",
        "In which year is there a 29 February?",
    ),
    _family(
        "math",
        "duration",
        _duration,
        "A train leaves at {a} and arrives at {b}. How long is the journey?",
        "From {a} to {b} are ____.",
        "{name} works from {a} to {b}. How long is that?",
        "How much time passes between {a} and {b}?",
    ),
    _family(
        "law",
        "century",
        _century,
        "In which century is the year {x}?",
        "The year {x} belongs to ____.",
        "Which century does the year {x} fall into?",
        "year {x}: which century?",
    ),
)
