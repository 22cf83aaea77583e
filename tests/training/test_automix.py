"""AutoMix as published: what it shows, what counts as right, and that it judges as the model does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from foggen.confidence.labelled import Keyed
from foggen.config import STARTER
from foggen.engine.engine import Engine
from foggen.errors import QuestionError
from foggen.question.question import Question
from foggen.store.models import locate
from foggen_training.evaluation import automix
from foggen_training.evaluation.automix import SAMPLES, Verification, published_prompt, verify
from foggen_training.evaluation.outcomes import measure
from foggen_training.evaluation.rivals import all_rivals
from foggen_training.labels.gguf_reader import GgufReader
from foggen_training.labels.reading import Reader, word_ids
from foggen_training.pools import generated
from foggen_training.starter.rows import PLAIN

QUESTION = Keyed("a", "law", Question.from_options("Which?", ["w", "x", "y"]), 2)


class Judge:
    """A reader that says each word with a given probability, and keeps what it was shown."""

    def __init__(self, chances: dict[str, float]) -> None:
        self.chances = chances
        self.asked: list[tuple[str, str]] = []

    def weigh(
        self, system_prompt: str, texts: Sequence[str], start: str, words: Sequence[str]
    ) -> np.ndarray:
        self.asked += [(text, start) for text in texts]
        return np.array([[self.chances.get(word, 0.0) for word in words] for _ in texts])


def test_p_is_correct_among_the_valid_and_0_where_none_is() -> None:
    """As in the authors' repository: `if total_valid == 0: return 0`."""
    sure, torn, mute = Verification(1.0, 1.0), Verification(0.5, 1.0), Verification(0.9, 0.0)
    assert sure.sampled(1) == 1
    assert mute.sampled(1) == 0
    drawn = [torn.sampled(seed) for seed in range(2000)]
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.02)
    assert set(drawn) <= {n / SAMPLES for n in range(9)}
    half_valid = [Verification(1.0, 0.5).sampled(seed) for seed in range(50)]
    assert set(half_valid) == {1.0}
    assert list(automix.scores([QUESTION], [torn], 1)) == list(
        automix.scores([QUESTION], [torn], 1)
    )


def test_the_published_words_are_a_sentence_that_is_begun_for_the_model() -> None:
    judge = Judge({" Correct": 0.6, " correct": 0.1, " Incorrect": 0.2, " incorrect": 0.05})
    (found,) = verify(judge, [QUESTION], [1], shots=True)  # type: ignore[arg-type]
    assert (found.right, found.valid) == (pytest.approx(0.7), 1.0)
    ((text, start),) = judge.asked
    assert start == "Verification Decision: The AI generated answer is"
    assert "AI Generated Answer: B. x\n" in text


def test_the_starters_words_are_those_that_its_base_was_taught() -> None:
    judge = Judge({" correct": 0.6, " incorrect": 0.2})
    (found,) = verify(judge, [QUESTION], [2], shots=False)  # type: ignore[arg-type]
    assert (found.right, found.valid) == (pytest.approx(0.75), pytest.approx(0.8))
    assert judge.asked == [
        ("Which?\nA. w\nB. x\nC. y\nProposed answer: C. y", "Verification Decision:")
    ]


def test_four_shots_come_first_two_of_them_right() -> None:
    text = published_prompt(QUESTION, "C. y")
    assert text.count("The AI generated answer is Correct.") == 2
    assert text.count("The AI generated answer is Incorrect.") == 2
    assert text.endswith(automix.INSTRUCTION)
    assert text.count("Choose between Correct or Incorrect") == 5
    for question, answer, decision in automix.SHOTS:
        assert answer in question.splitlines()
        assert decision in ("Correct", "Incorrect")


@pytest.mark.parametrize("answer", [-1, 3])
def test_an_answer_that_was_not_given_is_never_shown(answer: int) -> None:
    judge = Judge({})
    with pytest.raises(QuestionError, match="a has no answer to verify"):
        verify(judge, [QUESTION], [answer], shots=True)  # type: ignore[arg-type]
    assert not judge.asked


def test_a_model_that_was_taught_to_verify_trusts_the_right_answers_more() -> None:
    """The starter on easy questions: the keys against one wrong option each."""
    easy = [item for item in generated(7, "test", 300) if item.tier == 1][:40]
    with Engine(locate(STARTER)[1]) as engine:
        reader: Reader = GgufReader(engine, engine.contract.with_system_prompt(PLAIN.system_prompt))
        right = verify(reader, easy, [item.answer for item in easy], shots=False)
        wrong = verify(
            reader,
            easy,
            [(item.answer + 1) % len(item.question.options) for item in easy],
            shots=False,
        )
    assert np.mean([one.right for one in right]) > 0.1 + np.mean([one.right for one in wrong])


class Poor(GgufReader):
    """A vocabulary in which the words begin alike."""

    def weigh(self, *_: object) -> np.ndarray:
        word_ids(lambda text: list(text.encode()), "so", (" Correct", " Incorrect"))
        raise AssertionError("they begin alike")


def test_a_vocabulary_without_the_words_leaves_automix_out() -> None:
    questions = generated(8, "test", 14)
    with Engine(locate(STARTER)[1]) as engine:
        reader = Poor(engine, engine.contract.with_system_prompt(PLAIN.system_prompt))
        rivals = all_rivals(reader, questions, measure(engine, questions), None, shots=True)
    assert "AutoMix" not in {one.name for one in rivals.baselines}
    assert any("AutoMix is left out: in this model's vocabulary" in note for note in rivals.notes)
