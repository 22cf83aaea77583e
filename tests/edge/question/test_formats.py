"""Questions as people have them: cases 09, 10, 12 and 13 of the public reports, and others of their kinds."""

from __future__ import annotations

import html
import itertools
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foggen.errors import QuestionError
from foggen.question.question import Question

from .test_question import SHARED, real_rows

pytestmark = pytest.mark.filterwarnings("error")

REAL = list(real_rows())
STEM = "Which gas is noble?"
OPTIONS = ("Oxygen", "Neon", "Iron")
GIVEN = ("given_answer_removed",)
CLOSED = ("text_after_options_removed",)


def check(
    text: str, labels: Sequence[str] = "ABC", notes: Sequence[str] = (), stem: str = STEM
) -> None:
    assert Question.parse(text) == Question(stem, OPTIONS, tuple(labels), tuple(notes))


def refused(text: str, *expected: str) -> None:
    with pytest.raises(QuestionError) as caught:
        Question.parse(text)
    for part in expected:
        assert part in str(caught.value)


# --- case 09 and what else stands below the options ----------------------------------------------

LINES = f"{STEM}\n\nA. Oxygen\nB. Neon\nC. Iron"


@pytest.mark.parametrize(
    "closing",
    [
        "\n\nI think it is B, am I right?",
        "\n\nThanks!",
        "\n\nI think it is B.\n\nAm I right?",
        "\n\ni guess B.",
        "\n\nChoose one.",
        "\nChoose one.",
        "\nPlease explain your answer.",
        "\n\nСпасибо за помощь!",
        "\nThanks in advance",
    ],
)
def test_case_09_what_is_written_below_the_options_is_left_out(closing: str) -> None:
    check(LINES + closing, notes=CLOSED)
    check(f"{STEM}\n- Oxygen\n- Neon\n- Iron{closing}", notes=(*CLOSED, "bullets_without_labels"))


@pytest.mark.parametrize(
    "closing",
    [
        "I think B, am I right?",
        "Can anyone help me with this?",
        "Is it (B)?",
        "My guess is C, is that correct?",
        "Я думаю, B?",
        "Мен B деп ойлаймын, дұрыс па?",
    ],
)
def test_case_09_what_the_writer_thinks_is_no_question_about_the_list(closing: str) -> None:
    """Nor where the question itself gives an order and has no question mark."""
    for stem in (STEM, "Name the gas that is noble."):
        question = Question.parse(f"{stem}\nA. Oxygen\nB. Neon\nC. Iron\n\n{closing}")
        assert (question.stem, question.options, question.notes) == (stem, OPTIONS, CLOSED)


def test_case_09_a_question_that_may_be_the_real_one_is_refused() -> None:
    statements = "Facts:\n1. It rains.\n2. It pours."
    refused(
        f"{statements}\n\nWhich of these hold?", "no options found", "line 2 (", "line 5 ('Which"
    )
    refused(f"{statements}\nWhich of these hold?", "no options found", "line 2 (", "line 4 ('Which")
    refused(f"{LINES}\n\nWhich of these are true?", "line 3 ('A. Oxygen')", "line 7 (")


def test_case_09_lines_that_may_go_on_the_last_option_are_refused() -> None:
    refused(f"{LINES}\n\nand its oxides", "may be a part of option C", "line 5", "line 7")


@pytest.mark.parametrize(
    "printed",
    [
        "Points: 2",
        "Difficulty: easy",
        "Тақырып: химия",
        "Posted by anna",
        "3 comments",
        "© 2021 The Board",
        "[Next question]",
        "Submit answer",
        "I think it is B",
        "my guess: B",
    ],
)
def test_case_09_what_sites_print_below_the_options_is_left_out(printed: str) -> None:
    for gap in ("\n", "\n\n"):
        check(LINES + gap + printed, notes=CLOSED)
        check(f"{STEM}\n(A) Oxygen\n(B) Neon\n(C) Iron{gap}{printed}", notes=CLOSED)
    check(f"{STEM}\n(A) Oxygen\n(B) Neon\n(C) Iron")  # "(C)" is no sign of copyright


