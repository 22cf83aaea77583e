"""`foggen.route_query`: the cards' call and result, without the holes of the cards' function."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foggen import route_query
from foggen.engine.contract import BUCKETS, PUBLISHED_SYSTEM_PROMPTS, published, reply_text
from foggen.errors import UsageError


def of_the_card(model_output: str, tau: float = 0.5) -> tuple[str, float | None, str | None]:
    """The card's function, from what it says it does: the first confidence, the first of A to D."""
    confidence = re.search(r"Confidence\s*:\s*([\d.]+)", model_output)
    answer = re.search(r"Final\s+answer\s*:\s*([A-D])", model_output)
    if confidence is None:
        return "route_to_cloud", None, None
    value = float(confidence[1])
    kept = "keep_local" if value >= tau else "route_to_cloud"
    return kept, value, answer[1] if answer else None


def written(confidence: str, answer: str = "B") -> str:
    return f"Confidence: {confidence}\nFinal answer: {answer}"


# --- where the card's function is right -----------------------------------------------------------


@given(
    bucket=st.sampled_from(BUCKETS),
    letter=st.sampled_from("ABCD"),
    tau=st.floats(0, 1),
    before=st.sampled_from(["", "\n", "Let us see.\n"]),
    after=st.sampled_from(["", "\n", "<|im_end|>", "<end_of_turn>\n<eos>", "<|endoftext|>" * 3]),
)
def test_it_agrees_with_the_card_s_on_the_trained_format(
    bucket: float, letter: str, tau: float, before: str, after: str
) -> None:
    text = before + reply_text(bucket, letter) + after
    assert route_query(text, tau) == of_the_card(text, tau)
    assert route_query(text, tau=tau)[1:] == (bucket, letter)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "B",
        "Final answer: B",
        "Confidence: high\nFinal answer: B",
        "I do not know.",
        "Confidence: 0.25\nFinal answer: none",
        written("0.25"),
        written("0.6"),
        written("0"),
        "Confidence :  0.75\nFinal  answer :\nC",
        "Confidence: 0.5 Final answer: D",
        "Confidence: -0.5\nFinal answer: A",
    ],
)
def test_it_agrees_with_the_card_s_on_other_text(text: str) -> None:
    assert route_query(text) == of_the_card(text)


@pytest.mark.parametrize("layout", PUBLISHED_SYSTEM_PROMPTS)
def test_it_agrees_with_the_card_s_on_a_reply_that_was_decoded_with_its_prompt(layout: str) -> None:
    text = published(layout).prompt("2 + 2 = ?\nA. 3\nB. 4") + reply_text(0.75, "B")
    assert route_query(text) == of_the_card(text) == ("keep_local", 0.75, "B")


def test_tau_itself_stays_and_is_one_half_if_not_given() -> None:
    assert route_query(written("0.5")) == ("keep_local", 0.5, "B")
    assert route_query(written("0.25")) == ("route_to_cloud", 0.25, "B")
    assert route_query(written("0.25"), 0.25) == ("keep_local", 0.25, "B")


# --- where it is not -----------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["", "?", "none", "A or B", "Apple", "5"])
def test_without_an_answer_there_is_nothing_to_keep(answer: str) -> None:
    text = written("1.0", answer)
    assert of_the_card(text)[0] == "keep_local"
    assert route_query(text) == ("route_to_cloud", 1.0, None)
    assert route_query("Confidence: 1.0") == ("route_to_cloud", 1.0, None)


@pytest.mark.parametrize("letter", ["E", "J", "Z", "b", "(C)", "**D**", "E. 0.67"])
def test_every_letter_is_an_answer(letter: str) -> None:
    assert of_the_card(written("1.0", letter))[2] is None
    expected = next(character for character in letter if character.isalpha()).upper()
    assert route_query(written("1.0", letter)) == ("keep_local", 1.0, expected)


@pytest.mark.parametrize("confidence", ["0.75.", "0.75.\n"])
def test_a_full_stop_after_the_confidence_is_no_crash(confidence: str) -> None:
    with pytest.raises(ValueError, match="could not convert"):
        of_the_card(written(confidence))
    assert route_query(written(confidence)) == ("keep_local", 0.75, "B")


@pytest.mark.parametrize("confidence", ["100", "75", "1.25", "1e3", "."])
def test_what_is_no_confidence_is_not_taken_for_a_high_one(confidence: str) -> None:
    assert route_query(written(confidence)) == ("route_to_cloud", None, None)


def test_a_percentage_is_a_confidence() -> None:
    assert of_the_card(written("25%"))[0] == "keep_local"
    assert route_query(written("25%")) == ("route_to_cloud", 0.25, "B")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"<think>{written('1.0', 'A')}</think>\n{written('0.25', 'C')}",
            ("route_to_cloud", 0.25, "C"),
        ),
        (f"{written('0.0', 'A')}</think>\n{written('0.75', 'C')}", ("keep_local", 0.75, "C")),
        (f"<think>{written('1.0', 'A')}", ("route_to_cloud", None, None)),
        (f"{written('1.0', 'A')}\n{written('0.25', 'C')}", ("route_to_cloud", 0.25, "C")),
    ],
)
def test_thinking_does_not_count_and_the_last_pair_does(text: str, expected: Any) -> None:
    assert of_the_card(text) != expected
    assert route_query(text) == expected


@pytest.mark.parametrize("tau", [1.5, -0.1, float("nan"), "high"])
def test_a_tau_that_is_none_is_refused(tau: Any) -> None:
    with pytest.raises(UsageError, match="tau is"):
        route_query(written("0.5"), tau)


@given(st.text(max_size=80), st.floats(0, 1))
def test_any_text_has_a_route_and_only_a_confident_answer_is_kept(text: str, tau: float) -> None:
    action, confidence, answer = route_query(text, tau)
    kept = confidence is not None and confidence >= tau and answer is not None
    assert action == ("keep_local" if kept else "route_to_cloud")
