"""Money: exchange, discounts, taxes, compound interest, accounts, currencies and terms."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import facts, groups, members, near, others, pairs
from ..wordings import asked

ACCOUNTS = groups("""
an asset: cash, inventory, buildings, machines, accounts receivable, land
a liability: accounts payable, a bank loan, bonds issued, wages owed, taxes owed
an expense: rent paid, wages, electricity, advertising, depreciation
a revenue: sales, interest earned, commissions earned, service fees earned
""")
SIDE = pairs("""
an increase of an asset: debit; an increase of a liability: credit; an increase of an expense: debit
an increase of revenue: credit; a decrease of an asset: credit; a decrease of a liability: debit
cash that comes in: debit; cash that goes out: credit; an increase of equity: credit
""")
CURRENCIES = pairs("""
Japan: yen; the United Kingdom: pound; the USA: dollar; Kazakhstan: tenge; Russia: rouble; China: yuan; India: rupee
Turkey: lira; Germany: euro; Poland: zloty; Switzerland: franc; Sweden: krona; Uzbekistan: som; Brazil: real
South Korea: won; Thailand: baht; Israel: shekel; Hungary: forint; Ukraine: hryvnia; Georgia: lari; Mongolia: tugrik
South Africa: rand; Vietnam: dong; the Czech Republic: koruna
""")
TERMS = pairs("""
money that a company owes: debt; a part of a company's profit paid to its owners: dividend
a general rise of prices: inflation; a general fall of prices: deflation; the price for borrowed money: interest
a loan for buying a house, secured by it: mortgage; goods brought into a country for sale: imports
goods sold to other countries: exports; a tax on imported goods: tariff; a plan of income and spending: budget
a market with only one seller: monopoly; a part of a company that can be bought at an exchange: share
a loan to a government or company traded as a paper: bond; payment for protection against a risk: premium
a long and deep fall of the economy: depression; the value of all goods made in a country in a year: GDP
a person who cannot pay the debts: bankrupt; the loss of value of a machine over the years: depreciation
""")


def _exchange(random: Random) -> Draw:
    rate, amount = random.choice([5, 20, 90, 450, 500, 520]), random.randint(2, 30)
    foreign, home = random.choice([("dollars", "tenge"), ("euros", "tenge"), ("pounds", "roubles")])
    answer = rate * amount
    wrong = near(
        random, answer, [rate + amount, answer * 10, answer // 10, answer - rate], low=1, step=rate
    )
    values = {
        "rate": f"{rate} {home}",
        "a": f"{amount} {foreign}",
        "one": foreign[:-1],
        "home": home,
    }
    return Draw(values, f"{answer} {home}", [f"{n} {home}" for n in wrong])


def _discount(random: Random) -> Draw:
    price, percent = 20 * random.randint(1, 25), random.choice([5, 10, 15, 20, 25, 30, 50])
    cut = price * percent // 100
    wrong = near(random, price - cut, [cut, price + cut, price - percent], low=1)
    return Draw({"a": f"${price}", "b": percent}, f"${price - cut}", [f"${n}" for n in wrong])


def _added_tax(random: Random) -> Draw:
    price, percent = 50 * random.randint(1, 20), random.choice([4, 8, 10, 12, 20])
    tax = price * percent // 100
    wrong = near(random, price + tax, [tax, price - tax, price + percent], low=1)
    return Draw({"a": f"${price}", "b": percent}, f"${price + tax}", [f"${n}" for n in wrong])


def _compound(random: Random) -> Draw:
    start, rate = random.choice([1000, 2000, 10000]), random.choice([5, 10, 20])
    years = random.choice([2, 3])
    grown: list[float] = [start * (1 + rate / 100) ** n for n in range(5)]
    simple = start * (1 + rate * years / 100)
    pool = [
        simple,
        grown[years - 1],
        grown[years + 1],
        start,
        start * rate / 100,
        simple + start / 10,
    ]
    answer = f"${round(grown[years])}"
    values = {"a": f"${start}", "r": rate, "n": years}
    return Draw(values, answer, others(random, (f"${round(n)}" for n in pool), answer))


def _bracket(random: Random) -> Draw:
    free, low, high, income = 10, 10, 20, random.randint(11, 60)
    edge = 30
    tax = 10 * low * (min(income, edge) - free) + 10 * high * max(0, income - edge)
    mistakes = [
        10 * low * income,
        10 * high * income,
        10 * high * (income - free),
        10 * low * (income - free),
    ]
    wrong = near(random, tax, mistakes, low=1, step=100)
    return Draw({"a": f"${income},000"}, f"${tax}", [f"${n}" for n in wrong])


def _tip(random: Random) -> Draw:
    bill, percent, people = (
        20 * random.randint(1, 10),
        random.choice([10, 20, 50]),
        random.choice([2, 4]),
    )
    total = bill * (100 + percent) // 100
    bill *= people
    wrong = near(random, total, [bill // people, total * people, total + percent], low=1)
    return Draw({"a": f"${bill}", "p": percent, "n": people}, f"${total}", [f"${n}" for n in wrong])


def _break_even(random: Random) -> Draw:
    units, margin = random.randint(10, 90), random.randint(2, 9)
    cost = random.randint(1, 9)
    wrong = near(random, units, [units * margin // cost, units * margin, units + margin], low=1)
    values = {"f": f"${units * margin}", "p": f"${cost + margin}", "c": f"${cost}"}
    return Draw(values, str(units), wrong)


def _depreciation(random: Random) -> Draw:
    years, each = random.randint(2, 10), 100 * random.randint(1, 20)
    wrong = near(random, each, [each * years, each * 2, each // 2], low=1, step=50)
    return Draw({"a": f"${each * years}", "n": years}, f"${each}", [f"${n}" for n in wrong])


def _best_buy(random: Random) -> Draw:
    sizes = random.sample([100, 200, 250, 400, 500, 800, 1000], 4)
    rates = random.sample([2, 3, 4, 5, 6, 7], 4)  # cents for 50 g
    offers = [
        f"{size} g for {size // 50 * rate} cents" for size, rate in zip(sizes, rates, strict=True)
    ]
    answer = offers[rates.index(min(rates))]
    return Draw({"list": "; ".join(offers)}, answer, [offer for offer in offers if offer != answer])


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "finance",
        "exchange",
        _exchange,
        "One {one} is {rate}. How much are {a}?",
        "The rate is {rate} for one {one}. I change {a}. What do I get?",
        "{a} at a rate of {rate} each: ____",
        "How many {home} are {a}, if one {one} costs {rate}?",
    ),
    _family(
        "finance",
        "discount",
        _discount,
        "A coat costs {a}. There are {b}% off. What is the new price?",
        "{a} minus {b} percent: ____",
        "The price of {a} is reduced by {b}%. How much must one pay?",
        "In a sale {b}% are taken off {a}. What does it cost now?",
    ),
    _family(
        "finance",
        "added_tax",
        _added_tax,
        "A price of {a} comes without tax. The tax is {b}%. What is the full price?",
        "Net {a}, tax {b}%, gross ____",
        "Value added tax of {b}% is put on {a}. What does the customer pay?",
        "{a} plus {b} percent tax: how much?",
    ),
    _family(
        "finance",
        "compound_interest",
        _compound,
        "{a} grow at {r}% compound interest a year. How much is it after {n} years?",
        "{a}, {r}% a year, interest added each year, {n} years: ____",
        "A bank pays {r}% a year on {a} and on the interest. What is there after {n} years?",
        "Find the value of {a} after {n} years of compound interest at {r}%.",
    ),
    _family(
        "finance",
        "tax_brackets",
        _bracket,
        "Income up to $10,000 is free, the next $20,000 are taxed at 10%, all above at 20%. What is the tax on {a}?",
        "The tax is 0% up to $10,000, then 10% up to $30,000, then 20%. Somebody earns {a}. How much tax is due?",
        "Brackets: 0% to $10,000, 10% to $30,000, 20% above. Tax on {a}: ____",
        "With {a} of income, a free part of $10,000, 10% on the part up to $30,000 and 20% on the rest, what is the tax?",
    ),
    _family(
        "finance",
        "split_bill",
        _tip,
        "The bill is {a}. {n} people add a tip of {p}% and share equally. How much does each pay?",
        "{a} plus {p}% tip, shared by {n}: ____ each",
        "We are {n} and pay {a} and {p}% for the waiter. What is my part?",
        "Split {a} with a tip of {p}% among {n} guests. How much for one?",
    ),
    _family(
        "finance",
        "break_even",
        _break_even,
        "Fixed costs are {f}. A unit sells for {p} and costs {c} to make. At how many units does the firm break even?",
        "Price {p}, variable cost {c}, fixed cost {f}: break-even at ____ units",
        "How many units at {p} each (cost {c} each) cover fixed costs of {f}?",
        "A stall costs {f} to rent. Each item costs {c} and sells for {p}. How many must be sold to lose nothing?",
    ),
    _family(
        "finance",
        "depreciation",
        _depreciation,
        "A machine costs {a} and lasts {n} years. What is the straight-line depreciation a year?",
        "{a} written off evenly over {n} years: ____ a year",
        "By how much does {a} lose value each year, if it is worthless after {n} years, in equal steps?",
        "Find the yearly straight-line write-off of {a} over {n} years.",
    ),
    _family(
        "finance",
        "best_buy",
        _best_buy,
        "Which is the best buy: {list}?",
        "{list}. Which has the lowest price for the same amount?",
        "Which offer is the cheapest per gram? {list}",
        "Compare the price per gram: {list}. The cheapest is ____.",
    ),
    members(
        "finance",
        "account_kind",
        ACCOUNTS,
        asked(
            "Which of these is {x} of a firm?",
            "Choose {x} of a company.",
            "In accounting, ____ is {x}.",
            "Which item counts as {x} in a firm's books?",
        ),
    ),
    facts(
        "finance",
        "debit_or_credit",
        {
            **SIDE,
            "a note outside the books": "neither",
            "a purchase of one asset with another": "both sides",
        },
        asked(
            "On which side is {x} recorded?",
            "Debit or credit: {x}?",
            "In double entry, {x} is booked as ____.",
            "How does one book {x}?",
        ),
    ),
    facts(
        "finance",
        "currency_of",
        CURRENCIES,
        asked(
            "What is the currency of {x}?",
            "With which money does one pay in {x}?",
            "In {x} one pays in ____.",
            "{x}: which currency?",
        ),
    ),
    facts(
        "finance",
        "economic_term",
        TERMS,
        asked(
            "What is the term for {x}?",
            "Which word means {x}?",
            "{x}: ____",
            "How is it called in economics: {x}?",
        ),
    ),
)