def test_case_09_a_printed_line_may_belong_to_options_of_several_lines() -> None:
    two = "{}. name: x\nlevel: {}"
    lines = "\n".join((STEM, *map(two.format, "ABC", (1, 2, 3))))
    assert Question.parse(lines).options[2] == "name: x\nlevel: 3"
    without = lines.replace("level: 1", "size: 1").replace("level: 2", "size: 2")
    refused(without, "may be a part of option C", "line 6 ('C. name", "line 7 ('level: 3')")


@pytest.mark.parametrize(
    "below",
    [
        "This is fun",
        "Anna (Almaty)",
        "Осыны түсінбедім",
        "发布者安娜",
        "1841 жыл",
        "The sum $x=1$",
        "2.3 g of salt",
        "«Манас» деген не",
        "____ is a metal",
    ],
)
def test_case_09_a_sentence_right_below_the_last_option_is_refused(below: str) -> None:
    refused(f"{LINES}\n{below}", "may be a part of option C", "line 5 ('C. Iron')", "line 6 (")
    long = "It is a metal that the smiths of all ages have known and worked with."
    refused(f"{STEM}\nA. x\nB. y\nC. {long}\n{below}", "may be a part of option C", "line 5 (")
    refused(f"{STEM}\nA. x    C. z\nB. y\n{below}", "may be a part of option", "line 4 (")


def test_case_09_a_sentence_with_a_formula_below_is_refused() -> None:
    for below in (
        "Find the area below $y=x$.",
        "Evaluate (c^2)^2 for c = 2.",
        "Let P[0,1] be all of the polynomials",
        "Let $X=1$",
        "Let a graph G have E = {1}",
    ):
        refused(f"{LINES}\n\n{below}", "may be a part of option C", "line 5 (", "line 7 (")
        refused(f"{LINES}\n{below}", "may be a part of option C", "line 5 (", "line 6 (")
    for below in ("The Law is old", "A writer is old"):
        refused(f"{STEM}\nA. x=1\nB. x=2\nC. x=3\n{below}", "may be a part of option C")
    sql = f"{STEM}\nA. f(x)\nB. g(x)\nC. SELECT f(x)\nFROM t"
    assert Question.parse(sql).options[2] == "SELECT f(x)\nFROM t"
    question = Question.parse(f"{STEM}\nA. x = 1\nB. y\nC. z = 2\n\nString name = z")
    assert question.options[2] == "z = 2\n\nString name = z"


@pytest.mark.parametrize(
    "option", ["Iron and\nGold", "Iron,\nGold", "Iron\nand Gold", f"{'Iron ' * 12}\nand Gold"]
)
def test_case_09_a_wrapped_last_option_is_read_whole(option: str) -> None:
    question = Question.parse(f"{STEM}\nA. Oxygen\nB. Neon\nC. {option}")
    assert question.options[2].split() == option.split()
    assert question.notes == ()


@pytest.mark.parametrize(
    "options",
    [
        ("x\n\nmore of x", "y\n\nMore of y"),
        ("x = 1", "def f():\n    return 1\n\n    return 2"),
        ("x = 1", "y = 1\n\nprint(y)"),
        ("rain", "Choose your weapons"),
    ],
)
def test_case_09_paragraphs_of_options_stay(options: tuple[str, str]) -> None:
    question = Question.parse(f"{STEM}\nA. {options[0]}\nB. {options[1]}")
    assert (question.options, question.notes) == (options, ())


def test_c10_an_instruction_is_no_part_of_the_last_option() -> None:
    question = Question.parse("What is 2+2?\n\nA.\t3\n\nB.\t4\n\nChoose one.")
    assert (question.options, question.notes) == (("3", "4"), CLOSED)


def test_an_option_on_the_questions_line_may_ask() -> None:
    assert Question.parse("Which asks? A) Yes B) No C) Really?").options == ("Yes", "No", "Really?")
    refused("Facts: (a) it rains (b) it pours. Which of these hold?", "no options found")


# --- cases 10 and 13: labels in other alphabets and with other signs -----------------------------

