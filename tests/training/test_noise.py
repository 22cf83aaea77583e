"""`foggen_training.starter.noise`: disturbed texts ask for the same."""

from __future__ import annotations

import re
from random import Random

import pytest

from foggen_training.starter.asked import asked_of
from foggen_training.starter.domains import SKILLS
from foggen_training.starter.domains.law import DAYS, MONTHS
from foggen_training.starter.fillers import SENTENCES, irrelevant
from foggen_training.starter.near_misses import near_miss
from foggen_training.starter.noise import (
    Noise,
    disturbed,
    with_sentence,
    with_spaces,
    with_typos,
)
from foggen_training.starter.number_words import number_words
from foggen_training.starter.rendering import render
from foggen_training.starter.skills import Skill
from foggen_training.starter.spans import holds_code

ALWAYS = Noise(1, 1, 1, 1, 1)
NEVER = Noise(0, 0, 0, 0, 0)


def digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


@pytest.mark.parametrize("skill", SKILLS, ids=lambda s: f"{s.domain}-{s.name}")
def test_no_digit_and_no_option_changes(skill: Skill) -> None:
    for seed in range(60):
        random = Random(seed)
        draw = skill.draw(random, random.choice(skill.tiers))
        if draw.answer in draw.wrong:
            continue
        stem = random.choice(skill.wordings).format(**draw.values)
        rendered = render(random, asked_of(skill, draw, stem))
        before = rendered.options
        noisy = disturbed(random, rendered.stem, ALWAYS)
        assert digits(noisy) == digits(rendered.stem)
        assert rendered.options == before
        if holds_code(stem):
            assert str(draw.values.get("code", "")) in noisy


def test_what_is_quoted_stays_as_it_is() -> None:
    stem = "How many letters are in the name 'Two  Words' or in \"Rain\"?"
    for seed in range(50):
        assert digits(noisy := disturbed(Random(seed), stem, ALWAYS)) == []
        assert "'Two  Words'" in noisy and '"Rain"' in noisy


def test_near_misses_keep_their_numbers_too() -> None:
    for seed in range(200):
        random = Random(seed)
        _, asked = near_miss(random)
        assert digits(disturbed(random, asked.stem, ALWAYS)) == digits(asked.stem)


def test_the_same_random_state_gives_the_same_text() -> None:
    stem = "A current of 3 A flows through a resistance. What is the voltage?"
    texts = [[disturbed(r, stem) for _ in range(50)] for r in (Random(1), Random(1), Random(2))]
    assert texts[0] == texts[1] != texts[2]


def test_without_noise_nothing_changes() -> None:
    assert disturbed(Random(1), "What  is it?", NEVER) == "What  is it?"


# --- each disturbance, alone --------------------------------------------------------------------


def test_typos_change_long_words_only_and_seldom_more_than_a_letter() -> None:
    stem = "Find the simple interest on the loan"
    for seed in range(100):
        words = with_typos(Random(seed), stem, 2).split(" ")
        changed = [(a, b) for a, b in zip(stem.split(" "), words, strict=True) if a != b]
        assert len(changed) <= 2
        assert all(len(a) >= 4 and a[0] == b[0] and abs(len(a) - len(b)) <= 1 for a, b in changed)
    kinds = {len(with_typos(Random(seed), "interest", 1)) - 8 for seed in range(50)}
    assert kinds == {-1, 0, 1}  # dropped, swapped, doubled


def test_numbers_in_words_are_never_misspelt() -> None:
    for number in (7, 13, 16, 60, 73, 1500):
        stem = number_words(number)
        assert all(with_typos(Random(seed), stem, 3) == stem for seed in range(20))
    assert with_typos(Random(1), "жеті және төрт", 3).startswith("жеті ")


def test_a_sentence_is_added_before_or_after() -> None:
    stem = "What is 2 + 3?"
    texts = [with_sentence(Random(seed), stem) for seed in range(50)]
    assert all(stem in text and len(text) > len(stem) for text in texts)
    assert any(text.startswith(stem) for text in texts)
    assert any(text.endswith(stem) for text in texts)


def test_a_sentence_never_follows_code_nor_an_open_end() -> None:
    for stem in ("Output?\nprint(3)", "2 + 3 = ____", "The answer:"):
        assert all(with_sentence(Random(seed), stem).endswith(stem) for seed in range(30))


def test_a_question_mark_goes_missing() -> None:
    assert disturbed(Random(1), "What is it?", Noise(0, 0, 1, 0, 0)) == "What is it"


def test_spaces_are_doubled_between_words_but_not_in_code() -> None:
    stem = "What is the sum of the two numbers here"
    text = next(t for seed in range(9) if (t := with_spaces(Random(seed), stem)) != stem)
    assert text.split() == stem.split() and "  " in text
    code = "for i in range(2):\n    print(i if i else 3)"
    assert with_spaces(Random(1), code) == code


def test_capitals_are_lost_but_not_those_of_units() -> None:
    text = disturbed(Random(1), "How many mL are 5 L? And 20 C in K?", Noise(0, 0, 0, 0, 1))
    assert text == "how many mL are 5 L? and 20 C in K?"


# --- the sentences ------------------------------------------------------------------------------


def test_there_are_many_sentences_written_by_hand() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES) >= 60
    made = {irrelevant(Random(seed)) for seed in range(2000)}
    assert len(made - set(SENTENCES)) > 100


def test_a_sentence_holds_nothing_that_a_question_may_ask_for() -> None:
    sentences = {irrelevant(Random(seed)) for seed in range(3000)} | set(SENTENCES)
    words = {number_words(n) for n in range(2, 100)} | {
        name.casefold() for name in (*DAYS, *MONTHS)
    }
    words -= {"may"}  # as in "you may know"
    for sentence in sentences:
        assert sentence.endswith(".") and not digits(sentence)
        assert not words & set(re.findall(r"\w+", sentence.casefold())), sentence
