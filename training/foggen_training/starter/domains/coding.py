"""Coding: what a few lines of Python print."""

from __future__ import annotations

from random import Random

from ..skills import Draw, Skill, wrong_numbers

NEAR = {1: 0.2, 2: 0.4, 3: 0.6}
NAMES = "abknxyz"
WORDS = (
    "cat",
    "dog",
    "sun",
    "map",
    "key",
    "tree",
    "data",
    "loop",
    "code",
    "list",
    "stack",
    "queue",
    "graph",
    "array",
    "table",
    "string",
    "number",
    "python",
    "server",
    "binary",
)

ASK = (
    "What does this code print?\n{code}",
    "What is the output of this code?\n{code}",
    "What is printed?\n{code}",
    "{code}\nWhat does the program print?",
    "Consider the code:\n{code}\nWhat is the output?",
    "Find the output of the program:\n{code}",
)
TEST_ASK = (
    "{code}\nWhat is the output of the program?",
    "Consider the program:\n{code}\nWhat is printed?",
)


def _assign(random: Random, tier: int) -> Draw:
    """One to three assignments; later tiers multiply and use two variables."""
    x, y = random.sample(NAMES, 2)
    a, b, c = (random.randint(1, 9) for _ in range(3))
    operator = random.choice("+-" if tier == 1 else "+-*")
    if operator == "-" and b > a:
        a, b = b, a
    first = {"+": a + b, "-": a - b, "*": a * b}[operator]
    lines, result = [f"{x} = {a}"], first
    if tier == 1:
        lines += [f"print({x} {operator} {b})"]
    else:
        lines += [f"{y} = {x} {operator} {b}"]
        if tier == 3:
            lines += [f"{y} = {y} + {c} * {x}"]
            result += c * a
        lines += [f"print({y})"]
    wrong = wrong_numbers(random, result, [a, b, a + b, a * b, first], NEAR[tier])
    return Draw({"code": "\n".join(lines)}, str(result), wrong)


def _loop(random: Random, tier: int) -> Draw:
    name = random.choice(NAMES)
    times = random.randint(2, 3 * tier)
    step = random.randint(1, 3 * tier)
    start = random.choice([0, 0, random.randint(1, 9)]) if tier > 1 else 0
    code = f"{name} = {start}\nfor i in range({times}):\n    {name} += {step}\nprint({name})"
    result = start + times * step
    wrong = wrong_numbers(random, result, [result + step, times, step, start], NEAR[tier])
    return Draw({"code": code}, str(result), wrong)


def _length(random: Random, tier: int) -> Draw:
    words = [word for word in WORDS if len(word) <= 3 + tier]
    word = "".join(
        random.choice([random.choice(words), *words[:3]]) for _ in range(1 if tier < 3 else 2)
    )
    wrong = wrong_numbers(random, len(word), [len(word) - 1, len(word) + 1], 0.8)
    return Draw({"code": f'print(len("{word}"))'}, str(len(word)), wrong)


def _index(random: Random, tier: int) -> Draw:
    count = 2 + tier
    items = random.sample(range(1, 10 if tier < 3 else 100), count)
    position = random.randrange(count)
    shown = position - count if tier == 3 and random.random() < 0.5 else position
    name = random.choice(NAMES)
    code = f"{name} = {items}\nprint({name}[{shown}])"
    others = [str(item) for item in items if item != items[position]]
    others += ["0"] if len(others) < 3 else []
    return Draw({"code": code}, str(items[position]), random.sample(others, 3))


def _boolean(random: Random, tier: int) -> Draw:
    numbers = [random.randint(0, 10 ** min(tier, 2)) for _ in range(4)]
    first = f"{numbers[0]} {random.choice('<>')} {numbers[1]}"
    second = f"{numbers[2]} {random.choice('<>')} {numbers[3]}"
    code = first if tier == 1 else f"{first} {random.choice(['and', 'or'])} {second}"
    code = f"not ({code})" if tier == 3 else code
    result = str(eval(code))  # safe: the code was built above
    return Draw({"code": f"print({code})"}, result, [str(result != "True"), "None", "0"])


SKILLS = tuple(
    Skill("coding", name, draw, ASK, TEST_ASK)
    for name, draw in (
        ("assign", _assign),
        ("loop", _loop),
        ("length", _length),
        ("index", _index),
        ("boolean", _boolean),
    )
)
