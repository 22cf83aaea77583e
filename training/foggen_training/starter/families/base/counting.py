"""Counting: legs, sides, wheels, and what number comes next."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..common import spell
from ..drawing import counts, keys, near, numbers, others
from ..drawing import words as listed
from ..wordings import asked, phrased

LEGS = numbers("""
dog: 4; cat: 4; horse: 4; cow: 4; sheep: 4; goat: 4; camel: 4; lion: 4; mouse: 4; elephant: 4; pig: 4
bird: 2; chicken: 2; duck: 2; eagle: 2; person: 2; spider: 8; ant: 6; bee: 6; fly: 6; butterfly: 6
snake: 0; fish: 0; worm: 0; frog: 4; rabbit: 4; wolf: 4; bear: 4; beetle: 6; penguin: 2; owl: 2
""")
COMMON_ANIMALS = listed(  # with a plural in s
    "dog, cat, horse, cow, goat, lion, bird, duck, spider, ant, bee, frog, rabbit, bear, camel, owl"
)
SIDES = numbers("""
triangle: 3; square: 4; rectangle: 4; pentagon: 5; hexagon: 6; heptagon: 7; octagon: 8; rhombus: 4
trapezium: 4; parallelogram: 4; decagon: 10
""")
PARTS = numbers("""
wheels does a car have: 4; wheels does a bicycle have: 2; wheels does a tricycle have: 3
wheels does a motorcycle have: 2; fingers are on one hand: 5; fingers do two hands have: 10
toes are on one foot: 5; eyes does a person have: 2; ears does a person have: 2
noses does a person have: 1; legs does a chair usually have: 4; legs does a table usually have: 4
players does a football team have on the field: 11; players does a basketball team have on the court: 5
letters are in the English alphabet: 26; vowels are in the English alphabet: 5
colours are in the rainbow: 7; continents are there: 7; planets are in the solar system: 8
eggs are in a dozen: 12; shoes are in a pair: 2; twins are born together: 2; triplets are born together: 3
strings does a violin have: 4; strings does a usual guitar have: 6; strings does a dombra have: 2
squares are on a chessboard: 64; faces does a cube have: 6; corners does a cube have: 8
sides does a coin have: 2; hands does a person have: 2; thumbs does a person have: 2
lungs does a person have: 2; hearts does a person have: 1; bones does an adult person have: 206
teeth does an adult person have: 32; wings does a bird have: 2; arms does an octopus have: 8
states does the USA have: 50; oceans are there: 5; degrees are in a right angle: 90
degrees are in a full circle: 360; sides does a die have: 6; cents are in a dollar: 100
humps does a dromedary have: 1; suits are in a pack of cards: 4
""")


def _many_legs(random: Random) -> Draw:
    animal = random.choice(COMMON_ANIMALS)
    number = random.randint(2, 6)
    answer = number * LEGS[animal]
    wrong = near(
        random, answer, [number, LEGS[animal], number + LEGS[animal], answer + LEGS[animal]]
    )
    values = {"x": f"{random.choice([str(number), spell(number)])} {animal}s"}
    return Draw(values, str(answer), wrong)


def _number_after(random: Random) -> Draw:
    number = random.choice(
        [random.randint(1, 20), random.randint(1, 200), 10 * random.randint(1, 20) - 1]
    )
    wrong = near(random, number + 1, [number - 1, number + 2, number + 10, number + 11])
    return Draw({"x": number}, str(number + 1), [n for n in wrong if n != str(number)])


def _number_before(random: Random) -> Draw:
    number = random.choice(
        [random.randint(2, 20), random.randint(2, 200), 10 * random.randint(1, 20)]
    )
    wrong = near(random, number - 1, [number + 1, number - 2, number - 10, number + 9])
    return Draw({"x": number}, str(number - 1), [n for n in wrong if n != str(number)])


def _sequence(random: Random) -> Draw:
    step = random.choice([1, 2, 2, 3, 4, 5, 10])
    start = random.choice([step, random.randint(1, 20)])
    shown = [start + step * n for n in range(4)]
    answer = shown[-1] + step
    pool = [answer + n for n in (1, 2, -1, 10, -2) if n != -step] + [
        answer + step,
        answer + 2 * step,
    ]
    wrong = others(random, map(str, pool), str(answer), *map(str, shown))
    return Draw({"x": ", ".join(map(str, shown))}, str(answer), wrong)


def _between(random: Random) -> Draw:
    answer = random.randint(2, 99)
    low, high = answer - 1, answer + 1
    wrong = [n for n in near(random, answer, [answer + 2, answer - 2]) if int(n) not in (low, high)]
    wrong += [str(answer + 8), str(answer + 9), str(answer + 10)]
    values = {"x": f"{low} and {high}"}
    return Draw(values, str(answer), list(dict.fromkeys(wrong))[:5])


FAMILIES = (
    counts(
        "science",
        "legs",
        LEGS,
        asked(
            "How many legs does {ax} have?",
            "How many legs has {ax}?",
            "{Ax} has ____ legs.",
            "{x}: how many legs?",
            "Count the legs of {ax}.",
        )
        + phrased("the number of legs of {ax}"),
    ),
    Family(
        "math",
        "many_legs",
        _many_legs,
        asked(
            "How many legs do {x} have?",
            "How many legs do {x} have together?",
            "{x} have ____ legs in all.",
            "Count all the legs of {x}.",
        )
        + phrased("the number of legs of {x}"),
    ),
    counts(
        "math",
        "sides",
        SIDES,
        asked(
            "How many sides does {ax} have?",
            "How many corners does {ax} have?",
            "{Ax} has ____ sides.",
            "How many angles are in {ax}?",
            "{x}: how many sides?",
        )
        + phrased("the number of sides of {ax}"),
    ),
    keys(
        "math",
        "shape_of_sides",
        {
            shape: str(SIDES[shape])
            for shape in ("triangle", "square", "pentagon", "hexagon", "heptagon", "octagon")
        },
        asked(
            "Which shape has {x} sides?",
            "What do you call a shape with {x} sides?",
            "A shape with {x} corners is a ____.",
            "Which of these has {x} angles?",
        )
        + phrased("the name of a shape with {x} sides"),
    ),
    counts(
        "science",
        "parts",
        PARTS,
        asked(
            "How many {x}?",
            "Tell me how many {x}.",
            "Do you know how many {x}?",
            "Please say how many {x}.",
            "Answer with a number: how many {x}?",
        ),
    ),
    Family(
        "math",
        "number_after",
        _number_after,
        asked(
            "What number comes after {x}?",
            "Which number follows {x}?",
            "After {x} comes ____.",
            "Count on: {x}, ____",
            "When you count, what do you say after {x}?",
        )
        + phrased("the next number after {x}", "one more than {x}"),
    ),
    Family(
        "math",
        "number_before",
        _number_before,
        asked(
            "What number comes before {x}?",
            "Which number is just before {x}?",
            "Before {x} comes ____.",
            "Count back from {x}. What is the next number?",
        )
        + phrased("the number before {x}", "one less than {x}"),
    ),
    Family(
        "math",
        "number_between",
        _between,
        asked(
            "Which number is between {x}?",
            "What number lies between {x}?",
            "Between {x} is ____.",
            "Find the number between {x}.",
        )
        + phrased("the whole number between {x}"),
    ),
    Family(
        "math",
        "skip_counting",
        _sequence,
        asked(
            "What comes next: {x}, ____?",
            "{x}, ... What is the next number?",
            "Which number continues {x}?",
            "Continue: {x}, ____",
            "Find the next number: {x}, ?",
        )
        + phrased("the next number in {x}"),
    ),
)
