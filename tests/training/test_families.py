"""The families of the starter's worlds: every question can be put, answered, and drawn again."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from random import Random

import pytest

from foggen_training.recipe import DOMAINS
from foggen_training.starter.families import BASE, EVERYDAY, ROUNDS
from foggen_training.starter.families.drawing import facts, judged, members, near, odd_one, pairs
from foggen_training.starter.families.wordings import asked, phrased
from foggen_training.starter.family import Family
from foggen_training.starter.skills import Draw

WORLDS = {"base": BASE, "rounds": ROUNDS, "everyday": EVERYDAY}
ALL = [family for world in WORLDS.values() for family in world]
UNFILLED = re.compile(r"\{[A-Za-z_]\w*\}|\{\}")


def questions(family: Family, number: int = 200) -> Iterator[tuple[str, Draw]]:
    random = Random(f"test-{family.name}")
    return (family.question(random) for _ in range(number))


@pytest.mark.parametrize("family", ALL, ids=lambda family: family.name)
def test_every_question_has_one_right_answer_and_enough_wrong_ones(family: Family) -> None:
    drawn = list(questions(family))
    closed = len({frozenset([draw.answer, *draw.wrong]) for _, draw in drawn}) == 1
    for text, draw in drawn:
        options = [draw.answer, *draw.wrong]
        assert len(set(options)) == len(options), (text, options)
        assert all(option and option == option.strip() for option in options), (text, options)
        asked_for = closed or all(str(option) in text for option in options)
        assert len(draw.wrong) >= (1 if asked_for else 3), (text, options)
        assert not UNFILLED.search(text), text
        assert not re.search(r"\S  ", text) and text == text.strip(), text


@pytest.mark.parametrize("family", ALL, ids=lambda family: family.name)
def test_every_wording_can_be_filled_with_every_draw(family: Family) -> None:
    random = Random(family.name)
    for _ in range(20):
        values = family.draw(random).values
        texts = [wording.format(**values) for wording in family.wordings]
        assert all(texts)


def test_names_are_unique_over_all_worlds() -> None:
    names = [family.name for family in ALL]
    assert sorted(names) == sorted(set(names))


def test_domains_are_those_of_the_rounds() -> None:
    assert {family.domain for family in ALL} == set(DOMAINS)
    assert {family.domain for family in BASE} == set(DOMAINS)


def test_worlds_are_as_large_and_as_varied_as_they_must_be() -> None:
    assert len(BASE) >= 50 and len(ROUNDS) >= 60 and len(EVERYDAY) >= 60
    for family in ALL:
        assert len(set(family.wordings)) == len(family.wordings), family.name
        assert len(family.wordings) >= (8 if family in BASE else 4), family.name


def test_no_question_of_the_rounds_is_a_question_of_the_base() -> None:
    base = {text for family in BASE for text, _ in questions(family)}
    for family in (*ROUNDS, *EVERYDAY):
        assert not {text for text, _ in questions(family)} & base, family.name


def fingerprint() -> str:
    digest = hashlib.sha256()
    for family in ALL:
        for text, draw in questions(family, 5):
            digest.update(repr((text, draw.answer, list(draw.wrong))).encode())
    return digest.hexdigest()


def test_a_seed_draws_the_same_questions_in_every_process() -> None:
    """The order of a set of strings differs between processes; no draw may depend on it."""
    code = "from tests.training.test_families import fingerprint; print(fingerprint())"
    for hash_seed in ("1", "2"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        made = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert made.stdout.strip() == fingerprint()


def test_numbers_that_are_not_the_answer() -> None:
    random = Random(0)
    for answer in range(30):
        wrong = near(random, answer, [answer, -5, answer + 1], low=0)
        assert len(set(wrong)) == 5 and str(answer) not in wrong
        assert all(int(value) >= 0 for value in wrong)


def test_a_table_refuses_a_key_that_occurs_twice() -> None:
    assert pairs("cat: kitten; dog: puppy\ncow: calf") == {
        "cat": "kitten",
        "dog": "puppy",
        "cow": "calf",
    }
    with pytest.raises(ValueError, match="twice"):
        pairs("cat: kitten; cat: cub")


def test_ways_to_draw_from_tables() -> None:
    random = Random(3)
    table = pairs("cat: kitten; dog: puppy; cow: calf; bear: cub; lion: cub")
    for _ in range(50):
        draw = facts("science", "young", table, ["{x}"]).draw(random)
        assert draw.answer == table[str(draw.values["x"])] and draw.answer not in draw.wrong
        draw = judged("science", "is", table, ["{x} {y}"]).draw(random)
        assert (draw.answer == "yes") == (table[str(draw.values["x"])] == draw.values["y"])
    kinds = {"fruit": ("apple", "tomato", "pear"), "vegetable": ("carrot", "tomato", "leek")}
    for _ in range(50):
        draw = members("science", "which", kinds, ["{x}"]).draw(random)
        group = kinds[str(draw.values["x"])]
        assert draw.answer in group and not set(draw.wrong) & set(group)
        draw = odd_one("science", "odd", kinds, ["{list}"]).draw(random)
        group = kinds[str(draw.values["x"])]
        assert draw.answer not in group and set(draw.wrong) <= set(group)


def test_wordings_by_grammar_keep_the_question() -> None:
    made = asked("What day comes after {x}?", "{name} has {a} {thing}. How many are left?")
    assert "What day comes after {x}?" in made and len(made) == 8
    assert all("{x}" in text or "{thing}" in text for text in made)
    assert all("the day after {x}" in text for text in phrased("the day after {x}"))
