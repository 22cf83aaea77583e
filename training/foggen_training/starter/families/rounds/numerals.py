"""Ways to write numbers: Roman, binary, hexadecimal, fractions, decimals, powers of ten."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import near, others
from ..wordings import asked, phrased

_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def roman(number: int) -> str:
    """A whole number from 1 to 3999 in Roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _roman_number(random: Random) -> int:
    return random.choice(
        [random.randint(1, 30), random.randint(31, 200), random.randint(200, 2024)]
    )


def _from_roman(random: Random) -> Draw:
    n = _roman_number(random)
    return Draw({"x": roman(n)}, str(n), near(random, n, [n + 2, n - 2, n + 10, n + 5], low=1))


def _to_roman(random: Random) -> Draw:
    n = _roman_number(random)
    wrong = near(random, n, [n + 2, n - 2, n + 10, n + 5], low=1)
    return Draw({"x": n}, roman(n), [roman(int(w)) for w in wrong])


def _base(base: int, show: Callable[[int], str], most: int) -> Callable[[Random], Draw]:
    def draw(random: Random) -> Draw:
        n = random.randint(3, most)
        wrong = [show(int(w)) for w in near(random, n, [n + 2, n * 2, n - 1], low=1)]
        return Draw({"x": n, "base": base}, show(n), wrong)

    return draw


def _from_binary(random: Random) -> Draw:
    n = random.randint(3, 31)
    return Draw({"x": f"{n:b}"}, str(n), near(random, n, [2 * n, n + 2, n + 4, n // 2], low=1))


def _fraction_sum(random: Random) -> Draw:
    a, b = Fraction(1, random.randint(2, 6)), Fraction(random.randint(1, 3), random.randint(4, 8))
    answer = a + b
    pool = [
        Fraction(a.numerator + b.numerator, a.denominator + b.denominator),
        a * b,
        abs(a - b),
        answer + Fraction(1, 12),
        answer / 2,
        answer * Fraction(3, 2),
    ]
    wrong = others(random, (str(n) for n in pool if n != answer and n > 0))
    return Draw({"a": str(a), "b": str(b)}, str(answer), wrong)


def _reduced(random: Random) -> Draw:
    answer = Fraction(random.randint(1, 8), random.randint(2, 9))
    while answer.denominator == 1:
        answer = Fraction(random.randint(1, 8), random.randint(2, 9))
    k = random.randint(2, 9)
    p, q = answer.numerator, answer.denominator
    pool = [
        Fraction(p + 1, q),
        Fraction(p, q + 1),
        Fraction(q, p),
        Fraction(p, 2 * q),
        Fraction(p + 2, q + 1),
    ]
    wrong = others(random, (f"{n.numerator}/{n.denominator}" for n in pool if n != answer))
    return Draw({"x": f"{p * k}/{q * k}"}, f"{p}/{q}", wrong)


def _decimal(random: Random) -> Draw:
    shares = [Fraction(n, d) for d in (2, 4, 5, 8, 10, 20) for n in range(1, d)]
    answer = random.choice(shares)
    wrong = others(random, (f"{float(n):g}" for n in shares), f"{float(answer):g}")
    return Draw({"x": str(answer)}, f"{float(answer):g}", wrong)


def _scientific(random: Random) -> Draw:
    lead, power = random.randint(1, 9), random.randint(2, 7)
    pool = [f"{lead} * 10^{n}" for n in range(max(1, power - 2), power + 4)]
    answer = f"{lead} * 10^{power}"
    return Draw({"x": lead * 10**power}, answer, others(random, pool, answer))


def _family(name: str, draw: Callable[[Random], Draw], *questions: str, of: str = "") -> Family:
    return Family("math", name, draw, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _family(
        "roman_to_number",
        _from_roman,
        "Which number is {x} in Roman numerals?",
        "{x} is the Roman numeral for ____.",
        "A clock tower bears the letters {x}. Which number is that?",
        of="the value of the Roman numeral {x}",
    ),
    _family(
        "number_to_roman",
        _to_roman,
        "How do you write {x} in Roman numerals?",
        "{x} in Roman numerals is ____.",
        "Which Roman numeral stands for {x}?",
        of="the Roman numeral for {x}",
    ),
    _family(
        "to_binary",
        _base(2, "{:b}".format, 31),
        "How is {x} written in binary?",
        "Convert {x} to base {base}.",
        "{x} in the binary system: ____",
        of="{x} in base {base}",
    ),
    _family(
        "from_binary",
        _from_binary,
        "Which decimal number is the binary {x}?",
        "Convert {x} from base 2 to base 10.",
        "binary {x} = decimal ____",
        of="the decimal value of binary {x}",
    ),
    _family(
        "to_hexadecimal",
        _base(16, "{:X}".format, 255),
        "How is {x} written in hexadecimal?",
        "Convert the decimal number {x} to base {base}.",
        "{x} as a hex number: ____",
        of="the hexadecimal form of {x}",
    ),
    _family(
        "fraction_sum",
        _fraction_sum,
        "What is {a} + {b}?",
        "Add the fractions {a} and {b}.",
        "{a} of a cake and {b} of a cake make ____.",
        of="the sum of the fractions {a} and {b}",
    ),
    _family(
        "reduced_fraction",
        _reduced,
        "Reduce {x} to lowest terms.",
        "Which fraction equals {x}?",
        "{x} = ____ (simplified)",
        of="the simplest form of {x}",
    ),
    _family(
        "fraction_to_decimal",
        _decimal,
        "How is {x} written as a decimal?",
        "{x} as a decimal is ____.",
        "Turn the fraction {x} into a decimal number.",
        of="the decimal form of {x}",
    ),
    _family(
        "scientific_notation",
        _scientific,
        "How is {x} written in scientific notation?",
        "{x} with a power of ten: ____",
        "Which is the same as {x}?",
        of="{x} in scientific notation",
    ),
)
