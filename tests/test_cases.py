"""The public cases (`cases/CASES.md` of the shared folder): each has tests by its number, and its own input.

    python -m pytest -k case_41        every test of case 41, wherever it is

Here the inputs that were reported are read as they lie in the shared folder. The kinds of which they are
samples are tested beside the code that they are about.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from foggen import Question, QuestionError
from foggen.cli.rows import read_rows
from foggen.confidence.labelled import read_questions
from foggen.config import load_settings
from foggen_cloud import CloudClient, CloudError, CloudSettings
from foggen_cloud.testing import FakeCloud, FakeReply, http_reply, replies

from .cloud_client.helpers import LABELS, OPTIONS, QUESTION, serving
from .edge.helpers import REPOSITORY, SHARED

CASES = SHARED / "cases"
pytestmark = pytest.mark.skipif(not (CASES / "CASES.md").exists(), reason="no shared cases")

_TEST = re.compile(r"def test_(?:\w+?_)??case_(\d\d(?:_and_\d\d)*)_")


def reported() -> list[str]:
    """The numbers of the cases that did not pass when they were reported."""
    return re.findall(r"(?m)^### (\d\d)\. ", (CASES / "CASES.md").read_text("utf-8"))


def files_by_number() -> dict[str, list[str]]:
    """The files with tests of each number."""
    found: dict[str, list[str]] = {}
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        for match in _TEST.finditer(path.read_text("utf-8")):
            for number in match[1].split("_and_"):
                found.setdefault(number, []).append(str(path.relative_to(REPOSITORY)))
    return found


def test_every_case_has_a_test_by_its_number() -> None:
    numbers = reported()
    assert len(numbers) == len(set(numbers)) > 30
    assert [number for number in numbers if number not in files_by_number()] == []


# --- questions --------------------------------------------------------------------------------------

METALS, GASES = ("Iron", "Neon", "Gold", "Argon"), ("Oxygen", "Neon", "Nitrogen", "Chlorine")
GOLD = ("Ag", "Au", "Fe", "Pb")
QUESTIONS: dict[str, tuple[tuple[str, ...], str, str]] = {  # options, labels, note
    "01-star-marks-right-option.txt": (("6", "9", "12"), "abc", "given_answer_removed"),
    "01b-star-in-the-middle.txt": (("6", "12", "9"), "abc", "given_answer_removed"),
    "02-two-columns-down.txt": (("starch", "glucose", "cellulose", "chitin"), "abcd", ""),
    "02b-examview-tabs.txt": (("6", "12", "9", "15"), "abcd", ""),
    "05a-answer-and-explanation.txt": (GOLD, "ABCD", "given_answer_removed"),
    "05b-ans.txt": (GOLD, "ABCD", "given_answer_removed"),
    "05c-answer-with-its-text.txt": (GOLD, "ABCD", "given_answer_removed"),
    "05d-sentence.txt": (GOLD, "ABCD", "given_answer_removed"),
    "05e-several.txt": (METALS, "ABCD", "given_answer_removed"),
    "09-forum-question-after.txt": (GASES, "ABCD", "text_after_options_removed"),
    "10a-zh-dunhao.txt": (("上海", "北京", "广州", "深圳"), "ABCD", ""),
    "12-checkboxes.md": (("`1`", "`1.0`", '`"1"`', "`None`"), "ABCD", "given_answer_removed"),
    "13a-gift.txt": (("Spinach", "Leek", "Plum"), "ABC", "given_answer_removed"),
    "13b-amc-latex.txt": (("6", "9", "12", "15"), "ABCD", ""),
    "13c-fghj.txt": (GASES, "FGHJ", ""),
    "13d-arabic.txt": (("ليون", "باريس", "نيس", "مرسيليا"), "أبجد", ""),
    "31-utf16-question.txt": (("Лион", "Париж"), "АБ", ""),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_questions_of_the_reports(name: str) -> None:
    options, labels, note = QUESTIONS[name]
    question = Question.parse((CASES / name).read_bytes())
    assert (question.options, question.labels) == (options, tuple(labels))
    assert question.notes == ((note,) if note else ())
    assert "answer" not in question.text().lower()


@pytest.mark.parametrize("name", ["07-aiken-two-questions.txt", "07b-two-questions-in-lines.txt"])
def test_the_files_of_two_questions(name: str) -> None:
    with pytest.raises(QuestionError, match=r"2 questions in one text.*batch"):
        Question.parse((CASES / name).read_bytes())


# --- replies ----------------------------------------------------------------------------------------


def asked(*replies: FakeReply | str, labels: str = "AB") -> int:
    settings = CloudSettings(url="http://127.0.0.1:9/v1", model="m")
    with CloudClient(settings, transport=FakeCloud(*replies)) as client:
        return client.ask(
            "2+2? A) 3 B) 4", tuple(labels), tuple("34567"[: len(labels)])
        ).label_index


def body(name: str) -> Any:
    return json.loads((CASES / name).read_text("utf-8"))


@pytest.mark.parametrize(
    "name", ["15-placeholder-brackets.json", "17-other-language.json", "20-content-chunks.json"]
)
def test_the_replies_that_name_the_second_option(name: str) -> None:
    assert asked(FakeReply(200, body(name))) == 1


@pytest.mark.parametrize("name", ["14-lookalike-В.json", "14b-lookalike-final.json"])
def test_the_look_alikes(name: str) -> None:
    """В has the look of the second label and, among three or more, the place of the third."""
    assert asked(FakeReply(200, body(name))) == 1
    with pytest.raises(CloudError) as caught:
        asked(FakeReply(200, body(name)), labels="ABC")
    assert caught.value.kind == "bad_answer"


@pytest.mark.parametrize("name", ["19-max_tokens-400.json", "19b-temperature-400.json"])
def test_the_models_that_refuse_a_parameter(name: str) -> None:
    assert asked(FakeReply(400, body(name)), "Final answer: B") == 1


@pytest.mark.parametrize(
    ("name", "kind", "word"),
    [
        ("22-200-error-string.json", "model", "URL"),
        ("25-length-null.json", "bad_answer", "max_tokens"),
    ],
)
def test_the_replies_that_are_errors(name: str, kind: str, word: str) -> None:
    with pytest.raises(CloudError) as caught:
        asked(FakeReply(200, body(name)))
    assert (caught.value.kind, word in str(caught.value)) == (kind, True)


def test_a_whole_reply_with_the_end_of_a_stream_below_it() -> None:
    data = (CASES / "24-json-then-done.txt").read_bytes()
    with serving(replies(http_reply(data))) as (_, client):
        assert client.ask(QUESTION, LABELS, OPTIONS).label_index == 1


# --- files ------------------------------------------------------------------------------------------


def test_the_files_with_a_byte_order_mark() -> None:
    assert load_settings({}, {}, CASES / "34-config-with-bom.toml").tau == 0.5
    assert read_questions(CASES / "34b-keyed-with-bom.jsonl")[0].answer_text == "4"


def test_the_rows_with_labels_in_their_options() -> None:
    rows = read_rows(CASES / "39-aqua-labels-in-options.jsonl")
    assert [row.problem for row in rows] == [""] * len(rows)
    for row in rows:
        question = Question.from_row(row.content or {})
        assert not any(re.match(r"[A-E][.)]", option) for option in question.options)


def test_the_paths_of_the_reports_are_there() -> None:
    """So that a renamed input is not passed over in silence."""
    names = {*QUESTIONS, "07-aiken-two-questions.txt", "39-aqua-labels-in-options.jsonl"}
    assert [name for name in sorted(names) if not Path(CASES / name).exists()] == []
