"""Finance: ratios, profit, margins, interest, shares."""

from __future__ import annotations

from random import Random

from ..skills import Draw, Skill, integer, wrong_numbers

NEAR = {1: 0.2, 2: 0.4, 3: 0.6}


def _ratio_draw(random: Random, tier: int) -> tuple[int, int]:
    if tier == 1:
        b = random.choice([1, 2, 4, 5])
        return random.randint(1, 9), b
    if tier == 2:
        return random.randint(1, 9), random.randint(1, 9)
    return random.randint(11, 99), random.randint(11, 99)


def _money(random: Random, units: int) -> str:
    """A format for amounts, so that both sides of a ratio have the same scale."""
    return random.choice(["${}M", "${}B", "${}", "${}K"])


def _ratio(random: Random, tier: int) -> Draw:
    a, b = _ratio_draw(random, tier)
    zeros = random.choice(["", "0", "00"]) if tier < 3 else ""
    form = _money(random, a)
    answer = f"{a / b:.2f}"
    candidates = [b / a, a / (a + b), 1.0, 2.0, 1.5, 0.5, a / b + 0.25, a / b + 0.5, a / b * 2]
    wrong = sorted({f"{value:.2f}" for value in candidates} - {answer})
    values = {"a": form.format(f"{a}{zeros}"), "b": form.format(f"{b}{zeros}")}
    return Draw(values, answer, random.sample(wrong, 3))


def _profit(random: Random, tier: int) -> Draw:
    cost, profit = integer(random, tier), integer(random, tier)
    scale = 10 if tier == 1 else 1
    form = _money(random, cost)
    wrong = wrong_numbers(random, profit, [cost, 2 * cost + profit, cost + profit], NEAR[tier])
    values = {"a": form.format((cost + profit) * scale), "b": form.format(cost * scale)}
    return Draw(values, form.format(profit * scale), [form.format(int(n) * scale) for n in wrong])


def _margin(random: Random, tier: int) -> Draw:
    revenue = random.choice(
        {1: [10, 100, 1000], 2: [50, 200, 400, 500], 3: [40, 80, 250, 300]}[tier]
    )
    percent = random.choice(range(5, 100, 5) if tier > 1 else range(1, 100))
    while revenue * percent % 100:
        percent = random.choice(range(5, 100, 5)) if tier > 1 else random.choice(range(10, 100, 10))
    profit = revenue * percent // 100
    wrong = wrong_numbers(random, percent, [profit, 100 - percent, 2 * percent], NEAR[tier])
    form = _money(random, revenue)
    values = {"a": form.format(revenue), "b": form.format(profit)}
    return Draw(values, f"{percent}%", [f"{n}%" for n in wrong])


