"""A model that was not trained to the contract: one pass, its letter, and how much of it is on the letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from foggen.engine.assessment import NON_FINITE, UNKNOWN_FORMAT
from foggen.engine.contract import LETTERS_PREFIX, by_letters
from foggen.engine.engine import Engine
from foggen.engine.grammar import decode, reply_grammar
from foggen.engine.letter_plan import LetterPlan, build_letter_plan
from foggen.engine.native import Model
from foggen.errors import ModelFileError
from foggen.question.question import Question

from ..conftest import Scripted
from ..helpers import QUESTION

ASKED = Question.parse(QUESTION)
Opened = Callable[..., Engine]


@pytest.fixture
def engine_of(scripted_file: Scripted) -> Iterator[Opened]:
    engines: list[Engine] = []

    def make(**words: object) -> Engine:
        engines.append(Engine(scripted_file(letters=True, **words), threads=1))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def test_the_letter_is_read_in_one_call_without_a_confidence(engine_of: Opened) -> None:
    engine = engine_of(answer="C", lead=2.0)
    found = engine.assess(ASKED)
    assert (found.answer, found.confidence, found.expected_confidence) == (2, None, None)
    others = np.exp([-2.0, -2.0, 0.0, -2.0])
    assert found.answer_probabilities == pytest.approx(others / others.sum(), abs=1e-3)
    assert found.coverage is not None
    assert 0.9 < found.coverage < 1
    assert found.illegal_mass == pytest.approx(1 - found.coverage)
    assert (found.problem, found.bucket_probabilities) == ("", ())
    user = engine.user_tokens(ASKED.text())
    assert found.prompt_tokens == len(engine.plan.prefix) + len(user) + len(engine.plan.opening)
    assert engine.answer(ASKED, found) is found  # nothing is left to decode


def test_the_letter_is_that_of_greedy_decoding_under_the_grammar(engine_of: Opened) -> None:
    for answer in "ABCD":
        engine = engine_of(answer=answer)
        with engine.turn():
            user = engine.user_tokens(ASKED.text())
            said = decode(engine, user, reply_grammar(engine.contract, 4), limit=16).text
        assert said == f"{LETTERS_PREFIX} {answer}"
        found = engine.assess(ASKED)
        assert found.answer is not None
        assert "ABCD"[found.answer] == answer


def test_only_offered_letters_are_counted(engine_of: Opened) -> None:
    two = Question.parse("What is 2 + 3?\nA. 4\nB. 5")
    found = engine_of(answer="D", lead=2.0).assess(two)
    assert found.answer_probabilities == pytest.approx((0.5, 0.5))
    assert found.coverage is not None
    assert found.coverage < 0.5  # D, the model's letter, is not among them
    assert found.problem == UNKNOWN_FORMAT


def test_a_model_that_says_no_letter_has_an_unknown_format(engine_of: Opened) -> None:
    found = engine_of(speaks=False).assess(ASKED)
    assert found.coverage is not None
    assert found.coverage < 0.01
    assert found.problem == UNKNOWN_FORMAT
    assert found.answer is not None  # it is read all the same, and shown


def test_a_model_without_numbers_has_no_letter(engine_of: Opened) -> None:
    found = engine_of(finite=False).assess(ASKED)
    assert (found.problem, found.answer, found.coverage) == (NON_FINITE, None, None)


def test_questions_do_not_disturb_each_other(engine_of: Opened) -> None:
    engine = engine_of(answer="B")
    first = engine.assess(ASKED).answer_probabilities
    engine.assess(Question.parse("Why?\nA. because\nB. so"))
    assert engine.assess(ASKED).answer_probabilities == first


def test_a_trained_model_has_its_coverage_too(scripted_file: Scripted) -> None:
    with Engine(scripted_file(bucket=0.75, answer="B"), threads=1) as engine:
        found = engine.assess(ASKED)
    assert found.confidence == 0.75
    assert found.coverage is not None
    assert 0.9 < found.coverage <= 1


def test_a_beginning_token_that_the_file_wants_is_written_once(scripted_file: Scripted) -> None:
    model = Model(scripted_file(letters=True))
    contract = by_letters("chatml")

    def tokenize(text: str) -> list[int]:
        return model.tokenize(text, scaffold=True)

    plan = build_letter_plan(contract, tokenize)
    assert build_letter_plan(contract, tokenize, 7).prefix == (7, *plan.prefix)
    assert build_letter_plan(contract, tokenize, plan.prefix[0]) == plan
    assert isinstance(plan, LetterPlan)
    assert model.piece(plan.opening[-1]) == b":"  # " A" has its own space
    assert [model.piece(label) for label in plan.labels[:2]] == [b" A", b" B"]
    model.close()


@pytest.mark.parametrize("layout", ["gemma3", "llama3"])
def test_m07_a_layout_whose_control_tokens_the_model_lacks_is_refused(
    scripted_file: Scripted, layout: str
) -> None:
    path: Path = scripted_file(letters=True)
    with pytest.raises(ModelFileError, match=rf"'{layout}'.*not one token.*--layout"):
        Engine(path, threads=1, layout=layout)


def test_the_trained_pass_of_such_a_model_is_refused(engine_of: Opened) -> None:
    with pytest.raises(ModelFileError, match="says no confidence"):
        _ = engine_of().token_plan
