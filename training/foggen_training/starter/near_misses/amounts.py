"""Near misses about amounts: those of finance, science, math and medicine."""

from __future__ import annotations

from .asks import (
    Values,
    computed,
    larger,
    letters,
    not_said,
    not_said_number,
    not_said_of,
    number_in,
    operand,
    times,
    total,
)
from .template import NAMES, Template

COLOURS = ("red", "blue", "green", "grey", "white", "black", "brown")


def _interest(values: Values) -> int:
    return number_in(values["p"]) * number_in(values["r"]) * number_in(values["t"]) // 100


def _known_part(values: Values) -> int:
    """How much is left of `a` when its part (a half, third, quarter or tenth) is gone."""
    whole = number_in(values["a"])
    divisor = {"half": 2, "a third": 3, "a quarter": 4, "a tenth": 10}[str(values["part"])]
    return whole - whole // divisor


FINANCE = (
    Template(
        "finance",
        "debt_to_equity",
        "The firm '{name}' has {a} of debt and {b} of equity. How many letters are in the firm's name?",
        letters("name"),
    ),
    Template(
        "finance",
        "debt_to_equity",
        "A firm has debt of {a} and equity of {b}. What do debt and equity add up to?",
        total("a", "b", "a"),
    ),
    Template(
        "finance",
        "debt_to_equity",
        "{name} has {a} of debt and {b} of equity. What is the sum of the debts of its rival, {other}?",
        not_said("a"),
    ),
    Template(
        "finance",
        "debt_to_equity",
        "Debt is {a} and equity is {b}. What was the debt-to-equity ratio a year before?",
        not_said(),
    ),
    Template(
        "finance",
        "current_ratio",
        "A company has current assets of {a} and current liabilities of {b}. Which of the two is larger?",
        larger("a", "b", "the current assets", "the current liabilities"),
    ),
    Template(
        "finance",
        "current_ratio",
        "A company has {a} in current assets and {b} in current liabilities. How many people work for it?",
        not_said_number("{}", 3, 90),
    ),
    Template(
        "finance",
        "profit",
        "A shop has revenue of {a} and costs of {b}. How much are revenue and costs together?",
        total("a", "b", "a"),
    ),
    Template(
        "finance",
        "profit",
        "A shop has revenue of {a} and costs of {b}. What are the costs of the shop across the street?",
        not_said("b"),
    ),
    Template(
        "finance",
        "margin",
        "A firm earns a profit of {b} on revenue of {a}. How large were its costs?",
        computed(lambda v: number_in(v["a"]) - number_in(v["b"]), "a"),
    ),
    Template(
        "finance",
        "margin",
        "Profit is {b} and revenue is {a}. What will the profit margin be next year?",
        not_said(),
    ),
    Template(
        "finance",
        "interest",
        "A bank lends {p} at {r} simple interest a year. After {t}, what must be paid back in all, interest and loan together?",
        computed(lambda v: number_in(v["p"]) + _interest(v), "p"),
    ),
    Template(
        "finance",
        "interest",
        "A loan of {p} at {r} a year runs for {t}. For how many months does it run?",
        computed(lambda v: 12 * number_in(v["t"])),
    ),
    Template(
        "finance",
        "interest",
        "A bank lends {p} at {r} a year for {t}. Which rate does {other}, another bank, ask for?",
        not_said("r"),
    ),
    Template(
        "finance",
        "shares",
        "An investor owns {a} shares worth {b} each and sells one of them. How many shares are left?",
        computed(lambda v: number_in(v["a"]) - 1),
    ),
    Template(
        "finance",
        "shares",
        "An investor buys {a} shares at {b} each. What did a share cost the week before?",
        not_said("b"),
    ),
)

SCIENCE = (
    Template(
        "science",
        "density",
        "A stone has a mass of {a} and a volume of {b}. What is the mass of two such stones?",
        times("a", 2),
    ),
    Template(
        "science",
        "density",
        "A stone has a mass of {a} and a volume of {b}. What colour is the stone?",
        not_said_of(COLOURS),
    ),
    Template(
        "science",
        "density",
        "A liquid weighs {a} and has a volume of {b}. How warm is the liquid?",
        not_said_number("{} C", 1, 95),
    ),
    Template(
        "science",
        "voltage",
        "A current of {a} flows through a resistance of {b}. What is the resistance?",
        operand("b"),
    ),
    Template(
        "science",
        "voltage",
        "A current of {a} flows through a resistance of {b}. For how long has it been flowing?",
        not_said_number("{} s", 2, 60),
    ),
    Template(
        "science",
        "current",
        "A voltage of {a} is applied to {b}. What do two such voltages in series add up to?",
        times("a", 2),
    ),
    Template(
        "science",
        "current",
        "A voltage of {a} is applied to a resistance of {b}. How long is the wire?",
        not_said_number("{} m", 2, 60),
    ),
    Template(
        "science",
        "speed",
        "A car travels {a} in {b}. At the same speed, how far does it get in twice that time?",
        times("a", 2),
    ),
    Template(
        "science",
        "speed",
        "A car travels {a} in {b}. Another needs three times as long. How long does the other need?",
        times("b", 3),
    ),
    Template(
        "science",
        "speed",
        "A bus travels {a} in {b}. How many people are in the bus?",
        not_said_number("{}", 2, 60),
    ),
    Template(
        "science",
        "force",
        "A mass of {a} is accelerated at {b}. What is the mass of three such bodies?",
        times("a", 3),
    ),
    Template(
        "science",
        "force",
        "A mass of {a} is accelerated at {b}. How far has it moved?",
        not_said_number("{} m", 2, 90),
    ),
    Template(
        "science",
        "convert",
        "A table gives {a} in '{unit}'. How many letters are in '{unit}'?",
        letters("unit"),
    ),
    Template(
        "science",
        "convert",
        "One measures {a}, and it should be given in {unit}. The other is twice as much. How much is the other, if the unit is not changed?",
        times("a", 2),
    ),
    Template(
        "science",
        "kelvin",
        "Water at {a} should be given in kelvin. It gets 10 degrees warmer. What is its temperature in C?",
        computed(lambda v: number_in(v["a"]) + 10, "a"),
    ),
    Template(
        "science",
        "kelvin",
        "Water is at {a}, not in kelvin. How much water is there?",
        not_said_number("{} mL", 5, 900),
    ),
)