ALPHABETS = {
    "Greek": "ΑΒΓ",
    "Greek in small letters": "αβγ",
    "Greek with Latin look-alikes": "ABΓ",
    "Arabic": "أبج",
    "Arabic without a hamza": "ابج",
    "Arabic in the order of the alphabet": "أبت",
    "Hebrew": "אבג",
    "Hindi": "कखग",
    "Hindi by sound": "अबस",
    "Bengali": "কখগ",
    "Thai": "กขค",
    "Korean": "가나다",
    "Chinese stems": "甲乙丙",
    "Japanese": "アイウ",
    "Georgian": "აბგ",
    "Armenian": "ԱԲԳ",
    "Roman": ("I", "II", "III"),
    "Roman in small letters": ("i", "ii", "iii"),
    "Roman signs": "ⅠⅡⅢ",
    "every other question": "FGH",
    "Latin": "ABC",
    "Cyrillic": "АБВ",
    "Persian": ("الف", "ب", "ج"),
}
MIXED = ("Greek with Latin look-alikes",)
SIGNS = ("{}) ", "({}) ", "{}. ", "{}、", "{}，", "{}：", "{}- ", "{}] ", "{}/ ", "{}> ", "{}} ")
WORDS = ("Option {}: ", "Option {}. ", "Choice {}) ", "Вариант {}: ", "**Option {}:** ", "选项{}：")


@pytest.mark.parametrize("sign", (*SIGNS, *WORDS))
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_case_10_and_13_labels(alphabet: str, sign: str) -> None:
    labels = ALPHABETS[alphabet]
    form = sign.replace("{}", "\0", 1)
    lines = (form.replace("\0", label) + o for label, o in zip(labels, OPTIONS, strict=True))
    check("\n".join((STEM, *lines)), labels, ("mixed_scripts",) if alphabet in MIXED else ())


@pytest.mark.parametrize("alphabet", sorted(set(ALPHABETS) - set(MIXED)))
def test_case_13_labels_on_one_line(alphabet: str) -> None:
    labels = ALPHABETS[alphabet]
    for sign in ("({}) ", "{}) ", "{}、"):
        row = " ".join(sign.format(n) + o for n, o in zip(labels, OPTIONS, strict=True))
        check(f"{STEM} {row}", labels)


def test_case_13_f_g_h_j() -> None:
    check(f"{STEM}\nF. Oxygen\nG. Neon\nH. Iron", "FGH")
    question = Question.parse(f"{STEM}\nF. w\nG. x\nH. y\nJ. z")
    assert (question.labels, question.notes) == (tuple("FGHJ"), ())
    question = Question.parse("Which?\n" + "\n".join(f"{c}. t{c}" for c in "ABCDEFGHIJ"))
    assert question.labels == tuple("ABCDEFGHIJ")


def test_case_13_an_answer_by_the_place_of_the_letter() -> None:
    question = Question.parse(f"{STEM}\nأ) x\nب) y\nج) z")
    assert [question.index_of(label) for label in ("أ", "ب", "ج", "د")] == [0, 1, 2, None]


def test_case_13_roman_statements_without_options_are_refused() -> None:
    stem = "Which of the following statements is (are) true?"
    refused(f"{stem}\nI. It rains\nII. It pours", "no options found", "line 2", "line 3")


@pytest.mark.parametrize(
    "stem",
    [
        "The firm must repay 3 million. How much will it repay a year?",
        "Which is a reason for tests in a financial statement audit?",
        "For which k will the equation have two roots?",
    ],
)
def test_case_13_roman_labels_after_words_that_judge_nothing(stem: str) -> None:
    check(f"{stem}\n(i) Oxygen\n(ii) Neon\n(iii) Iron", ("i", "ii", "iii"), stem=stem)


def test_case_13_roman_statements_stay_in_the_stem() -> None:
    for stem in ("Consider\nI. It rains\nII. It pours\nWhich hold?", "Consider: I. rain II. snow."):
        question = Question.parse(f"{stem}\n(a) I only\n(b) II only\n(c) both")
        assert (question.stem, question.labels) == (stem, ("a", "b", "c"))


