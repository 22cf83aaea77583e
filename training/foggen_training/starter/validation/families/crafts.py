"""Crafts: knitting, planting, sizes of paper, knots."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from .parts import near, of_facts

KNOTS = {
    "makes a fixed loop at the end of a rope that does not slip": "bowline",
    "joins two ropes of the same thickness, and is also tied on bandages": "reef knot",
    "joins two ropes of different thickness": "sheet bend",
    "fastens a rope to a post with two turns that cross": "clove hitch",
    "is the usual stopper knot of climbers, named after the number that it looks like": "figure-eight knot",
    "is the simplest of all knots, the first half of tying a shoe": "overhand knot",
    "drags logs, and grips harder the harder you pull": "timber hitch",
    "fastens a necktie with a wide symmetrical triangle": "Windsor knot",
    "is a loop that tightens when the rope is pulled, as on a snare": "slip knot",
    "slides along a rope when loose and grips it under load, used by climbers with a thin cord": "Prusik knot",
    "takes up slack in a rope by folding it, without cutting it": "sheepshank",
    "is the weak knot that people tie instead of a reef knot by crossing the wrong way": "granny knot",
    "keeps a tent's guy line tight and can be pushed along it": "taut-line hitch",
    "tightens the rope over a load on a lorry, with a loop that works like a pulley": "trucker's hitch",
    "ties two poles together where they cross at a right angle": "square lashing",
    "makes a heavy ball at the end of a line that is to be thrown to a quay": "monkey's fist",
}  # fmt: skip


def _knitting(random: Random) -> Draw:
    gauge, tens = random.randint(14, 34), random.randint(2, 14)
    answer = gauge * tens
    slips = gauge * 10, tens * 10, answer * 10, answer + gauge
    values = {"gauge": gauge, "width": tens * 10}
    return Draw(values, str(answer), near(random, answer, *slips))


def _planting(random: Random) -> Draw:
    gap, plants = random.choice([15, 20, 25, 30, 40, 50]), random.randint(4, 30)
    values = {"gap": gap, "length": gap * (plants - 1)}
    return Draw(values, str(plants), near(random, plants, plants - 1, plants + 1))


def _paper(random: Random) -> Draw:
    large = random.randint(0, 6)
    small = random.randint(large + 1, min(large + 6, 8))
    answer = 2 ** (small - large)
    pool = {1, 2, 3, 4, 6, 8, 12, 16, 32, 64, small - large, 2 * (small - large)} - {answer}
    wrong = [str(value) for value in random.sample(sorted(pool), 3)]
    return Draw({"large": f"A{large}", "small": f"A{small}"}, str(answer), wrong)


FAMILIES = (
    Family("math", "knitting", _knitting, (
        "My knitting swatch has {gauge} stitches to 10 cm. How many stitches do I cast on for a scarf {width} cm wide?",
        "Gauge: {gauge} sts per 10 cm. Width wanted: {width} cm. Cast on",
        "A pattern gives {gauge} stitches for every 10 cm. The blanket shall measure {width} cm across. Stitches needed?",
        "For {width} cm of knitting at {gauge} stitches per ten centimetres you need how many stitches?",
    )),
    Family("math", "planting", _planting, (
        "A bed is {length} cm long. Lettuces stand {gap} cm apart, with one at each end. How many lettuces are there?",
        "Posts for a fence of {length} cm, a post every {gap} cm, also at both ends: how many posts?",
        "I plant tulips in one row, {gap} cm from bulb to bulb; first to last bulb is {length} cm. How many bulbs did I buy?",
        "Row length {length} cm, spacing {gap} cm, plants at both ends. Number of plants:",
    )),
    Family("science", "paper", _paper, (
        "How many sheets of {small} can be cut from one sheet of {large} paper?",
        "You keep halving a sheet of {large} until the pieces are {small}. How many pieces are there?",
        "{large} into {small}: the number of pieces is",
        "A printer cuts an {large} sheet into {small} flyers without waste. How many flyers?",
    )),
    of_facts("science", "knots", KNOTS, (
        "Which knot {cue}?",
        "Sailing course, question on knots. This one {cue}. Its name:",
        "Name the knot that {cue}.",
        "I look for the knot which {cue}. What is it called?",
        "A scout shows a knot. It {cue}. It must be the",
    )),
)  # fmt: skip
