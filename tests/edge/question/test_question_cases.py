"""What people paste: marks of the right option, columns, answer keys, several questions at once.

Cases 01, 02, 05 and 07 of the public reports, and others of their kinds. A text that can be read in
two ways is refused with both lines; none of these may be read wrongly without a word.
"""

from __future__ import annotations

import pytest

from foggen.errors import QuestionError
from foggen.question.question import Question

STEM = "What is the chemical symbol for gold?"
OPTIONS = ("Ag", "Au", "Fe", "Pb")
LINES = "A. Ag\nB. Au\nC. Fe\nD. Pb"
GIVEN = ("given_answer_removed",)


def options_of(text: str) -> tuple[str, ...]:
    return Question.parse(text).options


def refused(text: str, *expected: str) -> None:
    with pytest.raises(QuestionError) as caught:
        Question.parse(text)
    assert caught.value.hint
    for part in expected:
        assert part in str(caught.value)


# --- case 01: a mark before the label, or in the text, of the right option ---------------------


@pytest.mark.parametrize(
    "lines",
    [
        "a) 6\nb) 9\n*c) 12",
        "a) 6\n*b) 9\nc) 12",
        "*a) 6\nb) 9\nc) 12",
        "a) 6\n*b) 9\n*c) 12",
        "a) 6\n**b)** 9\nc) 12",
        "a) 6\n**b) 9**\nc) 12",
        "a) 6\n__b) 9__\nc) 12",
        "a) 6\n<b>b) 9</b>\nc) 12",
        "a) 6\n*b) 9*\nc) 12",
        "a) 6\n  * b) 9\nc) 12",
        "- a) 6\n* b) 9\n- c) 12",
        "- [ ] a) 6\n- [x] b) 9\n- [ ] c) 12",
        "~a) 6\n=b) 9\n~c) 12",
        "a) 6\n=b) 9\nc) 12",
        "a) 6\n-> b) 9\nc) 12",
        "a) 6\n✓ b) 9\nc) 12",
        "a) 6\nb)* 9\nc) 12",
        "a) 6\nb) *9\nc) 12",
        "a) 6\nb) 9*\nc) 12",
        "a) 6\nb) **9**\nc) 12",
        "a) 6\nb) 9 ✓\nc) 12",
        "a) ❌ 6\nb) ✅ 9\nc) ❌ 12",
        "a) 6\nb) 9 (correct)\nc) 12",
        "a) 6 (wrong)\nb) 9 (correct)\nc) 12 (wrong)",
        "a) 6\nb) 9 (верно)\nc) 12",
        "a) 6\nb) 9 <-- right answer\nc) 12",
        "a) 6\nb) 9 - correct answer\nc) 12",
        "a) 6\nb) 9 [x]\nc) 12",
        "a) [ ] 6\nb) [x] 9\nc) [ ] 12",
        "a) 6 *b) 9 c) 12",
    ],
)
def test_case_01_the_mark_of_the_right_option_is_dropped_with_a_note(lines: str) -> None:
    question = Question.parse(f"How many?\n{lines}")
    assert question == Question("How many?", ("6", "9", "12"), ("a", "b", "c"), GIVEN)


@pytest.mark.parametrize(
    "lines", ["1. 6\n*2. 9", "① 6\n*② 9", "(A) 6\n*(B) 9", "А) 6\n*Б) 9", "Ａ．6\n*Ｂ．9"]
)
def test_case_01_in_every_style_of_label(lines: str) -> None:
    question = Question.parse(f"How many?\n{lines}")
    assert (question.options, question.notes) == (("6", "9"), GIVEN)


def test_case_01_what_all_labels_have_tells_nothing() -> None:
    for lines in ("> A. x\n> B. y", "**A.** x\n**B.** y", "- A. x\n- B. y", "A. ✓ x\nB. y ✓ z"):
        assert Question.parse(f"{STEM}\n{lines}").notes == ()


