"""Everyday sums in plain words: what is left, how many together, twice as many."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import NAMES, spell, story
from ..drawing import counts, near, numbers, others
from ..wordings import asked, phrased

SAID_NUMBERS = numbers("""
half a dozen: 6; a dozen: 12; two dozen: 24; a score: 20; a pair: 2; a trio: 3; a couple: 2; a quartet: 4; a hundred: 100
a dozen and a half: 18; half a hundred: 50; three pairs: 6; a quarter of a hundred: 25; a baker's dozen: 13; a duo: 2
""")


def _number(
    random: Random, answer: int, mistakes: list[int], low: int = 0, **values: object
) -> Draw:
    return Draw({**story(random), **values}, str(answer), near(random, answer, mistakes, low=low))


def _packs(random: Random) -> Draw:
    size, packs = random.choice([4, 6, 8, 10, 12]), random.randint(2, 9)
    extra = random.randint(1, size - 1)
    need = size * (packs - 1) + extra
    return _number(random, packs, [packs - 1, need, size], 1, a=need, b=size)


def _birds(random: Random) -> Draw:
    start, gone, come = random.randint(6, 20), random.randint(1, 5), random.randint(1, 8)
    mistakes = [start - gone, start + gone + come, start + come]
    return _number(random, start - gone + come, mistakes, a=start, b=gone, c=come)


def _twice(random: Random) -> Draw:
    n, times = random.randint(2, 20), random.choice([2, 2, 3])
    word = {2: "twice", 3: "three times"}[times]
    return _number(random, n * times, [n + times, n, n * times + n], a=n, word=word)


def _together_twice(random: Random) -> Draw:
    n = random.randint(2, 20)
    return _number(random, 3 * n, [2 * n, n + 2, n], a=n)


def _three_people(random: Random) -> Draw:
    a, b, c = (random.randint(2, 12) for _ in range(3))
    third = random.choice(NAMES)
    return _number(random, a + b + c, [a + b, b + c, a * b], a=a, b=b, c=c, third=third)


def _pages(random: Random) -> Draw:
    a_day, days = random.randint(5, 20), random.randint(2, 6)
    left = random.randint(5, 60)
    mistakes = [a_day * days, left + a_day, a_day * days + left]
    return _number(random, left, mistakes, a=a_day * days + left, b=a_day, c=days)


def _seats(random: Random) -> Draw:
    rows, seats = random.randint(3, 9), random.randint(4, 12)
    taken = random.randint(1, rows * seats - 1)
    mistakes = [rows * seats, taken, rows + seats]
    return _number(random, rows * seats - taken, mistakes, a=rows, b=seats, c=taken)


def _cows_and_hens(random: Random) -> Draw:
    cows, hens = random.randint(1, 8), random.randint(2, 9)
    mistakes = [4 * (cows + hens), 2 * (cows + hens), cows + hens]
    unit = "cow" if cows == 1 else "cows"
    return _number(random, 4 * cows + 2 * hens, mistakes, a=f"{cows} {unit}", b=hens)


def _slices(random: Random) -> Draw:
    slices, people = random.choice([8, 10, 12]), random.randint(2, 4)
    each = random.randint(1, slices // people)
    mistakes = [slices - each, each * people, slices - people]
    return _number(random, slices - each * people, mistakes, a=slices, b=people, c=each)


def _thought(random: Random) -> Draw:
    n, b = random.randint(2, 20), random.randint(1, 15)
    text, result = random.choice(
        [(f"add {b}", n + b), (f"take away {b}", n - b), ("double it", 2 * n)]
    )
    return _number(random, n, [result + b, result, 2 * result], x=text, y=result)


def _precedence(random: Random) -> Draw:
    a, b, c = (random.randint(2, 9) for _ in range(3))
    text, answer, wrong = random.choice(
        [
            (f"{a} + {b} * {c}", a + b * c, (a + b) * c),
            (f"{a} * {b} + {c}", a * b + c, a * (b + c)),
            (f"({a} + {b}) * {c}", (a + b) * c, a + b * c),
        ]
    )
    return _number(random, answer, [wrong, a + b + c, a * b * c], x=text)


def _left_over(random: Random) -> Draw:
    people, each = random.randint(3, 7), random.randint(2, 6)
    rest = random.randint(1, people - 1)
    return _number(random, rest, [each, people - rest, people], a=people * each + rest, b=people)


def _largest_word(random: Random) -> Draw:
    chosen = random.sample([*range(11, 20), *range(20, 100, 10), 21, 35, 48, 53, 67, 76, 84, 99], 5)
    most = random.random() < 0.5
    answer = max(chosen) if most else min(chosen)
    wrong = [spell(n) for n in chosen if n != answer]
    return Draw({"x": "most" if most else "least"}, spell(answer), wrong)


def _place_value(random: Random) -> Draw:
    digits = random.sample(range(1, 10), 4)
    place, name = random.choice([(0, "thousands"), (1, "hundreds"), (2, "tens"), (3, "ones")])
    pool = [str(n) for n in (*digits, 0)]
    number = "".join(map(str, digits))
    return Draw(
        {"x": number, "place": name}, str(digits[place]), others(random, pool, str(digits[place]))
    )


def _distance(random: Random) -> Draw:
    speed, hours = random.choice([5, 15, 40, 50, 60, 80, 90]), random.randint(2, 6)
    wrong = near(random, speed * hours, [speed + hours, speed, speed * (hours + 1)], low=1, step=5)
    values = {"a": speed, "b": hours, "name": random.choice(NAMES)}
    return Draw(values, f"{speed * hours} km", [f"{n} km" for n in wrong])


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "math",
        "packs_needed",
        _packs,
        "{name} needs {a} eggs. They come in packs of {b}. How many packs must be bought?",
        "{a} needed, {b} in a pack: at least ____ packs",
        "We need {a} chairs, and a car takes {b}. How many trips?",
        "{a} guests, tables for {b}. How many tables are needed at least?",
    ),
    _family(
        "math",
        "birds_on_tree",
        _birds,
        "{a} birds sit on a tree. {b} fly away and {c} come. How many are there?",
        "{a} birds, {b} leave, {c} join: ____",
        "In the yard are {a} children. {b} go home, {c} others come. How many now?",
        "{name} had {a} {thing}, lost {b} and found {c}. How many are there in the end?",
    ),
    _family(
        "math",
        "twice_as_many",
        _twice,
        "{name} has {a} {thing}. {other} has {word} as many. How many has {other}?",
        "{word} as many as {a}: ____",
        "I have {a} {thing} and you have {word} as many. How many do you have?",
        "A small box holds {a} {thing}, a big one {word} as many. How many are in the big one?",
    ),
    _family(
        "math",
        "twice_and_together",
        _together_twice,
        "{name} has {a} {thing} and {other} twice as many. How many do they have together?",
        "{a} and twice {a} in all: ____",
        "One bag has {a} {thing}, the other double. How many in both?",
        "{other} has double the {a} {thing} of {name}. Count all of them.",
    ),
    _family(
        "math",
        "three_people",
        _three_people,
        "{name} has {a}, {other} {b} and a friend {c} {thing}. How many are there in all?",
        "{a}, {b} and {c} {thing}: total ____",
        "Three children have {a}, {b} and {c} {thing}. How many together?",
        "On Monday {a}, on Tuesday {b}, on Wednesday {c}. How many altogether?",
    ),
    _family(
        "math",
        "pages_left",
        _pages,
        "A book has {a} pages. {name} reads {b} a day for {c} days. How many pages are left?",
        "{a} pages, {c} days of {b}: ____ left",
        "I read {b} pages a day. After {c} days, how many of {a} remain?",
        "Of {a} tasks, {name} does {b} a day. How many are left after {c} days?",
    ),
    _family(
        "math",
        "free_seats",
        _seats,
        "A hall has {a} rows of {b} seats. {c} are taken. How many are free?",
        "{a} x {b} seats, {c} sold: ____ free",
        "There are {a} shelves for {b} books each, {c} books are there. How many more fit in?",
        "{a} rows, {b} places in each, {c} people. How many places stay empty?",
    ),
    _family(
        "math",
        "cows_and_hens",
        _cows_and_hens,
        "On a farm are {a} and {b} hens. How many legs are there?",
        "{a} and {b} hens: ____ legs",
        "{name} counts the legs of {a} and {b} hens. What is the number?",
        "How many legs do {a} and {b} hens have together?",
    ),
    _family(
        "math",
        "slices_left",
        _slices,
        "A pizza has {a} slices. {b} friends eat {c} each. How many slices are left?",
        "{a} pieces, {b} people take {c} each: ____ remain",
        "A cake of {a} pieces, {b} guests with {c} for each. What remains?",
        "Of {a} slices, {b} children get {c} each. How many are not eaten?",
    ),
    _family(
        "math",
        "number_thought_of",
        _thought,
        "I think of a number, {x} and get {y}. What was my number?",
        "Think of a number, {x}: {y}. The number was ____.",
        "Start with a number, {x}, and you have {y}. What was the start?",
        "Which number do you {x} to get {y}? (in my head)",
    ),
    _family(
        "math",
        "order_of_operations",
        _precedence,
        "What is {x}?",
        "{x} = ____",
        "How much is {x}? Mind the order.",
        "Result of {x}?",
    ),
    _family(
        "math",
        "left_over",
        _left_over,
        "{b} children share {a} {thing} equally. How many are left over?",
        "{a} {thing} for {b} people, the same for all. Left over: ____",
        "I put {a} {thing} into bags of {b}. How many do not fit into a full bag?",
        "{a} shared by {b}: what stays over?",
    ),
    _family(
        "math",
        "largest_number_word",
        _largest_word,
        "Which number is the {x}?",
        "Which of these words means the {x}?",
        "Choose the {x}.",
        "____ is the {x} of these.",
    ),
    _family(
        "math",
        "place_value",
        _place_value,
        "Which digit is in the {place} place of {x}?",
        "In {x} the {place} digit is ____.",
        "How many {place} has {x} by its digit there?",
        "{x}: name the digit of the {place}.",
    ),
    _family(
        "science",
        "distance_by_car",
        _distance,
        "{name} goes {a} km in an hour. How far is it in {b} hours?",
        "{a} km/h for {b} hours: ____",
        "A bus drives {b} hours at {a} km an hour. How many km is that?",
        "At a speed of {a} km/h, how far do I get in {b} hours?",
    ),
    counts(
        "math",
        "said_numbers",
        SAID_NUMBERS,
        asked(
            "How many is {x}?",
            "{x} means ____.",
            "How many things are {x}?",
            "If I say {x}, which number do I mean?",
        )
        + phrased("{x} as a number"),
    ),
)
