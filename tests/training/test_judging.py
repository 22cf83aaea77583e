"""Open-ended answers, checked as their benchmarks check them."""

from __future__ import annotations

import pytest

from foggen.errors import QuestionError
from foggen_training.evaluation.judging import (
    Judge,
    exact_match,
    final_part,
    last_number,
    rouge_l,
    same_number,
    token_f1,
)
from foggen_training.open_items import OpenItem


def item(task: str, *answers: str) -> OpenItem:
    return OpenItem("q1", task, "", "Which?", answers)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("The Broncos.", True),
        ("broncos", True),
        ("a Broncos!", True),
        ("Broncos team", False),
        ("", False),
    ],
)
def test_exact_match_ignores_case_articles_and_punctuation(text: str, same: bool) -> None:
    assert exact_match(text, ["Broncos"]) is same


def test_f1_counts_common_tokens() -> None:
    assert token_f1("the Denver Broncos", ["Broncos"]) == pytest.approx(2 / 3)
    assert token_f1("Broncos", ["Panthers", "Denver Broncos"]) == pytest.approx(2 / 3)
    assert token_f1("", [""]) == 1
    assert token_f1("x", [""]) == 0


@pytest.mark.parametrize(
    ("text", "answer", "same"),
    [
        ("48 / 2 = 24, so 72", "72", True),
        ("$1,000", "1000", True),
        ("1000.00", "1000", True),
        ("72 clips, not 24", "72", False),
        ("-3", "3", False),
        ("none", "3", False),
        ("The answer is 5.", "5", True),
        ("0.5", "1/2", False),
    ],
)
def test_the_last_number_counts(text: str, answer: str, same: bool) -> None:
    assert same_number(text, [answer]) is same


def test_a_text_without_a_number_has_none() -> None:
    assert last_number("seventy-two") is None


def test_rouge_l_is_the_longest_common_subsequence() -> None:
    assert rouge_l("x y z", "x z") == pytest.approx(2 * 2 / 5)
    assert rouge_l("x", "y") == 0
    assert rouge_l("", "y") == 0
    assert rouge_l("one two", "one two") == 1


def test_truth_is_nearness_to_right_references() -> None:
    judge = Judge({"q1": ["You grow watermelons in your stomach"]})
    question = item("truthfulqa", "Nothing happens", "The seeds pass through you")
    assert judge.is_right(question, "Nothing special happens")
    assert not judge.is_right(question, "Watermelons grow in your stomach")
    with pytest.raises(QuestionError, match="no wrong references"):
        Judge({}).is_right(question, "Nothing")


def test_an_unknown_task_is_an_error() -> None:
    with pytest.raises(QuestionError, match="known: squad"):
        Judge({}).is_right(item("poetry", "x"), "x")


REPLY = "Confidence: 0.75\n48 / 2 = 24 in May.\n48 + 24 = 72.\nFinal answer: 72"


def test_only_what_follows_the_final_answer_is_judged() -> None:
    assert final_part(REPLY) == "72"
    assert final_part("72") == "72"
    assert Judge({}).is_right(item("gsm8k", "72"), REPLY)
    assert not Judge({}).is_right(item("gsm8k", "24"), REPLY)
