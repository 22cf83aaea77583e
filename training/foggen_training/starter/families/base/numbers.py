"""Numbers: odd and even, doubles and halves, rounding, comparing two, sums that are true or false."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..common import spell
from ..drawing import TRUE_FALSE, YES_NO, in_figures_or_words, near, others, verdict
from ..wordings import asked, phrased


def _words_sum(random: Random) -> Draw:
    a, b = random.randint(1, 10), random.randint(1, 10)
    answer, wrong = in_figures_or_words(random, a + b, near(random, a + b, [abs(a - b), a * b]))
    return Draw({"a": spell(a), "b": spell(b)}, answer, wrong)


def _words_difference(random: Random) -> Draw:
    b, left = random.randint(1, 10), random.randint(1, 10)
    wrong = near(random, left, [2 * b + left, b])
    answer, wrong = in_figures_or_words(random, left, wrong)
    return Draw({"a": spell(b + left), "b": spell(b)}, answer, wrong)


def _digits_sum(random: Random) -> Draw:
    a, b = random.randint(0, 12), random.randint(0, 12)
    return Draw({"a": a, "b": b}, str(a + b), near(random, a + b, [abs(a - b), a * b, a + b + 10]))


def _double(random: Random) -> Draw:
    n = random.choice([random.randint(1, 12), random.randint(1, 50)])
    return Draw({"x": n}, str(2 * n), near(random, 2 * n, [n, 3 * n, n + 2, 2 * n + 2]))


def _halve(random: Random) -> Draw:
    n = random.choice([random.randint(1, 12), random.randint(1, 50)])
    return Draw({"x": 2 * n}, str(n), near(random, n, [2 * n, 4 * n, 2 * n - 2, n + 1]))


def _parity(random: Random) -> Draw:
    n = random.choice([random.randint(1, 20), random.randint(1, 100)])
    return verdict({"x": n}, n % 2 == 0, ("even", "odd"))


def _which_parity(random: Random) -> Draw:
    odd = random.random() < 0.5
    pool = range(1, random.choice([20, 100]))
    right = [str(n) for n in pool if n % 2 == odd]
    wrong = [str(n) for n in pool if n % 2 != odd]
    return Draw({"x": "odd" if odd else "even"}, random.choice(right), others(random, wrong))


def _missing(random: Random) -> Draw:
    a, b = random.randint(1, 10), random.randint(1, 10)
    answer, total = b, a + b
    shown = random.choice(
        [f"{a} + ____ = {total}", f"____ + {a} = {total}", f"{total} - ____ = {a}"]
    )
    return Draw({"x": shown}, str(answer), near(random, answer, [total + a, total, a]))


def _larger(random: Random) -> Draw:
    a, b = random.sample(range(0, random.choice([20, 100, 1000])), 2)
    more = random.random() < 0.5
    values = {"x": "bigger" if more else "smaller", "a": a, "b": b}
    answer = max(a, b) if more else min(a, b)
    return Draw(values, str(answer), [str(a + b - answer)])


def _sum_true(random: Random) -> Draw:
    a, b = random.randint(1, 10), random.randint(1, 10)
    sign, result = random.choice([("+", a + b), ("-", a), ("*", a * b)])
    first = a + b if sign == "-" else a
    right = random.random() < 0.5
    shown = result if right else int(near(random, result, [a + b, first])[0])
    return verdict({"x": f"{first} {sign} {b} = {shown}"}, right, TRUE_FALSE)


def _more_than(random: Random) -> Draw:
    a, b = random.sample(range(1, random.choice([20, 100])), 2)
    return verdict({"a": a, "b": b}, a > b, YES_NO)


def _rounded(random: Random) -> Draw:
    n = random.choice([n for n in range(11, 99) if n % 10 not in (0, 5)])
    answer = round(n / 10) * 10
    low = n // 10 * 10
    pool = [str(x) for x in (low, low + 10, low - 10, low + 20, low + 5, n + 1) if x > 0]
    return Draw({"x": n}, str(answer), others(random, pool, str(answer)))


FAMILIES = (
    Family(
        "math",
        "sum_in_words",
        _words_sum,
        asked(
            "What is {a} plus {b}?",
            "{a} plus {b} is ____",
            "{a} and {b} make?",
            "How much is {a} and {b}?",
            "Add {a} and {b}.",
        )
        + phrased("the sum of {a} and {b}", "{a} plus {b}"),
    ),
    Family(
        "math",
        "difference_in_words",
        _words_difference,
        asked(
            "{a} minus {b} is ____",
            "Take {b} away from {a}. What is left?",
            "How much is {a} less {b}?",
        )
        + phrased("{a} minus {b}"),
    ),
    Family(
        "math",
        "sum_in_digits",
        _digits_sum,
        asked(
            "{a}+{b}",
            "{a} + {b} = ____",
            "how much is {a}+{b}",
            "{a} and {b} is?",
            "Result of {a} + {b}:",
        )
        + phrased("{a} plus {b}"),
    ),
    Family(
        "math",
        "double",
        _double,
        asked(
            "What is double {x}?",
            "What is twice {x}?",
            "The double of {x} is ____.",
            "Two times {x}?",
            "{x} and {x} make ____.",
            "{x} + {x} = ?",
        )
        + phrased("twice {x}", "the double of {x}"),
    ),
    Family(
        "math",
        "halve",
        _halve,
        asked(
            "How much is one half of {x}?",
            "Half of {x} is ____.",
            "{x} divided by two?",
            "Cut {x} in half: ____",
        )
        + phrased("half of {x}", "one half of {x}"),
    ),
    Family(
        "math",
        "odd_or_even",
        _parity,
        asked(
            "Is {x} odd or even?",
            "{x}: odd or even?",
            "Is the number {x} even or odd?",
            "{x} is an ____ number (odd or even).",
            "Odd or even: {x}",
        ),
    ),
    Family(
        "math",
        "which_is_odd",
        _which_parity,
        asked(
            "Which of these numbers is {x}?",
            "Which number is {x}?",
            "Choose an {x} number.",
            "____ is {x}.",
            "Find the {x} number.",
        )
        + phrased("the {x} number here"),
    ),
    Family(
        "math",
        "missing_number",
        _missing,
        asked(
            "{x}",
            "Which number is missing: {x}?",
            "What goes into the gap: {x}?",
            "Fill in: {x}",
            "Find the missing number. {x}",
            "{x}. What is the gap?",
        ),
    ),
    Family(
        "math",
        "bigger_of_two",
        _larger,
        asked(
            "Which is {x}, {a} or {b}?",
            "Which number is {x}: {a} or {b}?",
            "{a} or {b}: which one is {x}?",
            "Of {a} and {b}, the {x} one is ____.",
            "What is {x}, {a} or {b}?",
        )
        + phrased("the {x} one of {a} and {b}"),
    ),
    Family(
        "math",
        "sum_is_true",
        _sum_true,
        asked(
            "True or false: {x}",
            "{x}. True or false?",
            "{x} Is this true or false?",
            "Is it true or false that {x}?",
            "Check: {x} (true or false)",
        ),
    ),
    Family(
        "math",
        "is_it_more",
        _more_than,
        asked(
            "Is {a} more than {b}?",
            "Is {a} greater than {b}?",
            "{a} > {b}? Yes or no?",
            "Yes or no: {a} is bigger than {b}.",
            "Is {b} less than {a}?",
        ),
    ),
    Family(
        "math",
        "rounded_to_ten",
        _rounded,
        asked(
            "What is {x} rounded to the nearest ten?",
            "Round {x} to the nearest 10.",
            "{x} is about ____ (to the nearest ten).",
            "Which ten is nearest to {x}?",
        )
        + phrased("{x} rounded to tens"),
    ),
)