def _interest(random: Random, tier: int) -> Draw:
    principal = random.randint(1, 9 if tier < 3 else 30) * 100
    rate = random.randint(1, 9)
    years = {1: 1, 2: random.randint(2, 3), 3: random.randint(3, 9)}[tier]
    answer = principal * rate * years // 100
    mistakes = [principal * rate // 100, principal + answer, answer * 2, rate * years]
    wrong = wrong_numbers(random, answer, mistakes, NEAR[tier])
    plural = "year" if years == 1 else "years"
    values = {"p": f"${principal}", "r": f"{rate}%", "t": f"{years} {plural}"}
    return Draw(values, f"${answer}", [f"${n}" for n in wrong])


def _shares(random: Random, tier: int) -> Draw:
    shares = random.randint(2, 9) * (10 if tier == 1 else 1)
    shares = integer(random, 2) if tier == 3 else shares
    price = random.randint(2, 5 if tier == 1 else 9)
    answer = shares * price
    wrong = wrong_numbers(random, answer, [shares + price, answer + shares], NEAR[tier])
    return Draw({"a": shares, "b": f"${price}"}, f"${answer}", [f"${n}" for n in wrong])


SKILLS = (
    Skill(
        "finance",
        "debt_to_equity",
        _ratio,
        [
            "A firm reports {a} in total liabilities and {b} in shareholders' equity."
            "\nWhat is the firm's debt-to-equity ratio?",
            "A company has {a} of debt and {b} of equity. What is its debt-to-equity ratio?",
            "Total liabilities are {a} and shareholders' equity is {b}. Find the debt-to-equity ratio.",
            "Equity is {b} and debt is {a}. What is the debt-to-equity ratio?",
            "Compute the debt-to-equity ratio of a firm with {a} in liabilities and {b} in equity.",
        ],
        [
            "A bank reports {a} of debt and {b} in shareholders' equity.\nFind its debt-to-equity ratio.",
            "A company has total liabilities of {a} and equity of {b}."
            " What is the company's debt-to-equity ratio?",
        ],
        tiers=(1, 2, 2, 3),
    ),
    Skill(
        "finance",
        "current_ratio",
        _ratio,
        [
            "A firm has current assets of {a} and current liabilities of {b}. What is its current ratio?",
            "Current assets are {a} and current liabilities are {b}. Find the current ratio.",
            "Compute the current ratio of a company with {a} in current assets and {b} in current"
            " liabilities.",
            "A company reports {a} in current assets and {b} in current liabilities."
            "\nWhat is the company's current ratio?",
        ],
        [
            "A firm reports {a} in current assets and {b} in current liabilities. Find its current ratio.",
            "A bank has {a} of current assets and {b} of current liabilities."
            " What is the current ratio?",
        ],
    ),
    Skill(
        "finance",
        "profit",
        _profit,
        [
            "A firm has revenue of {a} and costs of {b}. What is its profit?",
            "Revenue is {a} and costs are {b}. Find the profit.",
            "A company sells goods for {a} that cost {b}. What is the profit?",
            "Compute the profit of a shop with {a} in revenue and {b} in costs.",
            "A shop reports {a} in revenue and {b} in costs. What is the profit?",
        ],
        [
            "A company reports revenue of {a} and costs of {b}.\nFind its profit.",
            "A shop has {a} in revenue and costs of {b}. What is its profit?",
        ],
    ),
    Skill(
        "finance",
        "margin",
        _margin,
        [
            "A firm earns a profit of {b} on revenue of {a}. What is its profit margin?",
            "Profit is {b} and revenue is {a}. Find the profit margin.",
            "Revenue is {a} and profit is {b}. What is the margin?",
            "What share of {a} in revenue is a profit of {b}?",
            "Compute the profit margin of a company with {a} in revenue and {b} in profit.",
        ],
        [
            "A company has revenue of {a} and a profit of {b}. Find its profit margin.",
            "A shop reports a profit of {b} on {a} in revenue.\nWhat is the profit margin?",
        ],
    ),
    Skill(
        "finance",
        "interest",
        _interest,
        [
            "What is the simple interest on {p} at {r} for {t}?",
            "Find the simple interest on a loan of {p} at {r} a year for {t}.",
            "A bank lends {p} at {r} simple interest a year. How much interest is due after {t}?",
            "A saver puts {p} in a bank at {r} simple interest. What interest does she earn in {t}?",
            "Compute simple interest: principal {p}, rate {r}, time {t}.",
        ],
        [
            "A bank lends {p} for {t} at {r} a year. Find the simple interest.",
            "What simple interest is due on a loan of {p} at {r} after {t}?",
        ],
    ),
    Skill(
        "finance",
        "shares",
        _shares,
        [
            "An investor owns {a} shares that pay {b} each. How much does she receive?",
            "What is the value of {a} shares at {b} each?",
            "A share costs {b}. What do {a} shares cost?",
            "Compute the cost of {a} shares at a price of {b}.",
            "A firm pays {b} for each of {a} shares. How much does it pay?",
        ],
        [
            "An investor buys {a} shares at {b} each. How much does he pay?",
            "Find the value of {a} shares at a price of {b}.",
        ],
    ),
)
