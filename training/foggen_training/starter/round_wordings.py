"""Wordings that pretraining never uses, for half of a round's questions.

On wordings that it was trained on, the model does better than on others. If the rounds used only those, the
model would be too sure on the test split, whose wordings are new to it.
"""

from __future__ import annotations

_PROGRAM = (
    "Read the code:\n{code}\nWhat does it print?",
    "{code}\nWhat is printed by the code?",
    "Which output does this program give?\n{code}",
)

# Wordings by domain and skill.
ROUND_WORDINGS: dict[tuple[str, str], tuple[str, ...]] = {
    ("finance", "debt_to_equity"): (
        "What is the debt-to-equity ratio of a shop with debt of {a} and equity of {b}?",
        "A firm's liabilities are {a}, its equity is {b}. Compute the debt-to-equity ratio.",
        "A bank has liabilities of {a} and shareholders' equity of {b}. What is its ratio of debt to equity?",
    ),
    ("finance", "current_ratio"): (
        "What is the current ratio of a shop with current assets of {a} and current liabilities of {b}?",
        "Current assets of {a}, current liabilities of {b}: compute the current ratio.",
        "A company's current assets are {a}, against {b} of current liabilities. Find the current ratio.",
    ),
    ("finance", "profit"): (
        "What profit does a firm make with {a} in revenue and {b} in costs?",
        "Costs are {b}, revenue is {a}. How much is the profit?",
        "A bank has costs of {b} and revenue of {a}. Compute its profit.",
    ),
    ("finance", "margin"): (
        "What is the profit margin of a firm with a profit of {b} and revenue of {a}?",
        "A bank earns {b} on revenue of {a}. Compute the margin.",
        "A shop has {a} in revenue, of which {b} is profit. Find its margin.",
    ),
    ("finance", "interest"): (
        "A loan of {p} runs for {t} at {r}. Compute the simple interest.",
        "How much simple interest does {p} earn at {r} in {t}?",
        "Principal {p}, time {t}, rate {r} a year. What is the simple interest?",
    ),
    ("finance", "shares"): (
        "How much do {a} shares cost at {b} each?",
        "Each share costs {b}. Find the cost of {a} shares.",
        "A bank buys {a} shares for {b} each. What does it pay?",
    ),
    ("science", "density"): (
        "Compute the density of a liquid with volume {b} and mass {a}.",
        "A liquid of {a} has a volume of {b}. What is the density?",
        "The volume is {b}, the mass {a}. Find the density.",
    ),
    ("science", "voltage"): (
        "Compute the voltage across {b} at a current of {a}.",
        "The resistance is {b}, the current {a}. What is the voltage?",
        "Which voltage is needed for {a} through a resistance of {b}?",
    ),
    ("science", "current"): (
        "Compute the current through {b} at a voltage of {a}.",
        "The resistance is {b}, the voltage {a}. What is the current?",
        "Which current does {a} drive through a resistance of {b}?",
    ),
    ("science", "speed"): (
        "Compute the speed of a car that moves {a} in {b}.",
        "The time is {b}, the distance {a}. What is the speed?",
        "In {b} a body covers {a}. Find its speed.",
    ),
    ("science", "force"): (
        "Compute the force on {a} at an acceleration of {b}.",
        "The acceleration is {b}, the mass {a}. What is the force?",
        "Which force is needed to accelerate {a} at {b}?",
    ),
    ("science", "convert"): (
        "Compute {a} in {unit}.",
        "How much is {a}, given in {unit}?",
        "A length or mass is {a}. What is it in {unit}?",
    ),
    ("science", "kelvin"): (
        "Compute {a} in kelvin.",
        "How many kelvin is {a}?",
        "A body has a temperature of {a}. Express it in kelvin.",
    ),
    ("coding", "assign"): _PROGRAM,
    ("coding", "loop"): _PROGRAM,
    ("coding", "length"): _PROGRAM,
    ("coding", "index"): _PROGRAM,
    ("coding", "boolean"): _PROGRAM,
    ("law", "weekday"): (
        "A reply is due {n} days after {day}. On which day must a party answer?",
        "A court sets {n} days from {day}. What is the last day?",
        "What day is {n} days after a notice served on {day}?",
    ),
    ("law", "deadline"): (
        "A reply is due {n} days after {date}. When must a party answer?",
        "A court sets {n} days from {date}. What is the last date?",
        "What date is {n} days after a notice served on {date}?",
    ),
    ("law", "missing"): (
        "A claim of {rule} shows {present}. Which element must still be shown?",
        "{present} are shown. What does {rule} still need?",
        "What must a party add to {present} for {rule}?",
    ),
    ("law", "element"): (
        "Name an element of {rule}.",
        "A party claims {rule}. What must be shown?",
        "Which of these does {rule} need?",
    ),
    ("law", "age"): (
        "A rule lets persons of {limit} and over drive. At what age {who} a person drive?",
        "To marry, a person must be {limit} or older. At what age {who} a person marry?",
        "The law says that a voter is at least {limit}. At what age {who} a person vote?",
    ),
    ("law", "limitation"): (
        "A contract from {year} lasts {n} years. What is its last year?",
        "The period of {n} years starts in {year}. In which year does it end?",
        "When does a right from {year} end after {n} years?",
    ),
    ("law", "fine"): (
        "What is due after {a} days at a fine of {b} a day?",
        "A court sets {b} for each day. A party is {a} days late. How much is it?",
        "For each of {a} days the fine is {b}. Find the total.",
    ),
    ("math", "largest"): (
        "Select the {which} number.",
        "Which value below is the {which}?",
        "Of these numbers, find the {which}.",
    ),
    ("math", "add"): (
        "How much is {a} + {b}?",
        "{a} plus {b} makes what number?",
        "Dana has {a} pens and buys {b} more. How many pens are there?",
    ),
    ("math", "subtract"): (
        "How much is {a} - {b}?",
        "{a} minus {b} leaves what number?",
        "Ali has {a} apples and gives away {b}. How many apples are left?",
    ),
    ("math", "multiply"): (
        "How much is {a} * {b}?",
        "{a} times {b} makes what number?",
        "There are {a} bags with {b} apples in each. How many apples are there?",
    ),
    ("math", "remainder"): (
        "How much is {a} mod {b}?",
        "What remains when {a} is divided by {b}?",
        "Ali gives {a} apples to {b} children, each the same. How many are left?",
    ),
    ("math", "gcd"): (
        "How much is gcd({a}, {b})?",
        "Which is the largest common divisor of {a} and {b}?",
        "Find the largest number that divides {a} and {b}.",
    ),
    ("math", "part"): (
        "How much is {part} of {a}?",
        "Which number is {part} of {a}?",
        "Ali has {a} apples and eats {part} of them. How many does he eat?",
    ),
    ("kazakh_culture", "word"): (
        "Which is the {language} word for '{word}'?",
        "Say '{word}' in {language}.",
        "'{word}': {language} тілінде қандай?",
    ),
    ("kazakh_culture", "fact"): (
        "Select {subject}.",
        "Who or what is {subject}?",
        "Қайсысы дұрыс: {subject}?",
    ),
    ("kazakh_culture", "number"): (
        "Which number does '{number}' mean?",
        "Select the number '{number}'.",
        "'{number}' саны қайсы?",
    ),
    ("kazakh_culture", "sum"): (
        "Compute: {a} қосу {b}.",
        "{a} мен {b} қосса, қанша болады?",
        "How much is {a} + {b}?",
    ),
    ("medical", "dose"): (
        "A child weighs {b}. The drug is given at {a}. How much is given?",
        "Compute the dose at {a} for a child of {b}.",
        "What dose does a patient of {b} need at {a}?",
    ),
    ("medical", "tablets"): (
        "Tablets contain {b}. A patient needs {a}. How many tablets is that?",
        "Compute how many tablets of {b} give a dose of {a}.",
        "The dose is {a}, each tablet {b}. How many does the patient get?",
    ),
    ("medical", "rate"): (
        "Compute the infusion rate for {a} over {b}.",
        "A patient gets {a} in {b}. What is the hourly rate?",
        "Fluid of {a} runs for {b}. Find the rate.",
    ),
    ("medical", "pulse"): (
        "Compute the pulse a minute from {a} beats in {b} seconds.",
        "A doctor finds {a} beats in {b} seconds. Compute the heart rate.",
        "A patient has {a} beats in {b} seconds. How many is that a minute?",
    ),
    ("medical", "interval"): (
        "One dose every {a} hours: how many doses are given in {b}?",
        "For {b} a patient gets a drug every {a} hours. How many doses?",
        "Compute the doses in {b} at one every {a} hours.",
    ),
    ("medical", "convert"): (
        "A drug's dose is {a}. How many {unit} are given?",
        "Compute {a} of a drug in {unit}.",
        "What is a dose of {a}, given in {unit}?",
    ),
}
