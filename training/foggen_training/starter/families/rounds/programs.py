"""Programs in other languages, algorithms, regular expressions, logic gates."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import facts, near, others, pairs, verdict, words
from ..wordings import asked, phrased

COSTS = pairs("""
a look-up in a hash table (on average): O(1); binary search in a sorted array: O(log n); a linear search: O(n)
merge sort: O(n log n); bubble sort (worst case): O(n^2); all subsets of a set: O(2^n); all orders of n things: O(n!)
reading one entry of an array by its index: O(1); comparing each pair of entries: O(n^2)
""")
STRUCTURES = pairs("""
last in, first out: stack; first in, first out: queue; keys with values: hash map; nodes with at most two children: binary tree
each entry points to the next: linked list; vertices and edges: graph; always gives the smallest first: heap
no entry occurs twice and order does not matter: set
""")
ERRORS = pairs("""
int('abc'): ValueError; [1, 2][5]: IndexError; 1 / 0: ZeroDivisionError; 'a' + 1: TypeError; dict()['k']: KeyError
print(undefined_name): NameError; import no_such_module: ModuleNotFoundError; None.upper(): AttributeError
open('missing.txt'): FileNotFoundError
""")
JS = pairs("""
typeof 5: number; typeof 'a': string; typeof undefined: undefined; typeof null: object; typeof true: boolean
'5' + 3: 53; '5' - 3: 2; 2 + 3 + 'x': 5x; 'x' + 2 + 3: x23; 1 == '1': true; 1 === '1': false; [1, 2, 3].length: 3
'abc'.length: 3; 7 % 4: 3; !true: false; Math.max(2, 9, 4): 9; 'abc'.toUpperCase(): ABC; [1, 2].concat([3]).length: 3
'a,b'.split(',').length: 2; 2 ** 4: 16; 10 / 4: 2.5; Math.floor(3.7): 3; typeof NaN: number; 'abc'[1]: b; !!'': false
""")
PATTERNS = (
    (r"^\d+$", "2024", "20a4, abc, 12 34, -7x, 4.5"), (r"^[a-z]+$", "hello", "Hello, hel1o, hello!, HELLO, he llo"),
    (r"^a.c$", "abc", "ac, abbc, abcd, cab, a-b-c"), (r"^ab*$", "abbb", "aab, ba, abc, b, abab"),
    (r"^(cat|dog)$", "dog", "bird, catdog, cats, do, Dog"), (r"^\w+@\w+\.com$", "tom@site.com", "tom.site.com, tom@site, @site.com, tom@site.org, tom@@site.com"),
    (r"^[A-Z]\d\d$", "K42", "k42, KK4, 42K, K4, K421"), (r"^colou?r$", "color", "colour!, colr, coloor, colours, Color"),
    (r"^.{3}$", "sun", "su, sunny, sun!, s, moon"),
    (r"^x+y$", "xxy", "y, xyy, yx, x, xyx"),
)  # fmt: skip


def _pattern(random: Random) -> Draw:
    pattern, answer, wrong = random.choice(PATTERNS)
    return Draw({"x": pattern}, answer, others(random, words(wrong)))


def _gate(random: Random) -> Draw:
    a, b = random.randint(0, 1), random.randint(0, 1)
    gate, result = random.choice(
        [("AND", a & b), ("OR", a | b), ("XOR", a ^ b), ("NAND", 1 - (a & b)), ("NOR", 1 - (a | b))]
    )
    return verdict({"a": a, "b": b, "gate": gate}, bool(result), ("1", "0"))


def _bitwise(random: Random) -> Draw:
    a, b = random.randint(1, 15), random.randint(1, 15)
    sign, result = random.choice([("&", a & b), ("|", a | b), ("^", a ^ b), ("<<", a << 2)])
    b = 2 if sign == "<<" else b
    return Draw({"x": f"{a} {sign} {b}"}, str(result), near(random, result, [a + b, a * b, a, b]))


def _c_division(random: Random) -> Draw:
    b, whole = random.randint(2, 9), random.randint(1, 9)
    a = b * whole + random.randint(1, b - 1)
    pool = [f"{a / b:.2f}", str(whole + 1), str(a % b), str(a - b), f"{whole}.0", str(whole + 2)]
    return Draw({"x": f"{a} / {b}"}, str(whole), others(random, pool, str(whole)))


def _for_loop(random: Random) -> Draw:
    start, end, step = random.randint(0, 3), random.randint(5, 15), random.randint(1, 3)
    answer = len(range(start, end, step))
    values = {"x": f"for (i = {start}; i < {end}; i += {step})"}
    return Draw(values, str(answer), near(random, answer, [end - start, end, answer - 1], low=1))


def _nested(random: Random) -> Draw:
    a, b = random.randint(2, 9), random.randint(2, 9)
    return Draw({"a": a, "b": b}, str(a * b), near(random, a * b, [a + b, a, b, a**2], low=1))


def _bytes(random: Random) -> Draw:
    bits = random.choice([8, 16, 24, 32, 64, 128, 256])
    return Draw(
        {"x": bits},
        str(bits // 8),
        others(random, map(str, (1, 2, 3, 4, 6, 8, 16, 32, 12)), str(bits // 8)),
    )


def _family(name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family("coding", name, draw, asked(*questions))


def _facts(name: str, table: dict[str, str], *questions: str, of: str = "") -> Family:
    return facts("coding", name, table, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _facts(
        "running_time",
        COSTS,
        "What is the running time of {x}?",
        "{x} takes ____.",
        "In O notation: {x}?",
        of="the complexity of {x}",
    ),
    _facts(
        "data_structure",
        STRUCTURES,
        "Which data structure is described: {x}?",
        "{x}: ____",
        "Which structure fits: {x}?",
        "A structure where the rule is '{x}' is a ____.",
    ),
    _facts(
        "python_error",
        ERRORS,
        "Which error does {x} raise in Python?",
        "In Python, {x} ends with a ____.",
        "{x}: which exception?",
        "What is raised by {x}?",
    ),
    _facts(
        "javascript",
        JS,
        "In JavaScript, what is {x}?",
        "JavaScript: {x} gives ____",
        "console.log({x}) prints what?",
        of="the value of {x} in JavaScript",
    ),
    _family(
        "regular_expression",
        _pattern,
        "Which text matches the regular expression {x}?",
        "regex {x}: which one fits?",
        "{x} matches ____.",
        "Which string is accepted by the pattern {x}?",
    ),
    _family(
        "logic_gate",
        _gate,
        "What is the output of {gate} for {a} and {b}?",
        "{a} {gate} {b} = ____",
        "A {gate} gate gets {a} and {b}. It gives 0 or 1?",
        "Inputs {a}, {b}, gate {gate}: output 0 or 1?",
    ),
    _family(
        "bitwise",
        _bitwise,
        "What is {x} on integers in C or Python?",
        "{x} = ____ (bits)",
        "Bitwise: {x}?",
        "Evaluate the bit operation {x}.",
    ),
    _family(
        "integer_division",
        _c_division,
        "In C, what is {x} for two ints?",
        "int division in Java: {x} = ____",
        "C: printf of {x} (ints) shows what?",
        "What is the whole-number result of {x} in C?",
    ),
    _family(
        "loop_runs",
        _for_loop,
        "How often does the body run: {x}?",
        "{x} runs ____ times.",
        "C: {x} ... How many passes?",
        "Count the rounds of the loop {x}.",
    ),
    _family(
        "nested_loops",
        _nested,
        "A loop of {a} rounds holds a loop of {b} rounds. How often does the inner body run?",
        "{a} outer and {b} inner passes: ____ in all",
        "for i in 1..{a}, for j in 1..{b}: how many times is the body run?",
        "Two nested loops, {a} and {b}. Total runs?",
    ),
    _family(
        "bits_to_bytes",
        _bytes,
        "How many bytes are {x} bits?",
        "{x} bits = ____ bytes",
        "{x} bit is how many bytes?",
        "A number of {x} bits takes how many bytes?",
    ),
)
