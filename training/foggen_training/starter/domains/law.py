"""Law: deadlines, elements of a rule, age limits, time limits, fines."""

from __future__ import annotations

from random import Random

from ..skills import Draw, Skill, wrong_numbers

NEAR = {1: 0.2, 2: 0.4, 3: 0.6}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "March", "May", "July", "August", "October", "December")

# A rule and its elements, as first-year textbooks list them.
RULES = {
    "a contract": ("offer", "acceptance", "consideration", "capacity"),
    "negligence": ("duty", "breach", "causation", "damage"),
    "theft": ("property", "taking", "intent", "no consent"),
    "fraud": ("false statement", "knowledge", "reliance", "loss"),
    "a valid will": ("writing", "signature", "witnesses", "sound mind"),
    "defamation": ("publication", "statement", "falsity", "harm"),
}


def _weekday(random: Random, tier: int) -> Draw:
    start = random.randrange(7)
    days = random.randint(1, {1: 3, 2: 7, 3: 30}[tier])
    answer = DAYS[(start + days) % 7]
    wrong = random.sample([day for day in DAYS if day != answer], 3)
    return Draw({"day": DAYS[start], "n": days}, answer, wrong)


def _deadline(random: Random, tier: int) -> Draw:
    month = random.choice(MONTHS)
    days = random.randint(1, {1: 9, 2: 14, 3: 20}[tier])
    start = random.randint(1, 31 - days) if tier < 3 else random.randint(31 - days + 1, 31)
    if tier == 3:  # the deadline falls in the next month
        following = {
            "January": "February",
            "March": "April",
            "May": "June",
            "July": "August",
            "August": "September",
            "October": "November",
            "December": "January",
        }[month]
        answer, label = start + days - 31, following
    else:
        answer, label = start + days, month
    wrong = wrong_numbers(random, answer, [days, start, start + days + 1], NEAR[tier])
    shown = [f"{label} {n}" for n in wrong]
    return Draw({"date": f"{month} {start}", "n": days}, f"{label} {answer}", shown)


def _missing(random: Random, tier: int) -> Draw:
    rule = random.choice(list(RULES)[: 2 * tier])
    elements = list(RULES[rule])
    random.shuffle(elements)
    answer = elements[0]
    present = elements[1:]
    shown = ", ".join(present[:-1]) + " and " + present[-1]
    return Draw({"rule": rule, "present": shown}, answer, present)


def _element(random: Random, tier: int) -> Draw:
    rule = random.choice(list(RULES)[: 2 * tier])
    answer = random.choice(RULES[rule])
    others = [item for other, items in RULES.items() if other != rule for item in items]
    return Draw({"rule": rule, "pick": answer}, answer, random.sample(others, 3))


def _age(random: Random, tier: int) -> Draw:
    limit = random.choice({1: [16, 18, 21], 2: [14, 25, 30], 3: [35, 40, 60, 65]}[tier])
    ages = random.sample(range(5, limit), 3)
    over = random.randint(limit, limit + 25)
    if random.random() < 0.5:
        return Draw({"limit": limit, "who": "may", "x": over}, str(over), [str(n) for n in ages])
    olds = random.sample(range(limit, limit + 30), 3)
    return Draw(
        {"limit": limit, "who": "may not", "x": ages[0]}, str(ages[0]), [str(n) for n in olds]
    )


def _limitation(random: Random, tier: int) -> Draw:
    year, years = random.randint(1990, 2024), random.randint(1, {1: 5, 2: 10, 3: 40}[tier])
    answer = year + years
    wrong = wrong_numbers(random, answer, [year - years, answer + 10, year], 0.9)
    return Draw({"year": year, "n": years}, str(answer), wrong)


def _fine(random: Random, tier: int) -> Draw:
    over = random.randint(2, {1: 5, 2: 9, 3: 25}[tier])
    rate = random.choice({1: [10, 100], 2: [5, 20], 3: [3, 7, 15]}[tier])
    wrong = wrong_numbers(random, over * rate, [over + rate, over * rate + rate, rate], NEAR[tier])
    return Draw({"a": over, "b": f"${rate}"}, f"${over * rate}", [f"${n}" for n in wrong])


SKILLS = (
    Skill(
        "law",
        "weekday",
        _weekday,
        [
            "A notice is served on {day}. The reply is due {n} days later. On which day is it due?",
            "A claim is filed on {day}. What day is it {n} days after?",
            "The period of {n} days starts on {day}. On which day does it end?",
            "A party must answer within {n} days of {day}. What is the last day?",
        ],
        [
            "A claim is served on {day}. The answer is due {n} days later. On which day is it due?",
            "A notice is filed on {day}. On which day does a period of {n} days end?",
        ],
    ),
    Skill(
        "law",
        "deadline",
        _deadline,
        [
            "A notice is served on {date}. The reply is due {n} days later. When is it due?",
            "A claim is filed on {date}. What is the date {n} days after?",
            "The period of {n} days starts on {date}. When does it end?",
            "A party must answer within {n} days of {date}. What is the last date?",
        ],
        [
            "A claim is served on {date}. The answer is due {n} days later. When is it due?",
            "A notice is filed on {date}. When does a period of {n} days end?",
        ],
    ),
    Skill(
        "law",
        "missing",
        _missing,
        [
            "The elements of {rule} include {present}. Which element is missing?",
            "A court finds {present}. What else does {rule} need?",
            "For {rule} a party has shown {present}. What must still be shown?",
            "Which element of {rule} is not among {present}?",
        ],
        [
            "A party has shown {present}. Which element of {rule} is missing?",
            "A court finds {present} for {rule}. What must still be shown?",
        ],
        facts=True,
    ),
    Skill(
        "law",
        "element",
        _element,
        [
            "Which of these is an element of {rule}?",
            "What does {rule} need?",
            "Which of the following must be shown for {rule}?",
            "Choose an element of {rule}.",
        ],
        ["Which of the following is an element of {rule}?", "What must be shown for {rule}?"],
        facts=True,
    ),
    Skill(
        "law",
        "age",
        _age,
        [
            "The rule says that a person must be {limit} or older to sign. At what age {who} a person sign?",
            "A person of {limit} or older may vote. At what age {who} a person vote?",
            "By law a driver must be at least {limit}. At what age {who} a person drive?",
            "Only persons of {limit} and over may marry. At what age {who} a person marry?",
        ],
        [
            "By law a person must be at least {limit} to vote. At what age {who} a person vote?",
            "Only persons of {limit} or older may sign. At what age {who} a person sign?",
        ],
    ),
    Skill(
        "law",
        "limitation",
        _limitation,
        [
            "A claim from {year} must be brought within {n} years. What is the last year?",
            "The limitation period is {n} years and starts in {year}. When does it end?",
            "A contract was signed in {year} for {n} years. In which year does it end?",
            "A right from {year} lasts {n} years. In which year does it end?",
        ],
        [
            "A claim from {year} has a limitation period of {n} years. In which year does it end?",
            "A right starts in {year} and lasts {n} years. What is the last year?",
        ],
    ),
    Skill(
        "law",
        "fine",
        _fine,
        [
            "The fine is {b} for each day of delay. A party is {a} days late. What is the fine?",
            "A driver is {a} km/h over the limit. The fine is {b} for each km/h. How much is it?",
            "The rule sets a fine of {b} a day. How much is due after {a} days?",
            "A court orders {b} for each of {a} days. How much is due?",
        ],
        [
            "A party is {a} days late and the fine is {b} for each day. How much is due?",
            "The rule sets {b} for each day of delay. What is the fine after {a} days?",
        ],
    ),
)
