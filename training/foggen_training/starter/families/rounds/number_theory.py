"""Primes, multiples, percentages, powers, means, equations."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial, lcm
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import near, others, verdict
from ..wordings import asked, phrased

PRIMES = tuple(n for n in range(2, 100) if all(n % d for d in range(2, n)))


def _which_prime(random: Random) -> Draw:
    composite = [str(n) for n in range(4, 100) if n not in PRIMES and n % 2]
    return Draw({}, str(random.choice(PRIMES[2:])), others(random, composite))


def _is_prime(random: Random) -> Draw:
    n = random.choice([random.choice(PRIMES), random.randrange(9, 100, 2)])
    return verdict({"x": n}, n in PRIMES)


def _lcm(random: Random) -> Draw:
    a, b = random.sample(range(2, 13), 2)
    answer = lcm(a, b)
    return Draw(
        {"a": a, "b": b}, str(answer), near(random, answer, [a * b, 2 * answer, a + b], low=1)
    )


def _percent_twice(random: Random) -> Draw:
    first, second = (random.choice([10, 20, 25, 40, 50, 80]) for _ in range(2))
    answer = Fraction(first * second, 100)
    mistakes = [Fraction(first + second), Fraction(abs(first - second)), answer * 10]
    pool = [*mistakes, answer / 2, answer + 5, answer + 2]
    wrong = others(random, (f"{float(n):g}%" for n in pool if n > 0), f"{float(answer):g}%")
    return Draw({"a": first, "b": second}, f"{float(answer):g}%", wrong)


def _up_and_down(random: Random) -> Draw:
    price, change = random.choice([100, 200, 400, 1000]), random.choice([10, 20, 50])
    answer = price * (100 + change) * (100 - change) // 10000
    pool = [
        price,
        price * (100 + change) // 100,
        price * (100 - change) // 100,
        answer + price // 20,
        answer - price // 20,
    ]
    return Draw({"a": price, "b": change}, str(answer), others(random, map(str, pool), str(answer)))


def _power(random: Random) -> Draw:
    a, b = random.choice(
        [
            (2, random.randint(3, 10)),
            (3, random.randint(2, 5)),
            (random.randint(4, 12), 2),
            (random.randint(2, 6), 3),
        ]
    )
    return Draw(
        {"a": a, "b": b}, str(a**b), near(random, a**b, [a * b, a ** (b - 1), b**a % 1000, a + b])
    )


def _root(random: Random) -> Draw:
    n = random.randint(2, 20)
    return Draw({"x": n * n}, str(n), near(random, n, [n * n // 2, 2 * n, n + 10], low=1))


def _mean(random: Random) -> Draw:
    answer, count = random.randint(3, 30), random.choice([3, 4])
    steps = [random.randint(-3, 3) for _ in range(count - 1)]
    values = [answer + step for step in steps] + [answer - sum(steps)]
    wrong = near(random, answer, [sum(values), max(values), min(values)])
    return Draw({"x": ", ".join(map(str, values))}, str(answer), wrong)


def _median(random: Random) -> Draw:
    values = random.sample(range(1, 50), random.choice([3, 5]))
    answer = sorted(values)[len(values) // 2]
    wrong = others(random, map(str, [*values, sum(values) // len(values), answer + 1]), str(answer))
    return Draw({"x": ", ".join(map(str, values))}, str(answer), wrong)


def _digit_sum(random: Random) -> Draw:
    n = random.randint(100, 99999)
    digits = [int(digit) for digit in str(n)]
    return Draw(
        {"x": n}, str(sum(digits)), near(random, sum(digits), [len(digits), max(digits)], low=1)
    )


def _divisors(random: Random) -> Draw:
    n = random.randint(6, 48)
    answer = sum(n % d == 0 for d in range(1, n + 1))
    return Draw(
        {"x": n}, str(answer), near(random, answer, [answer - 2, n // 2, answer - 1], low=1)
    )


def _factorial(random: Random) -> Draw:
    n = random.randint(3, 7)
    mistakes = [factorial(n - 1), n * n, sum(range(n + 1)), factorial(n) * 2]
    return Draw({"x": n}, str(factorial(n)), near(random, factorial(n), mistakes, low=1))


def _equation(random: Random) -> Draw:
    a, x, b = random.randint(2, 9), random.randint(1, 12), random.randint(1, 20)
    sign, c = random.choice([("+", a * x + b), ("-", a * x - b)])
    wrong = near(random, x, [c // a, c + b, a, b], low=-5)
    return Draw({"x": f"{a}x {sign} {b} = {c}"}, str(x), wrong)


def _negative(random: Random) -> Draw:
    a, b = random.randint(1, 12), random.randint(1, 12)
    text, answer = random.choice(
        [
            (f"{-a} + {b}", b - a),
            (f"{-a} - {b}", -a - b),
            (f"{-a} * {b}", -a * b),
            (f"{a} - {a + b}", -b),
        ]
    )
    return Draw({"x": text}, str(answer), near(random, answer, [-answer, a + b, a - b], low=-200))


def _family(name: str, draw: Callable[[Random], Draw], *questions: str, of: str = "") -> Family:
    return Family("math", name, draw, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _family(
        "which_is_prime",
        _which_prime,
        "Which of these numbers is prime?",
        "Choose the prime number.",
        "____ has no divisors but 1 and itself.",
        "Find the number that is prime.",
    ),
    _family(
        "is_it_prime",
        _is_prime,
        "Is {x} a prime number?",
        "Yes or no: {x} is prime.",
        "Is the number {x} prime?",
        "Has {x} exactly two divisors?",
    ),
    _family(
        "least_common_multiple",
        _lcm,
        "What is the least common multiple of {a} and {b}?",
        "lcm({a}, {b}) = ____",
        "Two lamps blink every {a} and every {b} seconds. After how many seconds do they blink together again?",
        of="the smallest number that both {a} and {b} divide",
    ),
    _family(
        "percent_of_percent",
        _percent_twice,
        "What is {a}% of {b}%?",
        "{a} percent of {b} percent: ____",
        "{b}% of the pupils take part, and {a}% of these win. Which share of all pupils wins?",
        "Of all people {b}% vote, of the voters {a}% say yes. How many percent of all people is that?",
    ),
    _family(
        "up_and_down",
        _up_and_down,
        "A price of {a} rises by {b}% and then falls by {b}%. What is it now?",
        "{a}, first plus {b}%, then minus {b}%: ____",
        "Start with {a}. Raise it by {b} percent, then lower the result by {b} percent. What do you get?",
    ),
    _family(
        "power",
        _power,
        "What is {a}^{b}?",
        "{a} to the power of {b}: ____",
        "Compute {a}**{b}.",
        of="{a} to the power {b}",
    ),
    _family(
        "square_root",
        _root,
        "What is the square root of {x}?",
        "Which number times itself is {x}?",
        "sqrt({x}) = ____",
        of="the root of {x}",
    ),
    _family(
        "mean",
        _mean,
        "What is the mean of {x}?",
        "Find the average: {x}.",
        "The numbers {x} have the average ____.",
        of="the average of {x}",
    ),
    _family(
        "median",
        _median,
        "What is the median of {x}?",
        "Find the middle value of {x}.",
        "Sorted by size, which of {x} is in the middle?",
        of="the median of {x}",
    ),
    _family(
        "digit_sum",
        _digit_sum,
        "What is the sum of the digits of {x}?",
        "Add up the digits of {x}.",
        "The digits of {x} add up to ____.",
        of="the digit sum of {x}",
    ),
    _family(
        "divisor_count",
        _divisors,
        "How many divisors does {x} have?",
        "By how many whole numbers can {x} be divided?",
        "{x} has ____ divisors (1 and itself included).",
        of="the number of divisors of {x}",
    ),
    _family(
        "factorial",
        _factorial,
        "What is {x}!?",
        "What is {x} factorial?",
        "{x}! = ____",
        "In how many orders can {x} people stand in a row?",
    ),
    _family(
        "linear_equation",
        _equation,
        "Solve {x}.",
        "{x}. What is x?",
        "Find x: {x}.",
        "If {x}, then x is ____.",
    ),
    _family(
        "negative_numbers",
        _negative,
        "What is {x}?",
        "{x} = ____",
        "Compute {x}.",
        "Find the value of {x}.",
    ),
)
