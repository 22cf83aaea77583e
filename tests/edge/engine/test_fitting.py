"""A stem that is too long is cut at the front, by as little as it must."""

from __future__ import annotations

from foggen.engine.fitting import with_shorter_stem
from foggen.question.question import Question

QUESTION = Question.parse("one two three four five?\nA. yes\nB. no")


def words(text: str) -> int:
    return len(text.split())


def test_the_least_that_must_go_goes() -> None:
    whole = words(QUESTION.text())
    shorter = with_shorter_stem(QUESTION, words, whole - 2)
    assert shorter.stem == "three four five?"
    assert shorter.options == QUESTION.options
    assert shorter.notes == (*QUESTION.notes, "stem_truncated")


def test_options_that_do_not_fit_leave_no_stem() -> None:
    assert with_shorter_stem(QUESTION, words, 2).stem == ""
