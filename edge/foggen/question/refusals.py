"""Errors about a question's text that name the lines in doubt."""

from __future__ import annotations

from ..errors import QuestionError
from .labels import Label, Run


def line_at(text: str, at: int) -> str:
    """`line 3 ('B. 1.00')`: how an error names the line that holds the offset `at`."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start : start + 80].split("\n")[0].strip()
    return f"line {text.count(chr(10), 0, at) + 1} ({line[:60]!r})"


def refusal(text: str, what: str, first: int, second: int, hint: str) -> QuestionError:
    """`what` is wrong between the lines that hold the offsets `first` and `second`."""
    lines = dict.fromkeys((line_at(text, first), line_at(text, second)))
    return QuestionError(f"{what}: {' and '.join(lines)}", hint=hint)


def stands_twice(text: str, first: Label, second: Label) -> QuestionError:
    what, hint = f"label {second.glyph} appears twice", "give every option its own label"
    return refusal(text, what, first.at, second.at, hint)


def out_of_order(text: str, first: Label, second: Label) -> QuestionError:
    what = f"labels {first.glyph} and {second.glyph} are out of order"
    hint = "write the options in the order of their labels"
    return refusal(text, what, first.at, second.at, hint)


def two_lists(text: str, first: Run, second: Run) -> QuestionError:
    what, hint = "two lists may be the options", "put the question's last line between the two"
    return refusal(text, what, first.start, second.start, hint)


def label_or_text(text: str, run: Run, glyph: str, place: int) -> QuestionError:
    """The letter at `place` may be the label of an option, or a word of the text around it."""
    before = [label for label in run.labels if label.at < place] or run.labels[:1]
    own = max(before, key=lambda label: label.at)
    what = f"{glyph} may be the label of an option, or belong to the text of {own.glyph}"
    hint = "write one option a line, and every label as the others"
    return refusal(text, what, own.at, place, hint)
