"""`foggen-edge calibrate`: questions with answers in, a report out, and a model whose answers say P(right)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ..helpers import SURE_QUESTION, cli


def row(number: int, right: bool) -> dict[str, object]:
    """A sum that the model in the box can do, with the true answer or another one as the key."""
    first, second = number % 9 + 2, number % 7 + 2
    total = first + second
    options = [str(total + step) for step in (0, 1, 2, 3)]
    turn = number % 4
    options = options[turn:] + options[:turn]
    key = options.index(str(total))
    answer = "ABCD"[key if right else (key + 1) % 4]
    return {
        "id": number,
        "domain": "math",
        "question": f"{first} + {second} = ?",
        "options": options,
        "answer": answer,
    }


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return path


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    return write(tmp_path / "sums.jsonl", [row(n, n % 10 > 0) for n in range(60)])


def test_a_calibrated_model_says_how_likely_its_answers_are_right(sums: Path) -> None:
    own = cli("ask", SURE_QUESTION, "--json").json["calibrated_on"]  # the file's own calibration
    assert own != 60
    made = cli("calibrate", sums)
    assert (made.code, made.err.startswith("kept for starter: ")) == (0, True), made.err
    assert made.out.startswith("starter: 60 questions, right in ")
    reply = cli("ask", SURE_QUESTION, "--json").json
    assert 0 < reply["p_right"] < 1
    assert (reply["calibrated_on"], reply["tau"]) == (60, 0.5)
    assert reply["sure"] is (reply["p_right"] >= 0.5)
    shown = cli("ask", SURE_QUESTION).out
    assert re.search(r"P\(right\) \d+% >= tau 50%, calibrated on 60 questions", shown)
    assert "on 60 questions (sums.jsonl)" in cli("models", "show", "starter").out
    assert "calibrated on 60 questions" in cli("doctor").out
    cards = cli("ask", SURE_QUESTION, "--score", "bucket", "--json").json
    assert (cards["p_right"], cards["calibrated_on"]) == (None, None)
    assert cards["confidence"] == reply["confidence"]


def test_the_report_is_saved_as_a_picture(sums: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    made = cli("calibrate", sums, "--dry-run", "--plot", tmp_path / "report.png")
    assert (made.code, made.err) == (0, f"plot: {tmp_path / 'report.png'}\n")
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")


def test_tau_is_compared_with_p_right(sums: Path) -> None:
    cli("calibrate", sums)
    p_right = cli("ask", SURE_QUESTION, "--json").json["p_right"]
    for tau, sure in ((p_right - 0.01, True), (min(1.0, p_right + 0.01), False)):
        reply = cli("ask", SURE_QUESTION, "--json", "--tau", tau).json
        assert (reply["tau"], reply["sure"]) == (pytest.approx(tau), sure)


def test_a_bound_that_cannot_be_certified_sends_everything_and_says_what_it_takes(
    tmp_path: Path,
) -> None:
    wrong = write(tmp_path / "wrong.jsonl", [row(n, n % 2 > 0) for n in range(100)])
    made = cli("calibrate", wrong, "--max-error", "0.1", "--json")
    assert made.code == 0
    assert (made.json["kept"], made.json["tau"] > 1) == (0, True)
    assert "everything goes to the cloud" in cli("calibrate", wrong, "--max-error", "0.1").out
    reply = cli("ask", SURE_QUESTION, "--json").json
    assert reply["sure"] is False


def test_a_bound_needs_rows_in_both_halves(sums: Path) -> None:
    few = cli("calibrate", sums, "--max-error", "0.01")
    assert (few.code, few.out) == (65, "")
    assert "60 labelled questions are too few for --max-error 0.01; give 460 or more" in few.err


def test_a_dry_run_keeps_nothing(sums: Path) -> None:
    before = cli("ask", SURE_QUESTION, "--json").json["calibrated_on"]
    assert cli("calibrate", sums, "--dry-run").err == ""
    assert cli("ask", SURE_QUESTION, "--json").json["calibrated_on"] == before != 60


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--cloud-share", "0.2", "--max-error", "0.1"], "cannot be combined"),
        (["--max-error", "1.5"], "--max-error is 1.5"),
        (["--delta", "0"], "--delta is 0.0"),
        (["--score", "magic"], "known: bucket, expected, letters, fused"),
    ],
)
def test_a_wrong_flag_is_one_line(sums: Path, flags: list[str], words: str) -> None:
    outcome = cli("calibrate", sums, *flags)
    assert (outcome.code, outcome.out, len(outcome.err.splitlines())) == (2, "", 1)
    assert words in outcome.err


def test_questions_without_answers_are_refused(tmp_path: Path) -> None:
    bare = write(tmp_path / "bare.jsonl", [{"question": "2 + 2 = ?", "options": ["3", "4"]}] * 30)
    assert cli("calibrate", bare).code == 65
    assert cli("calibrate", tmp_path / "nowhere.jsonl").code == 66
    assert cli("ask", SURE_QUESTION, "--score", "letters").code == 2
