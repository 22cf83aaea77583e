"""Free replies to open-ended questions: what is read of them, what is taught, what is measured."""

from __future__ import annotations

import math

import pytest

from foggen_training.evaluation.clouds import AnswerKey
from foggen_training.evaluation.judging import Judge
from foggen_training.open_items import OpenItem
from foggen_training.open_replies import (
    ASSUMED_CLOUD,
    OpenReply,
    open_row,
    read_open_reply,
    task_figures,
)

REPLY = "Confidence: 0.75\n48 / 2 = 24 in May.\n48 + 24 = 72.\nFinal answer: 72"
TRACE = "48 / 2 = 24 in May.\n48 + 24 = 72."
WRONG = "Confidence: 0.0\n1 + 1.\nFinal answer: 2"
BARE = "Confidence: 1.0\nFinal answer: 72"


def item(task: str, *answers: str) -> OpenItem:
    return OpenItem("q1", task, "", "Which?", answers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REPLY, OpenReply(0.75, TRACE, "72")),
        (BARE, OpenReply(1.0, "", "72")),
        ("\nConfidence: 0.5.\nFinal answer: red, or\nblue\n", OpenReply(0.5, "", "red, or\nblue")),
        ("Confidence: 0.75\n48 + 24", OpenReply(0.75, "48 + 24", None)),
        ("Confidence: 7\nFinal answer: 72", OpenReply(None, "", "72")),
        ("Final answer: 72", OpenReply(None, "", "72")),
        ("48 + 24 = 72.\nFinal answer: 72", OpenReply(None, "48 + 24 = 72.", "72")),
        ("Confidence: 0.5\nFinal answer:", OpenReply(0.5, "", None)),
        ("", OpenReply(None, "", None)),
    ],
)
def test_a_reply_is_read_and_nothing_is_guessed(text: str, expected: OpenReply) -> None:
    reply = read_open_reply(text)
    assert reply == expected
    assert reply.is_readable == (expected.confidence is not None and expected.answer is not None)


# --- rows ------------------------------------------------------------------------------------------


def test_a_solved_gsm8k_question_is_taught_the_models_own_right_reasoning() -> None:
    row = open_row(item("gsm8k", "72"), [WRONG, REPLY, WRONG, WRONG], Judge({}), "the reference's")
    assert row is not None
    assert (row.success, row.reasoning, row.answer) == (0.25, TRACE, "72")


def test_a_gsm8k_question_that_was_never_solved_is_taught_with_a_success_of_0() -> None:
    """Were it left out, nothing would teach the model to be unsure."""
    row = open_row(item("gsm8k", "72"), [WRONG] * 8, Judge({}), "48 / 2 = 24, 48 + 24 = 72.")
    assert row is not None
    assert (row.success, row.reasoning, row.answer) == (0.0, "48 / 2 = 24, 48 + 24 = 72.", "72")
    alone = open_row(item("gsm8k", "72"), [WRONG] * 8, Judge({}))
    assert alone is not None
    assert (alone.success, alone.reasoning) == (0.0, "")


def test_a_right_reply_without_reasoning_is_taught_the_references() -> None:
    row = open_row(item("gsm8k", "72"), [BARE, WRONG], Judge({}), "the reference's")
    assert row is not None
    assert (row.success, row.reasoning) == (0.5, "the reference's")


def test_other_tasks_are_taught_the_answer_alone_and_keep_what_was_never_solved() -> None:
    row = open_row(item("squad", "Broncos", "the Broncos"), [REPLY] * 8, Judge({}), "unused")
    assert row is not None
    assert (row.success, row.answer, row.reasoning) == (0.0, "Broncos", "")


def test_without_a_readable_reply_there_is_no_row() -> None:
    assert open_row(item("squad", "Broncos"), [], Judge({})) is None


# --- figures ---------------------------------------------------------------------------------------

ITEMS = [OpenItem(f"q{n}", "squad", "", "Which?", ("x y",)) for n in range(6)]
REPLIES = [
    "Confidence: 1.0\nFinal answer: x y",
    "Confidence: 0.25\nFinal answer: z",
    "Confidence: 0.75\nFinal answer: x y",
    "x y",
    "Confidence: 0.5\nFinal answer: x",
    "Confidence: 0.0\nx y",
]
RIGHT = [1, 0, 1, 1, 0, 0]
ROUTED = [0, 1, 0, 1, 0, 1]  # below one half, or without a confidence


def test_figures_of_a_task_route_by_the_confidence_said() -> None:
    figures = task_figures(ITEMS, REPLIES, Judge({}), 0.5)
    assert (figures["n"], figures["accuracy"], figures["cloud_share"]) == (6, 0.5, 0.5)
    assert figures["readable"] == pytest.approx(4 / 6)
    assert figures["assumed_cloud"] == ASSUMED_CLOUD
    # right at 1.0, .75 and -1 (no confidence); wrong at .5, .25, 0: six of nine pairs in order
    assert figures["auroc"] == pytest.approx(6 / 9)


def test_the_lift_is_what_asking_the_cloud_below_tau_brings_over_asking_it_at_random() -> None:
    cloud = [AnswerKey(rates={}, other=ASSUMED_CLOUD).answers_rightly(item.id) for item in ITEMS]
    system = sum(c if r else e for r, e, c in zip(ROUTED, RIGHT, cloud, strict=True)) / 6
    random = (sum(RIGHT) / 6 + sum(cloud) / 6) / 2  # half of the questions go to the cloud
    figures = task_figures(ITEMS, REPLIES, Judge({}), 0.5)
    assert figures["lift"] == pytest.approx(system - random)
    assert not math.isclose(system, random)


def test_f1_is_of_squad_alone() -> None:
    f1 = task_figures(ITEMS, REPLIES, Judge({}), 0.5)["f1"]
    # the last reply has no answer line, so that all of it is compared: 0.0, Confidence
    assert f1 == pytest.approx((1 + 0 + 1 + 1 + 2 / 3 + 2 * 2 / 6) / 6)
    numbers = [OpenItem(f"q{n}", "gsm8k", "", "Which?", ("7",)) for n in range(6)]
    assert "f1" not in task_figures(numbers, REPLIES, Judge({}), 0.5)