# --- cases 12 and 13: formats ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "items",
    [
        ("- [ ] {}", "- [x] {}"),
        ("[ ] {}", "[*] {}"),
        ("* [ ] {}", "* [X] {}"),
        ("( ) {}", "(x) {}"),
        ("☐ {}", "☑ {}"),
        ("○ {}", "● {}"),
        ("✗ {}", "✓ {}"),
        ("- () {}", "- (x) {}"),
    ],
)
def test_case_12_the_ticked_box_is_not_told(items: tuple[str, str]) -> None:
    off, on = items
    lines = (off.format("Oxygen"), on.format("Neon"), off.format("Iron"))
    check("\n".join((STEM, "", *lines)), notes=GIVEN)
    check("\n".join((STEM, *(off.format(option) for option in OPTIONS))))


def test_case_12_boxes_after_statements_with_numbers() -> None:
    for bullet in ("- [ ] ", "- "):
        text = f"Consider:\n1. rain\n2. snow\nWhich hold?\n{bullet}1 only\n{bullet}both"
        assert Question.parse(text).options == ("1 only", "both")
    nested = Question.parse("Which?\nA. do:\n- x\n- y\nB. do:\n- p\n- q")
    assert nested.options == ("do:\n- x\n- y", "do:\n- p\n- q")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (STEM + " {~Oxygen =Neon ~Iron}", GIVEN),
        ("// no\n::T 1::[html]" + STEM + "{\n~%-50%Oxygen#no\n=%100%Neon # yes\n~Iron\n}\n", GIVEN),
        (
            STEM
            + "\n\\begin{choices}\\choice Oxygen \\CorrectChoice Neon \\choice Iron\\end{choices}",
            GIVEN,
        ),
        (
            "\\begin{question}{q}" + STEM + "\n\\begin{choices}\n\\wrongchoice{Oxygen}\n"
            "\\correctchoice{Neon}\n\\wrongchoice{Iron}\n\\end{choices}\n\\end{question}",
            GIVEN,
        ),
        (STEM + "\\begin{enumerate}[(a)]\\item Oxygen\\item Neon\\item Iron\\end{enumerate}", ()),
        (
            STEM
            + "\n\n$\\textbf{(A)}\\ Oxygen\\qquad\\textbf{(B)}\\ Neon\\qquad\\textbf{(C)}\\ Iron$",
            (),
        ),
        (STEM + "\n\\textbf{(A) }Oxygen \\quad \\textbf{(B) }Neon\\\\ \\textbf{(C) }Iron", ()),
        (STEM + "<ol><li>Oxygen</li><li>Neon</li><li>Iron</li></ol>", ()),
        (f"<p>{STEM}</p><ul><li>Oxygen</li><li class='right'>Neon</li><li>Iron</li></ul>", GIVEN),
        (f"{STEM}<br>A. Oxygen<br/>B. Neon<br />C. Iron", ()),
        (f"<p>{STEM}</p><p>A) Oxygen</p><p>B) Neon</p><p>C) Iron</p>", ()),
        (f"{STEM}\n| A | Oxygen |\n| B | Neon |\n| C | Iron |", ()),
        (
            f"{STEM}\n| Option | Text |\n|---|:-:|\n| **A** | Oxygen |\n| **B** | Neon |\n| **C** | Iron |",
            (),
        ),
        (f"{STEM}\n| A | B | C |\n|---|---|---|\n| Oxygen | Neon | Iron |", ()),
        (f"{STEM}\n| A. Oxygen | B. Neon |\n| C. Iron | |", ()),
        (f"{STEM}\n| A | Oxygen | |\n| B | Neon | x |\n| C | Iron | |", GIVEN),
    ],
)
def test_case_13_formats(text: str, notes: tuple[str, ...]) -> None:
    check(text, notes=notes)


def test_case_13_text2qti() -> None:
    text = f"Title: T\nPoints: 2\n1. {STEM}\n... think\na) Oxygen\n*b) Neon\n... right!\nc) Iron"
    assert Question.parse(text) == Question(f"1. {STEM}", OPTIONS, tuple("abc"), GIVEN)


