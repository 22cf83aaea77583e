"""Rows as data sets publish them: cases 38 and 39 of the public reports, and others of their kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from foggen.confidence.labelled import read_questions
from foggen.errors import QuestionError
from foggen.question.question import Question

pytestmark = pytest.mark.filterwarnings("error")

XY = ("x", "y")
# Each row, and the text of its right option: y, or None where the row does not say.
ROWS: dict[str, dict[str, Any]] = {
    "MMLU": {"subject": "a b", "choices": ["x", "y"], "answer": 1},
    "MMLU-Pro": {
        "question_id": 70, "options": ["x", "y"], "answer": "B", "answer_index": 1,
        "cot_content": "A: think", "category": "math", "src": "a b",
    },
    "ARC": {"choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answerKey": "B"},
    "ARC with numbers": {"choices": {"text": ["x", "y"], "label": ["1", "2"]}, "answerKey": "2"},
    "ARC as first published": {
        "question": {"stem": "Q?", "choices": [{"text": "x", "label": "A"}, {"text": "y", "label": "B"}]},
        "answerKey": "B",
    },
    "MedMCQA": {
        "opa": "x", "opb": "y", "cop": "B", "choice_type": "single", "exp": "y it is",
        "subject_name": "Bio chem", "topic_name": None,
    },
    "MedQA": {
        "options": {"A": "x", "B": "y"}, "answer": "y", "meta_info": "step 1", "answer_idx": "B",
        "metamap_phrases": ["a b"],
    },
    "AQuA": {"options": ["A)x", "B)y"], "rationale": "so y.", "correct": "B"},
    "CommonsenseQA": {
        "question_concept": "plate", "choices": {"label": ["A", "B"], "text": ["x", "y"]},
        "answerKey": "B",
    },
    "OpenBookQA": {
        "question": None, "question_stem": "Q?", "choices": {"text": ["x", "y"], "label": ["A", "B"]},
        "answerKey": "B", "fact1": "y it is", "turkIdAnonymized": "b 3",
    },
    "TruthfulQA": {
        "mc1_targets": {"choices": ["y", "x"], "labels": [1, 0]}, "mc2_targets": {"choices": ["y"]},
    },
    "C-Eval": {"A": "x", "B": "y", "answer": "B", "explanation": "so y"},
    "CMMLU": {"Question": "Q?", "A": "x", "B": "y", "Answer": "B"},
    "KazMMLU": {"Question": "Q?", "Option A": "x", "Option B": "y", "Option C": "", "Answer Key": "B"},
    "GPQA": {
        "Question": "Q?", "Correct Answer": "y", "Incorrect Answer 1": "x",
        "Pre-Revision Question": "Q 0?", "Explanation": "so y",
    },
    "HellaSwag": {
        "ind": 4, "activity_label": "Roof work", "ctx_a": "Q?", "ctx_b": "he", "ctx": "Q?",
        "endings": ["x", "y"], "source_id": "a~b", "split_type": "in domain", "label": "1",
    },
    "SciQ": {"distractor1": "x", "correct_answer": "y", "support": ""},
    "PIQA": {"goal": "Q?", "sol1": "x", "sol2": "y", "label": 1},
    "WinoGrande": {"sentence": "Q?", "option1": "x", "option2": "y", "answer": "2"},
    "a text of JSON": {"options": '["x", "y"]', "answer": "B"},
    "a text of Python": {"options": "['x', 'y']", "answer": "B"},
    "MathQA": {"options": "a ) x , b ) y", "correct": "b"},
    "options in the text": {"question": "Q?\nA. x\nB. y", "answer": "B"},
}  # fmt: skip


def row(name: str) -> dict[str, Any]:
    fields = dict(ROWS[name])
    stems = ("question", "Question", "ctx", "goal", "sentence")
    if not any(fields.get(stem) for stem in (*stems, "question_stem")):
        fields["question"] = "Q?"
    return {name: value for name, value in fields.items() if name != "question" or value}


@pytest.mark.parametrize("name", ROWS)
def test_case_38_rows_as_published(name: str, tmp_path: Path) -> None:
    question = Question.from_row(row(name))
    assert (question.stem, tuple(sorted(question.options))) == ("Q?", XY)
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(row(name)), "utf-8")
    (keyed,) = read_questions(file)
    assert keyed.answer_text == "y"


def test_case_38_the_text_above_a_question_is_used() -> None:
    for name in ("article", "context", "passage", "support", "Passage"):
        question = Question.from_row(
            {name: "It rained.", "question": "Why?", "options": ["x", "y"]}
        )
        assert question.stem == "It rained.\n\nWhy?"


@pytest.mark.parametrize(
    "field",
    [
        {"figure": "It rained."},
        {"code": "print(1)"},
        {"word": "cat"},
        {"table": [["a", "b"]]},
        {"image": {"path": "x.png"}},
        {"answer_choices": ["p", "q"]},
    ],
)
def test_case_38_an_unknown_field_that_may_hold_text_is_refused(field: dict[str, Any]) -> None:
    (name,) = field
    with pytest.raises(QuestionError, match=f'"{name}" may hold text') as caught:
        Question.from_row({"question": "Why?", "options": ["x", "y"], **field})
    assert "context" in caught.value.hint
    numbers = {name: 7}, {name: None}, {name: ""}, {name: []}
    for harmless in numbers:
        Question.from_row({"question": "Why?", "options": ["x", "y"], **harmless})


def test_case_38_a_null_option_is_no_option() -> None:
    def options(*texts: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
        question = Question.from_row({"question": "Q?", "options": list(texts)})
        return question.options, question.labels

    assert options("x", "y", None) == (XY, ("A", "B"))
    assert options("x", None, "y") == (XY, ("A", "C"))
    assert options("x", "y", float("nan")) == (XY, ("A", "B"))
    assert options(3, 4.5) == (("3", "4.5"), ("A", "B"))
    by_label = Question.from_row({"question": "Q?", "options": {"A": "x", "B": None, "C": "y"}})
    assert (by_label.options, by_label.labels) == (XY, ("A", "C"))


def test_case_38_an_order_that_tells_the_answer_is_changed() -> None:
    """The right option comes first in these rows; over many it must not come first in ours."""
    first = 0
    for n in range(200):
        fields = {
            "question": f"Q{n}?",
            "correct_answer": "y",
            "distractor1": "x",
            "distractor2": "z",
        }
        question = Question.from_row(fields)
        assert question == Question.from_row(fields)
        assert question.notes == ("options_reordered",)
        first += question.options[0] == "y"
    assert 40 < first < 95


def test_case_38_what_is_no_list_is_refused_by_name() -> None:
    for value in ("['3' '4' '5']", "3, 4 or 5", {"A": "x"}, 7):
        with pytest.raises(QuestionError, match='field "options"'):
            Question.from_row({"question": "Q?", "options": value})
    with pytest.raises(QuestionError, match="'prompt', 'picks'"):
        Question.from_row({"prompt": "Q?", "picks": ["x", "y"]})


def test_case_38_a_number_that_may_count_from_0_or_1_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    fields = {"question": "Q?", "opa": "x", "opb": "y", "opc": "z"}
    for cop, text in ((0, "x"), (3, "z")):
        file.write_text(json.dumps({**fields, "cop": cop}), "utf-8")
        assert read_questions(file)[0].answer_text == text
    file.write_text(json.dumps({**fields, "cop": 1}), "utf-8")
    with pytest.raises(QuestionError, match="from 0, which is B, or from 1, which is A"):
        read_questions(file)


@pytest.mark.parametrize(
    "options",
    [
        ["A)21", "B)22"],
        ["A. 21", "B. 22"],
        ["(A)21", "(B)22"],
        ["A: 21", "B: 22"],
        ["A、21", "B、22"],
    ],
)
def test_case_39_labels_in_the_options_are_cut_off(options: list[str]) -> None:
    question = Question.from_row({"question": "Q?", "options": options})
    assert question == Question("Q?", ("21", "22"), ("A", "B"), ("labels_in_options_removed",))
    labelled = {"text": options, "label": ["1", "2"]}
    assert Question.from_row({"question": "Q?", "choices": labelled}).labels == ("1", "2")


@pytest.mark.parametrize(
    "options",
    [["1.5", "2.5"], ["1:2", "2:3"], ["A. x", "y"], ["B. x", "A. y"], ["C. coli", "E. coli"]],
)
def test_case_39_what_is_no_label_of_its_place_stays(options: list[str]) -> None:
    question = Question.from_row({"question": "Q?", "options": options})
    assert (question.options, question.notes) == (tuple(options), ())
