"""Texts of two or three sentences, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import DAYS, NAMES
from ..drawing import near, others, words
from ..wordings import asked

FRUITS = words("pears, plums, melons, grapes, cherries, lemons")
SITES = words(
    "the market, the library, the station, the museum, the park, the bakery, the hospital, the bank"
)
PETS = words("a dog, a cat, a parrot, a rabbit, a hamster, a turtle")
JOBS = words("a doctor, a teacher, a pilot, a cook, a painter, a lawyer")
CITIES = words("Almaty, Astana, Paris, London, Berlin, Rome, Tokyo, Madrid")


def _queue(random: Random) -> Draw:
    name = random.choice(NAMES)
    front, behind = random.randint(1, 12), random.randint(1, 12)
    answer = front + behind + 1
    values = {"name": name, "a": front, "b": behind}
    return Draw(values, str(answer), near(random, answer, [front + behind, answer + 1], low=1))


def _market_day(random: Random) -> Draw:
    """A little story with one question about who, when, where or what."""
    name, other = random.sample(NAMES, 2)
    day, fruit = random.choice(DAYS), random.choice(FRUITS)
    first, second = random.sample(SITES, 2)
    text = (
        f"On {day} {name} went to {first} to meet {other}. There {name} bought some {fruit}. "
        f"Later the two walked to {second}."
    )
    question, answer, pool = random.choice(
        [
            (f"On which day did {name} meet {other}?", day, DAYS),
            (f"What did {name} buy?", fruit, FRUITS),
            ("Where did they go in the end?", second, SITES),
            ("Where did they meet?", first, SITES),
            (f"Whom did {name} meet?", other, NAMES),
        ]
    )
    return Draw(
        {"text": text, "question": question},
        answer,
        others(random, pool, answer, *([name] if pool is NAMES else [])),
    )


def _friends(random: Random) -> Draw:
    """Three friends with a pet, a job and a city each; one fact is asked."""
    names, pets = random.sample(NAMES, 3), random.sample(PETS, 3)
    jobs, cities = random.sample(JOBS, 3), random.sample(CITIES, 3)
    lines = [
        f"{n} is {j}, lives in {c} and has {p}."
        for n, j, c, p in zip(names, jobs, cities, pets, strict=True)
    ]
    random.shuffle(lines)
    pick = random.randrange(3)
    name, job, city, pet = names[pick], jobs[pick], cities[pick], pets[pick]
    question, answer, pool = random.choice(
        [
            (f"What does {name} do?", job, JOBS),
            (f"Which pet has the person from {city}?", pet, PETS),
            (f"Where does the owner of {pet} live?", city, CITIES),
            (f"Who is {job}?", name, [*names, "nobody"]),
            (f"In which city is {job} at home?", city, CITIES),
        ]
    )
    return Draw(
        {"text": " ".join(lines), "question": question}, answer, others(random, pool, answer)
    )


def _change_of_state(random: Random) -> Draw:
    """Numbers that change in a story."""
    name, place = random.choice(NAMES), random.choice(["bus", "train", "tram", "lift"])
    start, off, on = random.randint(8, 30), random.randint(1, 7), random.randint(1, 9)
    answer = start - off + on
    mistakes = [start - off, start + off + on, start + off - on, start + on]
    values = {"name": name, "x": place, "a": start, "b": off, "c": on}
    return Draw(values, str(answer), near(random, answer, mistakes, low=1))


def _sure(random: Random) -> Draw:
    """Whether a claim follows from a text, contradicts it, or is left open."""
    name, city, job = random.choice(NAMES), random.choice(CITIES), random.choice(JOBS)
    other = random.choice([x for x in CITIES if x != city])
    claim, answer = random.choice(
        [
            (f"{name} lives in {city}.", "true"),
            (f"{name} is {job}.", "true"),
            (f"{name} lives in {other} now.", "false"),
            (f"{name} has two sisters.", "not stated"),
            (f"{name} likes music.", "not stated"),
        ]
    )
    text = f"{name} is {job}. {name} moved to {city} in {random.randint(1990, 2020)} and still lives there."
    return Draw(
        {"text": text, "claim": claim},
        answer,
        others(random, ["true", "false", "not stated", "both true and false"], answer),
    )


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "math",
        "queue",
        _queue,
        "In a queue {a} people stand before {name} and {b} behind. How many people are in the queue?",
        "{name} has {a} runners ahead and {b} behind. How many are running in all?",
        "Before {name} there are {a}, after {name} there are {b}. Together with {name}: ____",
        "There are {a} houses to the left of {name}'s house and {b} to the right. How many houses are in the row?",
    ),
    _family(
        "law",
        "market_story",
        _market_day,
        "{text} {question}",
        "Read: {text}\n{question}",
        "{text}\n{question}",
        "{question}\n{text}",
    ),
    _family(
        "law",
        "three_friends",
        _friends,
        "{text} {question}",
        "Read: {text}\n{question}",
        "{text}\n{question}",
        "{question}\n{text}",
    ),
    _family(
        "math",
        "passengers",
        _change_of_state,
        "There are {a} people on a {x}. {b} get off and {c} get on. How many are on it now?",
        "A {x} with {a} people stops. {b} leave, {c} come in. How many go on?",
        "{name} drives a {x} with {a} guests. At a stop {b} leave and {c} enter. Now there are ____ guests.",
        "{a} in the {x}, minus {b}, plus {c}: how many people?",
    ),
    _family(
        "law",
        "is_it_stated",
        _sure,
        "{text} Claim: {claim} Is it true, false or not stated?",
        "{text}\n{claim} True, false or not stated?",
        "Read the text and judge the claim. {text}\nClaim: {claim}",
        "{text} What about this: {claim}",
    ),
)
