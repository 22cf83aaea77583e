"""What a near miss asks of the operands: something to compute or to read off, or something not said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ..domains.kazakh import numeral
from ..skills import Draw, wrong_numbers

_WHOLE = re.compile(r"\d+")
KAZAKH_NUMBERS = {numeral(n): n for n in range(1, 100)}
EQUAL = "They are equal"


@dataclass(frozen=True)
class Found:
    """The answer to a near miss and wrong ones; if not `knowable`, the answer is any of the options."""

    answer: str
    wrong: Sequence[str]
    knowable: bool = True


Values = Mapping[str, object]
Ask = Callable[[Random, Values, Draw], Found]


def number_in(value: object) -> int:
    """The number of an operand: 20 for "$20M", and 3 for the Kazakh numeral of three.

    Raises `ValueError` if it has none."""
    text = str(value)
    if text in KAZAKH_NUMBERS:
        return KAZAKH_NUMBERS[text]
    found = _WHOLE.search(text)
    if found is None:
        raise ValueError(f"no number in {text!r}")
    return int(found[0])


def like(value: object, number: int) -> str:
    """A number in the form of an operand: 7 like "$20M" is "$7M"."""
    return _WHOLE.sub(str(number), str(value), count=1)


def computed(formula: Callable[[Values], int], form: str | None = None) -> Ask:
    """A number by a formula over the operands, in the form of the operand `form`, else bare.

    Wrong are the operands, the answer to the skill's usual question, and numbers close by."""

    def ask(random: Random, values: Values, draw: Draw) -> Found:
        answer = formula(values)
        shown = [draw.answer, *map(str, values.values())]
        traps = [int(found[0]) for text in shown if (found := _WHOLE.search(text))]
        wrong = wrong_numbers(random, answer, traps, 0.5)
        style = values[form] if form else "0"
        return Found(like(style, answer), [like(style, int(n)) for n in wrong])

    return ask


def times(name: str, factor: int) -> Ask:
    """A multiple of one operand, in its own form."""
    return computed(lambda values: factor * number_in(values[name]), name)


def total(first: str, second: str, form: str | None = None) -> Ask:
    """The sum of two operands."""
    return computed(lambda values: number_in(values[first]) + number_in(values[second]), form)


def letters(name: str) -> Ask:
    """The number of letters of an operand, which the text shows in quotes."""
    return computed(lambda values: sum(c.isalpha() for c in str(values[name])))


def operand(name: str) -> Ask:
    """An operand itself, which need only be read."""
    return computed(lambda values: number_in(values[name]), name)


def chosen(pick: Callable[[Values], str], pool: Sequence[str]) -> Ask:
    """A text by a function of the operands, the wrong ones from a pool."""

    def ask(random: Random, values: Values, draw: Draw) -> Found:
        answer = pick(values)
        others = [text for text in pool if text != answer]
        return Found(answer, random.sample(others, min(3, len(others))))

    return ask


def larger(first: str, second: str, first_name: str, second_name: str) -> Ask:
    """Which of two operands is larger; the names may hold fields for the operands."""

    def ask(random: Random, values: Values, draw: Draw) -> Found:
        a, b = number_in(values[first]), number_in(values[second])
        names = [first_name.format(**values), second_name.format(**values), EQUAL]
        options = list(dict.fromkeys(names))
        answer = EQUAL if a == b else names[0] if a > b else names[1]
        return Found(answer, [text for text in options if text != answer])

    return ask


def _at_random(random: Random, options: Sequence[str]) -> Found:
    """Any of the options as the answer, for nobody can know it."""
    mixed = random.sample(list(options), len(options))
    return Found(mixed[0], mixed[1:], knowable=False)


def not_said(name: str | None = None) -> Ask:
    """Something that the text does not say, in the form of an operand or of the skill's answers."""

    def ask(random: Random, values: Values, draw: Draw) -> Found:
        if name is None:
            return _at_random(random, [draw.answer, *draw.wrong])
        near = wrong_numbers(random, number_in(values[name]), [], 0.4)
        return _at_random(random, [str(values[name]), *(like(values[name], int(n)) for n in near)])

    return ask


def not_said_of(pool: Sequence[str]) -> Ask:
    """Something that the text does not say, out of a pool of at least four."""
    return lambda random, values, draw: _at_random(random, random.sample(list(pool), 4))


def not_said_number(form: str, low: int, high: int) -> Ask:
    """A number from `low` to `high` that the text does not say; form: such as "{} kg"."""
    pool = [form.format(n) for n in range(low, high + 1)]
    return not_said_of(pool)