@pytest.mark.parametrize(
    "options",
    [
        ("p", "*p", "&p"),
        ("*args", "**kwargs"),
        ("a * b", "a + b"),
        ("BFS", "A*", "DFS"),
        ("__init__", "main"),
        ("H2O  and CO2", "C. elegans", "x  = 1"),
        ("lung (left)", "lung (right)"),
    ],
)
def test_case_01_stars_of_code_and_names_stay(options: tuple[str, ...]) -> None:
    lines = "\n".join(f"{label}. {option}" for label, option in zip("ABC", options, strict=False))
    question = Question.parse(f"{STEM}\n{lines}")
    assert (question.options, question.notes) == (options, ())


def test_case_01_a_star_apart_from_a_word_is_dropped() -> None:
    assert Question.parse(f"{STEM}\nA. Ag\nB. * Au").options == ("Ag", "Au")
    assert Question.parse(f"{STEM}\nA. Ag\nB)* Au").options == ("Ag", "Au")


def test_case_01_a_star_that_may_be_text_is_refused() -> None:
    refused(f"{STEM}\nA. Ag\nB. Au*", "the star may mark B", "line 3 ('B. Au*')")
    refused(f"{STEM}\nA. SELECT *\nB. SELECT all", "the star may mark A")


@pytest.mark.parametrize(
    ("lines", "swallowed"),
    [
        ("a) 6\nb) 9\nc 12\nd) 15", "c 12"),
        ("a) 6\nb) 9\nc] 12\nd) 15", "c] 12"),
        ("a. 6\nb. 9\nc.12\nd. 15", "c.12"),
        ("a) 6\nb*) 9\nc) 12", "b*) 9"),
        ("a) 6\nb) 9\nc] 12", "c] 12"),
        ("A. 6\nB. 9\n*D. 15", "*D. 15"),
        ("A. x\nB. y\nC. z D. w", "C. z D. w"),
        ("A. x B. y C.z D. w", "A. x B. y C.z D. w"),
    ],
)
def test_case_01_a_label_that_may_be_swallowed_is_refused(lines: str, swallowed: str) -> None:
    refused(f"How many?\n{lines}", "may be the label of an option", f"('{swallowed}')")


def test_case_01_the_first_option_on_the_questions_line() -> None:
    assert options_of("How many? a) 6\nb) 9\nc) 12") == ("6", "9", "12")
    refused("How many legs a) 6\nb) 9\nc) 12", "a may be the label", "line 1", "line 2")


@pytest.mark.parametrize(
    "lines",
    [
        "A. both A and B\nB. both A) and B)\nC. neither",
        "A) both A) and B)\nB) x\nC) A) or B)",
        "A. f(a) b\nB. if (b) c\nC. it is dearer than D.",
        "A. see (c) there\nB. x\nC. y",
        "A. Robert\nB. D. Roosevelt\nC. E. coli",
    ],
)
def test_case_01_words_that_speak_of_labels_stay(lines: str) -> None:
    question = Question.parse(f"{STEM}\n{lines}")
    assert question.options == tuple(line[3:] for line in lines.split("\n"))


# --- case 02: columns that are read downwards ---------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "a. 1            c. 3\nb. 2            d. 4",
        "a.\t1\tc.\t3\nb.\t2\td.\t4",
        "a) 1 c) 3\nb) 2 d) 4",
        "(A) 1   (C) 3\r\n(B) 2   (D) 4\r\n",
        "1) 1   3) 3\n2) 2   4) 4",
        "Ａ）1　　　Ｃ）3\nＢ）2　　　Ｄ）4",
        "① 1　③ 3\n② 2　④ 4",
        "а) 1   в) 3\nб) 2   г) 4",
        "A\t1\tC\t3\nB\t2\tD\t4",
        "A - 1    C - 3\nB - 2    D - 4",
        "A.x     C.z\nB.y     D.w",
        "a. 1   c. 3   b. 2   d. 4",
    ],
)
def test_case_02_two_columns(lines: str) -> None:
    question = Question.parse(f"{STEM}\n{lines}")
    assert question.options in (("1", "2", "3", "4"), tuple("xyzw"))
    assert question.notes == ()


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("a) 1    d) 4\nb) 2    e) 5\nc) 3", 5),
        ("A. 1\tC. 3\tE. 5\nB. 2\tD. 4\tF. 6", 6),
        ("a) 1   c) 3   e) 5\nb) 2   d) 4", 5),
        ("A. 1   D. 4   G. 7\nB. 2   E. 5   H. 8\nC. 3   F. 6   I. 9", 9),
        ("(A) 1   (B) 2   (C) 3\n(D) 4   (E) 5", 5),
    ],
)
def test_case_02_more_columns_and_options(lines: str, count: int) -> None:
    assert options_of(f"{STEM}\n{lines}") == tuple(str(n + 1) for n in range(count))