def test_case_13_gift_escapes_blanks_and_truth() -> None:
    question = Question.parse("Let x \\= 1. A \\{set\\} { ~x\\=2 =x\\~3 } is what?")
    assert question.stem == "Let x = 1. A {set} _____ is what?"
    assert question.options == ("x=2", "x~3")
    assert Question.parse("The sun is hot. {T}").options == ("True", "False")
    refused("Two and two? {=4 =four}", "no options found")


def test_case_13_gift_takes_weights_and_feedback_off_answers_alone() -> None:
    question = Question.parse("Is 12.5%-14.5% of C# code so? {~%50%50% of it#no =all \\# of it}")
    assert question.stem == "Is 12.5%-14.5% of C# code so?"
    assert question.options == ("50% of it", "all # of it")
    question = Question.parse("What prints `a\\\\nb`?{~x\\ny =z}")
    assert (question.stem, question.options) == ("What prints `a\\nb`?", ("x\ny", "z"))


def test_case_13_a_table_of_the_question_stays_in_latex() -> None:
    table = "\\begin{center}\\begin{tabular}{c}1\\\\2\\end{tabular}\\end{center}"
    choices = "\\begin{choices}\\choice Oxygen\\choice Neon\\choice Iron\\end{choices}"
    check(f"\\begin{{problem}}{table}{STEM}{choices}\\end{{problem}}", stem=table + STEM)


def test_case_13_a_line_below_a_competition_s_options() -> None:
    labels = "$\\textbf{(A)}\\ Oxygen\\qquad\\textbf{(B)}\\ Neon\\qquad\\textbf{(C)}\\ Iron$"
    for below in ("Posted by anna", "2 comments"):
        check(f"{STEM}\n{labels}\n{below}", notes=CLOSED)


def test_case_13_a_bar_in_a_cell_is_escaped() -> None:
    question = Question.parse("Which is it?\n| A | P(x \\| y) |\n| B | P(y) |")
    assert question.options == ("P(x | y)", "P(y)")


def test_case_13_bullets_below_statements_on_the_question_s_line() -> None:
    text = "Which hold? I. it rains II. it pours III. it snows\n- I only\n- I and III\n- none"
    question = Question.parse(text)
    assert question.options == ("I only", "I and III", "none")
    assert question.stem == "Which hold? I. it rains II. it pours III. it snows"
    refused(
        "Which hold? (a) rain (b) snow\n- one of them\n- both", "the bullets may be the options"
    )


@pytest.mark.parametrize(
    "stem",
    [
        "Calculate the field at a distance of 1.5 m.",
        "We have 3. Choose the next number.",
        "The square of 3 is",
        "Найдите сумму.",
        "Noble gases are found in -",
    ],
)
def test_case_13_bullets_below_an_order_or_an_open_sentence(stem: str) -> None:
    check(f"{stem}\n- Oxygen\n- Neon\n- Iron", notes=("bullets_without_labels",), stem=stem)
    refused("It rains a lot here.\n- Oxygen\n- Neon", "no options found")


def test_case_05_a_key_below_an_option_with_an_open_bracket() -> None:
    lines = "What goes on line 7?\nA. while (x) {\nB. for (;;) {"
    question = Question.parse(f"{lines}\nANSWER: B")
    assert (question.options, question.notes) == (("while (x) {", "for (;;) {"), GIVEN)
    assert Question.parse(f"{lines}\n  answer: 2").options[1].endswith("answer: 2")


def test_case_13_formulas_keep_their_signs() -> None:
    text = "Find $x$. $\\textbf{(A)}\\ \\frac12 \\qquad\\textbf{(B) } 2$"
    question = Question.parse(text)
    assert (question.stem, question.options) == ("Find $x$.", ("$\\frac12$", "2"))
    price = "It costs $5. How much are $n$ of them? $\\textbf{(A)}\\ 5n\\qquad\\textbf{(B)}\\ n$"
    question = Question.parse(price)
    assert question.stem == "It costs $5. How much are $n$ of them?"
    assert question.options == ("5n", "n")


