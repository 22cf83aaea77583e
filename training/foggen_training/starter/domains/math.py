"""Math: comparison, arithmetic, remainders, greatest common divisors."""

from __future__ import annotations

from math import gcd
from random import Random

from ..skills import Draw, Skill, integer, wrong_numbers

NEAR = {1: 0.2, 2: 0.4, 3: 0.6}


def _largest(random: Random, tier: int) -> Draw:
    numbers = random.sample(range(10 ** (tier - 1), 10 ** (tier + 1)), 4)
    which = random.choice(["largest", "smallest"])
    answer = max(numbers) if which == "largest" else min(numbers)
    numbers.remove(answer)
    return Draw({"which": which, "answer": answer}, str(answer), [str(n) for n in numbers])


def _add(random: Random, tier: int) -> Draw:
    a, b = integer(random, tier), integer(random, random.randint(1, tier))
    wrong = wrong_numbers(random, a + b, [abs(a - b), a * b % 1000], NEAR[tier])
    return Draw({"a": a, "b": b}, str(a + b), wrong)


def _subtract(random: Random, tier: int) -> Draw:
    b, rest = integer(random, random.randint(1, tier)), integer(random, tier)
    a = b + rest
    return Draw({"a": a, "b": b}, str(rest), wrong_numbers(random, rest, [a + b, a], NEAR[tier]))


def _multiply(random: Random, tier: int) -> Draw:
    limits = {1: (5, 5), 2: (9, 9), 3: (40, 9)}[tier]
    a, b = random.randint(1, limits[0]), random.randint(2, limits[1])
    wrong = wrong_numbers(random, a * b, [a + b, a * (b + 1), (a + 1) * b], NEAR[tier])
    return Draw({"a": a, "b": b}, str(a * b), wrong)


def _remainder(random: Random, tier: int) -> Draw:
    b = random.choice({1: [2, 5, 10], 2: [3, 4], 3: [6, 7, 8, 9]}[tier])
    a = random.randrange(b, 30 * tier)
    wrong = [str(n) for n in range(max(4, b)) if n != a % b]
    return Draw({"a": a, "b": b}, str(a % b), random.sample(wrong, 3))


def _greatest_common_divisor(random: Random, tier: int) -> Draw:
    factor = random.randint(2, 3 + 3 * tier)
    a, b = factor * random.randint(1, 2 + 2 * tier), factor * random.randint(1, 2 + 2 * tier)
    answer = gcd(a, b)
    wrong = wrong_numbers(random, answer, [abs(a - b), a * b // answer, 1], NEAR[tier])
    return Draw({"a": a, "b": b}, str(answer), wrong)


def _half(random: Random, tier: int) -> Draw:
    factor = random.choice([2, 10] if tier == 1 else [2, 3, 4])
    word = {2: "half", 3: "a third", 4: "a quarter", 10: "a tenth"}[factor]
    answer = integer(random, 1 if tier == 1 else tier - 1)
    wrong = wrong_numbers(random, answer, [answer * 2, answer + factor], NEAR[tier])
    return Draw({"part": word, "a": answer * factor}, str(answer), wrong)


SKILLS = (
    Skill(
        "math",
        "largest",
        _largest,
        [
            "Which number is the {which}?",
            "Which of these is the {which} number?",
            "Find the {which} number.",
            "Choose the {which} of the numbers below.",
            "Select the {which} value.",
            "What is the {which} number listed?",
        ],
        ["Which of the values below is the {which}?", "Choose the {which} number listed."],
    ),
    Skill(
        "math",
        "add",
        _add,
        [
            "What is {a} + {b}?",
            "Compute {a} + {b}.",
            "{a} + {b} = ?",
            "Find the sum of {a} and {b}.",
            "What is the sum of {a} and {b}?",
            "Add {b} to {a}.",
            "Ali has {a} apples and buys {b} more. How many apples does he have?",
            "What do {a} and {b} make together?",
        ],
        ["Find {a} + {b}.", "Compute the sum of {a} and {b}."],
    ),
    Skill(
        "math",
        "subtract",
        _subtract,
        [
            "What is {a} - {b}?",
            "Compute {a} - {b}.",
            "{a} - {b} = ?",
            "Subtract {b} from {a}.",
            "What is the difference between {a} and {b}?",
            "Dana has {a} pens and gives away {b}. How many pens are left?",
            "What is left when {b} is taken from {a}?",
        ],
        ["Find {a} - {b}.", "Find the difference between {a} and {b}."],
    ),
    Skill(
        "math",
        "multiply",
        _multiply,
        [
            "What is {a} * {b}?",
            "Compute {a} * {b}.",
            "{a} * {b} = ?",
            "What is {a} times {b}?",
            "Find the product of {a} and {b}.",
            "What is the product of {a} and {b}?",
            "There are {a} boxes with {b} pens in each. How many pens are there?",
        ],
        ["Find {a} * {b}.", "Compute the product of {a} and {b}."],
    ),
    Skill(
        "math",
        "remainder",
        _remainder,
        [
            "What is the remainder when {a} is divided by {b}?",
            "Find the remainder of {a} divided by {b}.",
            "What is {a} mod {b}?",
            "Compute {a} mod {b}.",
            "{a} pens are shared by {b} children equally. How many pens are left?",
        ],
        ["Find {a} mod {b}.", "Compute the remainder when {a} is divided by {b}."],
    ),
    Skill(
        "math",
        "gcd",
        _greatest_common_divisor,
        [
            "What is the greatest common divisor of {a} and {b}?",
            "Find the gcd of {a} and {b}.",
            "What is gcd({a}, {b})?",
            "What is the largest number that divides both {a} and {b}?",
        ],
        ["Find the greatest common divisor of {a} and {b}.", "Compute gcd({a}, {b})."],
        tiers=(2, 3),
    ),
    Skill(
        "math",
        "part",
        _half,
        [
            "What is {part} of {a}?",
            "Find {part} of {a}.",
            "Compute {part} of {a}.",
            "Dana has {a} pens and gives away {part} of them. How many does she give?",
        ],
        ["How many is {part} of {a}?", "Choose the number that is {part} of {a}."],
    ),
)
