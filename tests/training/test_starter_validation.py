"""The sets that the starter is measured on outside its own templates: sound, and frozen."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from random import Random
from string import Formatter

import pytest

from foggen.confidence.labelled import Keyed
from foggen_training.recipe import DOMAINS
from foggen_training.starter.domains import SKILLS
from foggen_training.starter.family import Family
from foggen_training.starter.round_wordings import ROUND_WORDINGS
from foggen_training.starter.skills import Skill, split_of
from foggen_training.starter.validation import draw
from foggen_training.starter.validation.families import FAMILIES, culture, health, logic, money
from foggen_training.starter.validation.families.codes import BRAILLE, MORSE
from foggen_training.starter.validation.wordings import OTHER_WORDINGS

# A changed set is another measurement: train again before its figures stand beside older ones.
FROZEN = {
    "unseen_families": "c72473f8c972a7b08c70929ef5bd46fb9a5e7f8cc39c54bcf0c637158ee92434",
    "other_wordings": "d0bc60d42b2aaedaf4561e10b2e6212107fc8f8d752c869a70d0c2970ead7e58",
    "everyday": "8aab6fc0070334a8fa951c9822eaf9abb9da4a4c3060131b141d7eca8bd88e71",
}
# Different texts among 1,000 questions of each family; with other options there are more questions.
TEXTS = {
    "chess": 561, "dominoes": 168, "tricks": 1000, "tournament": 404, "tennis": 120, "knaves":
    988, "queue": 1000, "lamp": 413, "survey": 983, "sawing": 301, "knitting": 641, "planting":
    507, "paper": 128, "knots": 80, "keypad": 379, "morse": 120, "braille": 203, "patterns":
    354, "crossword": 807, "shelf": 464, "mohs": 48, "mixing": 914, "gears": 184, "tides": 817,
    "resistor": 791, "map": 412, "weather": 95, "bells": 160, "postage": 1000, "buses": 1000,
    "bins": 1000, "majority": 834, "votes": 1000, "coins": 577, "offer": 803, "old_money": 812,
    "auction": 1000, "overtime": 871, "first_aid": 100, "blood": 48, "burns": 611, "fears": 115,
    "lacks": 75, "animal_years": 410, "plurals": 211, "young": 72, "saints": 120, "proverbs":
    80,
}  # fmt: skip
TWO_SIDED = {"lamp", "gears"}  # on or off, this way round or that
# Operands that are the answer, or words of the training's own.
HIDDEN = {"pick", "x", "answer", "ask"}


@cache
def drawn(name: str) -> list[Keyed]:
    questions: list[Keyed] = getattr(draw, name)()
    return questions


@pytest.mark.parametrize("name", FROZEN)
def test_a_set_is_what_it_was(name: str) -> None:
    assert draw.fingerprint(drawn(name)) == FROZEN[name]


def test_a_fingerprint_sees_the_answer_and_every_option() -> None:
    first, second = drawn("everyday")[:2]
    whole = draw.fingerprint([first, second])
    moved = Keyed(first.id, first.domain, first.question, (first.answer + 1) % 4)
    assert whole != draw.fingerprint([second, first])
    assert whole != draw.fingerprint([moved, second])


@pytest.mark.parametrize(("name", "count"), [("unseen_families", 3000), ("other_wordings", 3000)])
def test_three_thousand_different_questions(name: str, count: int) -> None:
    questions = drawn(name)
    assert len({(k.question.stem, frozenset(k.question.options)) for k in questions}) == count
    assert len({keyed.id for keyed in questions}) == count
    assert {keyed.domain for keyed in questions} == set(DOMAINS)


@pytest.mark.parametrize("name", FROZEN)
def test_every_question_is_whole(name: str) -> None:
    for keyed in drawn(name):
        stem, options = keyed.question.stem, keyed.question.options
        assert stem.strip() and not re.search(r"[{}]", stem), stem
        assert len(set(options)) == len(options) and "" not in options, keyed
        assert set(keyed.question.notes) <= {"out_of_training"}, keyed  # five options or more


@pytest.mark.parametrize("name", FROZEN)
def test_no_letter_is_favoured(name: str) -> None:
    """Pearson's chi-square of the answers among four options; 16.3 is passed once in a thousand."""
    fours = Counter(k.answer for k in drawn(name) if len(k.question.options) == 4)
    expected = fours.total() / 4
    assert sum((fours[place] - expected) ** 2 / expected for place in range(4)) < 16.3, fours


# --- unseen families ----------------------------------------------------------------------------


def test_the_families_have_equal_shares_that_their_ids_name() -> None:
    counts = Counter(keyed.id.split("-")[1] for keyed in drawn("unseen_families"))
    assert counts.keys() == {family.name for family in FAMILIES}
    assert len(FAMILIES) >= 28 and set(counts.values()) <= {62, 63}


def test_a_family_keeps_its_questions_when_others_come_or_go() -> None:
    alone = draw.of_family(next(family for family in FAMILIES if family.name == "knots"), 20)
    among = [keyed for keyed in drawn("unseen_families") if keyed.id.startswith("unseen-knots-")]
    assert draw.fingerprint(alone) == draw.fingerprint(among[:20])


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_is_sound(family: Family) -> None:
    random = Random(f"sound-{family.name}")
    texts = set()
    for _ in range(1000):
        text, parts = family.question(random)
        texts.add(text)
        assert parts.answer not in parts.wrong, (text, parts)
        assert len(set(parts.wrong)) == len(parts.wrong), (text, parts)
        assert len(parts.wrong) >= (1 if family.name in TWO_SIDED else 3), (text, parts)
    assert len(texts) == TEXTS[family.name]
    assert family.domain in DOMAINS and len(set(family.wordings)) >= 4