def test_case_02_columns_that_leave_a_doubt_are_refused() -> None:
    refused(f"{STEM}\na) x   d) y\nb) z   e) w", "d may be the label", "line 2")
    refused(f"{STEM}\na. x c. y\nb. z d. w", "c may be the label", "line 2")
    refused(f"{STEM}\na. x   b. y\nb. z   c. w", "b appears twice", "line 2", "line 3")
    refused(f"{STEM}\na. x\nc. y\nb. z\nd. w", "out of order")


# --- case 05: an answer key, an explanation ----------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "Correct Answer: B\nExplanation: Au comes from the Latin aurum.",
        "Ans: B",
        "Ans. (b)",
        "ans b",
        "Ans- B",
        "ANS:\tB\tPTS:\t1",
        "Answer - B",
        "Answer = B",
        "ANSWER -> B",
        "Answer B",
        "Answer: B. Au",
        "Answer: Au",
        "Answer: A, C",
        "Answers:\n1. B",
        "Answer 3: B",
        "Key: B",
        "Answer key: 1-B, 2-C",
        "1. B",
        "1. B 2. C",
        "→ B",
        "\nB",
        "[Answer: B]",
        "> **Answer:** B",
        "**Answer: B**",
        "---\nAnswer: B",
        "### Answer\nB",
        "<details><summary>Answer</summary>B</details>",
        "The correct answer is B.",
        "The correct answer is Au.",
        "The key is B",
        "So, the answer is (B), because it is gold.",
        "B is correct.",
        "Hence, option (b) is the right answer.",
        "Correct option: B",
        "Correct: B",
        "Solution: gold is Au.",
        "Rationale - gold is Au.",
        "Explanation\nGold is Au.\nA. is silver\nB. is gold",
        "Answer:\n\n\nB",
    ],
)
def test_case_05_a_key_after_the_options_is_cut_off(key: str) -> None:
    for ending in (key, f"\n{key}\n", key.replace("\n", "\r\n")):
        assert Question.parse(f"{STEM}\n{LINES}\n{ending}") == Question(
            STEM, OPTIONS, tuple("ABCD"), GIVEN
        )


def test_case_05_a_full_stop_may_follow_the_word_that_opens_a_line() -> None:
    for key in (
        "Solution. Au comes from aurum.",
        "Explanation. It is aurum.\nSo B.",
        "Решение. Au.",
    ):
        assert Question.parse(f"{STEM}\n{LINES}\n{key}") == Question(
            STEM, OPTIONS, tuple("ABCD"), GIVEN
        )
    own = Question.parse(f"{STEM}\nA. Solution. It is clear\nB. Water. Solution. Salt")
    assert own.options == ("Solution. It is clear", "Water. Solution. Salt")


