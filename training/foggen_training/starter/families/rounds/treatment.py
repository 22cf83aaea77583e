"""Calculations of medicine: blood groups, body mass, dilution, drips."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import near, others
from ..wordings import asked


def _parents(random: Random) -> Draw:
    """A blood group that a child of two parents can have."""
    possible = {
        ("O", "O"): "O",
        ("O", "AB"): "A B",
        ("A", "A"): "A O",
        ("B", "B"): "B O",
        ("O", "A"): "O A",
        ("O", "B"): "O B",
        ("AB", "AB"): "A B AB",
        ("AB", "A"): "A B AB",
        ("AB", "B"): "A B AB",
    }
    parents = random.choice(list(possible))
    allowed = possible[parents].split()
    answer = random.choice(allowed)
    pool = [group for group in ("A", "B", "AB", "O") if group not in allowed]
    wrong = others(random, [*pool, "a group that is neither A, B, AB nor O", "any group"])
    return Draw({"a": parents[0], "b": parents[1]}, answer, wrong)


def _body_mass(random: Random) -> Draw:
    height, index = (
        random.choice([(1.5, 2.25), (2.0, 4.0), (1.6, 2.56)]),
        random.choice([20, 24, 25, 28, 32]),
    )
    weight = index * height[1]
    if weight % 1:
        height, weight = (2.0, 4.0), index * 4
    wrong = near(random, index, [index + 5, index - 5, index + 10], low=12)
    return Draw({"a": f"{weight:g} kg", "b": f"{height[0]:g} m"}, str(index), wrong)


def _fahrenheit(random: Random) -> Draw:
    celsius = 5 * random.randint(0, 20)
    answer = celsius * 9 // 5 + 32
    wrong = near(random, answer, [celsius + 32, celsius * 2, celsius * 9 // 5], step=2)
    return Draw({"a": f"{celsius} C"}, f"{answer} F", [f"{n} F" for n in wrong])


def _dilution(random: Random) -> Draw:
    strong, factor = random.choice([10, 20, 40, 50]), random.choice([2, 4, 5, 10])
    volume = 10 * random.randint(1, 10)
    answer = strong / factor
    pool = [
        strong * factor,
        strong,
        strong / (factor + 1),
        strong / factor * 2,
        strong - factor,
        1.5 * answer,
    ]
    values = {"a": f"{strong}%", "b": f"{volume} mL", "c": f"{volume * (factor - 1)} mL"}
    return Draw(values, f"{answer:g}%", others(random, (f"{n:.3g}%" for n in pool), f"{answer:g}%"))


def _drops(random: Random) -> Draw:
    rate, minutes = random.choice([10, 20]), random.choice([30, 60, 120])
    drops = random.choice([10, 20, 30, 40])
    volume = drops * minutes // rate
    wrong = near(random, drops, [volume // minutes, drops * 2, rate, volume], low=1, step=5)
    values = {"v": f"{volume} mL", "t": f"{minutes} minutes", "r": rate}
    return Draw(values, str(drops), wrong)


def _due_date(random: Random) -> Draw:
    gone = random.randint(4, 36)
    return Draw(
        {"n": gone}, str(40 - gone), near(random, 40 - gone, [36 - gone, gone, 42 - gone], low=1)
    )


def _family(name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family("medical", name, draw, asked(*questions))


FAMILIES = (
    _family(
        "blood_of_child",
        _parents,
        "The parents have the blood groups {a} and {b}. Which group can a child have?",
        "Parents: {a} and {b}. A possible blood group of their child is ____.",
        "Mother {a}, father {b}: which group is possible for the baby?",
        "By the ABO rules, {a} and {b} can have a child of group ____.",
    ),
    _family(
        "body_mass_index",
        _body_mass,
        "A person weighs {a} and is {b} tall. What is the body mass index?",
        "BMI of {a} at {b}: ____",
        "Find the BMI: weight {a}, height {b}.",
        "{a}, {b} tall. Which BMI is it?",
    ),
    _family(
        "fahrenheit",
        _fahrenheit,
        "What is {a} in Fahrenheit?",
        "{a} = ____ F",
        "Convert {a} to degrees Fahrenheit.",
        "A thermometer shows {a}. What is it on the Fahrenheit scale?",
    ),
    _family(
        "dilution",
        _dilution,
        "{b} of a {a} solution are mixed with {c} of water. How strong is it now?",
        "{a}, {b}, plus {c} of water: ____",
        "A nurse adds {c} of water to {b} of {a}. Which strength results?",
        "Dilute {b} of {a} with {c} of water. New concentration?",
    ),
    _family(
        "drip_rate",
        _drops,
        "{v} must run in {t}. The set gives {r} drops per mL. How many drops a minute?",
        "{v} in {t} at {r} drops/mL: ____ drops a minute",
        "Set the drip: {v}, {t}, {r} drops for each mL. Drops per minute?",
        "At {r} drops to the mL, which drop rate a minute gives {v} in {t}?",
    ),
    _family(
        "weeks_to_birth",
        _due_date,
        "A pregnancy of 40 weeks is in week {n}, complete. How many weeks are left?",
        "{n} of 40 weeks are over: ____ to go",
        "After {n} weeks, how many weeks are missing to 40?",
        "The baby is due at 40 weeks. {n} weeks have passed. How many remain?",
    ),
)
