"""Simple Python expressions, types, names of functions, and everyday computer words."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import facts, near, others, pairs, verdict, words
from ..wordings import asked, phrased

WORDS = words("cat, dog, sun, hello, tree, map, key, red, list, code, home, book, star")
TYPES = pairs("""
5: int; -3: int; 42: int; 0: int; 2.5: float; 0.1: float; 3.0: float; 'hi': str; "cat": str; '5': str; "": str
True: bool; False: bool; None: NoneType; [1, 2]: list; []: list; ['a']: list; (1, 2): tuple; 1 + 1: int
2 > 1: bool; 'a' + 'b': str; 1 / 2: float; len('ab'): int; [1] + [2]: list
""")
MEANING = pairs("""
shows a text on the screen: print; gives the length of a list: len; reads a line from the user: input
starts a function: def; starts a condition: if; gives a value back from a function: return
brings in a module: import; repeats over the items of a list: for; repeats while a condition holds: while
leaves a loop: break; turns a text into a whole number: int; gives the largest of some numbers: max
gives the smallest of some numbers: min; adds up the numbers of a list: sum; starts a class: class
turns a number into a text: str; starts a comment: #; tests whether two values are equal: ==
gives the remainder of a division: %; multiplies two numbers: *; raises to a power: **
catches an error: except; sorts a list: sorted
""")
COMPUTER = pairs("""
you type with it: keyboard; you move the pointer with it: mouse; it shows the picture: monitor
it puts a text on paper: printer; you hear sound with it: headphones; it takes pictures for video calls: webcam
it keeps your files: hard disk; it opens web pages: browser; you need it to log in: password
it does the computing: processor
""")


def _arithmetic(random: Random) -> Draw:
    a, b = random.randint(1, 10), random.randint(1, 10)
    sign, result = random.choice([("+", a + b), ("*", a * b), ("-", a)])
    first = a + b if sign == "-" else a
    space = random.choice(["", " "])
    wrong = near(random, result, [a + b, a * b, int(f"{first}{b}")])
    return Draw({"code": f"{first}{space}{sign}{space}{b}"}, str(result), wrong)


def _joined(random: Random) -> Draw:
    a, b = random.sample(WORDS, 2)
    pool = [b + a, f"{a} {b}", f"{a}+{b}", a, b, f"{a}, {b}"]
    return Draw({"code": f"'{a}' + '{b}'"}, a + b, others(random, pool, a + b))


def _joined_digits(random: Random) -> Draw:
    a, b = random.randint(1, 9), random.randint(1, 9)
    pool = [str(a + b), f"{b}{a}", f"{a} {b}", f"{a}+{b}", str(a * b)]
    return Draw({"code": f"'{a}' + '{b}'"}, f"{a}{b}", others(random, pool, f"{a}{b}"))


def _repeated(random: Random) -> Draw:
    text, times = random.choice(["a", "ab", "x", "no", "7", "-", "ha"]), random.randint(2, 4)
    answer = text * times
    pool = [
        text * (times + 1),
        text * (times - 1),
        f"{text}{times}",
        " ".join([text] * times),
        "error",
    ]
    return Draw({"code": f"'{text}' * {times}"}, answer, others(random, pool, answer))


def _length(random: Random) -> Draw:
    items = [random.randint(0, 9) for _ in range(random.randint(1, 6))]
    wrong = near(random, len(items), [sum(items), items[-1], len(items) - 1])
    return Draw({"code": f"len({items})"}, str(len(items)), wrong)


def _text_length(random: Random) -> Draw:
    word = random.choice(WORDS)
    return Draw(
        {"code": f"len('{word}')"}, str(len(word)), near(random, len(word), [len(word) + 1])
    )


def _compared(random: Random) -> Draw:
    a = random.randint(0, 10)
    b = random.choice([a, random.randint(0, 10)])
    sign = random.choice(["==", "!=", "<", ">", "<=", ">="])
    right = {"==": a == b, "!=": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign]
    draw = verdict({"code": f"{a} {sign} {b}"}, right, ("True", "False"))
    return Draw(draw.values, draw.answer, [*draw.wrong, "None", str(a)])


def _logic(random: Random) -> Draw:
    a, b = random.random() < 0.5, random.random() < 0.5
    code, right = random.choice(
        [(f"{a} and {b}", a and b), (f"{a} or {b}", a or b), (f"not {a}", not a)]
    )
    return Draw({"code": code}, str(right), [str(not right), "None", "0"])


def _variable(random: Random) -> Draw:
    name = random.choice("abnxy")
    a, b = random.randint(1, 9), random.randint(1, 9)
    kind = random.choice("=+-*")
    value = {"=": b, "+": a + b, "-": a - b, "*": a * b}[kind]
    second = f"{name} = {b}" if kind == "=" else f"{name} = {name} {kind} {b}"
    pool = [str(n) for n in (a, b, a + b, a * b, a - b, value + 1, value + 2, value - 1)]
    return Draw(
        {"code": f"{name} = {a}\n{second}", "name": name},
        str(value),
        others(random, pool, str(value)),
    )


def _called(random: Random) -> Draw:
    numbers = random.sample(range(1, 20), random.randint(3, 4))
    name, result = random.choice(
        [("max", max(numbers)), ("min", min(numbers)), ("sum", sum(numbers))]
    )
    pool = [str(n) for n in (*numbers, sum(numbers), len(numbers))]
    pool += [] if len(set(pool)) > 4 else [str(result + 1)]
    return Draw({"code": f"{name}({numbers})"}, str(result), others(random, pool, str(result)))


def _case(random: Random) -> Draw:
    word = random.choice(WORDS)
    method, answer = random.choice(
        [("upper", word.upper()), ("lower", word), ("title", word.title())]
    )
    shown = word.upper() if method == "lower" else word
    pool = [word.upper(), word, word.title(), word[::-1], method, word.title().swapcase()]
    return Draw({"code": f"'{shown}'.{method}()"}, answer, others(random, pool, answer))


def _item(random: Random) -> Draw:
    items = random.sample(WORDS, 4)
    place = random.choice([0, 0, 1, 2, 3, -1])
    shown = "[" + ", ".join(f"'{item}'" for item in items) + "]"
    return Draw({"code": f"{shown}[{place}]"}, items[place], others(random, items, items[place]))


def _expression(name: str, draw: Callable[[Random], Draw]) -> Family:
    return Family(
        "coding",
        name,
        draw,
        asked(
            "What does print({code}) show in Python?",
            "What is the value of {code} in Python?",
            "In Python, {code} gives ____.",
            "python: {code} -> ?",
            "What result does the expression {code} have?",
            "What do I see after print({code})?",
        )
        + phrased("the result of {code} in Python"),
    )


FAMILIES = (
    _expression("python_arithmetic", _arithmetic),
    _expression("python_joined_words", _joined),
    _expression("python_joined_digits", _joined_digits),
    _expression("python_repeated", _repeated),
    _expression("python_list_length", _length),
    _expression("python_text_length", _text_length),
    _expression("python_comparison", _compared),
    _expression("python_logic", _logic),
    _expression("python_max_min_sum", _called),
    _expression("python_case", _case),
    _expression("python_item", _item),
    Family(
        "coding",
        "python_variable",
        _variable,
        asked(
            "{code}\nWhat is {name} now?",
            "{code}\nWhich value does {name} have at the end?",
            "After these lines, what is {name}?\n{code}",
            "Python:\n{code}\n{name} = ____",
            "{code}\nprint({name}) shows what?",
        ),
    ),
    facts(
        "coding",
        "python_type",
        TYPES,
        asked(
            "What is the type of {x} in Python?",
            "Which type is {x} in Python?",
            "In Python, {x} is of type ____.",
            "type({x}) is?",
            "Which Python type does {x} have?",
        )
        + phrased("the Python type of {x}"),
    ),
    facts(
        "coding",
        "python_word_for",
        MEANING,
        asked(
            "Which word or sign of Python {x}?",
            "In Python, what {x}?",
            "What {x} in Python?",
            "Python: it {x}. What is it?",
            "____ {x} in Python.",
        ),
    ),
    facts(
        "coding",
        "computer_part",
        COMPUTER,
        asked(
            "At a computer, {x}. What is it?",
            "Computer: {x}. Which word fits?",
            "What is the name of the thing? {x}.",
            "{x}: ____ (computer)",
        ),
    ),
)