@pytest.mark.parametrize(
    ("stem", "options"),
    [
        ("What prints?\nif (x) { y = 1; }", ("1", "2")),
        ("Let \\textbf{A} and \\textbf{B} be matrices. Which?", ("x", "y")),
        ("Which tag?", ("<br>", "<ul><li>x</li><li>y</li></ul>")),
        ("Use the table.\n| A | B |\n|---|---|\n| 1 | 2 |\nWhich?", ("1", "2")),
        ("Which list?\n- [ ] x\n- [x] y\nWhat is it?", ("Markdown", "HTML")),
        ("What is {=a ~b} in GIFT?", ("a question", "text")),
    ],
)
def test_case_13_what_only_looks_like_a_format_stays(stem: str, options: tuple[str, str]) -> None:
    question = Question.parse(f"{stem}\nA. {options[0]}\nB. {options[1]}")
    assert (question.stem, question.options) == (stem, options)


# --- every format reads back ------------------------------------------------------------------------

Render = Callable[[str, Sequence[str]], str]


def _lines(stem: str, options: Sequence[str], labels: Sequence[str], form: str = "{}. {}") -> str:
    return "\n".join((stem, *map(form.format, labels, options)))


def _columns(stem: str, options: Sequence[str]) -> str:
    rows = (len(options) + 1) // 2
    cells = [f"{label}. {option}" for label, option in zip("ABCDEF", options, strict=False)]
    lines = itertools.zip_longest(cells[:rows], cells[rows:], fillvalue="")
    width = max(map(len, cells)) + 4
    return "\n".join((stem, *(f"{left:<{width}}{right}".rstrip() for left, right in lines)))


def _gift(stem: str, options: Sequence[str]) -> str:
    stem, *options = (re.sub(r"([~=#{}:\\])", r"\\\1", text) for text in (stem, *options))
    return f"{stem} {{\n=" + "\n~".join(options) + "\n}"


def _html(stem: str, options: Sequence[str]) -> str:
    stem, *options = (html.escape(text, quote=False) for text in (stem, *options))
    return f"<p>{stem}</p><ul><li>" + "</li><li>".join(options) + "</li></ul>"


def _in_cells(options: Sequence[str]) -> list[str]:
    return [option.replace("|", r"\|") for option in options]


FORMATS: dict[str, Render] = {
    "Aiken": lambda s, o: _lines(s, o, "ABCDEF") + "\nANSWER: B",
    "GIFT": _gift,
    "text2qti": lambda s, o: _lines(s, o, "abcdef", "{}) {}").replace("\nb)", "\n*b)"),
    "checkboxes": lambda s, o: _lines(s, o, " x    ", "- [{}] {}"),
    "circles": lambda s, o: _lines(s, o, "○●○○○○", "{} {}"),
    "bullets": lambda s, o: _lines(s, o, "------", "{} {}"),
    "table": lambda s, o: _lines(s + "\n| | Option |\n|---|---|", _in_cells(o), "ABCDEF", "| {} | {} |"),
    "columns of a table": lambda s, o: f"{s}\n| " + " | ".join("ABCDEF"[: len(o)]) + " |\n| "
    + " | ".join(_in_cells(o)) + " |",
    "competition": lambda s, o: f"{s} $"
    + "\\qquad".join(f"\\textbf{{({n})}}\\ {x}" for n, x in zip("ABCDEF", o, strict=False)) + "$",
    "LaTeX": lambda s, o: f"{s}\\begin{{choices}}\\correctchoice{{"
    + "}\\wrongchoice{".join(o) + "}\\end{choices}",
    "HTML": _html,
    "breaks": lambda s, o: _lines(s, o, "ABCDEF").replace("\n", "<br>"),
    "two columns": _columns,
    "forum": lambda s, o: _lines(s, o, "ABCDEF") + "\n\nI think B, am I right?",
    "words": lambda s, o: _lines(s, o, "ABCDEF", "Option {}: {}"),
    "circled": lambda s, o: _lines(s, o, "①②③④⑤⑥", "{} {}"),
    "one line": lambda s, o: _lines(s, o, "ABCDEF", "{}) {}").replace("\n", " "),
} | {
    name: lambda s, o, labels=labels: _lines(s, o, labels, "({}) {}")  # type: ignore[misc]
    for name, labels in {
        "Greek": "ΑΒΓΔΕΖ", "Cyrillic": "АБВГДЕ", "Arabic": "أبجدهو", "Hindi": "कखगघङच",
        "Korean": "가나다라마바", "Chinese": "甲乙丙丁戊己", "Roman": ("i", "ii", "iii", "iv", "v", "vi"),
    }.items()
}  # fmt: skip
LABELS = {
    "text2qti": "abcdef", "Greek": "ΑΒΓΔΕΖ", "Cyrillic": "АБВГДЕ", "Arabic": "أبجدهو",
    "Hindi": "कखगघङच", "Korean": "가나다라마바", "Chinese": "甲乙丙丁戊己",
    "Roman": ("i", "ii", "iii", "iv", "v", "vi"), "circled": "①②③④⑤⑥",
}  # fmt: skip

