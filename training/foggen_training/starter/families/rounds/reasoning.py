"""Logic, family relations, directions, analogies, and rules of series."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import NAMES
from ..drawing import facts, near, others, pairs, verdict, words
from ..wordings import asked

RELATIONS = pairs("""
the brother of your father: your uncle; the sister of your mother: your aunt; the mother of your father: your grandmother
the son of your sister: your nephew; the daughter of your brother: your niece; the father of your mother: your grandfather
the son of your uncle: your cousin; the mother of your wife: your mother-in-law; the wife of your brother: your sister-in-law
the husband of your daughter: your son-in-law; the daughter of your son: your granddaughter
the son of your daughter: your grandson; the father of your grandfather: your great-grandfather
the wife of your son: your daughter-in-law; the father of your husband: your father-in-law
""")
PLURAL_KINDS = words("bloops, razzles, wugs, dax, florps, zorgs, mips, tovs, quargs, blickets")
COMPASS = ("north", "east", "south", "west")
ANALOGIES = (
    ("hot", "cold", "up", "down", "high, sky, left, over, warm"),
    ("puppy", "dog", "kitten", "cat", "mouse, lion, calf, milk, paw"),
    ("hand", "glove", "foot", "sock", "leg, hat, toe, walk, ring"),
    ("bird", "nest", "bee", "hive", "honey, flower, wing, web, stable"),
    ("teacher", "school", "doctor", "hospital", "patient, court, nurse, medicine, farm"),
    ("Paris", "France", "Tokyo", "Japan", "China, Kyoto, Asia, Korea, Berlin"),
    ("eye", "see", "ear", "hear", "smell, sound, head, taste, speak"),
    ("author", "book", "composer", "symphony", "piano, painting, orchestra, singer, poem"),
    ("king", "queen", "prince", "princess", "duke, crown, son, castle, lady"),
    ("knife", "cut", "pen", "write", "ink, paper, sharpen, read, book"),
    ("fish", "water", "bird", "air", "nest, wing, feather, root, fire"),
    ("day", "week", "month", "year", "hour, season, day, decade, January"),
    ("big", "bigger", "good", "better", "best, gooder, well, bad, worse"),
    ("wheel", "car", "sail", "boat", "sea, wind, plane, captain, road"),
    ("three", "triangle", "four", "square", "circle, pentagon, cube, line, hexagon"),
    ("wool", "sheep", "milk", "cow", "cheese, glass, hen, grass, bee"),
)


def _syllogism(random: Random) -> Draw:
    a, b, c = random.sample(PLURAL_KINDS, 3)
    text, claim, verdict_ = random.choice(
        [
            (f"All {a} are {b}. All {b} are {c}.", f"all {a} are {c}", "yes"),
            (f"All {a} are {b}. No {b} are {c}.", f"no {a} are {c}", "yes"),
            (f"All {a} are {b}.", f"all {b} are {a}", "not necessarily"),
            (f"Some {a} are {b}. Some {b} are {c}.", f"some {a} are {c}", "not necessarily"),
            (f"All {a} are {b}. All {c} are {b}.", f"all {a} are {c}", "not necessarily"),
            (f"All {a} are {b}. No {b} are {c}. There are {a}.", f"some {a} are {c}", "no"),
            (f"No {a} are {b}. All {c} are {a}. There are {c}.", f"some {c} are {b}", "no"),
        ]
    )
    verdicts = ["yes", "no", "not necessarily", "only on weekdays"]
    return Draw({"text": text, "claim": claim}, verdict_, others(random, verdicts, verdict_))


def _denied(random: Random) -> Draw:
    a, b = random.sample(
        [
            "it rains",
            "the bell rings",
            "the light is on",
            "the shop is open",
            "the dog barks",
            "the road is wet",
        ],
        2,
    )
    no_a, no_b = f"it is not so that {a}", f"it is not so that {b}"
    pool = [
        f"If {no_a}, then {no_b}",
        f"If {b}, then {a}",
        f"{a}, and {no_b}",
        f"If {no_b}, then {a}",
        f"If {no_a}, then {b}",
    ]
    answer = f"If {no_b}, then {no_a}"
    return Draw({"x": f"If {a}, then {b}"}, answer, others(random, pool, answer))


def _turns(random: Random) -> Draw:
    start = random.randrange(4)
    turns = [random.choice(["right", "left", "around"]) for _ in range(random.randint(1, 3))]
    end = (start + sum({"right": 1, "left": 3, "around": 2}[turn] for turn in turns)) % 4
    told = ", then ".join(f"turn {turn}" for turn in turns)
    return Draw(
        {"x": COMPASS[start], "turns": told}, COMPASS[end], others(random, COMPASS, COMPASS[end])
    )


def _walk(random: Random) -> Draw:
    a, b = random.sample(range(1, 20), 2)
    one, back = random.choice([("north", "south"), ("east", "west")])
    far, side = abs(a - b), one if a > b else back
    pool = [f"{n} km {s}" for n in (far, a + b, far + 1, a, b) for s in (one, back)]
    values = {"a": a, "b": b, "x": one, "y": back}
    return Draw(values, f"{far} km {side}", others(random, pool, f"{far} km {side}"))


def _analogy(random: Random) -> Draw:
    a, b, c, answer, wrong = random.choice(ANALOGIES)
    return Draw({"a": a, "b": b, "c": c}, answer, others(random, words(wrong)))


def _number_rule(random: Random) -> Draw:
    kind, a = (
        random.choice(["double", "square", "fibonacci", "triangle", "minus"]),
        random.randint(1, 6),
    )
    terms = {
        "double": [a * 2**n for n in range(6)],
        "square": [(a + n) ** 2 for n in range(6)],
        "triangle": [(a + n) * (a + n + 1) // 2 for n in range(6)],
        "minus": [60 + 7 * a - 7 * n for n in range(6)],
        "fibonacci": [a, a + 1],
    }[kind]
    while len(terms) < 6:
        terms.append(terms[-1] + terms[-2])
    *shown, answer = terms
    wrong = near(random, answer, [2 * shown[-1] - shown[-2], answer + 2, shown[-1] + 1])
    return Draw({"x": ", ".join(map(str, shown))}, str(answer), wrong)


def _letter_rule(random: Random) -> Draw:
    step, start = random.choice([1, 2, 3]), random.randrange(10)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    *shown, answer = [letters[start + step * n] for n in range(5)]
    return Draw({"x": ", ".join(shown)}, answer, others(random, letters, answer, *shown))


def _liar(random: Random) -> Draw:
    name, other = random.sample(NAMES, 2)
    truthful = random.random() < 0.5
    says = random.random() < 0.5
    claim = "the box is empty" if says else "the box is full"
    empty = says == truthful
    habit = "always tells the truth" if truthful else "always lies"
    return verdict(
        {"name": name, "other": other, "habit": habit, "claim": claim}, empty, ("empty", "full")
    )


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    facts(
        "law",
        "family_relation",
        RELATIONS,
        asked("Who is {x}?", "What is {x} to you?", "{x} is ____.", "How do you call {x}?"),
    ),
    _family(
        "law",
        "syllogism",
        _syllogism,
        "{text} Is it true that {claim}?",
        "{text} Does it follow that {claim}?",
        "{text} So {claim}: yes, no, or not necessarily?",
        "Suppose: {text} Can we say that {claim}?",
    ),
    _family(
        "law",
        "contrapositive",
        _denied,
        "Which sentence follows from '{x}'?",
        "'{x}.' Which one says the same?",
        "Find the contrapositive of '{x}'.",
        "'{x}' means the same as ____.",
    ),
    _family(
        "math",
        "turns",
        _turns,
        "You face {x}. You {turns}. Which way do you face now?",
        "Face {x}, {turns}. Now you look ____.",
        "I look {x}, then I {turns}. In which direction do I look?",
        "Start: {x}. {turns}. End: ____",
    ),
    _family(
        "math",
        "walk",
        _walk,
        "A man walks {a} km {x} and then {b} km {y}. How far and where is he from the start?",
        "{a} km {x}, then {b} km {y}: where do you end, seen from the start?",
        "Go {a} km to the {x} and come {b} km back to the {y}. You are now ____ of the start.",
        "First {a} km {x}, next {b} km {y}. Where is the end?",
    ),
    _family(
        "law",
        "analogy",
        _analogy,
        "{a} is to {b} as {c} is to ____.",
        "{a} : {b} = {c} : ?",
        "{a} and {b} go together like {c} and what?",
        "Complete the analogy: {a} - {b}, {c} - ____",
    ),
    _family(
        "math",
        "number_rule",
        _number_rule,
        "Find the rule: {x}, ?",
        "Which number follows by the same rule: {x}?",
        "What is the next term of {x}?",
        "The series {x} goes on with ____.",
    ),
    _family(
        "coding",
        "letter_rule",
        _letter_rule,
        "Which letter comes next: {x}?",
        "{x}, ____ (letters)",
        "Continue the letters {x}.",
        "Find the rule of {x}. What is the next letter?",
    ),
    _family(
        "law",
        "liar",
        _liar,
        "{name} {habit}. {name} says that {claim}. Is the box empty or full?",
        "{other} knows that {name} {habit}. {name} says: {claim}. What is the box, empty or full?",
        "Somebody who {habit} says that {claim}. Is it empty or full?",
        "{name} {habit} and says that {claim}. The box is ____ (empty or full).",
    ),
)
