"""Puzzles: truth-tellers and liars, queues, lamps, surveys, sawing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise, product
from random import Random

from ...family import Family
from ...skills import Draw
from .parts import PEOPLE, listed, near

PLACES = ("first", "second", "third", "last")

# What the speaker can say of both; the claim is of whether the speaker and the other tell the truth.
CLAIMS: dict[str, Callable[[bool, bool], bool]] = {
    "{other} is a liar": lambda speaker, other: not other,
    "{other} always tells the truth": lambda speaker, other: other,
    "we are both liars": lambda speaker, other: not speaker and not other,
    "at least one of us is a liar": lambda speaker, other: not (speaker and other),
    "exactly one of us is a liar": lambda speaker, other: speaker != other,
    "we are both of the same kind": lambda speaker, other: speaker == other,
}


@cache
def _solvable() -> list[tuple[str, str, bool, bool]]:
    """Pairs of claims that leave one solution: who of the two tells the truth."""
    found = []
    for first, second in product(CLAIMS, CLAIMS):
        solutions = [
            (a, b)
            for a, b in product([True, False], repeat=2)
            if CLAIMS[first](a, b) == a and CLAIMS[second](b, a) == b
        ]
        if len(solutions) == 1:
            found.append((first, second, *solutions[0]))
    return found


def _knaves(random: Random) -> Draw:
    one, two = random.sample(PEOPLE, 2)
    first, second, *truth = random.choice(_solvable())
    values = {"one": one, "two": two}
    values |= {"says": first.format(other=two), "replies": second.format(other=one)}
    ends = {
        (True, True): "both tell the truth",
        (False, False): "both lie",
        (True, False): f"only {one} tells the truth",
        (False, True): f"only {two} tells the truth",
    }
    answer = ends[truth[0], truth[1]]
    return Draw(values, answer, [end for end in ends.values() if end != answer])


def _queue(random: Random) -> Draw:
    line = random.sample(PEOPLE, 4)
    clues = [f"{back} is right behind {front}" for front, back in pairwise(line)]
    random.shuffle(clues)
    place = random.randrange(4)
    values = {"clues": listed(clues), "place": PLACES[place]}
    return Draw(values, line[place], [name for name in line if name != line[place]])


def _lamp(random: Random) -> Draw:
    start, times = random.choice(["on", "off"]), random.randint(3, 60)
    other = "off" if start == "on" else "on"
    answer = start if times % 2 == 0 else other
    return Draw({"start": start, "n": times}, answer, [other if answer == start else start])


def _survey(random: Random) -> Draw:
    first, second, both = (random.randint(3, 20) for _ in range(3))
    values = {"all": first + second + both, "a": first + both, "b": second + both}
    return Draw(values, str(both), near(random, both, first, second, abs(first - second)))


def _sawing(random: Random) -> Draw:
    pieces, minutes = random.randint(3, 12), random.randint(2, 9)
    answer = (pieces - 1) * minutes
    slips = pieces * minutes, (pieces + 1) * minutes, answer // 2
    return Draw({"n": pieces, "minutes": minutes}, str(answer), near(random, answer, *slips))


FAMILIES = (
    Family("law", "knaves", _knaves, (
        "On an island everyone either always lies or always tells the truth. {one} says: \"{says}\". {two} says: \"{replies}\". What follows?",
        "{one}: \"{says}\". {two}: \"{replies}\". Each of them always lies or never lies. Which is the case?",
        "Two witnesses, each an honest person or a constant liar. Witness {one} states that {says}; witness {two} states that {replies}. So",
        "A riddle of liars and truth-tellers: \"{says}\", claims {one}. \"{replies}\", claims {two}. Solve it.",
    )),
    Family("math", "queue", _queue, (
        "Four people stand in a queue: {clues}. Who is {place}?",
        "At the bakery {clues}. Who is {place} in the line of four?",
        "Sort the queue! {clues}. The {place} person of the four is",
        "Four children line up for a photo, the first at the front. We know that {clues}. Find the one who stands {place}.",
    )),
    Family("coding", "lamp", _lamp, (
        "The lamp is {start}. Somebody presses its switch {n} times. Is it on or off afterwards?",
        "A toggle begins in the state {start} and is flipped {n} times. Its state at the end is",
        "My bedside light was {start}; my little brother has clicked the button {n} times. The light is now",
        "Each push changes a light from on to off or back. At first it is {start}. After {n} pushes it is",
    )),
    Family("math", "survey", _survey, (
        "All {all} pupils of a class learn French or Spanish. {a} learn French and {b} learn Spanish. How many learn both?",
        "Of {all} guests everyone took soup or salad; {a} took soup, {b} took salad. Number of guests who took both:",
        "{all} households have a cat, a dog or both: {a} have a cat, and {b} have a dog. Households with both?",
        "In a club of {all} people each sings or dances. Singers: {a}. Dancers: {b}. How many do the two things?",
    )),
    Family("math", "sawing", _sawing, (
        "Sawing through a log once takes {minutes} minutes. How long does it take to saw it into {n} pieces?",
        "A rope must become {n} shorter ropes, and a cut takes {minutes} minutes. Minutes in total?",
        "The baker cuts a long loaf into {n} parts. If each cut needs {minutes} minutes, how many minutes pass?",
        "Into {n} pieces, please! One cut through the plank: {minutes} min. The whole job: how many min?",
    )),
)  # fmt: skip
