"""Comparing: size, weight, speed, length, time; and who is taller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import NAMES
from ..drawing import counts, facts, numbers, pairs, verdict, words
from ..wordings import asked, phrased

# From small to large, each entry clearly beyond the one before.
SIZES = words("a virus, an ant, a mouse, a cat, a sheep, a cow, an elephant, a blue whale")
WEIGHTS = words(
    "a feather, a coin, an apple, a brick, a bicycle, a horse, a car, a loaded lorry, a passenger ship"
)
SPEEDS = words(
    "a snail, a tortoise, a walker, a runner, a car on a motorway, a jet plane, a rocket, light"
)
TIMES = words("a second, a minute, an hour, a day, a week, a month, a year, a decade, a century")
LENGTHS = words("a millimetre, a centimetre, a metre, a kilometre")
DISTANCES = words(
    "an ant, a pencil, a bus, a football field, the road from Astana to Almaty, "
    "the way from the Earth to the Moon, the way from the Earth to the Sun"
)
HEAT = words(
    "dry ice, ice, water in a swimming pool, hot tea, a baking oven, melted iron, the centre of the Sun"
)
AGES = words(
    "a newborn baby, a pupil in the first class, a university student, a father of adult children, a great-grandmother"
)
AMOUNTS = words("one, a pair, a dozen, a hundred, a thousand, a million, a billion")
UNITS = numbers("""
centimetres in a metre: 100; metres in a kilometre: 1000; millimetres in a centimetre: 10
grams in a kilogram: 1000; kilograms in a tonne: 1000; millilitres in a litre: 1000; millimetres in a metre: 1000
centimetres in half a metre: 50; grams in half a kilogram: 500; metres in half a kilometre: 500
centimetres in two metres: 200; grams in two kilograms: 2000; millilitres in half a litre: 500
centimetres in a decimetre: 10; decimetres in a metre: 10; metres in two kilometres: 2000
""")
MEASURES = pairs("""
length: metre; mass: kilogram; time: second; temperature: degree Celsius; the volume of milk: litre
electric current: ampere; voltage: volt; power: watt; force: newton; area: square metre; angle: degree
""")
INSTRUMENTS = pairs("""
temperature: thermometer; time: clock; weight: scales; length: ruler; direction on a walk: compass
air pressure: barometer; speed of a car: speedometer; an angle: protractor; earthquakes: seismograph
""")
SHORT = pairs("""
kilogram: kg; centimetre: cm; metre: m; kilometre: km; millimetre: mm; gram: g; litre: l; second: s
hour: h; millilitre: ml; tonne: t
""")


def _ranked(items: Sequence[str], more: str, less: str) -> Callable[[Random], Draw]:
    """Asks which of two to five things is at one end of an order."""

    def draw(random: Random) -> Draw:
        count = min(len(items), random.choice([2, 2, 3, 4, 5]))
        chosen = sorted(random.sample(range(len(items)), count))
        word, place = random.choice([(more, chosen[-1]), (less, chosen[0])])
        shown = random.sample(chosen, count)
        listed = ", ".join(items[n] for n in shown[:-1]) + " or " + items[shown[-1]]
        wrong = [items[n] for n in shown if n != place]
        return Draw({"x": word, "list": listed}, items[place], wrong)

    return draw


def _taller(random: Random) -> Draw:
    names = random.sample(NAMES, 3)
    more, less, most, least = random.choice(
        [
            ("taller", "shorter", "the tallest", "the shortest"),
            ("older", "younger", "the oldest", "the youngest"),
            ("faster", "slower", "the fastest", "the slowest"),
            ("richer", "poorer", "the richest", "the poorest"),
        ]
    )
    first, second, third = names
    facts_ = [
        random.choice([f"{first} is {more} than {second}.", f"{second} is {less} than {first}."]),
        random.choice([f"{second} is {more} than {third}.", f"{third} is {less} than {second}."]),
    ]
    random.shuffle(facts_)
    word, answer = random.choice([(most, first), (least, third)])
    wrong = [name for name in names if name != answer] + ["All are the same"]
    return Draw({"facts": " ".join(facts_), "x": word}, answer, wrong)


def _two_people(random: Random) -> Draw:
    name, other = random.sample(NAMES, 2)
    more, less = random.choice(
        [("taller", "shorter"), ("older", "younger"), ("faster", "slower"), ("stronger", "weaker")]
    )
    asked_for, answer = random.choice([(more, name), (less, other)])
    values = {"a": name, "b": other, "more": more, "x": asked_for}
    return Draw(values, answer, [name if answer == other else other])


def _longer_than(random: Random) -> Draw:
    a, b = random.sample(range(len(TIMES)), 2)
    return verdict({"a": TIMES[a], "b": TIMES[b]}, a > b)


def _which(name: str, items: Sequence[str], more: str, less: str) -> Family:
    return Family(
        "science",
        name,
        _ranked(items, more, less),
        asked(
            "Which is {x}: {list}?",
            "Which is {x}, {list}?",
            "What is {x}: {list}?",
            "{list}: which one is {x}?",
            "{list}. {x}: ____",
            "Choose what is {x}: {list}.",
        )
        + phrased("{x} here: {list}"),
    )


FAMILIES = (
    _which("bigger", SIZES, "the biggest", "the smallest"),
    _which("heavier", WEIGHTS, "the heaviest", "the lightest"),
    _which("faster", SPEEDS, "the fastest", "the slowest"),
    _which("longer_time", TIMES, "the longest time", "the shortest time"),
    _which("longer_unit", LENGTHS, "the longest", "the shortest"),
    _which("longer_distance", DISTANCES, "the longest", "the shortest"),
    _which("hotter", HEAT, "the hottest", "the coldest"),
    _which("older", AGES, "the oldest", "the youngest"),
    _which("more", AMOUNTS, "the largest number", "the smallest number"),
    Family(
        "math",
        "who_is_the_tallest",
        _taller,
        asked(
            "{facts} Who is {x}?",
            "{facts} Which of them is {x}?",
            "{facts} {x}: ____",
            "{facts} So who is {x}?",
            "Read and answer. {facts} Who is {x}?",
        ),
    ),
    Family(
        "math",
        "who_is_taller",
        _two_people,
        asked(
            "{a} is {more} than {b}. Who is {x}?",
            "If {a} is {more} than {b}, who is {x}?",
            "{a} is {more} than {b}. Which of the two is {x}?",
            "We know that {a} is {more} than {b}. The {x} one is ____.",
        ),
    ),
    Family(
        "science",
        "is_it_longer",
        _longer_than,
        asked(
            "Is {a} longer than {b}?",
            "Yes or no: {a} is longer than {b}.",
            "Does {a} last longer than {b}?",
            "Is {b} shorter than {a}?",
        ),
    ),
    counts(
        "science",
        "simple_units",
        UNITS,
        asked(
            "How many {x}?",
            "How many {x} are there?",
            "Number of {x}: ____",
            "Tell me how many {x}.",
            "Do you know how many {x}?",
        )
        + phrased("the number of {x}"),
    ),
    facts(
        "science",
        "unit_of",
        MEASURES,
        asked(
            "In which unit do we measure {x}?",
            "What is the usual unit of {x}?",
            "{x} is measured in which unit?",
            "The unit of {x} is the ____.",
        )
        + phrased("a unit of {x}"),
    ),
    facts(
        "science",
        "instrument_for",
        INSTRUMENTS,
        asked(
            "With what do we measure {x}?",
            "Which instrument shows {x}?",
            "{x}: which instrument?",
            "To measure {x} we use: ____",
        )
        + phrased("the instrument for {x}"),
    ),
    facts(
        "science",
        "unit_sign",
        SHORT,
        asked(
            "How do you write {x} for short?",
            "What is the sign of the unit {x}?",
            "{x} is shortened to ____.",
            "Which letters stand for {x}?",
        )
        + phrased("the short form of {x}"),
    ),
)