def test_a_family_without_enough_questions_says_so() -> None:
    gears = next(family for family in FAMILIES if family.name == "gears")
    with pytest.raises(ValueError, match=r"unseen-gears has \d+ different questions"):
        draw.of_family(gears, 1000)


def test_the_largest_coin_first_gives_the_fewest_coins() -> None:
    fewest = [0]
    for amount in range(1, 200):
        fewest.append(1 + min(fewest[amount - coin] for coin in money.COINS if coin <= amount))
    assert [money.fewest_coins(amount) for amount in range(200)] == fewest


def test_blood_goes_where_it_may() -> None:
    gives = {
        donor: {to for to in health.GROUPS if health._gives(donor, to)} for donor in health.GROUPS
    }
    assert gives["O-"] == set(health.GROUPS)
    assert gives["O+"] == {"O+", "A+", "B+", "AB+"}
    assert gives["A-"] == {"A-", "A+", "AB-", "AB+"}
    assert gives["AB-"] == {"AB-", "AB+"} and gives["AB+"] == {"AB+"}


def test_every_riddle_of_liars_has_one_solution() -> None:
    assert logic._solvable()
    for first, second, a, b in logic._solvable():
        assert logic.CLAIMS[first](a, b) == a and logic.CLAIMS[second](b, a) == b


def test_each_sign_of_morse_and_braille_is_used_once() -> None:
    assert len(set(MORSE.values())) == len(set(BRAILLE.values())) == 26
    assert (MORSE["S"], MORSE["O"], BRAILLE["a"], BRAILLE["w"]) == ("...", "---", "1", "2456")


@pytest.mark.parametrize(
    ("year", "animal"), [(1988, "ұлу"), (1991, "қой"), (2012, "ұлу"), (2026, "жылқы")]
)
def test_years_of_animals(year: int, animal: str) -> None:
    assert culture.ANIMALS[(year - 2020) % 12] == animal


def test_plurals_follow_the_last_sound_and_the_last_vowel() -> None:
    for ending, nouns in culture.PLURALS.items():
        for noun in nouns:
            vowel = [letter for letter in noun if letter in "аоуұыәеиөүі"][-1]
            assert (ending[1] == "а") == (vowel in "аоуұы"), noun
            first = "л" if noun[-1] in "аоуұыәеөүірй" else "д" if noun[-1] in "лмнңзж" else "т"
            assert ending[0] == first, noun


# --- other wordings -----------------------------------------------------------------------------


def test_every_known_skill_has_other_wordings() -> None:
    assert {(skill.domain, skill.name) for skill in SKILLS} == OTHER_WORDINGS.keys()


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: f"{skill.domain}-{skill.name}")
def test_a_wording_asks_with_all_operands_and_is_of_another_hand(skill: Skill) -> None:
    wordings = OTHER_WORDINGS[skill.domain, skill.name]
    operands = set(skill.draw(Random(1), max(skill.tiers)).values) - HIDDEN
    assert len(set(wordings)) >= 5
    for wording in wordings:
        fields = {field for _, field, _, _ in Formatter().parse(wording) if field is not None}
        assert fields == operands, wording
    own = {*skill.wordings, *skill.test_wordings, *ROUND_WORDINGS[skill.domain, skill.name]}
    assert own.isdisjoint(wordings)


def test_the_operands_are_those_of_the_test_split() -> None:
    sums = [
        re.fullmatch(r"yo what's (\d+) plus (\d+)", keyed.question.stem)
        for keyed in drawn("other_wordings")
        if keyed.id.startswith("other-math-add-") and keyed.tier > 1  # tier 1 is a table
    ]
    keys = ["add|a={}|b={}".format(*found.groups()) for found in sums if found]
    assert len(keys) >= 3 and {split_of(key) for key in keys} == {"test"}


def test_the_skills_of_a_domain_have_equal_shares() -> None:
    counts = Counter(keyed.id.rsplit("-", 1)[0] for keyed in drawn("other_wordings"))
    assert {name.removeprefix("other-") for name in counts} == {
        f"{s.domain}-{s.name}" for s in SKILLS
    }
    for domain in DOMAINS:
        shares = [count for name, count in counts.items() if name.startswith(f"other-{domain}-")]
        assert sum(shares) in (428, 429) and max(shares) - min(shares) <= 1


# --- everyday questions -------------------------------------------------------------------------


def test_two_hundred_everyday_questions_of_many_kinds() -> None:
    questions = drawn("everyday")
    kinds = Counter(keyed.id.split("-")[1] for keyed in questions)
    assert len(questions) == 200 and len({keyed.question.stem for keyed in questions}) == 200
    assert len(kinds) == 17 and set(kinds.values()) <= {11, 12}
    assert {len(keyed.question.options) for keyed in questions} == {2, 3, 4, 5}
    assert {keyed.domain for keyed in questions} == set(DOMAINS)
