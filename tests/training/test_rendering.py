"""`foggen_training.starter.rendering`: many forms of a question, and the key is right in each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from random import Random

import pytest

from foggen_training.starter.asked import Asked, Category, asked_of
from foggen_training.starter.categories import FIXED, of_category
from foggen_training.starter.domains import SKILLS
from foggen_training.starter.rendering import (
    CLAIMS,
    NONE_OF_THEM,
    SENTENCES,
    Rendered,
    Rendering,
    exception,
    more_wrong,
    render,
    restyled,
)
from foggen_training.starter.skills import Skill

OFTEN = Rendering(
    claim=0.3,
    exception=0.5,
    none_of_them=0.4,
    left_out=0.5,
    sentences=0.3,
    dots=0.3,
    end=0.3,
    upper=0.2,
    lower=0.2,
)
PLAIN = Rendering({4: 1}, 0, 0, 0, 0, 0, 0, 0, 0, 0)
SUM = Asked("What is 2 + 3?", "5", ("6", "1", "23"))
FRAUD = Category("an element of fraud", ("loss", "reliance"), ("duty", "breach"))


def only(**shares: float) -> Rendering:
    """A rendering with these shares, and without any other variation."""
    names = (field.name for field in fields(Rendering) if field.name != "counts")
    nothing = dict.fromkeys(names, 0.0)
    return Rendering({4: 1}, **{**nothing, **shares})


def bare(option: str) -> set[str]:
    """What an option may say, without a sentence around it or a full stop."""
    readings = {option, option.removesuffix(".")}
    for sentence in SENTENCES:
        pattern = re.escape(sentence.rstrip(".")).replace(r"\{\}", "(.+?)") + r"\.?"
        if found := re.fullmatch(pattern, option):
            readings.add(found[1])
    return readings


def asked(skill: Skill, random: Random) -> Asked:
    while True:
        draw = skill.draw(random, random.choice(skill.tiers))
        if draw.answer not in draw.wrong:
            stem = random.choice(skill.wordings).format(**draw.values)
            return asked_of(skill, draw, stem)


def check(question: Asked, rendered: Rendered) -> None:
    """Whether the key of a rendered question is right, by its form."""
    options, key = rendered.options, rendered.options[rendered.answer]
    assert len(set(options)) == len(options) >= 2
    if rendered.form == "claim":
        assert {o.removesuffix(".") for o in options} == {"True", "False"}
        assert (key.removesuffix(".") == "True") == (claimed(question, rendered) == question.answer)
    elif rendered.form == "exception":
        assert question.category is not None
        assert bare(key) & set(question.category.others)
        assert all(bare(o) & set(question.category.members) for o in options if o != key)
    elif bare(key) & set(NONE_OF_THEM):
        assert rendered.answer == len(options) - 1
        assert not any(question.answer in bare(o) for o in options)
    else:
        assert question.answer in bare(key)
        assert not any(question.answer in bare(o) for o in options if o != key)


def claimed(question: Asked, rendered: Rendered) -> str:
    """The candidate that a claim names."""
    forms = (*CLAIMS, "{stem}\nTrue or false: {candidate}")
    (candidate,) = (
        text
        for text in (question.answer, *question.wrong)
        if rendered.stem.casefold()
        in {form.format(stem=question.stem, candidate=text).casefold() for form in forms}
    )
    return candidate


# --- the key ------------------------------------------------------------------------------------


@pytest.mark.parametrize("skill", SKILLS, ids=lambda s: f"{s.domain}-{s.name}")
def test_the_key_is_right_in_every_form_of_every_skill(skill: Skill) -> None:
    shares = Rendering(
        claim=0.3, exception=0.5, none_of_them=0.4, left_out=0.5, sentences=0.3, dots=0.3, end=0
    )
    for seed in range(150):
        random = Random(seed)
        question = asked(skill, random)
        check(question, render(random, question, shares))


def test_the_key_of_a_category_is_right() -> None:
    forms = Counter[str]()
    for seed in range(3000):
        random = Random(seed)
        question = of_category(random)
        rendered = render(random, question, OFTEN)
        check(question, rendered)
        forms[rendered.form] += 1
    assert forms.keys() == {"options", "exception"}


@pytest.mark.parametrize("category", FIXED, ids=lambda c: c.phrase)
def test_a_category_has_enough_members_and_others_for_four_options(category: Category) -> None:
    assert len(category.members) >= 3 <= len(category.others)


def test_the_key_stands_at_every_place_alike() -> None:
    places = Counter(render(Random(seed), SUM, PLAIN).answer for seed in range(2000))
    assert all(abs(places[place] / 2000 - 0.25) < 0.04 for place in range(4))


def test_a_claim_is_true_in_half_of_the_cases() -> None:
    keys = Counter[str]()
    for seed in range(1000):
        rendered = render(Random(seed), SUM, only(claim=1))
        keys[rendered.options[rendered.answer]] += 1
    assert keys["True"] / 1000 == pytest.approx(0.5, abs=0.06)


def test_the_same_random_state_gives_the_same_question() -> None:
    first, second, other = (
        [render(random, SUM, OFTEN) for _ in range(30)]
        for random in (Random(1), Random(1), Random(2))
    )
    assert first == second != other


# --- each variation, alone ----------------------------------------------------------------------


def test_without_variations_a_question_is_as_it_was_given() -> None:
    rendered = render(Random(1), SUM, PLAIN)
    assert rendered.stem == SUM.stem
    assert sorted(rendered.options) == ["1", "23", "5", "6"]
    assert rendered.form == "options" and rendered.knowable


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_a_question_has_as_many_options_as_asked_for(count: int) -> None:
    shares = Rendering({count: 1}, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    rendered = render(Random(1), SUM, shares)
    assert len(rendered.options) == count
    assert rendered.options[rendered.answer] == "5"


@pytest.mark.parametrize("counts", [{}, {1: 1.0}, {7: 1.0}])
def test_other_counts_of_options_are_refused(counts: dict[int, float]) -> None:
    with pytest.raises(ValueError, match="from 2 to 6"):
        Rendering(counts)


def test_a_last_option_that_none_is_right_is_the_key_only_without_the_answer() -> None:
    kept = render(Random(1), SUM, only(none_of_them=1))
    assert kept.options[-1] in NONE_OF_THEM and kept.options[kept.answer] == "5"
    left_out = render(Random(1), SUM, only(none_of_them=1, left_out=1))
    assert left_out.options[left_out.answer] in NONE_OF_THEM and "5" not in left_out.options
    assert len(kept.options) == len(left_out.options) == 4


def test_an_exception_is_asked_only_of_a_category() -> None:
    assert render(Random(1), SUM, only(exception=1)).form == "options"
    question = Asked("Which?", "loss", ("duty",), False, False, category=FRAUD)
    rendered = render(Random(1), question, only(exception=1))
    assert rendered.form == "exception" and FRAUD.phrase in rendered.stem
    assert len(exception(Random(1), FRAUD, 6).options) == 3  # both members, and one that is none


def test_what_depends_on_its_options_is_never_claimed_nor_left_out() -> None:
    largest = Asked("Which is largest?", "9", ("3", "4", "5"), stands_alone=False, unique=False)
    shares = Rendering({6: 1}, 1, 1, 1, 1, 0, 0, 0, 0, 0)
    for seed in range(50):
        rendered = render(Random(seed), largest, shares)
        assert sorted(rendered.options) == ["3", "4", "5", "9"]


def test_true_or_false_is_not_asked_of_true_and_false() -> None:
    truth = Asked("What does it print?\nprint(2 < 9)", "True", ("False", "None", "0"))
    assert {render(Random(s), truth, only(claim=1)).form for s in range(20)} == {"options"}


def test_options_become_sentences_all_in_one_way() -> None:
    rendered = render(Random(1), SUM, only(sentences=1))
    assert all(bare(o) & {"5", "6", "1", "23"} for o in rendered.options)
    assert not set(rendered.options) & {"5", "6", "1", "23"}


def test_full_stops_after_all_options() -> None:
    rendered = render(Random(1), SUM, only(dots=1))
    assert set(rendered.options) == {"5.", "6.", "1.", "23."}


def test_a_stems_end_and_letters_change() -> None:
    assert restyled(Random(1), "What is 20 C in K?", only(upper=1)) == "WHAT IS 20 C IN K?"
    assert restyled(Random(1), "How many mL are 5 L?", only(upper=1)) == "HOW MANY mL ARE 5 L?"
    assert restyled(Random(1), "How many mg is that?", only(upper=1)) == "HOW MANY mg IS THAT?"
    assert restyled(Random(1), "A firm owes $5M.", only(lower=1)) == "a firm owes $5M."
    ends = {restyled(Random(seed), "Is it so?", only(end=1)) for seed in range(40)}
    assert len(ends) > 3 and all(end.startswith("Is it so") for end in ends)


def test_code_keeps_its_letters_and_its_end() -> None:
    stem = "Output?\nprint(X)\nx = 5."
    assert restyled(Random(1), stem, only(end=1, upper=1)) == stem
    asked_last = restyled(Random(1), "print(X)\nOutput?", only(end=1, upper=1))
    assert asked_last != "print(X)\nOutput?" and asked_last.startswith("print(X)\nOutput")
    claim = render(Random(1), Asked(stem, "5", ("6",)), only(claim=1))
    assert claim.stem.startswith(f"{stem}\n")


# --- what is given ------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [(), ("5",), ("6", "6")])
def test_answers_that_are_not_distinct_are_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="distinct"):
        Asked("What is 2 + 3?", "5", wrong)


@pytest.mark.parametrize("parts", [((), ("a",)), (("a",), ()), (("a", "b"), ("b", "c"))])
def test_a_category_without_an_inside_and_an_outside_is_refused(
    parts: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    with pytest.raises(ValueError, match="a thing"):
        Category("a thing", *parts)


@pytest.mark.parametrize("answer", ["5", "$20M", "20%", "4 g/cm3", "1.75", "3 m/s2"])
def test_further_wrong_answers_have_the_form_of_the_right_one(answer: str) -> None:
    more = more_wrong(Random(1), answer, ["6"], 5)
    assert len({*more, answer, "6"}) == 7
    shape = re.sub(r"\d+", "9", answer, count=2 if "." in answer else 1)
    assert {re.sub(r"\d+", "9", o, count=2 if "." in answer else 1) for o in more} == {shape}


@pytest.mark.parametrize("answer", ["July 30", "Monday", "жеті", "19:00"])
def test_none_are_made_of_what_is_not_one_number(answer: str) -> None:
    assert more_wrong(Random(1), answer, [], 3) == []


def test_what_cannot_be_known_stays_marked() -> None:
    question = Asked("What is its colour?", "red", ("blue",), knowable=False)
    assert not render(Random(1), question).knowable
