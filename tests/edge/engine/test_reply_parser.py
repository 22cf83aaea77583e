"""`foggen.engine.reply_parser`: the rows M01 to M04, text that a model wrote freely."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foggen.engine.reply_parser import ParsedReply, parse, read_confidence

LABELS = ("A", "B", "C", "D")
OPTIONS = ("0.67", "1.00", "more than one", "Less than one.")


def answer_of(text: str) -> int | None:
    return parse(f"Confidence: 0.75\nFinal answer: {text}", LABELS, OPTIONS).answer


@pytest.mark.parametrize(
    "text", ["", "Final answer: B", "I am sure.\nFinal answer: B", "Confidence:\nFinal answer: B"]
)
def test_m01_no_confidence(text: str) -> None:
    parsed = parse(text, LABELS)
    assert parsed.confidence is None
    assert parsed.routable_confidence is None


def test_m01_the_contract_s_own_form() -> None:
    assert parse("Confidence: 0.75\nFinal answer: B", LABELS) == ParsedReply(0.75, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.75", 0.75),
        ("0.75.", 0.75),
        ("0,75", 0.75),
        ("75%", 0.75),
        ("1", 1.0),
        (".5", 0.5),
        ("0", 0.0),
        ("1.0", 1.0),
        ("0.75**", 0.75),
        ("100%", 1.0),
        ("0.75;", 0.75),
        ("0.75)", 0.75),
    ],
)
def test_m02_forms_of_a_confidence(text: str, value: float) -> None:
    assert read_confidence(text) == value
    assert parse(f"Confidence: {text}\nFinal answer: A", LABELS).confidence == value


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "NaN",
        "inf",
        "-inf",
        "-1",
        "-0.5",
        "100",
        "1.01",
        "101%",
        "1e3",
        "1e-1",
        "75",
        "",
        ".",
        "%",
        "high",
        "0.7.5",
        "0x1",
        "1/2",
    ],
)
def test_m02_nothing_is_clamped(text: str) -> None:
    assert read_confidence(text) is None
    assert parse(f"Confidence: {text}\nFinal answer: A", LABELS).routable_confidence is None


@given(st.text(max_size=20))
def test_m02_any_text_is_a_confidence_or_none(text: str) -> None:
    value = read_confidence(text)
    assert value is None or 0.0 <= value <= 1.0


def test_m03_the_last_pair_counts() -> None:
    text = "Confidence: 0.25\nFinal answer: A\n\nConfidence: 1.0\nFinal answer: C"
    assert parse(text, LABELS) == ParsedReply(1.0, 2)


def test_m03_thinking_does_not_count() -> None:
    text = "<think>Confidence: 0.0\nFinal answer: A</think>\n\nConfidence: 0.5\nFinal answer: B"
    assert parse(text, LABELS) == ParsedReply(0.5, 1)
    only_thinking = "<think>Confidence: 1.0\nFinal answer: A</think>"
    assert parse(only_thinking, LABELS) == ParsedReply(None, None)


def test_m03_unfinished_thinking_gives_nothing() -> None:
    text = "<think>Confidence: 1.0\nFinal answer: A"
    assert parse(text, LABELS) == ParsedReply(None, None)


@pytest.mark.parametrize(
    "text",
    [
        "B",
        "(B)",
        "B.",
        "b",
        "**B**",
        "[B]",
        '"B"',
        "B)",
        "`B`",
        " B ",
        "1.00",
        "B. 1.00",
        "(B) 1.00",
    ],
)
def test_m04_ways_to_write_a_label(text: str) -> None:
    assert answer_of(text) == 1


@pytest.mark.parametrize(
    ("text", "position"), [("more than ONE", 2), ("less than one", 3), ("C. More than one", 2)]
)
def test_m04_the_option_in_words(text: str, position: int) -> None:
    assert answer_of(text) == position


@pytest.mark.parametrize(
    "text",
    ["", "E", "AB", "A or B", "none", "?", "1.0", "B. 0.67", "because it is A", "В", "5", "one"],
)
def test_m04_no_answer_is_routed_whatever_the_confidence(text: str) -> None:
    parsed = parse(f"Confidence: 1.0\nFinal answer: {text}", LABELS, OPTIONS)
    assert parsed.confidence == 1.0
    assert parsed.answer is None
    assert parsed.routable_confidence is None


def test_case_14_a_look_alike_is_read_as_the_cloud_s_are() -> None:
    assert [answer_of(letter) for letter in "АБВГ"] == [0, 1, None, 3]


def test_m04_two_options_with_one_text() -> None:
    assert parse("Confidence: 1\nFinal answer: x", LABELS[:2], ("x", "x")).answer is None
    assert parse("Confidence: 1\nFinal answer: B. x", LABELS[:2], ("x", "x")).answer == 1


@given(st.text(max_size=80))
def test_m04_any_text_names_an_option_or_none(text: str) -> None:
    answer = parse(text, LABELS, OPTIONS).answer
    assert answer is None or answer in range(4)
