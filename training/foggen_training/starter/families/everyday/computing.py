"""Everyday questions of computers: short programs, spreadsheets, files, passwords, keys."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import NAMES
from ..drawing import facts, near, others, pairs
from ..wordings import asked

SHORTCUTS = pairs("""
copies the marked text: Ctrl+C; pastes: Ctrl+V; cuts the marked text: Ctrl+X; undoes the last step: Ctrl+Z; saves the file: Ctrl+S
prints: Ctrl+P; finds a word on the page: Ctrl+F; marks everything: Ctrl+A; closes the window: Alt+F4
""")
WRONG_CODE = pairs("""
print("hi": a bracket is missing; if x > 3 print(x): a colon is missing; print('hi): a quote is missing; pritn(5): a name is misspelled
len([1, 2): a bracket is missing; while x < 5 x = x + 1: a colon is missing; name = 'Tom: a quote is missing; prnt('a'): a name is misspelled
""")
OPENS = pairs("""
photo.jpg: a picture viewer; song.mp3: a music player; film.mp4: a video player; table.xlsx: a spreadsheet program
letter.docx: a word processor; page.html: a web browser; notes.txt: a text editor
""")


def _spreadsheet(random: Random) -> Draw:
    a, b, c = (random.randint(1, 20) for _ in range(3))
    formula, answer = random.choice(
        [
            ("=A1+A2", a + b),
            ("=A1*A2", a * b),
            ("=SUM(A1:A3)", a + b + c),
            ("=MAX(A1:A3)", max(a, b, c)),
            ("=A2-A1", b - a),
        ]
    )
    wrong = near(random, answer, [a, b, c, a + b, a + b + c], low=-20)
    return Draw({"a": a, "b": b, "c": c, "f": formula}, str(answer), wrong)


def _branch(random: Random) -> Draw:
    x, limit = random.randint(1, 12), random.randint(2, 10)
    first, second = random.sample(["red", "blue", "yes", "no", "big", "small", "stop", "go"], 2)
    answer, other = (first, second) if x > limit else (second, first)
    code = f"x = {x}\nif x > {limit}:\n    print('{first}')\nelse:\n    print('{second}')"
    return Draw({"code": code}, answer, [other, f"{first} {second}", "x", "nothing"])


def _last_printed(random: Random) -> Draw:
    n = random.randint(2, 9)
    last = random.random() < 0.5
    answer = n - 1 if last else n
    ask = "Which number is printed last?" if last else "How many lines are printed?"
    code = f"for i in range({n}):\n    print(i)"
    return Draw({"code": code, "ask": ask}, str(answer), near(random, answer, [n, n - 1, n + 1]))


def _append(random: Random) -> Draw:
    items = random.sample(range(1, 30), random.randint(2, 4))
    new = random.randint(31, 50)
    ask, answer = random.choice([("len(a)", len(items) + 1), ("a[0]", items[0]), ("a[-1]", new)])
    code = f"a = {items}\na.append({new})\nprint({ask})"
    pool = [str(n) for n in (*items, new, len(items), len(items) + 1, len(items) + 2)]
    return Draw({"code": code}, str(answer), others(random, pool, str(answer)))


def _swap(random: Random) -> Draw:
    a, b = random.sample(range(1, 30), 2)
    name, answer = random.choice([("a", b), ("b", a)])
    pool = [a, b, a + b, abs(a - b), 0, a + 1]
    code = f"a = {a}\nb = {b}\na, b = b, a\nprint({name})"
    return Draw({"code": code}, str(answer), others(random, map(str, pool), str(answer)))


def _password(random: Random) -> Draw:
    names = [name.lower() for name in NAMES if len(name) < 6]
    good = f"{random.choice(names)}{random.choice(names)}{random.randint(100, 9999)}"
    bad = [
        f"{random.choice(names)}{random.randint(1, 9)}",
        random.choice(names) * 3,
        "12345678901",
        str(random.randint(1, 999)),
        "aaaaaaaaaa",
    ]
    return Draw({}, good, others(random, bad, good))


def _megabytes(random: Random) -> Draw:
    size, count = random.choice([2, 4, 5, 10]), random.randint(2, 20)
    wrong = near(random, size * count, [size + count, size * count * 10, size], low=1)
    return Draw({"a": size, "n": count}, f"{size * count} MB", [f"{n} MB" for n in wrong])


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


def _facts(domain: str, name: str, table: dict[str, str], *questions: str) -> Family:
    return facts(domain, name, table, asked(*questions))


FAMILIES = (
    _family(
        "coding",
        "spreadsheet",
        _spreadsheet,
        "A1 is {a}, A2 is {b}, A3 is {c}. What does {f} give?",
        "Cells: A1={a}, A2={b}, A3={c}. {f} -> ____",
        "In a spreadsheet with {a}, {b}, {c} in A1 to A3, what is {f}?",
        "{f} with A1 {a}, A2 {b} and A3 {c}?",
    ),
    _family(
        "coding",
        "if_else",
        _branch,
        "What is printed?\n{code}",
        "{code}\nWhat does it show?",
        "Python:\n{code}\nOutput: ____",
        "Which word does this program print?\n{code}",
    ),
    _family(
        "coding",
        "range_loop",
        _last_printed,
        "{code}\n{ask}",
        "{ask}\n{code}",
        "Look at the code.\n{code}\n{ask}",
        "Python: {ask}\n{code}",
    ),
    _family(
        "coding",
        "append",
        _append,
        "{code}\nWhat is printed?",
        "What does this show?\n{code}",
        "Python:\n{code}\nOutput: ____",
        "After the append, what comes out?\n{code}",
    ),
    _family(
        "coding",
        "swap",
        _swap,
        "{code}\nWhat is printed?",
        "Two variables change places:\n{code}\nOutput?",
        "What does the last line show?\n{code}",
        "Python:\n{code}\nResult: ____",
    ),
    _family(
        "coding",
        "good_password",
        _password,
        "A password needs at least 8 signs with letters and digits. Which one is allowed?",
        "Rule: 8 signs or more, letters and numbers both. ____ fits.",
        "Which password has 8 or more signs, some letters and some digits?",
        "Choose the password that keeps the rule: letters and digits, 8 signs at least.",
    ),
    _family(
        "coding",
        "size_of_photos",
        _megabytes,
        "A photo has {a} MB. How much space do {n} photos take?",
        "{n} files of {a} MB each: ____",
        "I download {n} songs of {a} MB. How much is it?",
        "How many MB are {n} pictures at {a} MB?",
    ),
    _facts(
        "coding",
        "shortcut",
        SHORTCUTS,
        "Which keys: it {x}?",
        "On a PC, ____ {x}.",
        "What do I press? It {x}.",
        "The shortcut that {x} is ____.",
    ),
    _facts(
        "coding",
        "mistake_in_code",
        WRONG_CODE,
        "What is wrong in this Python line? {x}",
        "{x}\nWhy does it not run?",
        "Find the mistake: {x}",
        "Python complains about {x} because ____.",
    ),
    _facts(
        "coding",
        "program_for_file",
        OPENS,
        "Which program opens {x} best?",
        "{x} is opened with ____.",
        "With what do I look at {x}?",
        "I got a file {x}. What do I need for it?",
    ),
)
