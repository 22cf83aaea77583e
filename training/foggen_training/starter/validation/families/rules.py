"""Rules that a question states: postage, timetables, bins, majorities, votes."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from .parts import PEOPLE, clock, listed, near

WASTE = {
    "paper": ("a newspaper", "an empty cereal box", "an old exercise book", "an envelope"),
    "glass": ("a jam jar", "an empty wine bottle", "a broken drinking glass", "a pickle jar"),
    "kitchen waste": ("a banana skin", "coffee grounds", "apple cores", "wilted lettuce"),
    "metal": ("a soup tin", "a drink can", "a bottle cap of steel", "aluminium foil"),
    "clothes": ("a torn shirt", "an outgrown coat", "a pair of old socks", "a woollen scarf"),
    "batteries": ("a flat AA cell", "a dead button cell", "a worn phone battery", "a used torch battery"),
}  # fmt: skip
BINS = ("red", "blue", "green", "yellow", "brown", "white")
WEIGHTS = (20, 50, 100, 250, 500, 1000, 2000)


def _postage(random: Random) -> Draw:
    limits = sorted(random.sample(WEIGHTS, 4))
    prices = sorted(random.sample(range(2, 30), 4))
    step = random.randrange(4)
    low = limits[step - 1] if step else 0
    weight = random.choice([limits[step], random.randint(low + 1, limits[step])])
    table = [f"up to {limit} g {price} tenge" for limit, price in zip(limits, prices, strict=True)]
    answer, *wrong = (
        f"{price} tenge" for price in [prices[step], *prices[:step], *prices[step + 1 :]]
    )
    return Draw({"table": listed(table), "weight": weight}, answer, wrong)


def _buses(random: Random) -> Draw:
    first, gap = random.randrange(5 * 60, 21 * 60), random.randint(7, 35)
    times = [first + n * gap for n in range(4)]
    place = random.randrange(1, 4)
    arrives = random.randint(times[place - 1] + 1, times[place] - 1)
    values = {"times": listed([clock(time) for time in times]), "arrives": clock(arrives)}
    wrong = [clock(time) for time in times if time != times[place]]
    return Draw(values, clock(times[place]), wrong)


def _bins(random: Random) -> Draw:
    kinds, colours = random.sample(list(WASTE), 4), random.sample(BINS, 4)
    right = random.randrange(4)
    rules = [f"{kind}: {colour}" for kind, colour in zip(kinds, colours, strict=True)]
    values = {"rules": ", ".join(rules), "item": random.choice(WASTE[kinds[right]])}
    return Draw(values, colours[right], colours[:right] + colours[right + 1 :])


def _majority(random: Random) -> Draw:
    seats = random.randint(9, 650)
    answer = seats // 2 + 1
    return Draw(
        {"n": seats}, str(answer), near(random, answer, seats // 2, (seats + 1) // 2, seats - 1)
    )


def _votes(random: Random) -> Draw:
    names = random.sample(PEOPLE, 4)
    votes = random.sample(range(110, 990), 4)
    if random.random() < 0.6:
        ahead = random.randrange(4)
        votes[ahead] = sum(votes) - votes[ahead] + random.randint(3, 300)
    total, best = sum(votes), max(votes)
    result = listed([f"{name} {count}" for name, count in zip(names, votes, strict=True)])
    winner = names[votes.index(best)] if 2 * best > total else "nobody"
    wrong = [choice for choice in (*names, "nobody") if choice != winner]
    return Draw({"result": result}, winner, wrong)


FAMILIES = (
    Family("law", "postage", _postage, (
        "A post office charges: {table}. What does a letter of {weight} g cost?",
        "Parcel desk. Rates: {table}. Mine weighs {weight} grams. I pay",
        "By weight a letter costs {table}. Postage for {weight} g?",
        "Find the price of {weight} g in the list ({table}).",
    )),
    Family("law", "buses", _buses, (
        "Buses leave at {times}. You come to the stop at {arrives}. Which bus is the first that you can take?",
        "Timetable: {times}. It is {arrives} now. Next departure?",
        "My tram goes at {times}. When I look at the clock it says {arrives}. I have to wait for the one at",
        "Ferries sail at {times}; a traveller is on the quay at {arrives}. The traveller sails at",
    )),
    Family("law", "bins", _bins, (
        "Our town has these bins ({rules}). Where does {item} go?",
        "Sort the rubbish: {rules}. What colour is the bin for {item}?",
        "You hold {item}. Sign at the recycling yard: {rules}. Choose the container.",
        "{rules}. Which of the bins takes {item}?",
    )),
    Family("law", "majority", _majority, (
        "A council has {n} members. How many votes are more than half of them?",
        "Of {n} votes an absolute majority needs at least",
        "{n} shareholders vote, one vote each, and a motion passes with more than half. The smallest number that passes it is",
        "A parliament has {n} seats. With how many seats does a party just hold the majority?",
    )),
    Family("law", "votes", _votes, (
        "Votes: {result}. Whoever has more than half of all votes is elected. Who is elected?",
        "An election for mayor ended like this: {result}. The rule asks for more than half of the votes. Winner in the first round?",
        "The club counts {result}. Elected is only who has over 50 per cent. The result:",
        "Count of the ballots: {result}. An absolute majority is needed. Chosen is",
    )),
)  # fmt: skip
