"""`batch` knows a row by the hash of its question: an answer never moves to another question."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from foggen.cli.rows import question_sha256

from ..conftest import Scripted
from ..helpers import cli
from .batching import ROW, UNSURE, check_counts, results, write

CASE_36 = [{"question": "2+2?", "picks": ["3", "4"]}, {"question": "1+1?", "picks": ["2", "3"]}]
CASE_36B = [{"question": row["question"], "options": row["picks"]} for row in CASE_36]


@pytest.fixture(autouse=True)
def model(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOGGEN_MODEL", str(scripted()))


def unnamed(*texts: str) -> list[dict[str, Any]]:
    return [{"question": f"{text}?\nA. x {text}\nB. y {text}"} for text in texts]


def answers(output: Path) -> dict[str, list[str]]:
    """The texts that were chosen, by the hash of the question."""
    out: dict[str, list[str]] = {}
    for row in results(output):
        out.setdefault(row["question_sha256"], []).append(row.get("text", row.get("error")))
    return out


def check_all_answered(source: Path, output: Path) -> None:
    """Every row of the source has an answer that was made of its own question."""
    for line in source.read_text("utf-8").splitlines():
        row = json.loads(line)
        stem = row["question"].partition("?")[0]
        assert answers(output)[question_sha256(row)] == [f"y {stem}"]


def test_the_hash_is_of_the_row_without_its_id() -> None:
    row = {"question": "Ә?", "options": ["x", "y"], "id": 7}
    canonical = '{"options":["x","y"],"question":"\\u04d8?"}'
    assert question_sha256(row) == hashlib.sha256(canonical.encode()).hexdigest()
    assert question_sha256(dict(reversed(row.items()))) == question_sha256(row)
    for change in ({"question": "Ә"}, {"options": ["y", "x"]}, {"domain": "law"}):
        assert question_sha256(row | change) != question_sha256(row)


def test_every_result_names_its_question(source: Path, output: Path) -> None:
    write(source, ROW, {**UNSURE, "id": None})
    cli("batch", source, output)
    assert [(row["question_sha256"], row["id"]) for row in results(output)] == [
        (question_sha256(ROW), "sure"),
        (question_sha256(UNSURE), None),
    ]


@pytest.mark.parametrize("order", ["xabc", "axbc", "abcx", "cba", "bc", "a", "cxa"])
def test_a3_lines_that_come_go_or_move_keep_their_answers(
    source: Path, output: Path, order: str
) -> None:
    write(source, *unnamed(*"abc"))
    cli("batch", source, output)
    before = answers(output)
    write(source, *unnamed(*order))
    new = order.count("x")
    check_counts(
        cli("batch", source, output), 0, f"{new} answered ({new} degraded, {new} unsure), 0 failed"
    )
    check_all_answered(source, output)
    assert before.items() <= answers(output).items(), "what has no row any more is kept"
    assert len(results(output)) == 3 + new


def test_a_corrected_question_is_asked_again_under_its_id(source: Path, output: Path) -> None:
    first, second, third = (
        {"id": name, **row} for name, row in zip("123", unnamed(*"abc"), strict=True)
    )
    write(source, first, second, third)
    cli("batch", source, output)
    second["question"] = unnamed("d")[0]["question"]
    write(source, first, second, third)
    check_counts(
        cli("batch", source, output),
        0,
        "1 answered (1 degraded, 1 unsure), 0 failed, 2 already done",
    )
    assert [(row["id"], row["text"]) for row in results(output)] == [
        ("1", "y a"),
        ("2", "y d"),
        ("3", "y c"),
    ]


def test_ids_that_change_places_do_not_change_answers(source: Path, output: Path) -> None:
    first, second = ({"id": name, **row} for name, row in zip("12", unnamed(*"ab"), strict=True))
    write(source, first, second)
    cli("batch", source, output)
    write(source, {**first, "id": "2"}, {**second, "id": "1"})
    check_counts(cli("batch", source, output), 0, "2 answered")
    assert {row["id"]: row["text"] for row in results(output)} == {"2": "y a", "1": "y b"}


def test_equal_questions_have_a_result_each(source: Path, output: Path) -> None:
    write(source, *unnamed(*"aba"))
    cli("batch", source, output)
    assert [row["text"] for row in results(output)] == ["y a", "y b", "y a"]
    write(source, *unnamed(*"abaa"))
    check_counts(
        cli("batch", source, output),
        0,
        "1 answered (1 degraded, 1 unsure), 0 failed, 3 already done",
    )
    write(source, *unnamed(*"a"))
    check_counts(
        cli("batch", source, output), 0, "1 already done (1 degraded, 1 unsure); 3 of other"
    )
    assert sorted(row["text"] for row in results(output)) == ["y a", "y a", "y a", "y b"]


def test_equal_questions_that_failed_are_asked_again_each(source: Path, output: Path) -> None:
    write(source, *unnamed(*"aba"))
    assert cli("batch", source, output, "--cloud-only").code == 65
    write(source, *unnamed(*"aba"))
    check_counts(
        cli("batch", source, output),
        0,
        "3 answered (3 degraded, 3 unsure), 0 failed, 0 already done",
    )
    assert [row["text"] for row in results(output)] == ["y a", "y b", "y a"]


def test_case_36_what_failed_is_asked_again_when_it_is_corrected(
    source: Path, output: Path
) -> None:
    write(source, *CASE_36)
    check_counts(cli("batch", source, output), 65, "0 answered (0 degraded, 0 unsure), 2 failed")
    write(source, *CASE_36B)
    check_counts(cli("batch", source, output), 0, "2 answered (2 degraded, 2 unsure), 0 failed")
    texts = answers(output)
    assert [texts[question_sha256(row)] for row in CASE_36B] == [["4"], ["3"]]
    assert not any("error" in row for row in results(output)), "the old errors are gone"


def test_case_36_what_is_still_wrong_still_fails(source: Path, output: Path) -> None:
    write(source, ROW, {"id": "bad", "question": "What?"}, "{")
    for number in range(3):
        outcome = cli("batch", source, output)
        kept = f"{1 if number else 0} already done"
        check_counts(outcome, 65, f"2 failed, {kept}")
        assert [row["id"] for row in results(output)] == ["sure", "bad", None]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"id": 1, "question": ' + "9" * 5000 + "}"])
def test_lines_that_no_parser_likes_are_errors_of_their_own(
    source: Path, output: Path, line: str
) -> None:
    write(source, ROW, line)
    check_counts(cli("batch", source, output), 65, "1 answered (0 degraded, 0 unsure), 1 failed")
    assert "line 2 is not JSON" in results(output)[1]["error"]


def test_a_repeated_id_is_an_error_whatever_its_type(source: Path, output: Path) -> None:
    write(source, {**ROW, "id": 7}, {**UNSURE, "id": "7"})
    check_counts(cli("batch", source, output), 65, f"{source}:2: the id '7' appears twice")
    assert not output.exists()


def test_no_id_is_no_repeated_id(source: Path, output: Path) -> None:
    write(source, {**ROW, "id": ""}, {**UNSURE, "id": ""}, {**UNSURE, "id": None})
    assert cli("batch", source, output).code == 0
    assert [row["id"] for row in results(output)] == ["", "", None]
    check_counts(
        cli("batch", source, output),
        0,
        "0 answered (0 degraded, 0 unsure), 0 failed, 3 already done",
    )
