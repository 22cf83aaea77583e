"""`foggen_training.starter.near_misses`: familiar texts, another question, and a key only where one is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from foggen_training.recipe import DOMAINS
from foggen_training.starter.asked import Asked
from foggen_training.starter.domains import SKILLS
from foggen_training.starter.domains.law import DAYS
from foggen_training.starter.near_misses import TEMPLATES, near_miss, of_template
from foggen_training.starter.near_misses.asks import like, number_in
from foggen_training.starter.near_misses.template import Template
from foggen_training.starter.phrasing import Phrasing
from foggen_training.starter.skills import SPLITS, is_table, split_of

BARE = Phrasing(0, 0, 0)
EACH = pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: f"{t.skill}-{t.text[-24:]}")


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


# By the end of a text: the answer, from the text alone. Numbers are compared without their units.
SOLVED: dict[str, Callable[[str], str]] = {
    "letters are in the firm's name?": lambda s: str(len(s.split("'")[1])),
    "debt and equity add up to?": lambda s: str(sum(numbers(s))),
    "revenue and costs together?": lambda s: str(sum(numbers(s))),
    "How large were its costs?": lambda s: str(numbers(s)[1] - numbers(s)[0]),
    "interest and loan together?": lambda s: str(
        numbers(s)[0] + numbers(s)[0] * numbers(s)[1] * numbers(s)[2] // 100
    ),
    "For how many months does it run?": lambda s: str(12 * numbers(s)[2]),
    "How many shares are left?": lambda s: str(numbers(s)[0] - 1),
    "the mass of two such stones?": lambda s: str(2 * numbers(s)[0]),
    "What is the resistance?": lambda s: str(numbers(s)[1]),
    "How long does the other need?": lambda s: str(3 * numbers(s)[1]),
    "its temperature in C?": lambda s: str(numbers(s)[0] + 10),
    "How many times does the loop run?": lambda s: re.findall(r"range\((\d+)", s)[0],
    "in each turn of the loop?": lambda s: re.findall(r"\+= (\d+)", s)[0],
    "How many items are in the list?": lambda s: str(s.count(",") + 1),
    "does one have?": lambda s: str(12 * numbers(s)[1]),
    "one that is a year older?": lambda s: str(sum(numbers(s)) - 1),
    "is it a week after that?": lambda s: str(numbers(s)[1] + 7),
    "pens did she have at first?": lambda s: str(numbers(s)[0]),
    "in two of the boxes?": lambda s: str(2 * numbers(s)[1]),
    "does each child get?": lambda s: str(numbers(s)[0] // numbers(s)[1]),
    "sum of the two numbers?": lambda s: str(sum(numbers(s))),
    "How many does she keep?": lambda s: str(
        numbers(s)[0]
        - numbers(s)[0] // {"half": 2, "third": 3, "quarter": 4, "tenth": 10}[_part(s)]
    ),
    "does the child weigh?": lambda s: str(numbers(s)[1]),
    "beats has she counted?": lambda s: str(2 * numbers(s)[0]),
}


def _part(text: str) -> str:
    return re.findall(r"half|third|quarter|tenth", text)[0]


def several(template: Template, count: int = 40) -> list[Asked]:
    return [of_template(Random(seed), template, phrasing=BARE) for seed in range(count)]


def test_there_are_many_over_all_domains_and_nearly_all_skills() -> None:
    assert len(TEMPLATES) >= 40
    assert min(Counter(t.domain for t in TEMPLATES)[domain] for domain in DOMAINS) >= 5
    skills = {(skill.domain, skill.name) for skill in SKILLS} - {("math", "largest")}
    assert {(t.domain, t.skill) for t in TEMPLATES} == skills


@EACH
def test_a_near_miss_is_whole_and_always_or_never_knowable(template: Template) -> None:
    drawn = several(template)
    assert len({asked.knowable for asked in drawn}) == 1
    for asked in drawn:
        assert not set("{}") & set(asked.stem)
        assert all(text.strip() for text in (asked.answer, *asked.wrong))


def test_both_kinds_are_common() -> None:
    knowable = [several(template, 1)[0].knowable for template in TEMPLATES]
    assert 0.35 < sum(knowable) / len(knowable) < 0.65


@pytest.mark.parametrize("end", SOLVED)
def test_the_key_is_what_the_text_says(end: str) -> None:
    (template,) = [t for t in TEMPLATES if t.text.endswith(end)]
    for asked in several(template):
        assert asked.knowable
        assert numbers(asked.answer)[0] == int(SOLVED[end](asked.stem)), asked


def test_the_larger_of_two_is_the_key() -> None:
    (template,) = [t for t in TEMPLATES if t.text.endswith("Which of them is larger?")]
    for asked in several(template, 200):
        a, b = numbers(asked.stem)
        assert asked.answer == ("They are equal" if a == b else str(max(a, b)))


def test_the_lines_of_code_are_counted() -> None:
    (template,) = [t for t in TEMPLATES if "How many lines" in t.text]
    for asked in several(template):
        assert int(asked.answer) == asked.stem.count("\n")


def test_the_day_before_the_filing() -> None:
    (template,) = [t for t in TEMPLATES if "before the day of the filing" in t.text]
    for asked in several(template):
        (filed,) = [day for day in DAYS if day in asked.stem]
        assert (DAYS.index(asked.answer) + 1) % 7 == DAYS.index(filed)


def test_the_key_of_what_is_not_said_is_any_option() -> None:
    (template,) = [t for t in TEMPLATES if t.text.endswith("How many pears does he have?")]
    usual = Counter(
        sum(numbers(asked.stem)) == int(asked.answer) for asked in several(template, 800)
    )
    assert usual[True] / 800 == pytest.approx(0.25, abs=0.06)


@pytest.mark.parametrize("split", SPLITS)
def test_operands_are_those_of_the_split(split: str) -> None:
    (skill,) = [s for s in SKILLS if s.name == "debt_to_equity"]
    (template,) = [t for t in TEMPLATES if t.text.startswith("A firm has debt of")]
    for seed in range(60):
        stem = of_template(Random(seed), template, split, phrasing=BARE).stem
        a, b = re.findall(r"\$\d+[KMB]?", stem)
        key = f"{skill.name}|a={a}|b={b}"
        own = SPLITS.index(split_of(key))
        assert own == SPLITS.index(split) or (is_table(skill, 1) and own < SPLITS.index(split))


def test_the_same_random_state_gives_the_same_near_miss() -> None:
    first, second, other = (
        [near_miss(random) for _ in range(30)] for random in (Random(1), Random(1), Random(2))
    )
    assert first == second != other
    assert {domain for domain, _ in first} <= set(DOMAINS)


def test_an_operands_number_and_its_form() -> None:
    assert number_in("$20M") == 20
    assert number_in("жиырма бес") == 25
    assert like("$20M", 7) == "$7M"
    with pytest.raises(ValueError, match="Monday"):
        number_in("Monday")