@pytest.mark.parametrize(
    "key",
    """Antwort: B|Lösung: B\nErklärung: Gold|Die richtige Antwort ist B.|Réponse : B|Bonne réponse : B
    Corrigé : B\nExplication : or|Respuesta correcta: B|La respuesta es B|Gabarito: letra B|Resposta: B
    Risposta esatta: B|Antwoord: B\nUitleg: goud|Prawidłowa odpowiedź: B|Odp. B|Doğru cevap: B|Cevap B
    Ответ: Б|Правильный ответ — B|Пояснение: золото|Відповідь: B|Жауабы: B|Дұрыс жауап - B|答案：B
    【答案】B【解析】金|正确答案是B|故选B。|正解：B\n解説：金|정답: B|정답은 B입니다|Đáp án đúng: B
    Jawaban yang benar: B|Kunci jawaban: B|الإجابة الصحيحة: B|सही उत्तर: B""".replace(
        "\n    ", "|"
    ).split("|"),
)
def test_case_05_in_other_languages(key: str) -> None:
    question = Question.parse(f"{STEM}\n{LINES}\n{key}")
    assert (question.options, question.notes) == (OPTIONS, GIVEN)


@pytest.mark.parametrize(
    "text",
    [
        f"Answer: B\n{STEM}\n{LINES}",
        f"[Ans: B] {STEM}\n{LINES}",
        f"{STEM} (Answer: B)\n{LINES}",
        f"{STEM}\nCorrect answer: B\n{LINES}",
        f"{STEM}\nA. Ag\nB. Au\nAnswer: B\nC. Fe\nD. Pb",
        f"{STEM} A) Ag B) Au C) Fe D) Pb Answer: B. Explanation: aurum",
        f"{STEM} A) Ag B) Au C) Fe D) Pb (Ans: B)",
        f"{STEM}\n- Ag\n- Au\n- Fe\n- Pb\nAnswer: Au",
    ],
)
def test_case_05_a_key_before_between_or_beside_the_options(text: str) -> None:
    question = Question.parse(text)
    assert (question.stem, question.options) == (STEM, OPTIONS)
    assert "given_answer_removed" in question.notes


@pytest.mark.parametrize("prompt", ["Answer: ____", "Your answer:", "Answer (A, B, C or D):"])
def test_case_05_a_prompt_for_the_answer_gives_none(prompt: str) -> None:
    assert Question.parse(f"{STEM}\n{LINES}\n{prompt}").notes == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("What prints?\nA. Q: 6\nAnswer: 42\nB. Q: 7\nAnswer: 43", ("line 4", "line 5")),
        ("What prints?\nA. none\nB. Question: 6\n  Answer: 42", ("line 3", "line 4")),
        (f"{STEM}\nA. Ag\nExplanation: silver\nB. Au", ("line 2", "line 3")),
        (f"{STEM}\nA. Ag\nAnswer: gold\nB. Au", ("line 2", "line 3")),
    ],
)
def test_case_05_a_line_that_may_be_text_is_refused(text: str, lines: tuple[str, ...]) -> None:
    refused(text, *lines)


@pytest.mark.parametrize(
    "options",
    [
        ("Answer: 42", "Answer: 43"),
        ("the answer is B", "the answer is A"),
        ("Mixture", "Solution"),
        ("Key: value", "Explanation: none"),
        ("if x:\n    answer = 1", "else:\n    ans = 2"),
        ("left: 0;\nright: 0;", "left: 1;\nright: 1;"),
        ('{\n  "answer": 1\n}', "{\n  answer: 2\n}"),
        ("A and B are correct", "C is true and\nA is correct but B is not"),
    ],
)
def test_case_05_words_for_answers_in_options_stay(options: tuple[str, str]) -> None:
    question = Question.parse(f"{STEM}\nA. {options[0]}\nB. {options[1]}")
    assert (question.options, question.notes) == (options, ())


@pytest.mark.parametrize(
    "stem",
    [
        "Tom says the answer is B. Is he right?",
        "The answer is 4. What was asked?",
        "Answer the question: what is gold?",
        "Assertion (A): it rains.\nReason (R): there are clouds.",
        "1. It rains.\n2. It pours.\nReason: clouds.\nWhich hold?",
    ],
)
def test_case_05_words_for_answers_in_the_stem_stay(stem: str) -> None:
    question = Question.parse(f"{stem}\n{LINES}")
    assert (question.stem, question.options, question.notes) == (stem, OPTIONS, ())


