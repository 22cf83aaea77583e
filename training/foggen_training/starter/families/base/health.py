"""Doses in a day, doctors, the body, and simple rules of everyday life."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..common import DAYS, spell
from ..drawing import counts, facts, near, numbers, others, pairs, verdict
from ..wordings import asked, phrased

DOCTORS = pairs("""
teeth: a dentist; eyes: an eye doctor; children: a paediatrician; animals: a vet; the heart: a cardiologist
the skin: a dermatologist; an operation: a surgeon; broken bones: an orthopaedist
glasses: an optician; mental illness: a psychiatrist; the brain and nerves: a neurologist
""")
REMEDY = pairs("""
a small cut on the finger: a plaster; thirst after sport: water; a tired body: sleep
strong sunshine on the skin: sun cream; a broken leg: a plaster cast; bad eyesight: glasses
a missing tooth: a denture; weak hearing: a hearing aid
""")
BODY_NUMBERS = numbers("""
eyes does a healthy person have: 2; ears does a healthy person have: 2; fingers are on each hand: 5
kidneys does a healthy person have: 2; lungs does the body have: 2; senses do people have by tradition: 5
hearts are in the human body: 1; toes are on two feet: 10; chambers does the heart have: 4
milk teeth does a child have: 20
""")
WHO = pairs("""
decides a case in court: the judge; speaks for the accused: the defence lawyer; tells the court what was seen: the witness
makes the laws: the parliament; catches criminals: the police; keeps prisoners locked up: the prison
signs a will: the person who leaves the property; rents a flat: the tenant; owns a rented flat: the landlord
is accused of a crime: the defendant; lends money: the lender; owes money: the debtor
""")
SIGNALS = pairs("""
the light is red: stop; the light is green: go; the light is yellow: get ready to stop
you sit in a car: fasten the seat belt
you cross a street: look both ways; there is a fire: call the fire service; somebody is badly hurt: call an ambulance
you see a thief: call the police
""")


def _doses(random: Random) -> Draw:
    times, tablets = random.randint(1, 4), random.randint(1, 3)
    answer = times * tablets
    often = {1: "once", 2: "twice"}.get(times, f"{random.choice([str(times), spell(times)])} times")
    wrong = near(random, answer, [times + tablets, times, tablets, answer * 2], low=1)
    unit = "tablet" if tablets == 1 else "tablets"
    return Draw({"often": f"{often} a day", "n": f"{tablets} {unit}"}, str(answer), wrong)


def _every(random: Random) -> Draw:
    hours = random.choice([2, 3, 4, 6, 8, 12, 24])
    wrong = near(random, 24 // hours, [hours, 24, 12 // hours], low=1)
    return Draw({"x": hours}, str(24 // hours), wrong)


def _hours_between(random: Random) -> Draw:
    times = random.choice([2, 3, 4, 6, 8])
    wrong = near(random, 24 // times, [times, 24, 12 // times], low=1)
    return Draw({"x": times}, str(24 // times), wrong)


def _days_enough(random: Random) -> Draw:
    a_day, days = random.randint(1, 4), random.randint(2, 12)
    wrong = near(random, days, [a_day, a_day * days, days * 2], low=1)
    return Draw({"x": a_day * days, "a": a_day}, str(days), wrong)


def _tablets_left(random: Random) -> Draw:
    pack, taken = random.choice([10, 12, 20, 30]), random.randint(1, 9)
    wrong = near(random, pack - taken, [pack + taken, taken, pack])
    return Draw({"x": pack, "a": taken}, str(pack - taken), wrong)


def _deadline(random: Random) -> Draw:
    start, days = random.randrange(7), random.randint(1, 6)
    answer = DAYS[(start + days) % 7]
    values = {"x": DAYS[start], "n": days, "unit": "day" if days == 1 else "days"}
    return Draw(values, answer, others(random, DAYS, answer))


def _old_enough(random: Random) -> Draw:
    limit, age = random.choice([14, 16, 18, 21]), random.randint(5, 60)
    return verdict({"limit": limit, "age": age}, age >= limit)


FAMILIES = (
    Family(
        "medical",
        "tablets_a_day",
        _doses,
        asked(
            "Take {n} {often}. How many tablets is that a day?",
            "The doctor says: {n} {often}. How many tablets a day?",
            "{n}, {often}: how many in one day?",
            "A patient takes {n} {often}. In a day that is ____.",
            "I take {n} {often}. How many tablets do I need for one day?",
        ),
    ),
    Family(
        "medical",
        "doses_a_day",
        _every,
        asked(
            "One dose every {x} hours. How many doses are that in a day?",
            "A drug is taken every {x} hours. How many times in 24 hours?",
            "every {x} hours = ____ times a day",
            "If I take a tablet every {x} hours, how many do I take in a day?",
        )
        + phrased("the number of doses a day, one every {x} hours"),
    ),
    Family(
        "medical",
        "hours_between_doses",
        _hours_between,
        asked(
            "A tablet is taken {x} times a day at equal times. How many hours are between two tablets?",
            "{x} doses in 24 hours, evenly: one every ____ hours",
            "If I need {x} doses a day, after how many hours comes the next?",
            "Take it {x} times in 24 hours, always after the same time. Every how many hours?",
        ),
    ),
    Family(
        "medical",
        "days_of_a_pack",
        _days_enough,
        asked(
            "A pack has {x} tablets. I take {a} a day. For how many days is it enough?",
            "{x} tablets, {a} a day: how many days?",
            "With {x} tablets at {a} a day one has enough for ____ days.",
            "How many days do {x} tablets last if a patient takes {a} each day?",
        ),
    ),
    Family(
        "medical",
        "tablets_left",
        _tablets_left,
        asked(
            "A pack has {x} tablets. {a} are taken. How many are left?",
            "There were {x} tablets in the box and I took {a}. How many remain?",
            "{x} tablets, {a} used, ____ left",
            "How many of {x} tablets are left after {a} are taken?",
        ),
    ),
    facts(
        "medical",
        "doctor_for",
        DOCTORS,
        asked(
            "Which specialist is there for {x}?",
            "Who is the right one for {x}?",
            "For {x} one goes to ____.",
            "{x}: which doctor?",
            "Who works with {x}?",
        )
        + phrased("the specialist for {x}"),
    ),
    facts(
        "medical",
        "remedy",
        REMEDY,
        asked(
            "What helps with {x}?",
            "What do you need for {x}?",
            "For {x} one needs ____.",
            "{x}: what helps?",
        )
        + phrased("a help for {x}"),
    ),
    counts(
        "medical",
        "body_counts",
        BODY_NUMBERS,
        asked(
            "How many {x}?",
            "Tell me how many {x}.",
            "Answer with a number: how many {x}?",
            "Do you know how many {x}?",
        ),
    ),
    Family(
        "law",
        "simple_deadline",
        _deadline,
        asked(
            "On {x} you get {n} {unit}. By which day must you be ready?",
            "It is {x}. The bill must be paid in {n} {unit}. On which day is that?",
            "The teacher gives {n} {unit} on {x}. When is the homework due?",
            "{x} plus {n} {unit} is ____.",
            "The letter came on {x}, the answer is due {n} {unit} later. Which day?",
        ),
    ),
    Family(
        "law",
        "old_enough",
        _old_enough,
        asked(
            "One must be at least {limit}. May a person of {age} do it?",
            "The film is for people from {limit} years. Can somebody of {age} see it?",
            "The limit is {limit} years or more. I am {age}. Am I old enough?",
            "Yes or no: is {age} enough if the least age is {limit}?",
        ),
    ),
    facts(
        "law",
        "who_does",
        WHO,
        asked(
            "Who {x}?",
            "Which of these {x}?",
            "____ {x}.",
            "Tell me who {x}.",
            "Who is it that {x}?",
        ),
    ),
    facts(
        "law",
        "what_to_do",
        SIGNALS,
        asked(
            "What should you do when {x}?",
            "When {x}: ____",
            "If {x}, what is right?",
            "{x}. What do you do?",
            "What is the rule when {x}?",
        ),
    ),
)
