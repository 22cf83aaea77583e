"""Files of questions: JSON lines, an array, tables, and texts of several questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foggen.errors import QuestionError
from foggen.question.question import Question
from foggen.question_files import read_records

from .cli.batching import results
from .conftest import Scripted
from .helpers import cli


def options(path: Path, text: str) -> list[tuple[str, ...]]:
    path.write_text(text, "utf-8")
    return [Question.from_row(record.value).options for record in read_records(path)]


BOTH = [("x", "y"), ("p", "q")]
AIKEN = "X?\nA. x\nB. y\nANSWER: B\n\nY?\nA) p\nB) q\nANSWER: A\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"question": "X?", "choices": ["x", "y"]},\n {"question": "Y?", "choices": ["p", "q"]}]'),
        ("a.jsonl", '[{"question": "X?", "options": ["x", "y"]}, {"question": "Y?", "options": ["p", "q"]}]'),
        ("a.json", '{\n"data": [{"question": "X?", "A": "x", "B": "y"}, {"question": "Y?", "A": "p", "B": "q"}]\n}'),
        ("a.jsonl", '{"question": "X?", "options": ["x", "y"]}\n\n{"question": "Y?", "options": ["p", "q"]}\n'),
        ("a.csv", 'question,A,B,C,answer\r\n"X,\r\nso?",x,y,,A\r\nY?,p,q,,B\r\n'),
        ("a.csv", "question;A;B\nX?;x;y\nY?;p;q\n"),
        ("a.csv", "X?,x,y,A\nY?,p,q,B\n"),
        ("a.TSV", 'id\tquestion\toptions\n1\tX?\t["x", "y"]\n2\tY?\t["p", "q"]'),
        ("a.txt", AIKEN),
        ("a.txt", AIKEN.replace("\n\n", "\n").replace("\n", "\r\n")),
        ("a", "X?\nA. x\nB. y\nAnswer: B\nExplanation: it is\nso\n\nY?\nA) p\nB) q\nAnswer: A"),
        ("a.gift", "// c\n\n$CATEGORY: c\n\n::T::X? {=x ~y}\n\nY? {\n~p\n=q\n}\n"),
        ("a.txt", "1. X?\nA. x\nB. y\n2. Y?\nA. p\nB. q\n"),
        ("a.txt", "X?\nA. x\nB. y\n\nY?\nA. p\nB. q"),
        ("a.txt", "1) X? a) x b) y\n2) Y? a) p b) q\n"),
        ("a.txt", "Quiz title: T\n\n1. X?\n*a) x\n... yes\nb) y\n\n2. Y?\na) p\n*b) q\n"),
    ],
)  # fmt: skip
def test_files_of_two_questions(tmp_path: Path, name: str, text: str) -> None:
    assert options(tmp_path / name, text) == BOTH


def test_case_07_and_13_a_file_of_questions_goes_through_batch(
    tmp_path: Path, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOGGEN_MODEL", str(scripted()))
    exam, output = tmp_path / "exam.txt", tmp_path / "out.jsonl"
    exam.write_text(AIKEN, "utf-8")
    cli("batch", exam, output)
    assert [row["text"] in ("x", "y", "p", "q") for row in results(output)] == [True, True]
    assert "0 failed, 2 already done" in cli("batch", exam, output).err


def test_a_part_that_is_no_question_is_an_error_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "exam.txt"
    file.write_text(f"{AIKEN}\nZ?\nANSWER: A\n", "utf-8")
    records = read_records(file)
    assert [record.line for record in records] == [1, 6, 11]
    with pytest.raises(QuestionError, match="no options found"):
        Question.from_row(records[2].value)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.jsonl", "question,A,B\nX?,x,y\n", "none of its 2 lines is JSON"),
        ("a.csv", "what,a,b\nX?,x,y\n", "no column 'question'"),
        ("a.jsonl", b"\xff".decode("latin-1") * 2 + "\nx", "none of its 2 lines"),
    ],
)
def test_a_file_of_another_kind_is_one_error(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(QuestionError, match=words) as caught:
        read_records(tmp_path / name)
    assert caught.value.hint


def test_a_row_of_the_wrong_width_is_an_error_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("question,A,B\nX?,x,y\nY?,p\n", "utf-8")
    first, second = read_records(file)
    assert first.error is None
    assert "2 columns, the first line has 3" in str(second.error)


def test_case_38_and_39_all_rows_but_one(tmp_path: Path) -> None:
    """The shared file of the reports: only a list that Python did not write as one is refused."""
    from .question.test_question import SHARED

    file = SHARED / "cases" / "38-hub-layouts.jsonl"
    if not file.exists():
        pytest.skip("no shared cases")
    refused = []
    for line in file.read_text("utf-8").splitlines():
        try:
            Question.from_row(json.loads(line))
        except QuestionError:
            refused.append(json.loads(line)["id"])
    assert refused == ["pandas"]