# --- case 07: several questions in one text ----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count", "lines"),
    [
        ("X?\nA. x\nB. y\nANSWER: B\n\nY?\nA) p\nB) q\nANSWER: A", 2, (1, 6)),
        ("X?\nA. x\nB. y\n\nY?\nA. p\nB. q\n\nZ?\nA. r\nB. s", 3, (1, 5)),
        ("1) 2+2=? a) 3 b) 4\n2) 3+3=? a) 5 b) 6", 2, (1, 2)),
        ("Exam:\n1. What is X?\nA. x\nB. y\n2. What is Y?\nA. p\nB. q", 2, (2, 5)),
        ("Q1. X is\nA. x\nB. y\nQ2. Y is\n1) p\n2) q", 2, (1, 4)),
        ("X?\nA. x\nB. y\nY?\n1. p\n2. q", 2, (1, 4)),
        ("X is\nA. x\nB. y\nC. z\nY is\nA. p\nB. q\nC. r", 2, (1, 5)),
        ("X?\n- x\n- y\nY?\n- p\n- q", 2, (1, 4)),
        ("It is X.\nA. True\nB. False\nIt is Y.\nA. True\nB. False", 2, (1, 4)),
        ("Что это?\nА) x\nБ) y\nОтвет: Б\nЧто то?\nА) p\nБ) q", 2, (1, 5)),
        ("Q: X?\nA. x\nB. y\nAnswer: B\nQ: Y?\nA. p\nB. q\nAnswer:", 2, (1, 5)),
    ],
)
def test_case_07_several_questions_are_counted(
    text: str, count: int, lines: tuple[int, int]
) -> None:
    refused(text, f"{count} questions in one text", f"line {lines[0]} (", f"line {lines[1]} (")
    refused(text.replace("\n", "\r\n"), f"{count} questions in one text")


@pytest.mark.parametrize(
    "stem",
    [
        "Which of these are correct?\n1. rain\n2. snow\nSelect the answer by the code below:",
        "Which are correct?\n1. rain\n2. snow\nHow many of the above statements are true?",
        "Match the lists.\nList I\nA. x\nB. y\nC. z\nList II\n1. p\n2. q\n3. r\nChoose:",
        "Which hold?\nA. rain\nB. snow\nChoose one:",
        "12. Consider:\n1. rain\n2. snow\nWhich is right?",
        "A: Hi, how are you?\nB: Fine.\nWhat does B mean by these words?",
        "What does it print?\na: int = 3\nb: int = 4\nprint(a + b)",
        "How many by each of (a) average (b) cost",
    ],
)
def test_case_07_lists_in_the_stem_stay(stem: str) -> None:
    question = Question.parse(f"{stem}\n(a) 1 only\n(b) 2 only\n(c) A and B\n(d) A-1, B-2")
    assert question.stem == stem
    assert len(question.options) == 4


def test_case_07_a_question_about_the_list_above_it_stays_one() -> None:
    stem = "Which hold?\nA. It rains.\nB. It snows.\nHow many of the above statements?"
    question = Question.parse(f"{stem}\nA. one\nB. two")
    assert (question.stem, question.options) == (stem, ("one", "two"))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2+2=? a) 3 b) 4 3+3=? a) 5 b) 6", 2),
        ("1) 2+2=? a) 3 b) 4 2) 3+3=? a) 5 b) 6 3) 4+4=? a) 7 b) 8", 3),
        ("Which is a fruit? A. Leek B. Plum Which is a planet? A. Mars B. Rome", 2),
    ],
)
def test_case_07_questions_on_one_line_are_counted(text: str, count: int) -> None:
    with pytest.raises(QuestionError, match=f"^{count} questions in one text"):
        Question.parse(text)


def test_case_07_a_label_that_is_there_twice_is_no_second_question() -> None:
    for text in ("Which? A) x A) y B) z", "Which?\nA. x\nA. y\nB. z", "Which? a) 1 b) 2 a) 3 b) 4"):
        with pytest.raises(QuestionError, match="appears twice"):
            Question.parse(text)