# What a format cannot hold without a doubt, by a pattern of the question's own text.
NOT_IN = {
    "competition": r"[$\\]",  # the formula that the labels are in ends at a dollar
    "breaks": r"<\w",  # tags that nobody escaped are tags
    "LaTeX": r"\\(?:begin|end|item|choice)",
}


@pytest.mark.skipif(not list(SHARED.glob("data/mcq/*.jsonl")), reason="no shared data")
@pytest.mark.parametrize("name", FORMATS)
def test_real_questions_read_back_from_every_format(name: str) -> None:
    """Some are refused, as `REFUSED` says; none is read wrongly."""
    wrong, refusals = [], Counter[str]()
    for key, question, options in random.Random(15).sample(REAL, 40):
        stem, own = " ".join(question.split()), [" ".join(option.split()) for option in options]
        if len(own) > 6 or re.search(NOT_IN.get(name, r"\Z\w"), "\n".join((stem, *own))):
            continue
        try:
            found = Question.parse(FORMATS[name](stem, own))
        except QuestionError as error:
            refusals[str(error).partition(":")[0].partition(";")[0]] += 1
            continue
        expected = Question.from_options(stem, own, LABELS.get(name, "ABCDEF")[: len(own)])
        if (found.stem, found.options, found.labels) != (
            expected.stem,
            expected.options,
            expected.labels,
        ):
            wrong.append(key)
    assert (wrong, set(refusals) - set(REFUSED)) == ([], set())


# Why some are refused, and rightly: a person could read them in two ways.
REFUSED = {
    "no options found": "bullets below a statement; Roman numerals below words that judge statements",
    "the bullets may be the options, or belong to the text of c": "(a) to (c) stand in the stem",
    "the last lines may be a part of option D or stand below the options": "an option of code",
}

words = st.text(st.sampled_from("abcdxyzәғқ0123456789'"), min_size=2, max_size=6)
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
texts = st.lists(phrases, min_size=2, max_size=6, unique=True)
sentences = st.lists(
    st.text(st.sampled_from("abcdeklmnorstuәғқ"), min_size=2, max_size=9), min_size=1, max_size=9
).map(lambda found: "Well " + " ".join(found) + ".")


@settings(max_examples=10, deadline=None, database=None, derandomize=True)
@pytest.mark.parametrize("name", FORMATS)
@given(stem=phrases, options=texts, before=sentences, after=sentences)
def test_every_format_reads_back(
    name: str, stem: str, options: list[str], before: str, after: str
) -> None:
    """Prose above the question belongs to it; prose below the options changes the notes alone."""
    text = FORMATS[name](f"{stem}?", options)
    labels = tuple(LABELS.get(name, "ABCDEF")[: len(options)])
    plain = Question.parse(text)
    assert (plain.stem, plain.options, plain.labels) == (f"{stem}?", tuple(options), labels)
    below = Question.parse(f"{text}\n\n{after}")
    assert (below.stem, below.options, below.labels) == (plain.stem, plain.options, plain.labels)
    above = Question.parse(f"{before}\n\n{text}")
    assert (above.options, above.labels) == (plain.options, plain.labels)
    assert above.stem == f"{before}\n\n{stem}?"
