"""Everyday questions of money: bills, savings, wages, prices by weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import story
from ..drawing import near, verdict, words
from ..wordings import asked

FOOD = words("bread, milk, tea, cheese, rice, sugar, eggs, juice, butter, fish")
UNITS = ("tenge", "USD", "EUR")


def _amounts(
    random: Random, answer: int, mistakes: list[int], values: Mapping[str, object], step: int = 1
) -> Draw:
    """A question whose answer is an amount of {unit}."""
    unit = random.choice(UNITS)
    wrong = near(random, answer, mistakes, low=1, step=step)
    return Draw({**values, "unit": unit}, f"{answer} {unit}", [f"{n} {unit}" for n in wrong])


def _number(
    random: Random, answer: int, mistakes: list[int], low: int = 0, **values: object
) -> Draw:
    return Draw({**story(random), **values}, str(answer), near(random, answer, mistakes, low=low))


def _receipt(random: Random) -> Draw:
    prices = [random.randint(2, 30) for _ in range(3)]
    shown = ", ".join(f"{x} {p}" for x, p in zip(random.sample(FOOD, 3), prices, strict=True))
    return _amounts(random, sum(prices), [prices[0] + prices[1], max(prices)], {"list": shown})


def _half_price(random: Random) -> Draw:
    half = random.randint(2, 60)
    return _amounts(random, half, [2 * half, 4 * half, half + 10], {"a": 2 * half})


def _coins(random: Random) -> Draw:
    first, second = random.sample([5, 10, 20, 50, 100], 2)
    a, b = random.randint(2, 6), random.randint(2, 6)
    values = {"a": a, "x": first, "b": b, "y": second}
    return _amounts(random, a * first + b * second, [a + b, first + second, a * first], values, 5)


def _by_weight(random: Random) -> Draw:
    price, weight = 2 * random.randint(2, 30), random.choice([2, 3, 4, 5])
    if random.random() < 0.3:
        return _amounts(random, price // 2, [price, price * 2], {"a": price, "w": "half a kilo"})
    values = {"a": price, "w": f"{weight} kilos"}
    return _amounts(random, price * weight, [price + weight, price], values)


def _saving(random: Random) -> Draw:
    weeks, each = random.randint(3, 15), random.randint(2, 20)
    return _number(random, weeks, [each, weeks * each, weeks + 1], 1, a=each, b=weeks * each)


def _remaining(random: Random) -> Draw:
    price, count = random.randint(3, 12), random.randint(2, 6)
    rest = random.randint(1, price - 1)
    values = {"a": price, "b": price * count + rest}
    return _amounts(random, rest, [price - rest, count, price], values)


def _cheaper_by(random: Random) -> Draw:
    low, difference = random.randint(5, 80), random.randint(1, 30)
    values = {"a": low + difference, "b": low, "x": random.choice(FOOD)}
    return _amounts(random, difference, [2 * low + difference, low], values)


def _wage(random: Random) -> Draw:
    hours, pay = random.randint(3, 9), random.randint(5, 30)
    return _amounts(random, hours * pay, [hours + pay, pay * (hours + 1)], {"a": hours, "b": pay})


def _monthly(random: Random) -> Draw:
    month = random.choice([5, 10, 20, 30, 50, 100])
    return _amounts(random, 12 * month, [10 * month, month, 52 * month], {"a": month}, month)


def _half_each(random: Random) -> Draw:
    each, people = random.randint(3, 40), random.randint(2, 5)
    values = {"a": each * people, "n": people}
    return _amounts(random, each, [each * people, each + people, 2 * each], values)


def _bill_right(random: Random) -> Draw:
    count, price = random.randint(2, 9), random.randint(2, 12)
    right = random.random() < 0.5
    shown = count * price if right else int(near(random, count * price, [count + price])[0])
    return verdict(
        {"n": count, "a": price, "b": shown, "x": random.choice(["pens", "buns"])}, right
    )


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "finance",
        "receipt",
        _receipt,
        "The receipt says: {list} ({unit}). What is the total?",
        "{list}. Together: ____",
        "I bought {list}, prices in {unit}. How much did I spend?",
        "Add up the bill in {unit}: {list}.",
    ),
    _family(
        "finance",
        "half_price",
        _half_price,
        "A jacket of {a} {unit} is sold at half price. What does it cost?",
        "{a} {unit}, now 50% off: ____",
        "Children pay half. An adult pays {a} {unit}. What does a child pay?",
        "Everything at half price today! What do I pay for a bag of {a} {unit}?",
    ),
    _family(
        "finance",
        "coins_in_pocket",
        _coins,
        "I have {a} coins of {x} and {b} coins of {y} {unit}. How much is it?",
        "{a} times {x} and {b} times {y} {unit}: ____",
        "In the box are {a} notes of {x} {unit} and {b} of {y}. How much money is there?",
        "How much do {a} coins of {x} and {b} of {y} make in {unit}?",
    ),
    _family(
        "finance",
        "price_by_weight",
        _by_weight,
        "One kilo of apples costs {a} {unit}. What do {w} cost?",
        "{a} {unit} a kilo, {w}: ____",
        "I need {w} of meat. A kilo is {a} {unit}. How much do I pay?",
        "At {a} {unit} per kilo, how much is it for {w}?",
    ),
    _family(
        "finance",
        "weeks_of_saving",
        _saving,
        "{name} saves {a} a week. After how many weeks are there {b}?",
        "A bike costs {b}. I put {a} aside each week. How many weeks?",
        "{a} every week until it is {b}: ____ weeks",
        "How many weekly payments of {a} make {b}?",
    ),
    _family(
        "finance",
        "money_left_over",
        _remaining,
        "A ticket costs {a} {unit}. I have {b} {unit} and buy as many as I can. What is left?",
        "With {b} {unit}, tickets of {a} each, as many as possible. Rest: ____",
        "I spend {b} {unit} on pens of {a} {unit}, as many as go. How much remains?",
        "How much of {b} {unit} is left after buying all the {a}-{unit} toys I can?",
    ),
    _family(
        "finance",
        "cheaper_by",
        _cheaper_by,
        "In one shop {x} costs {a} {unit}, in another {b}. How much do I save in the second?",
        "{x}: {a} or {b} {unit}. Difference: ____",
        "The price of {x} fell from {a} to {b} {unit}. By how much?",
        "How much cheaper is {x} at {b} than at {a} {unit}?",
    ),
    _family(
        "finance",
        "wage",
        _wage,
        "I work {a} hours at {b} {unit} an hour. What do I earn?",
        "{a} hours, {b} {unit} each: pay ____",
        "A gardener gets {b} {unit} an hour. How much for {a} hours?",
        "What is the pay for {a} hours at an hourly {b} {unit}?",
    ),
    _family(
        "finance",
        "monthly_to_yearly",
        _monthly,
        "A phone plan is {a} {unit} a month. How much is it a year?",
        "{a} {unit} monthly = ____ yearly",
        "I pay {a} {unit} each month. What do I pay in twelve months?",
        "The club takes {a} {unit} a month. For a whole year that is what?",
    ),
    _family(
        "finance",
        "equal_parts_of_bill",
        _half_each,
        "{n} friends share a bill of {a} {unit} equally. What does each pay?",
        "{a} {unit} by {n} people: ____ each",
        "A taxi costs {a} {unit}. We are {n}. My part?",
        "Rent of {a} {unit} for {n} flatmates in equal parts. How much for one?",
    ),
    _family(
        "finance",
        "is_the_bill_right",
        _bill_right,
        "{n} {x} at {a} each cost {b}. Is that right?",
        "The bill: {n} {x}, {a} each, total {b}. Correct?",
        "They want {b} for {n} {x} at {a}. Is the sum right?",
        "Yes or no: {n} times {a} is {b}.",
    ),
)
