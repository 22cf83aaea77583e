"""What the columns of a data set mean: a row becomes a question, its options, and the key's place.

A layout is chosen by the columns that are there. Sources: the data sets' cards on the hub, and loaders of
them in public code (KazCulture: question, a to d, answer_label).
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
    """A row that cannot be used; its text is the reason, the same for all rows of a kind."""


@dataclass(frozen=True)
class Layout:
    """The names of the columns.

    options: one column that holds all, or one column for each. fixed: the options themselves where
    every row has the same ones. context: a column whose text comes before the question, "" if none.
    numbers: the key may be a number, which counts from 0.
    """

    question: str
    options: str | tuple[str, ...]
    answer: str
    fixed: tuple[str, ...] = ()
    context: str = ""
    numbers: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All that a row must have."""
        one = (self.options,) if isinstance(self.options, str) else self.options
        return tuple(name for name in (self.question, *one, self.answer, self.context) if name)

    def read(self, row: Mapping[str, Any]) -> tuple[str, list[str], int]:
        """Question, options, and place of the right one. Raises NoKey where the row has no key."""
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


# In the order in which they are tried. MMLU and MMLU-Pro: a number and a letter; ARC and OpenBookQA:
# {"text": [...], "label": [...]}; MedMCQA: a number from 0, -1 where there is no key.
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
    """The layout of a file's columns. name: of the file. Raises QuestionError naming the columns."""
    for layout in LAYOUTS:
        if set(layout.columns) <= set(columns):
            return layout
    known = "; ".join("+".join(layout.columns) for layout in LAYOUTS)
    raise QuestionError(
        f"{name} has the columns {', '.join(columns) or '(none)'}",
        hint=f"multiple-choice questions are read from {known}; leave the file out with --files",
    )


def listed(value: Any) -> tuple[list[str], Sequence[str]]:
    """The options of one column, and their labels where it tells them."""
    if isinstance(value, Mapping):
        if {"text", "label"} <= set(value):
            return [str(text).strip() for text in value["text"]], [str(x) for x in value["label"]]
        return [str(text).strip() for text in value.values()], [str(key) for key in value]
    if isinstance(value, str):
        value = _written(value)
    if not isinstance(value, Sequence):
        raise NoKey("options are no list")
    if value and all(isinstance(one, Mapping) and {"text", "label"} <= set(one) for one in value):
        return [str(one["text"]).strip() for one in value], [str(one["label"]) for one in value]
    return without_labels([str(one).strip() for one in value]), ()


def _written(text: str) -> Any:
    """A list that a CSV file holds as text, as JSON or as Python writes it; None if it is none."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def without_labels(options: list[str]) -> list[str]:
    """Options without the labels that are written before all of them: "A)21" or "(A) 21"."""
    bare = []
    for letter, option in zip(LETTERS, options, strict=False):
        label = re.match(rf"\(?{letter}[).:]\s*", option)
        if not label:
            return options
        bare.append(option[label.end() :])
    return bare


def counted(place: int, options: Sequence[str]) -> int:
    """A place from 0, if there is such an option."""
    if 0 <= place < len(options):
        return place
    raise NoKey("no key" if place == -1 else "the key is none of the options")


def place_of(answer: Any, options: Sequence[str], labels: Sequence[str]) -> int:
    """The place of the right option by its label, by its letter, or by its text."""
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
    """The text of a context: itself, or the paragraphs of PubMedQA's `contexts`."""
    if isinstance(value, Mapping):
        value = value.get("contexts", ())
    return value.strip() if isinstance(value, str) else "\n".join(str(part) for part in value)
