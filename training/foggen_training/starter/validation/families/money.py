"""Money: coins, offers, old British money, auctions, overtime."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from .parts import PEOPLE, listed, near, with_unit

COINS = (50, 20, 10, 5, 2, 1)


def fewest_coins(amount: int) -> int:
    """How few coins pay an amount; taking the largest first is best with these coins."""
    count = 0
    for coin in COINS:
        count, amount = count + amount // coin, amount % coin
    return count


def _coins(random: Random) -> Draw:
    amount = random.randint(6, 199)
    answer = fewest_coins(amount)
    pool = [value for value in range(max(1, answer - 3), answer + 4) if value != answer]
    return Draw({"amount": amount}, str(answer), [str(value) for value in random.sample(pool, 3)])


def _offer(random: Random) -> Draw:
    take, price, sets, extra = (
        random.randint(2, 5),
        random.randint(2, 15),
        random.randint(1, 5),
        random.randint(0, 1),
    )
    count = take * sets + extra
    answer = ((take - 1) * sets + extra) * price
    slips = count * price, (count - 1) * price, (take - 1) * sets * price
    values = {"take": take, "pay": take - 1, "price": price, "n": count}
    return Draw(values, str(answer), near(random, answer, *slips, step=price))


def _old_money(random: Random) -> Draw:
    pounds, shillings = random.randint(1, 15), random.randint(1, 19)
    kind = random.choice(["shillings", "pence"])
    total = 20 * pounds + shillings
    answer = total if kind == "shillings" else 12 * total
    slips = 12 * pounds + shillings, 100 * pounds + shillings, 10 * pounds + shillings, 20 * total
    values = {"pounds": pounds, "shillings": shillings, "kind": kind}
    return Draw(values, str(answer), near(random, answer, *slips))


def _auction(random: Random) -> Draw:
    bids = random.sample(range(20, 400, 5), 4)
    second = sorted(bids)[-2]
    offers = listed(
        [f"{name} {bid}" for name, bid in zip(random.sample(PEOPLE, 4), bids, strict=True)]
    )
    wrong = [str(bid) for bid in bids if bid != second]
    return Draw({"offers": offers}, str(second), wrong)


def _overtime(random: Random) -> Draw:
    wage, extra = 2 * random.randint(3, 20), random.randint(1, 12)
    normal = random.choice([30, 35, 38, 40])
    answer = normal * wage + extra * wage * 3 // 2
    slips = (normal + extra) * wage, (normal + 2 * extra) * wage, (normal + extra) * wage * 3 // 2
    values = {"normal": normal, "wage": wage, "hours": normal + extra}
    return Draw(values, str(answer), near(random, answer, *slips, step=wage // 2))


FAMILIES = (
    Family("finance", "coins", _coins, (
        "With coins of 1, 2, 5, 10, 20 and 50 cents, what is the smallest number of coins that makes {amount} cents?",
        "Pay exactly {amount} with as few coins as possible (50, 20, 10, 5, 2, 1). How many coins?",
        "The till holds plenty of 1s, 2s, 5s, 10s, 20s and 50s. I hand out {amount} in the fewest coins. That makes how many?",
        "{amount} cents in the fewest coins of 50, 20, 10, 5, 2 and 1:",
    )),
    Family("finance", "offer", with_unit(_offer, before="£"), (
        "Soap costs £{price}. Offer: take {take}, pay for {pay}. What do {n} pieces cost?",
        "\"{take} for the price of {pay}\" on tins of £{price} each. My basket has {n} tins. At the till I pay",
        "Of every {take} candles a shop gives one free. A candle is £{price}. The bill for {n} candles?",
        "{n} pots at £{price}, and of every {take} only {pay} are charged. Total:",
    )),
    Family("finance", "old_money", _old_money, (
        "In old British money a pound was 20 shillings and a shilling 12 pence. How many {kind} were {pounds} pounds and {shillings} shillings?",
        "£{pounds} {shillings}s in {kind} (12 pence = 1 shilling, 20 shillings = 1 pound)?",
        "Before 1971, at 20 shillings to the pound and 12 pence to the shilling, {pounds} pounds {shillings} shillings made how many {kind}?",
        "A Victorian clerk turns {pounds} pounds and {shillings} shillings into {kind}. He writes",
    )),
    Family("finance", "auction", with_unit(_auction, after=" euros"), (
        "In a sealed auction the highest bidder wins and pays the second highest bid. Bids: {offers}. What does the winner pay?",
        "Second-price auction. Envelopes: {offers}. Price of the lot?",
        "Bids came in as follows: {offers}. The rule: best bid gets the vase, at the price of the next best. It sells for",
        "{offers} - these are the bids, and the top bidder owes only what the runner-up offered. How much?",
    )),
    Family("finance", "overtime", with_unit(_overtime, before="$"), (
        "A worker earns ${wage} an hour for {normal} hours a week and one and a half times that beyond. Pay for {hours} hours?",
        "Hours this week: {hours}. Rate ${wage}; time and a half after {normal} hours. Gross pay:",
        "I worked {hours} h. Up to {normal} h I get ${wage} each, after that 50% more per hour. What will be on my pay slip?",
        "Time and a half is paid above {normal} hours. At ${wage} an hour, {hours} hours bring in",
    )),
)  # fmt: skip
