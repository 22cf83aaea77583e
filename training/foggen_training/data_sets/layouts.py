"""What the columns of a data set mean: turns a row into a question, options, and the key's position.

A layout is chosen by the columns of the file. Sources: the data sets' cards on the hub, and public code that
loads them (KazCulture: question, a to d, answer_label).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foggen.errors import QuestionError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class NoKey(Exception):
    """A row cannot be used; the text is the reason, without details of the row."""


@dataclass(frozen=True)
class Layout:
    """The names of the columns.

    options: one column with all options, or one column for each. fixed: the options, if they are the same
    in every row. context: column with text to put before the question, or "". numbers: the key may be a
    number, counted from 0.
    """

    question: str
    options: str | tuple[str, ...]
    answer: str
    fixed: tuple[str, ...] = ()
    context: str = ""
    numbers: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a row must have."""
        one = (self.options,) if isinstance(self.options, str) else self.options
        return tuple(name for name in (self.question, *one, self.answer, self.context) if name)

    def read(self, row: Mapping[str, Any]) -> tuple[str, list[str], int]:
        """Question, options, and position of the right one; raises NoKey if the row has no key."""
        options, labels = self._options(row)
        question = str(row[self.question] or "").strip()
        if self.context:
            question = f"{_text(row[self.context])}\n{question}"
        answer = row[self.answer]
        if self.numbers and re.fullmatch(r"-?\d+", str(answer)) and str(answer) not in labels:
            return question, options, counted(int(answer), options)
        return question, options, place_of(answer, options, labels)

    def _options(self, row: Mapping[str, Any]) -> tuple[list[str], Sequence[str]]:
        if self.fixed:
            return list(self.fixed), ()
        if isinstance(self.options, tuple):
            given = [row[name] for name in self.options]
            while given and given[-1] in (None, ""):  # fewer options than columns
                given.pop()
            return [str(option or "").strip() for option in given], ()
        return listed(row[self.options])


# In the order in which they are tried. The key of MMLU is a number and that of MMLU-Pro a letter; ARC and
# OpenBookQA have {"text": [...], "label": [...]}; MedMCQA counts from 0, and -1 means no key.
LAYOUTS = (
    Layout("question", "choices", "answer", numbers=True),
    Layout("question", "options", "answer"),
    Layout("question", "choices", "answerKey"),
    Layout("question_stem", "choices", "answerKey"),
    Layout("question", "options", "correct"),
    Layout("question", ("opa", "opb", "opc", "opd"), "cop", numbers=True),
    Layout("question", ("a", "b", "c", "d"), "answer_label"),
    Layout("question", ("A", "B", "C", "D"), "answer"),
    Layout("question", (), "final_decision", ("yes", "no", "maybe"), "context"),
)


def layout_of(columns: Sequence[str], name: str) -> Layout:
    """The layout that fits a file's columns; raises QuestionError if there is none. name: the file's
    name."""
    for layout in LAYOUTS:
        if set(layout.columns) <= set(columns):
            return layout
    known = "; ".join("+".join(layout.columns) for layout in LAYOUTS)
    raise QuestionError(
        f"{name} has unknown columns: {', '.join(columns) or '(none)'}",
        hint=f"known are {known}; leave the file out with --files",
    )


def listed(value: Any) -> tuple[list[str], Sequence[str]]:
    """The options of one column, and their labels if it has them."""
    if isinstance(value, Mapping):
        if {"text", "label"} <= set(value):
            return [str(text).strip() for text in value["text"]], [str(x) for x in value["label"]]
        return [str(text).strip() for text in value.values()], [str(key) for key in value]
    if isinstance(value, str):
        value = _written(value)
    if not isinstance(value, Sequence):
        raise NoKey("the options are not a list")
    if value and all(isinstance(one, Mapping) and {"text", "label"} <= set(one) for one in value):
        return [str(one["text"]).strip() for one in value], [str(one["label"]) for one in value]
    return without_labels([str(one).strip() for one in value]), ()


def _written(text: str) -> Any:
    """A list that a CSV file stores as text, as written by Python; None if it is not a literal."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def without_labels(options: list[str]) -> list[str]:
    """Remove labels such as in "A)21" or "(A) 21", if all options begin with theirs."""
    bare = []
    for letter, option in zip(LETTERS, options, strict=False):
        label = re.match(rf"\(?{letter}[).:]\s*", option)
        if not label:
            return options
        bare.append(option[label.end() :])
    return bare


def counted(place: int, options: Sequence[str]) -> int:
    """The position, counted from 0; raises NoKey if there is no such option."""
    if 0 <= place < len(options):
        return place
    raise NoKey("no key" if place == -1 else "the key is none of the options")


def place_of(answer: Any, options: Sequence[str], labels: Sequence[str]) -> int:
    """The position of the right option, found by its label, its letter or its text."""
    text = "" if answer is None else str(answer).strip()
    if not text:
        raise NoKey("no key")
    if text in labels:
        return list(labels).index(text)
    if len(text) == 1 and text.upper() in LETTERS[: len(options)]:
        return LETTERS.index(text.upper())
    if list(options).count(text) == 1:
        return list(options).index(text)
    raise NoKey("the key is none of the options")


def _text(value: Any) -> str:
    """The text of a context, which may be a list of paragraphs or PubMedQA's `contexts`."""
    if isinstance(value, Mapping):
        value = value.get("contexts", ())
    return value.strip() if isinstance(value, str) else "\n".join(str(part) for part in value)
