"""Finds the options of a question: which labels are a list of options and which are prose.

A label counts at the start of a line (`line_lists.py`), or beside its neighbours on one line
(`inline_lists.py`). The last list that begins with the first letter of its alphabet holds the options, so
that numbered statements and initials before it stay in the stem. What fits two readings raises
`QuestionError` with both lines: a wrong guess would be answered as confidently as a right one. `question.py`
cleans the text first and checks what is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum

from foggen_cloud.alphabets import ALPHABETS, ROMAN

from ..errors import QuestionError
from .inline_lists import TERMINALS, inline_run, opens
from .labels import Label, Run, members_of, scan
from .layout import completed
from .line_lists import TIGHT, asks, line_run, split_runs, stand_between
from .refusals import out_of_order, refusal, stands_twice, two_lists

_FIRST_LABELS = ("A", "А", "1")  # Latin and Cyrillic
# In the words just before the list: "which of the following statements", "which of these must be even".
_JUDGED = re.compile(
    r"\b(?:following|these|which|given|the|of) statements?\b|\b(?:assertions?|is ?/ ?are)\b|\bis \(are\)|\(s\)|утвержд|тұжырым"
    r"|\b(?:following|these)\b.{0,60}?\b(?:are|must|will)\b",
    re.I | re.S,
)
_SENTENCE_ENDS = re.compile(r"[.!?]\s")
FEW_WORDS = 4  # at most, between an initial and the options: no sentence


class _Reading(Enum):
    """Which of two lists in a text holds the options."""

    LINES = "lines"
    INLINE = "inline"
    AMBIGUOUS = "ambiguous"


def find_run(text: str) -> Run | None:
    """The labels of the options in `text`, or None where there are none.

    A single label is returned, too, if a stem stands before it; the caller refuses it. Raises
    `QuestionError` where a label is repeated or out of order.
    """
    run = _find(text, scan(text))
    return run or _find(text, scan(text, marked_lists=True))


def options_of(text: str) -> Run | None:
    """The labels of two or more options, or None, also where they are in doubt."""
    with suppress(QuestionError):
        run = find_run(text)
        if run and len(run.labels) > 1:
            return run
    return None


def _find(text: str, labels: Sequence[Label]) -> Run | None:
    at_line_start = [label for label in labels if label.line_start]
    lines, inline = line_run(text, labels), inline_run(text, labels)
    if inline and _reading(text, lines, inline, labels) is _Reading.INLINE:
        _refuse_repeats(text, inline, labels)
        _refuse_question_after(text, inline)
        return completed(text, inline, labels)
    if lines is None:
        return _single(text, at_line_start)
    _refuse_repeats(text, lines, at_line_start)
    _refuse_false_start(text, lines, at_line_start)
    _refuse_question_after(text, lines)
    return completed(text, lines, labels)


def _reading(text: str, lines: Run | None, inline: Run, labels: Sequence[Label]) -> _Reading:
    """Which list holds the options. Raises QuestionError if it may be either."""
    if lines is None:
        return _Reading.INLINE
    reading = _compared(text, lines, inline, labels)
    if reading is _Reading.AMBIGUOUS:
        raise two_lists(text, lines, inline)
    return reading


def _compared(text: str, lines: Run, inline: Run, labels: Sequence[Label]) -> _Reading:
    if lines.gaps and set(lines.labels) <= set(inline.labels):
        return (
            _Reading.INLINE
        )  # `A) x B) y` and `C) z D) w` on two lines: the lines have A and C alone
    comes_last = inline.start > lines.start
    if _is_unlikely(text, lines):
        return _Reading.INLINE if comes_last else _Reading.LINES
    if stand_between([label for label in labels if label.style == inline.style], lines):
        return _Reading.LINES  # options that hold labels themselves: `A. (1) and (2)`
    if "\n" in text[lines.last.at : inline.start] and _closes_the_text(text, lines, inline):
        return _Reading.INLINE  # statements on lines, then the options on one
    is_rival = inline.labels[0].upper and len(inline.labels) >= len(lines.labels)
    return _Reading.AMBIGUOUS if is_rival and comes_last else _Reading.LINES


def _is_unlikely(text: str, lines: Run) -> bool:
    """No first letter, no space after the labels, or no question before them."""
    is_odd = not lines.from_first or lines.style.startswith(TIGHT)
    return is_odd or not text[: lines.start].strip()


def _closes_the_text(text: str, lines: Run, inline: Run) -> bool:
    outranks = inline.outranks(lines) and inline.labels[0].line_start
    return outranks or text[: inline.start].rstrip().endswith("?")


def _refuse_question_after(text: str, run: Run) -> None:
    """Raise if the question comes after the list, which then does not hold the options."""
    last = text[run.last.end :].strip()
    is_apart = "\n" in last or not run.last.line_start
    if "\n" not in last and text[: run.start].rstrip().endswith("?"):
        is_apart = _SENTENCE_ENDS.search(last) is not None  # "Which asks? A) Yes B) Really?"
    _refuse_statements(text, run)
    if is_apart and last.endswith(("?", "？", "؟")) and not run.texts(text)[0].endswith("?"):
        what = "no options found: a question stands after the list"
        hint = "write one option a line as 'A. text', below the question"
        raise refusal(text, what, run.labels[0].at, text.rindex(last[-1]), hint)


def _refuse_statements(text: str, run: Run) -> None:
    """Raise if Roman numerals count what the question asks to judge, and no options follow."""
    words = _SENTENCE_ENDS.split(text[: run.start].rstrip())[-1]
    if ALPHABETS[run.alphabet] is ROMAN and _JUDGED.search(words):
        what = "no options found: the Roman numerals may be statements to judge, or the options"
        hint = "write the options below them, or label them with letters"
        raise refusal(text, what, run.labels[0].at, run.last.at, hint)


def _single(text: str, labels: Sequence[Label]) -> Run | None:
    """The last first label, if there is a stem before it."""
    firsts = [label for label in labels if label.folded in _FIRST_LABELS]
    if not firsts or not text[: firsts[-1].start].strip():
        return None
    return Run((firsts[-1],), (1,), 0)


def _refuse_repeats(text: str, run: Run, labels: Sequence[Label]) -> None:
    """Raise if a label like the run's appears again, or too late, on its first line or after it."""
    own = {label.at for label in run.labels}
    by_ordinal = dict(zip(run.ordinals, run.labels, strict=True))
    line = text.rfind("\n", 0, run.labels[0].at) + 1
    for label, ordinal in members_of(labels, run.alphabet, line):
        if label.at in own or (label.at < run.start and not opens(text, [label])):
            continue
        if ordinal in by_ordinal and _is_like(label, run):
            raise stands_twice(text, by_ordinal[ordinal], label)
        if label.style == run.style and ordinal < run.ordinals[-1]:
            raise out_of_order(text, run.last, label)


