"""Science: density, Ohm's law, speed, force, units, temperature."""

from __future__ import annotations

from random import Random

from ..skills import Draw, Skill, integer, wrong_numbers

NEAR = {1: 0.2, 2: 0.4, 3: 0.6}


def _factors(random: Random, tier: int) -> tuple[int, int]:
    if tier == 1:
        return random.randint(1, 5), random.choice([2, 3, 5, 10])
    if tier == 2:
        return random.randint(2, 9), random.randint(2, 9)
    return random.randint(11, 40), random.randint(3, 9)


def _quotient(unit: str, up: str, down: str):  # type: ignore[no-untyped-def]
    def draw(random: Random, tier: int) -> Draw:
        answer, divisor = _factors(random, tier)
        total = answer * divisor
        wrong = wrong_numbers(random, answer, [divisor, total - divisor, total], NEAR[tier])
        values = {"a": f"{total} {up}", "b": f"{divisor} {down}"}
        return Draw(values, f"{answer} {unit}", [f"{n} {unit}" for n in wrong])

    return draw


def _product(unit: str, first: str, second: str):  # type: ignore[no-untyped-def]
    def draw(random: Random, tier: int) -> Draw:
        a, b = _factors(random, tier)
        wrong = wrong_numbers(random, a * b, [a + b, a * b + a, a * b + b], NEAR[tier])
        values = {"a": f"{a} {first}", "b": f"{b} {second}"}
        return Draw(values, f"{a * b} {unit}", [f"{n} {unit}" for n in wrong])

    return draw


UNITS = {
    1: [("km", "m", 1000), ("m", "cm", 100), ("kg", "g", 1000), ("cm", "mm", 10)],
    2: [("hours", "minutes", 60), ("minutes", "seconds", 60), ("days", "hours", 24)],
    3: [("hours", "seconds", 3600), ("weeks", "hours", 168), ("km/h", "m/h", 1000)],
}


def _convert(random: Random, tier: int) -> Draw:
    big, small, factor = random.choice(UNITS[tier])
    a = random.randint(1, 9 if tier == 2 else 99 if tier == 1 else 20)
    powers = [n for n in (1, 10, 100, 1000, 60, 24, 3600, 12, 7) if n != factor]
    wrong = sorted({a * n for n in random.sample(powers, 5)} - {a * factor})
    return Draw(
        {"a": f"{a} {big}", "unit": small},
        f"{a * factor} {small}",
        [f"{n} {small}" for n in random.sample(wrong, 3)],
    )


def _kelvin(random: Random, tier: int) -> Draw:
    celsius = {1: 10 * random.randint(0, 9), 2: random.randint(0, 99), 3: integer(random, 3)}[tier]
    answer = celsius + 273
    wrong = wrong_numbers(random, answer, [celsius, celsius + 373, celsius + 173], NEAR[tier])
    return Draw({"a": f"{celsius} C"}, f"{answer} K", [f"{n} K" for n in wrong])


SKILLS = (
    Skill(
        "science",
        "density",
        _quotient("g/cm3", "g", "cm3"),
        [
            "A body has a mass of {a} and a volume of {b}. What is its density?",
            "Find the density of a stone with mass {a} and volume {b}.",
            "What is the density of {b} of a liquid that weighs {a}?",
            "Mass is {a} and volume is {b}. Compute the density.",
        ],
        [
            "A stone has a volume of {b} and a mass of {a}. Find its density.",
            "What is the density of a body with mass {a} and volume {b}?",
        ],
    ),
    Skill(
        "science",
        "voltage",
        _product("V", "A", "ohm"),
        [
            "A current of {a} flows through a resistance of {b}. What is the voltage?",
            "Find the voltage: current {a}, resistance {b}.",
            "What voltage drives {a} through {b}?",
            "By Ohm's law, what is the voltage across {b} at a current of {a}?",
        ],
        [
            "A current of {a} flows through {b}. Find the voltage.",
            "What is the voltage across a resistance of {b} at {a}?",
        ],
    ),
    Skill(
        "science",
        "current",
        _quotient("A", "V", "ohm"),
        [
            "A voltage of {a} is applied to a resistance of {b}. What is the current?",
            "Find the current: voltage {a}, resistance {b}.",
            "What current flows through {b} at {a}?",
            "By Ohm's law, what is the current through {b} at a voltage of {a}?",
        ],
        [
            "A voltage of {a} is applied to {b}. Find the current.",
            "What is the current through a resistance of {b} at {a}?",
        ],
    ),
    Skill(
        "science",
        "speed",
        _quotient("m/s", "m", "s"),
        [
            "A car travels {a} in {b}. What is its speed?",
            "Find the speed: distance {a}, time {b}.",
            "What is the speed of a body that moves {a} in {b}?",
            "A runner covers {a} in {b}. Compute the speed.",
        ],
        [
            "A runner travels {a} in {b}. Find the speed.",
            "What is the speed of a car that covers {a} in {b}?",
        ],
    ),
    Skill(
        "science",
        "force",
        _product("N", "kg", "m/s2"),
        [
            "A mass of {a} is accelerated at {b}. What is the force?",
            "Find the force: mass {a}, acceleration {b}.",
            "What force gives {a} an acceleration of {b}?",
            "By Newton's second law, what force acts on {a} accelerated at {b}?",
        ],
        [
            "A body of {a} is accelerated at {b}. Find the force.",
            "What force acts on a mass of {a} at an acceleration of {b}?",
        ],
    ),
    Skill(
        "science",
        "convert",
        _convert,
        [
            "How many {unit} are in {a}?",
            "Convert {a} to {unit}.",
            "What is {a} in {unit}?",
            "Express {a} in {unit}.",
            "{a} is how many {unit}?",
        ],
        ["Find {a} in {unit}.", "How many {unit} is {a}?"],
    ),
    Skill(
        "science",
        "kelvin",
        _kelvin,
        [
            "What is {a} in kelvin?",
            "Convert {a} to kelvin.",
            "Express {a} on the Kelvin scale.",
            "Water is at {a}. What is its temperature in kelvin?",
        ],
        ["Find {a} in kelvin.", "A liquid is at {a}. What is the temperature in kelvin?"],
    ),
)
