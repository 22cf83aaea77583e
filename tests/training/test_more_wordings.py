"""`foggen_training.starter.more_wordings` and `phrasing`: wordings that fit their skills and are all new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from string import Formatter

import pytest

from foggen_training.starter.domains import SKILLS
from foggen_training.starter.more_wordings import MORE_WORDINGS
from foggen_training.starter.number_words import amount_words, in_words, number_words, year_words
from foggen_training.starter.phrasing import PRETRAINING, ROUNDS, Frames, Phrasing, phrased
from foggen_training.starter.round_wordings import ROUND_WORDINGS
from foggen_training.starter.skills import Draw, Skill

EACH_SKILL = pytest.mark.parametrize("skill", SKILLS, ids=lambda s: f"{s.domain}-{s.name}")
ALWAYS, NEVER = Phrasing(1, 1, 1), Phrasing(0, 0, 0)


def worlds(skill: Skill) -> Iterator[tuple[tuple[str, ...], Frames]]:
    more = MORE_WORDINGS[skill.domain, skill.name]
    yield more.pretraining, PRETRAINING
    yield more.rounds, ROUNDS


def draws(skill: Skill, each: int = 3) -> Iterator[Draw]:
    """Draws of every tier of a skill."""
    random = Random(f"draws-{skill.name}")
    for tier in set(skill.tiers):
        for _ in range(each):
            yield skill.draw(random, tier)


def fields(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name is not None}


def unworded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


# --- the wordings -------------------------------------------------------------------------------


def test_every_skill_has_more_wordings_and_no_other_has() -> None:
    assert set(MORE_WORDINGS) == {(skill.domain, skill.name) for skill in SKILLS}


@EACH_SKILL
def test_there_are_many_of_both_kinds(skill: Skill) -> None:
    more = MORE_WORDINGS[skill.domain, skill.name]
    assert len(more.pretraining) >= 25
    assert len(more.rounds) >= 12


@EACH_SKILL
def test_no_wording_is_there_twice_or_among_those_that_the_skill_had(skill: Skill) -> None:
    more = MORE_WORDINGS[skill.domain, skill.name]
    old = (*skill.wordings, *skill.test_wordings, *ROUND_WORDINGS[skill.domain, skill.name])
    new = [*more.pretraining, *more.rounds]
    assert len(set(new)) == len(new)
    assert not set(new) & set(old)


@EACH_SKILL
def test_a_wording_has_all_operands_that_the_skills_own_wordings_have(skill: Skill) -> None:
    optional = {"ask"}  # "What is", in the language of the fact
    names = fields(skill.wordings[0]) - optional
    for wordings, _ in worlds(skill):
        for wording in wordings:
            assert fields(wording) - optional == names, wording


@EACH_SKILL
@pytest.mark.parametrize("phrasing", [ALWAYS, NEVER], ids=["dressed", "bare"])
def test_every_wording_formats_with_draws_of_every_tier(skill: Skill, phrasing: Phrasing) -> None:
    for wordings, frames in worlds(skill):
        for wording in wordings:
            for draw in draws(skill):
                text = phrased(Random(1), wording, draw.values, frames, phrasing)
                assert not set("{}") & set(text)
                assert text == text.strip()


@EACH_SKILL
def test_no_text_can_be_read_as_a_test_question(skill: Skill) -> None:
    patterns = []
    for wording in skill.test_wordings:
        parts = (re.escape(text) + (".+?" if name else "") for text, name, _, _ in _parse(wording))
        patterns.append("".join(parts))
    for wordings, frames in worlds(skill):
        for wording in wordings:
            for draw in draws(skill, each=1):
                for phrasing in (ALWAYS, NEVER):
                    text = phrased(Random(2), wording, draw.values, frames, phrasing)
                    assert not any(re.fullmatch(p, text, re.DOTALL) for p in patterns), text


def _parse(wording: str) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    return iter(Formatter().parse(wording))


@EACH_SKILL
def test_pretraining_and_rounds_differ_in_more_than_marks_and_capitals(skill: Skill) -> None:
    more = MORE_WORDINGS[skill.domain, skill.name]
    pretraining = {unworded(w) for w in more.pretraining}
    shared = [w for w in more.rounds if unworded(w) in pretraining]
    assert len(shared) <= 2, shared  # short ones, of operands and symbols alone


def test_pretraining_and_rounds_have_other_greetings() -> None:
    assert not set(PRETRAINING.openers) & set(ROUNDS.openers)
    assert not set(PRETRAINING.closers) & set(ROUNDS.closers)


# --- the phrasing -------------------------------------------------------------------------------


def test_the_same_random_state_gives_the_same_text() -> None:
    values = {"a": "4 g", "b": "2 cm3"}
    texts = [
        [phrased(random, "Mass {a}, volume {b}?", values, ROUNDS) for _ in range(50)]
        for random in (Random(5), Random(5), Random(6))
    ]
    assert texts[0] == texts[1] != texts[2]


def test_each_share_of_the_phrasing_does_what_it_says() -> None:
    wording, values = "What is {a} in {unit}?", {"a": "73 m", "unit": "cm"}
    plain = wording.format(**values)
    assert phrased(Random(1), wording, values, ROUNDS, NEVER) == plain
    assert phrased(Random(1), wording, values, ROUNDS, Phrasing(0, 0, 1)) == (
        "What is seventy-three metres in cm?"
    )
    opened = phrased(Random(1), wording, values, ROUNDS, Phrasing(1, 0, 0))
    assert opened.casefold().endswith(plain.casefold()) and len(opened) > len(plain)
    closed = phrased(Random(1), wording, values, ROUNDS, Phrasing(0, 1, 0))
    assert closed.startswith(plain) and len(closed) > len(plain)


@pytest.mark.parametrize("wording", ["{code}\nOutput?", "Output?\n{code}"])
def test_code_keeps_its_lines_between_greetings(wording: str) -> None:
    code = "z = 0\nfor i in range(2):\n    z += 2\nprint(z)"
    for seed in range(30):
        text = phrased(Random(seed), wording, {"code": code}, PRETRAINING, ALWAYS)
        assert f"\n{code}" in text or text.startswith(code)
        assert text.endswith(code) or f"{code}\n" in text


def test_digits_stay_where_words_would_read_badly() -> None:
    values = {"a": 8, "b": 5}
    for wording in ("{a}+{b}", "gcd({a},{b})x{a}", "{a}h", "{a} қосу {b} қанша?"):
        text = phrased(Random(1), wording, values, ROUNDS, Phrasing(0, 0, 1))
        assert text == wording.format(**values)


def test_one_of_a_thing_is_not_plural() -> None:
    text = phrased(Random(1), "{n} days after {day}?", {"n": 1, "day": "Monday"}, ROUNDS, NEVER)
    assert text == "1 day after Monday?"
    text = phrased(Random(1), "{n} days after {day}?", {"n": 21, "day": "Monday"}, ROUNDS, NEVER)
    assert text == "21 days after Monday?"


# --- numbers in words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (42, "forty-two"),
        (100, "one hundred"),
        (219, "two hundred nineteen"),
        (1000, "one thousand"),
        (2018, "two thousand eighteen"),
        (73_000_005, "seventy-three million five"),
    ],
)
def test_a_number_in_words(number: int, words: str) -> None:
    assert number_words(number) == words


@pytest.mark.parametrize("number", [-1, 10**12])
def test_a_number_out_of_range_is_refused_by_its_value(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        number_words(number)


def test_all_small_numbers_have_words_of_their_own() -> None:
    assert len({number_words(n) for n in range(20_000)}) == 20_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$20M", "twenty million dollars"),
        ("$1", "one dollar"),
        ("2%", "two percent"),
        ("1 cm3", "one cubic centimetre"),
        ("3 mg/kg", "three milligrams per kilogram"),
        ("20 C", "twenty degrees Celsius"),
        ("1 year", "one year"),
        ("4 hours", "four hours"),
        ("7", "seven"),
    ],
)
def test_an_amount_in_words(text: str, words: str) -> None:
    assert amount_words(text) == words


@pytest.mark.parametrize("text", ["March 9", "үш", "b = 5\nprint(b - 2)", "a third", "Monday", ""])
def test_what_is_no_amount_is_not_spelled(text: str) -> None:
    assert amount_words(text) == text


def test_years_are_said_as_years() -> None:
    said = {1998: "nineteen ninety-eight", 2004: "two thousand four", 1905: "nineteen oh five"}
    assert {year: year_words(year) for year in said} == said
    assert in_words({"year": 2014, "n": 4}) == {"year": "twenty fourteen", "n": "four"}
