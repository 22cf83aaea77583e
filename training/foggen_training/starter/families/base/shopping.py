"""Money and shops: coins, change, prices."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..common import NAMES
from ..drawing import counts, facts, near, numbers, pairs, words
from ..wordings import asked, phrased

GOODS = words(
    "a pen, a loaf of bread, a book, a cake, a ticket, a cup of tea, a toy, a bottle of milk"
)
MANY_GOODS = words("pens, cakes, tickets, apples, notebooks, candles, cups, buns")
COINS = numbers("""
a dollar: 100; half a dollar: 50; a quarter of a dollar: 25; two dollars: 200; five dollars: 500; a dime: 10
a nickel: 5; a euro: 100; half a euro: 50; two euros: 200; ten euros: 1000; three dollars: 300
""")
SHOP = pairs("""
bread: at a baker's; medicine: at a pharmacy; meat: at a butcher's; books: in a bookshop; stamps: at a post office
petrol: at a filling station; glasses: at an optician's; flowers: at a florist's; shoes: in a shoe shop
rings and necklaces: at a jeweller's; tickets for a film: at a cinema; newspapers: at a news stand
""")


def _form(random: Random) -> str:
    return random.choice(["${}", "{} tenge", "€{}", "{} USD"])


def _change(random: Random) -> Draw:
    note = random.choice([5, 10, 10, 20, 50, 100])
    price = random.randint(1, note - 1)
    form, answer = _form(random), note - price
    wrong = near(random, answer, [price, note + price, answer + 10, answer + 1], low=1)
    values = {"name": random.choice(NAMES), "x": random.choice(GOODS), "a": form.format(price)}
    return Draw(
        {**values, "b": form.format(note)}, form.format(answer), [form.format(n) for n in wrong]
    )


def _two_prices(random: Random) -> Draw:
    form = _form(random)
    a, b = random.randint(2, 20), random.randint(2, 20)
    first, second = random.sample(GOODS, 2)
    wrong = near(random, a + b, [abs(a - b), a, b, a * b], low=1)
    values = {"x": first, "y": second, "a": form.format(a), "b": form.format(b)}
    return Draw(values, form.format(a + b), [form.format(n) for n in wrong])


def _total(random: Random) -> Draw:
    form = _form(random)
    price, number = random.randint(2, 10), random.randint(2, 9)
    wrong = near(random, price * number, [price + number, price, price * (number + 1)], low=1)
    values = {"x": random.choice(MANY_GOODS), "a": form.format(price), "n": number}
    return Draw(values, form.format(price * number), [form.format(n) for n in wrong])


def _how_many(random: Random) -> Draw:
    form = _form(random)
    price, number = random.randint(2, 10), random.randint(2, 9)
    wrong = near(random, number, [price, price * number - price, price * number], low=1)
    values = {
        "x": random.choice(MANY_GOODS),
        "a": form.format(price),
        "b": form.format(price * number),
    }
    return Draw(values, str(number), wrong)


def _cheaper(random: Random) -> Draw:
    form = _form(random)
    goods = random.sample(MANY_GOODS, 4)
    prices = random.sample(range(2, 60), 4)
    cheap = random.random() < 0.5
    chosen = (min if cheap else max)(prices)
    listed = ", ".join(f"{x} {form.format(p)}" for x, p in zip(goods, prices, strict=True))
    answer = goods[prices.index(chosen)]
    values = {"list": listed, "x": "the cheapest" if cheap else "the most expensive"}
    return Draw(values, answer, [x for x in goods if x != answer])


def _enough(random: Random) -> Draw:
    form = _form(random)
    price, money = random.sample(range(2, 50), 2)
    values = {"x": random.choice(GOODS), "a": form.format(price), "b": form.format(money)}
    return Draw(values, "yes" if money > price else "no", ["no" if money > price else "yes"])


FAMILIES = (
    Family(
        "finance",
        "change",
        _change,
        asked(
            "{name} buys {x} for {a} and pays with {b}. How much change is there?",
            "The price is {a}. I pay with {b}. How much do I get back?",
            "{x} costs {a}. What is the change from {b}?",
            "{name} has {b} and spends {a}. How much is left?",
            "Change from {b} for {a}: ____",
        )
        + phrased("the change from {b} for a price of {a}"),
    ),
    Family(
        "finance",
        "two_prices",
        _two_prices,
        asked(
            "{x} costs {a} and {y} costs {b}. How much are both together?",
            "I buy {x} for {a} and {y} for {b}. How much do I pay?",
            "{x}: {a}, {y}: {b}. Total: ____",
            "What do I pay for {x} at {a} and {y} at {b}?",
        )
        + phrased("the total of {a} and {b}"),
    ),
    Family(
        "finance",
        "price_of_many",
        _total,
        asked(
            "One costs {a}. How much are {n} {x}?",
            "I buy {n} {x} at {a} each. How much do I pay?",
            "{n} {x}, each {a}: how much is it?",
            "What is the price of {n} {x} if each is {a}?",
            "{n} {x} at {a} each cost ____.",
        )
        + phrased("the price of {n} {x} at {a} each"),
    ),
    Family(
        "finance",
        "how_many_can_i_buy",
        _how_many,
        asked(
            "I have {b}. How many {x} can I buy at {a} each?",
            "How many {x} at {a} each can one buy for {b}?",
            "{x} cost {a} each. With {b} I can buy ____.",
            "For {b}, how many {x} do I get if one is {a}?",
        ),
    ),
    Family(
        "finance",
        "cheapest",
        _cheaper,
        asked(
            "Which is {x}: {list}?",
            "Prices: {list}. Which is {x}?",
            "{list}. {x}: ____",
            "In a shop: {list}. Choose {x}.",
            "Of {list}, which are {x}?",
        ),
    ),
    Family(
        "finance",
        "enough_money",
        _enough,
        asked(
            "{x} costs {a}. I have {b}. Can I buy it?",
            "Is {b} enough to buy {x} for {a}?",
            "I have {b} in my pocket. Is that enough for {x} at {a}?",
            "Yes or no: with {b} one can pay a price of {a}.",
        ),
    ),
    counts(
        "finance",
        "cents",
        COINS,
        asked(
            "How many cents are in {x}?",
            "How many cents is {x}?",
            "{x} is ____ cents.",
        )
        + phrased("{x} in cents"),
    ),
    facts(
        "finance",
        "where_to_buy",
        SHOP,
        asked(
            "Where do you buy {x}?",
            "Where can one get {x}?",
            "One buys {x} ____.",
            "I need {x}. Where do I go?",
            "Which place sells {x}?",
        )
        + phrased("the place to buy {x}"),
    ),
)