def _is_like(label: Label, run: Run) -> bool:
    """Of the run's style, or at a line start and of a style that shares a word with it."""
    if label.style == run.style:
        return True
    return label.line_start and bool(set(label.style.split()) & set(run.style.split()))


def _refuse_false_start(text: str, run: Run, labels: Sequence[Label]) -> None:
    """Raise if the labels just before the run may be options as well (A, A, B)."""
    group = [label for label in labels if label.style == run.style and label.at < run.labels[0].at]
    parts = split_runs(members_of(group, run.alphabet), run.alphabet)
    if not parts or _belongs_to_the_stem(text, parts[-1], run):
        return
    by_ordinal = dict(zip(run.ordinals, run.labels, strict=True))
    for label, ordinal in zip(parts[-1].labels, parts[-1].ordinals, strict=True):
        if ordinal in by_ordinal:
            raise stands_twice(text, label, by_ordinal[ordinal])
    raise out_of_order(text, parts[-1].last, run.labels[0])


def _belongs_to_the_stem(text: str, earlier: Run, run: Run) -> bool:
    """Whether the labels before the run are no options: an initial, statements, another list."""
    if not earlier.from_first:
        return True  # "C. difficile causes ..."
    between = text[earlier.last.at : run.start].strip()
    is_apart, question = "\n" in between, asks(between)
    if is_apart and (question or len(earlier.labels) > 1):
        return True  # statements A and B, and then "Which of these are true?"
    if not text[: earlier.start].strip() and len(between.split()) > FEW_WORDS:
        return between.endswith(tuple(TERMINALS))  # "A. Smith reported a profit of 3 million."
    return not asks(text[: earlier.start]) and (is_apart or question)
