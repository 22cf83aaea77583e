"""Models that were not trained to the contract, at the command line: shown, asked, calibrated, pulled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foggen.config import STARTER

from ..conftest import Scripted
from ..helpers import QUESTION, SURE_QUESTION, cli, is_one_line
from .test_calibrate import write

UNKNOWN = "{{ '[INST] ' + content + ' [/INST]' }}"


@pytest.fixture
def model(scripted: Scripted) -> Path:
    """It says B, whatever the question, with a probability of 0.71 among four letters."""
    return scripted(letters=True, answer="B", lead=2.0)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows = [
        {
            "id": number,
            "question": f"{number} + 1 = ?",
            "options": [str(number + step) for step in range(4)],
            "answer": "B" if number % 4 else "C",
        }
        for number in range(40)
    ]
    return write(tmp_path / "labelled.jsonl", rows)


def test_an_uncalibrated_answer_is_unsure_and_says_why(model: Path) -> None:
    asked = cli("ask", "-m", model, QUESTION, "--local-only")
    assert asked.out.splitlines() == [
        "B. 5",
        "unsure: letter probability 0.711 < tau 1, edge-only",
    ]
    assert "was not trained to say how sure it is" in asked.err
    assert "foggen-edge calibrate" in asked.err
    assert cli("ask", "-m", model, QUESTION, "--local-only", "--strict").code == 75


def test_the_json_has_the_letter_and_the_coverage(model: Path) -> None:
    reply = cli("ask", "-m", model, QUESTION, "--json").json
    assert (reply["label"], reply["confidence"], reply["expected_confidence"]) == ("B", None, None)
    assert reply["letter_probability"] == pytest.approx(0.711, abs=1e-3)
    assert 0.9 < reply["coverage"] < 1
    assert (reply["tau"], reply["sure"], reply["degraded"]) == (1.0, False, True)
    assert reply["reason"].startswith("letter probability < tau, ")
    assert reply["notes"] == ["not_calibrated"]


@pytest.mark.parametrize(("tau", "word"), [("0.7", "sure"), ("0.72", "unsure"), ("1", "unsure")])
def test_a_tau_that_is_given_is_compared_with_the_letter(model: Path, tau: str, word: str) -> None:
    shown = cli("ask", "-m", model, QUESTION, "--local-only", "--tau", tau).out
    sign = ">=" if word == "sure" else "<"
    assert f"{word}: letter probability 0.711 {sign} tau {tau}" in shown


def test_not_even_a_certain_letter_is_kept_uncalibrated(scripted: Scripted) -> None:
    reply = cli("ask", "-m", scripted(letters=True, lead=60.0), QUESTION, "--json").json
    assert (reply["letter_probability"], reply["sure"]) == (1.0, False)


def test_letters_that_hold_less_than_half_are_an_unknown_format(scripted: Scripted) -> None:
    path = scripted(letters=True, speaks=False)
    reply = cli("ask", "-m", path, QUESTION, "--json", "--tau", "0.1", "--local-only").json
    assert reply["coverage"] < 0.5
    assert reply["sure"] is False
    assert reply["reason"] == "no confidence, edge-only (unknown_format)"


def test_calibrating_makes_its_answers_say_p_right(model: Path, labelled: Path) -> None:
    made = cli("calibrate", labelled, "-m", model)
    assert made.code == 0, made.err
    assert "from the score 'letters'" in made.out
    reply = cli("ask", "-m", model, QUESTION, "--json").json
    assert reply["p_right"] == pytest.approx(0.75, abs=0.1)
    assert (reply["calibrated_on"], reply["notes"], reply["sure"]) == (40, [], True)
    assert "P(right) 7" in cli("ask", "-m", model, QUESTION).out
    cards = cli("ask", "-m", model, QUESTION, "--json", "--score", "bucket").json
    assert (cards["p_right"], cards["notes"]) == (None, ["not_calibrated"])


def test_scores_of_a_confidence_are_refused_where_none_is_said(model: Path, labelled: Path) -> None:
    refused = cli("calibrate", labelled, "-m", model, "--score", "expected")
    assert (refused.code, is_one_line(refused.err)) == (2, True)
    assert "says no confidence" in refused.err
    assert "letters or fused" in refused.err


def test_another_layout_needs_a_calibration_of_its_own(scripted: Scripted, labelled: Path) -> None:
    path = scripted(letters=True)
    cli("calibrate", labelled, "-m", path)
    refused = cli("ask", "-m", path, QUESTION, "--layout", "qwen3")
    assert (refused.code, is_one_line(refused.err)) == (78, True)
    assert "another prompt" in refused.err
    assert cli("calibrate", labelled, "-m", path, "--layout", "qwen3").code == 0
    assert cli("ask", "-m", path, QUESTION, "--layout", "qwen3", "--json").json["p_right"]


def test_a_batch_takes_it_like_any_other(model: Path, labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = cli("batch", labelled, out, "-m", model, "--tau", "0.7")
    assert done.code == 0, done.err
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["label"] for row in rows] == ["B"] * 40
    assert all(row["sure"] and row["coverage"] > 0.9 for row in rows)


def test_show_and_doctor_say_that_it_has_no_contract(model: Path) -> None:
    shown = cli("models", "show", model).out
    assert "contract      none (not trained to one: it answers by its letters)" in shown
    assert "chat layout   chatml" in shown
    assert "buckets" not in shown
    assert "no contract: it answers by its letters" in cli("doctor", "-m", model).out


def test_m07_an_unknown_template_is_one_line_and_a_layout_can_be_named(
    scripted: Scripted,
) -> None:
    path = scripted(letters=True, template=UNKNOWN)
    refused = cli("ask", "-m", path, QUESTION)
    assert (refused.code, is_one_line(refused.err)) == (65, True)
    assert "--layout: qwen3, chatml, gemma3, llama3" in refused.err
    named = cli("ask", "-m", path, QUESTION, "--layout", "chatml", "--json")
    assert named.json["label"] == "B"
    wrong = cli("ask", "-m", path, QUESTION, "--layout", "llama3")
    assert (wrong.code, is_one_line(wrong.err)) == (65, True)
    unknown = cli("ask", "-m", path, QUESTION, "--layout", "alpaca")
    assert (unknown.code, is_one_line(unknown.err)) == (2, True)


def test_a_layout_named_at_the_pull_is_remembered(scripted_file: Scripted) -> None:
    path = scripted_file(letters=True, template=UNKNOWN)
    refused = cli("models", "pull", path, "--name", "odd")
    assert refused.code == 65
    assert "--layout" in refused.err
    pulled = cli("models", "pull", path, "--name", "odd", "--layout", "chatml")
    assert pulled.code == 0, pulled.err
    assert cli("ask", "-m", "odd", QUESTION, "--json").json["label"] == "B"
    assert "chat layout   chatml" in cli("models", "show", "odd").out
    other = cli("models", "pull", path, "--name", "odd", "--layout", "qwen3")
    assert (other.code, is_one_line(other.err)) == (2, True)


def test_a_trained_model_takes_no_other_layout() -> None:
    refused = cli("ask", "-m", STARTER, SURE_QUESTION, "--layout", "llama3")
    assert (refused.code, is_one_line(refused.err)) == (2, True)
    assert "leave --layout out" in refused.err


def test_an_open_question_has_no_confidence_and_is_answered_freely(model: Path) -> None:
    reply = cli("ask", "-m", model, "Why?", "--open", "--limit", "4", "--json", "--local-only").json
    assert (reply["confidence"], reply["sure"]) == (None, False)
