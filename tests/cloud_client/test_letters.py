"""A01-A04: which option a text names. A wrong letter is worse than none."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from foggen_cloud import extract_label

from .helpers import LABELS, OPTIONS

CLOCK_S = 0.01  # shorter times are noise
MANY_LABELS = "ABCDEFGHIJKLMNOPQRST"
MANY_OPTIONS = [f"the {number}th" for number in range(len(MANY_LABELS))]


def test_a01_forms_of_b() -> None:
    forms = r"""
        B | (B) | B. | B) | [B] | **B** | b | `B` | Ｂ | B. 1.00 | (B) 1.00 | B: 1.00 | B - 1.00
        \boxed{B} | $\boxed{B}$ | \boxed{\text{B}} | \boxed{\text{(B) }1.00} | So \boxed{B}.
        {"answer":"B"} | {"answer": "b"} | {"answer": "B", "why": "A is too low"}
        Answer: B | answer: b | Answer:B | Answer = B | ANSWER: B | **Answer:** B | **Answer: B**
        The answer is (B) | The answer is B. | the correct answer is: **B** | The answer is option B
        The correct option is B | Final answer: B | Final answer: **(B) 1.00** | Final answer - B
        Final answer: B. It follows from the ratio. | The answer is B because I computed it.
        Final answer: $\boxed{B}$ | The final answer is \boxed{B}. | Final answer: B (1.00)
        Жауап: B | Дұрыс жауап: B | Жауабы: B | Ответ: B | Правильный ответ — B | Antwort: B
        Ответ: Б | Жауап: Б | Ответ: (Б) | Б | Answer: 1.00 | The answer is 1.00.
    """
    for form in (form.strip() for line in forms.splitlines() for form in line.split(" | ")):
        if form:
            assert extract_label(form, LABELS, OPTIONS) == 1, form


@pytest.mark.parametrize(
    "text",
    [
        "First 200 / 100 = 2.\nThen C looks right, but no.\n\nFinal answer: B",
        "We need the ratio.\n\n**B**",
        "We need the ratio.\nB. 1.00",
        "Final answer:\n\nB",
        '```json\n{"answer": "B"}\n```',
        '{\n  "answer": "B"\n}',
        '{"answer": "B. 1.00"}',
        "## Final answer\n\n**B**",
        "Final answer: B\nI hope this helps.",
        "Answer: A\nNo, I slipped.\nFinal answer: B",
    ],
)
def test_a01_the_last_lines_count(text: str) -> None:
    assert extract_label(text, LABELS, OPTIONS) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Answer seems to be A",
        "because I computed it",
        "I cannot help with that.",
        "I",
        "A firm sells goods.",
        "Answer: A firm sells goods",
        "answer: a firm sells goods",
        "The answer is a matter of taste",
        "Antwort:\n\nAuf den ersten Blick",
        "Antwort:\n\nA und dann",
        "Answers",
        "Single",
        "So, B",
        "A. Smith wrote it.",
    ],
)
def test_a02_words_are_not_letters(text: str) -> None:
    assert extract_label(text, MANY_LABELS[:8], MANY_OPTIONS[:8]) is None
    if text != "I":
        assert extract_label(text, MANY_LABELS, MANY_OPTIONS) is None


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("<think>It could be C.\nFinal answer: C</think> B", 1),
        ("<THINK>C</THINK>\nFinal answer: B", 1),
        ("It could be C\n</think>\nFinal answer: B", 1),
        ("<think>A</think><think>C</think>B", 1),
        ("<think>Final answer: B", None),
        ("Final answer: B <think> or is it", None),
        ("<think>Final answer: B</think>", None),
    ],
)
def test_a03_thinking_does_not_count(text: str, index: int | None) -> None:
    assert extract_label(text, LABELS, OPTIONS) == index


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "A or B",
        "A/B",
        "A, B",
        "Answer: A or B",
        "Answer: (A) or (B)",
        "Final answer: A and B",
        r"\boxed{A} or \boxed{B}",
        "Answer: AB",
        "Answer: E",
        "Answer: Z",
        "Ответ: Д",
        "none of them",
        "Answer: none",
        "The answer is not B",
        "Answer: B\nWait, the answer isn't B.",
        "Final answer: B\nOr rather C.",
        "Final answer: A. 1.00",
        "A. 1.00",
        "A\nB",
        "A. 0.67\nB. 1.00\nC. 1.50\nD.",
        '{"answer": "A or B"}',
        '{"answer": null}',
        '{"label": "B"}',
        "I'm sorry, I cannot answer this question.",
        "Я не могу ответить.",
        "1.00 or 2.00",
        "Answer: -1.00",
    ],
)
def test_a04_no_single_letter_is_none(text: str) -> None:
    assert extract_label(text, LABELS, OPTIONS) is None


@pytest.mark.parametrize(
    ("text", "options", "index"),
    [
        ("Paris", ("Rome", "Paris"), 1),
        ("paris.", ("Rome", "Paris"), 1),
        ("The answer is Paris.", ("Rome", "Paris"), 1),
        ("Paris", ("Paris", "Paris"), None),
        ("Co", ("CO", "Co"), 1),
        ("co", ("CO", "Co"), None),
        ("Answer: 5", (".5", "5"), 1),
        ("Answer: .5", ("5", "50"), None),
        ("Answer: -5", ("5", "-5"), 1),
        ("Answer: 5", ("-5", ">5"), None),
        ("Answer: vitamin A", ("vitamin B", "vitamin A"), 1),
        ("Final answer: B. vitamin A", ("vitamin B", "vitamin A"), 1),
        ("Answer: A. Smith", ("B. Jones", "A. Smith"), 1),
        ("Answer: AB", ("A", "AB"), 1),
        ("Final answer: B. -5", ("5", "-5"), 1),
        ("Final answer: B. .5", ("5", ".5"), 1),
        ("Final answer: A. -5", ("5", "-5"), None),
        ("B - 5", ("-5", "5"), 1),
        ("B. 7", ("7", "7"), 1),
    ],
)
def test_a04_full_option_text(text: str, options: Sequence[str], index: int | None) -> None:
    assert extract_label(text, "AB", options) == index


@pytest.mark.parametrize("said", ["Ответ", "Жауап", "Final answer"])
def test_case_14_a_look_alike_counts_only_where_look_and_place_agree(said: str) -> None:
    """В looks like the second label and is the third letter of its own alphabet."""
    letters = "АБВГ"
    assert [extract_label(f"{said}: {c}", LABELS, OPTIONS) for c in letters] == [0, 1, None, 3]
    assert extract_label(f"{said}: С", LABELS, OPTIONS) == 2  # no list of four ends at Cyrillic С
    assert extract_label(f"{said}: Е", "ABCDEF", MANY_OPTIONS[:6]) is None
    assert extract_label(f"{said}: Г", "ABCDEFG", MANY_OPTIONS[:7]) is None
    assert extract_label(f"{said}: В", "АВС", ("x", "y", "z")) == 1  # the labels were Cyrillic
    assert extract_label(f"{said}: B", "АБВГ", OPTIONS) is None


@pytest.mark.parametrize(
    "text",
    [
        "最终答案：B",
        "答案是B",
        "【答案】B",
        "正确答案为 (B)",
        "正解：B",
        "答えはB",
        "정답: B",
        "정답은 B",
        "Réponse finale : B",
        "La bonne réponse est B.",
        "Respuesta final: B",
        "La respuesta correcta es B.",
        "Resposta final: B",
        "A resposta é (B)",
        "Risposta esatta: B",
        "La risposta è B",
        "Die richtige Antwort ist B.",
        "Antwoord: B",
        "Odpowiedź: B",
        "Prawidłowa odpowiedź: B",
        "Doğru cevap: B",
        "Doğru yanıt: B",
        "Правильный вариант: B",
        "Правильный ответ — Б",
        "Правильна відповідь: B",
        "Дұрыс жауабы: Б",
        "Đáp án: B",
        "Đáp án đúng là B",
        "Jawaban: B",
        "Jawaban yang benar adalah B",
        "الإجابة الصحيحة: B",
        "सही उत्तर: B",
    ],
)
def test_case_17_the_answers_word_in_other_languages(text: str) -> None:
    assert extract_label(f"2 + 2 = 4.\n{text}", LABELS, OPTIONS) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Réponse : A cause du rapport",
        "La réponse n'est pas B",
        "Resposta: A ou B",
        "La respuesta es a favor",
        "答案是B或C",
        "答案不是B",
        "Ответ: A или B",
        "Cevap B değil",
    ],
)
def test_case_17_no_single_letter_in_other_languages(text: str) -> None:
    assert extract_label(text, LABELS, OPTIONS) is None


@pytest.mark.parametrize(
    ("text", "index"),
    [("Final answer: B", None), ("B", None), ("Final answer: B\n", 1), ("Answer: B\nAs th", 1)],
)
def test_a_half_line_does_not_count(text: str, index: int | None) -> None:
    assert extract_label(text, LABELS, OPTIONS, truncated=True) == index


HOSTILE = ["<think>", "\\boxed{", "answer", "answer ", "answer:", "A ", "(", "word", "{", " ", "\n"]
HOSTILE += [
    "<",
    "<b>",
    "<b x=",
    "</s>",
    "<|end|>",
    "<|channel|>final",
    "\\text{",
    "[THINK]",
    "答案",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    """Four times the text may take four times as long; with quadratic time it would be sixteen."""
    short, long = (best_time_s(piece * (n // len(piece))) for n in (65_536, 262_144))
    assert long < 9 * max(short, CLOCK_S)


def best_time_s(text: str) -> float:
    """Processor time of reading a text, the least of three."""
    times = []
    for _ in range(3):
        started = time.process_time()
        extract_label(text, LABELS, OPTIONS)
        times.append(time.process_time() - started)
    return min(times)