MATH = (
    Template(
        "math",
        "add",
        "Ali has {a} apples and buys {b} more. How many pears does he have?",
        not_said(),
    ),
    Template(
        "math",
        "add",
        "Two numbers are to be added, {a} and {b}. Which of them is larger?",
        larger("a", "b", "{a}", "{b}"),
    ),
    Template(
        "math",
        "subtract",
        "Dana has {a} pens and gives away {b}. How many pens did she have at first?",
        operand("a"),
    ),
    Template(
        "math",
        "subtract",
        "Dana has {a} pens and gives away {b}. Who gets the pens?",
        not_said_of(tuple(name for name in NAMES if name != "Dana")),
    ),
    Template(
        "math",
        "multiply",
        "There are {a} boxes with {b} pens in each. How many pens are in two of the boxes?",
        computed(lambda v: 2 * number_in(v["b"])),
    ),
    Template(
        "math",
        "multiply",
        "There are {a} boxes with {b} pens in each. How heavy is a box?",
        not_said_number("{} kg", 1, 40),
    ),
    Template(
        "math",
        "remainder",
        "{a} pens are shared by {b} children equally. How many pens does each child get?",
        computed(lambda v: number_in(v["a"]) // number_in(v["b"])),
    ),
    Template(
        "math",
        "gcd",
        "The greatest common divisor of {a} and {b} is wanted. What is the sum of the two numbers?",
        total("a", "b"),
    ),
    Template(
        "math",
        "part",
        "Dana has {a} pens and gives away {part} of them. How many does she keep?",
        computed(_known_part),
    ),
    Template(
        "math",
        "part",
        "Dana has {a} pens and gives away {part} of them. How many does her sister have now?",
        not_said(),
    ),
)

MEDICAL = (
    Template(
        "medical",
        "dose",
        "A drug is given at {a} to a child of {b}. How much does the child weigh?",
        operand("b"),
    ),
    Template(
        "medical",
        "dose",
        "A drug is given at {a} to a child of {b}. How old is the child?",
        not_said_number("{} years", 2, 17),
    ),
    Template(
        "medical",
        "dose",
        "A patient of {b} gets a drug at {a} and a second drug. What is the dose of the second?",
        not_said(),
    ),
    Template(
        "medical",
        "tablets",
        "A patient needs {a}. Each tablet has {b}. How much do two tablets have?",
        times("b", 2),
    ),
    Template(
        "medical",
        "tablets",
        "A doctor orders {a} in tablets of {b}. How many tablets are in the box?",
        not_said_number("{}", 5, 60),
    ),
    Template(
        "medical",
        "rate",
        "An infusion of {a} runs over {b}. How much do three such infusions hold?",
        times("a", 3),
    ),
    Template(
        "medical",
        "rate",
        "An infusion of {a} runs over {b}. When does it begin?",
        not_said_number("{}:00", 6, 20),
    ),
    Template(
        "medical",
        "pulse",
        "A nurse counts {a} beats in {b} seconds, and then as many again. How many beats has she counted?",
        times("a", 2),
    ),
    Template(
        "medical",
        "pulse",
        "A nurse counts {a} beats in {b} seconds. How warm is the patient?",
        not_said_number("{} C", 35, 41),
    ),
    Template(
        "medical",
        "interval",
        "A drug is given every {a} hours for {b}. How many hours lie between the first dose and the third?",
        computed(lambda v: 2 * number_in(v["a"])),
    ),
    Template(
        "medical",
        "interval",
        "A patient takes a tablet every {a} hours for {b}. How many tablets did {other} take?",
        not_said(),
    ),
    Template(
        "medical",
        "convert",
        "A dose is {a}; the label is in {unit}. How much are two doses, if the unit is not changed?",
        times("a", 2),
    ),
    Template(
        "medical",
        "convert",
        "A nurse must give {a}. How many {unit} are left in the bottle?",
        not_said(),
    ),
)
