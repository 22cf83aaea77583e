"""Medical: doses, tablets, infusion rates, pulse, intervals, units."""

from __future__ import annotations

from random import Random

from ..skills import Draw, Skill, integer, wrong_numbers

NEAR = {1: 0.2, 2: 0.4, 3: 0.6}


def _dose(random: Random, tier: int) -> Draw:
    weight = {
        1: 10 * random.randint(1, 9),
        2: random.choice([12, 15, 25, 30, 50, 70]),
        3: integer(random, 2),
    }[tier]
    rate = random.randint(1, {1: 5, 2: 5, 3: 9}[tier])
    wrong = wrong_numbers(
        random, weight * rate, [weight + rate, weight, weight * rate * 2], NEAR[tier]
    )
    values = {"a": f"{rate} mg/kg", "b": f"{weight} kg"}
    return Draw(values, f"{weight * rate} mg", [f"{n} mg" for n in wrong])


def _tablets(random: Random, tier: int) -> Draw:
    strength = random.choice({1: [10, 100], 2: [5, 20, 50, 200], 3: [15, 25, 75, 125]}[tier])
    answer = random.randint(1, {1: 9, 2: 6, 3: 9}[tier])
    wrong = wrong_numbers(random, answer, [answer * 2, answer + 1, strength], NEAR[tier])
    return Draw({"a": f"{strength * answer} mg", "b": f"{strength} mg"}, str(answer), wrong)


def _rate(random: Random, tier: int) -> Draw:
    hours = random.choice({1: [1, 2, 10], 2: [3, 4, 5, 8], 3: [6, 7, 9, 12]}[tier])
    answer = random.randint(1, 9) * (10 if tier < 3 else 1) + (
        random.randint(1, 9) if tier == 3 else 0
    )
    wrong = wrong_numbers(random, answer, [answer * hours, answer * 2, hours], NEAR[tier])
    plural = "hour" if hours == 1 else "hours"
    values = {"a": f"{answer * hours} mL", "b": f"{hours} {plural}"}
    return Draw(values, f"{answer} mL/h", [f"{n} mL/h" for n in wrong])


def _pulse(random: Random, tier: int) -> Draw:
    seconds = {1: 60, 2: 30, 3: random.choice([10, 15, 20])}[tier]
    beats = {1: random.randint(40, 120), 2: random.randint(20, 60), 3: random.randint(8, 30)}[tier]
    answer = beats * 60 // seconds
    wrong = wrong_numbers(random, answer, [beats, beats * 2, beats * 3, beats + 60], NEAR[tier])
    return Draw({"a": beats, "b": seconds}, str(answer), wrong)


def _interval(random: Random, tier: int) -> Draw:
    hours = random.choice([4, 6, 8, 12])
    days = random.randint(1, {1: 1, 2: 4, 3: 14}[tier])
    answer = 24 // hours * days
    wrong = wrong_numbers(random, answer, [hours, hours * days, days], NEAR[tier])
    plural = "day" if days == 1 else "days"
    return Draw({"a": hours, "b": f"{days} {plural}"}, str(answer), wrong)


def _convert(random: Random, tier: int) -> Draw:
    big, small, factor = random.choice(
        {
            1: [("g", "mg", 1000), ("L", "mL", 1000)],
            2: [("mg", "mcg", 1000), ("dL", "mL", 100)],
            3: [("L", "dL", 10), ("g", "mcg", 10**6)],
        }[tier]
    )
    a = random.randint(1, 99)
    wrong = [a * n for n in (1, 10, 100, 1000, 10000, 10**6) if n != factor]
    shown = [f"{n} {small}" for n in random.sample(wrong, 3)]
    return Draw({"a": f"{a} {big}", "unit": small}, f"{a * factor} {small}", shown)


SKILLS = (
    Skill(
        "medical",
        "dose",
        _dose,
        [
            "The dose is {a}. A patient weighs {b}. How much is given?",
            "A drug is given at {a} to a child of {b}. What is the dose?",
            "Find the dose for a patient of {b} at {a}.",
            "A nurse gives {a} to a patient who weighs {b}. What is the total dose?",
        ],
        [
            "A drug is given at {a}. A child weighs {b}. What is the dose?",
            "A patient weighs {b} and the dose is {a}. How much is given?",
        ],
    ),
    Skill(
        "medical",
        "tablets",
        _tablets,
        [
            "A patient needs {a}. Each tablet has {b}. How many tablets are given?",
            "The dose is {a} and a tablet contains {b}. How many tablets?",
            "How many tablets of {b} make a dose of {a}?",
            "A doctor orders {a}. The tablets are {b}. How many does the nurse give?",
        ],
        [
            "A doctor orders {a}. Each tablet has {b}. How many tablets are given?",
            "How many tablets of {b} does a patient need for {a}?",
        ],
    ),
    Skill(
        "medical",
        "rate",
        _rate,
        [
            "An infusion of {a} runs over {b}. What is the rate?",
            "Find the rate of an infusion: {a} in {b}.",
            "A nurse gives {a} over {b}. What is the infusion rate?",
            "{a} of fluid is given in {b}. What is the hourly rate?",
        ],
        [
            "A nurse gives {a} of fluid in {b}. What is the rate?",
            "An infusion of {a} is given over {b}. Find the hourly rate.",
        ],
    ),
    Skill(
        "medical",
        "pulse",
        _pulse,
        [
            "A nurse counts {a} beats in {b} seconds. What is the pulse a minute?",
            "There are {a} beats in {b} seconds. Find the heart rate.",
            "What is the heart rate of a patient with {a} beats in {b} seconds?",
            "{a} beats are counted in {b} seconds. How many a minute?",
        ],
        [
            "A doctor counts {a} beats in {b} seconds. What is the heart rate?",
            "There are {a} beats in {b} seconds. What is the pulse a minute?",
        ],
    ),
    Skill(
        "medical",
        "interval",
        _interval,
        [
            "A drug is given every {a} hours. How many doses are given in {b}?",
            "A patient takes a tablet every {a} hours for {b}. How many tablets is that?",
            "How many doses does a patient get in {b}, one every {a} hours?",
        ],
        [
            "A drug is given every {a} hours for {b}. How many doses is that?",
            "A patient gets a dose every {a} hours. How many are given in {b}?",
        ],
    ),
    Skill(
        "medical",
        "convert",
        _convert,
        [
            "How many {unit} are in {a} of a drug?",
            "A dose is {a}. What is it in {unit}?",
            "Express a dose of {a} in {unit}.",
            "A nurse must give {a}. How many {unit} is that?",
        ],
        [
            "A patient needs {a} of a drug. How many {unit} is that?",
            "A dose is {a}. Express it in {unit}.",
        ],
    ),
)
