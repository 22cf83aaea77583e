"""Probability, and the counting of possibilities."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import near, others
from ..wordings import asked, phrased

DICE = tuple(
    (f"a {kind}", Fraction(len(hits), 6))
    for kind, hits in (
        ("six", (6,)),
        ("three", (3,)),
        ("number above 4", (5, 6)),
        ("number below 4", (1, 2, 3)),
        ("multiple of 3", (3, 6)),
        ("prime number", (2, 3, 5)),
        ("number that is not 6", (1, 2, 3, 4, 5)),
        ("number from 1 to 4", (1, 2, 3, 4)),
    )
)
PAIRS = {
    total: sum(a + b == total for a in range(1, 7) for b in range(1, 7)) for total in range(2, 13)
}
CARDS = (
    ("an ace", Fraction(1, 13)),
    ("a heart", Fraction(1, 4)),
    ("a red card", Fraction(1, 2)),
    ("the queen of spades", Fraction(1, 52)),
    ("a king or a queen", Fraction(2, 13)),
    ("a black ace", Fraction(1, 26)),
    ("a jack, a queen or a king", Fraction(3, 13)),
)
SHARES = [str(Fraction(n, d)) for d in (2, 3, 4, 6, 8, 12, 13, 36, 52) for n in range(1, min(d, 6))]


def _die(random: Random) -> Draw:
    event, chance = random.choice(DICE)
    return Draw({"x": event}, str(chance), others(random, SHARES, str(chance)))


def _two_dice(random: Random) -> Draw:
    total = random.randint(2, 12)
    chance = str(Fraction(PAIRS[total], 36))
    pool = [str(Fraction(n, 36)) for n in range(1, 8)] + ["1/11", "1/2"]
    return Draw({"x": total}, chance, others(random, pool, chance))


def _card(random: Random) -> Draw:
    event, chance = random.choice(CARDS)
    return Draw({"x": event}, str(chance), others(random, SHARES, str(chance)))


def _coins(random: Random) -> Draw:
    n = random.randint(2, 6)
    pool = [f"1/{m}" for m in (2, 3, 4, 6, 8, 10, 12, 16, 32, 64)]
    return Draw({"x": n}, f"1/{2**n}", others(random, pool, f"1/{2**n}"))


def _marbles(random: Random) -> Draw:
    first, second = random.sample(["red", "blue", "green", "white"], 2)
    a, b = random.randint(1, 8), random.randint(1, 8)
    answer = Fraction(a, a + b)
    pool = [
        Fraction(b, a + b),
        Fraction(1, a + 1),
        Fraction(1, 3),
        Fraction(a, a + b + 1),
        Fraction(1, 5),
        Fraction(3, 8),
        Fraction(2, 9),
    ]
    values = {"a": a, "b": b, "x": first, "y": second}
    return Draw(values, str(answer), others(random, map(str, pool), str(answer)))


def _handshakes(random: Random) -> Draw:
    n = random.randint(3, 12)
    return Draw(
        {"x": n}, str(comb(n, 2)), near(random, comb(n, 2), [n * n, n * (n - 1), 2 * n, n], low=1)
    )


def _outfits(random: Random) -> Draw:
    a, b, c = (random.randint(2, 6) for _ in range(3))
    values = {"a": a, "b": b, "c": c}
    return Draw(
        values, str(a * b * c), near(random, a * b * c, [a + b + c, a * b, a * b + c], low=1)
    )


def _codes(random: Random) -> Draw:
    digits, n = random.choice([(10, 2), (10, 3), (10, 4), (3, 3), (2, 5), (4, 2), (5, 2), (2, 8)])
    pool = [
        digits * n,
        n**digits,
        digits**n // 2,
        digits ** (n - 1),
        digits**n - 1,
        digits**n + digits,
    ]
    answer = digits**n
    return Draw({"a": digits, "b": n}, str(answer), others(random, map(str, pool), str(answer)))


def _family(name: str, draw: Callable[[Random], Draw], *questions: str, of: str = "") -> Family:
    return Family("math", name, draw, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _family(
        "one_die",
        _die,
        "A fair die is thrown once. What is the probability of {x}?",
        "One throw of a die: P({x}) = ____",
        of="the chance of {x} with one die",
    ),
    _family(
        "two_dice",
        _two_dice,
        "Two dice are thrown. What is the probability that they add up to {x}?",
        "P(sum of two dice = {x}) = ____",
        of="the chance that two dice show {x} in total",
    ),
    _family(
        "playing_card",
        _card,
        "One card is drawn from 52. What is the probability of {x}?",
        "A pack of 52 cards: the chance to draw {x} is ____.",
        of="the probability to draw {x} from a full pack of 52 cards",
    ),
    _family(
        "coin_tosses",
        _coins,
        "A fair coin is tossed {x} times. What is the probability that all are heads?",
        "{x} tosses, always tails: probability ____",
        of="the chance of {x} heads in {x} tosses",
    ),
    _family(
        "marbles",
        _marbles,
        "A bag has {a} {x} and {b} {y} marbles. One is drawn. What is the probability that it is {x}?",
        "{a} {x} balls and {b} {y} balls are in an urn. P({x}) = ____",
        of="the chance to draw {x} from {a} {x} and {b} {y} marbles",
    ),
    _family(
        "handshakes",
        _handshakes,
        "{x} people shake hands, each with each. How many handshakes are there?",
        "In a group of {x} teams each plays each other once. How many games is that?",
        of="the number of pairs among {x} people",
    ),
    _family(
        "outfits",
        _outfits,
        "One has {a} shirts, {b} trousers and {c} hats. How many outfits are possible?",
        "A menu has {a} soups, {b} main dishes and {c} desserts. How many meals of three courses are there?",
        "{a} roads lead from A to B, {b} from B to C, {c} from C to D. How many ways are there from A to D?",
    ),
    _family(
        "codes",
        _codes,
        "How many codes of {b} places can be made from {a} signs, if signs may be repeated?",
        "A lock has {b} wheels with {a} signs each. How many settings are there?",
        "{a} signs, {b} places, repeats allowed: ____ codes",
    ),
)
