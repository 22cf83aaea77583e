"""Rows of questions as data sets publish them: one table of which fields hold what.

A row is read by the first layout whose fields it has. A field that belongs to no part of the question
and may hold text of it is refused by name: an answer to half a question would be as sure as any other.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import QuestionError
from .own_labels import own_labels

Row = Mapping[str, object]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", str(name)).lower()


@dataclass(frozen=True)
class Layout:
    """The fields of a data set. Names are compared without case, spaces and underscores.

    options: one field, or one for each option; optional ones end in "?". answer: fields of the right
    option, as a label or its text; `counts_from` is the number that stands for the first option, or
    None where that is not known. right_first: the options are in an order that tells the right one.
    rest: further fields, which hold nothing of the question.
    """

    name: str
    stem: str
    options: tuple[str, ...] = ("options",)
    answer: tuple[str, ...] = ("answer",)
    counts_from: int | None = None
    right_first: bool = False
    rest: tuple[str, ...] = ()
    fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        needed = (name for name in (self.stem, *self.options) if not name.endswith("?"))
        object.__setattr__(self, "fields", frozenset(map(_plain, needed)))


_A_TO_E = ("A", "B", "C?", "D?", "E?", "F?", "G?", "H?", "I?", "J?")
LAYOUTS = (
    Layout("TruthfulQA", "question", ("mc1_targets",), (), right_first=True, rest=("mc2_targets",)),
    Layout(
        "GPQA",
        "Question",
        ("Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2?", "Incorrect Answer 3?"),
        (),
        right_first=True,
        rest=(".*",),
    ),
    Layout(
        "SciQ",
        "question",
        ("correct_answer", "distractor1", "distractor2?", "distractor3?"),
        (),
        right_first=True,
    ),
    Layout("MedMCQA", "question", ("opa", "opb", "opc?", "opd?", "ope?"), ("cop",)),
    Layout(
        "KazMMLU", "Question", tuple(f"Option {name}" for name in _A_TO_E), ("Answer Key", "answer")
    ),
    Layout("C-Eval, CMMLU, MMLU in columns", "question", _A_TO_E),
    Layout(
        "options in numbered columns",
        "question",
        ("option1", "option2", "option3?", "option4?", "option5?"),
    ),
    Layout("WinoGrande", "sentence", ("option1", "option2"), counts_from=1),
    Layout("PIQA", "goal", ("sol1", "sol2"), ("label",), 0),
    Layout(
        "HellaSwag", "ctx", ("endings",), ("label",), 0, rest=("ctx_a", "ctx_b", "activity_label")
    ),
    Layout(
        "OpenBookQA",
        "question_stem",
        ("choices",),
        ("answerKey",),
        rest=("fact1", "humanScore", "clarity"),
    ),
    Layout(
        "MMLU, ARC, CommonsenseQA", "question", ("choices",), ("answerKey", "answer", "label"), 0
    ),
    Layout(
        "MMLU-Pro, MedQA, AQuA, RACE, FogGen",
        "question",
        ("options",),
        ("answer_idx", "answer", "correct"),
    ),
    Layout("LogiQA", "query", ("options",), ("correct_option",), 0),
    Layout("options in the text", "question", (), ("answerKey", "answer")),
)
CONTEXT = frozenset(("context", "passage", "article", "paragraph", "support", "story", "premise"))
_WORD = re.compile(r"[A-Z]?[^\W_A-Z\d]+\d*|[A-Z]+|\d+")
# The last word of a field's name, or any word of it, that says that it is about the question.
_ABOUT = re.compile(
    r"u?ids?|qid|idx|ind|index|number|no|subjects?|topics?|(?:sub)?(?:category|domain)|source|src|split|type"
    r"|level|grade|difficulty|language|lang|licen[cs]e|url|link|date|year|author|name|tags?|exam|group|set"
    r"|dataset|file|version|hash|sha256|concept|info|phrases|score|tier|alone|skill|discipline|country|region|tokens|anonymized"
)
_ANSWERING = re.compile(
    r"answers?|correct|gold|key|labels?|explanation|rationale|exp|solution|cot|reasoning|feedback"
)


@dataclass(frozen=True)
class RowParts:
    """What a row holds. options: None where they stand in the stem's text. answers: the values of the
    fields of the right option. counts_from: see `Layout`. right: the right option, where its place told it."""

    stem: str
    options: tuple[str, ...] | None
    labels: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    answers: tuple[object, ...] = ()
    counts_from: int | None = None
    right: int | None = None


def parts_of(row: Row) -> RowParts:
    """The parts of a row. Raises `QuestionError` that names the field that cannot be read."""
    nested = row.get("question")
    if isinstance(nested, Mapping):  # {"question": {"stem", "choices"}}, as ARC was first published
        inner = {name: value for name, value in nested.items() if name != "stem"}
        return parts_of({**row, "question": nested.get("stem"), **inner})
    fields = {_plain(name): name for name in row}
    layout = next(
        (one for one in LAYOUTS if one.fields <= fields.keys() and _has_options(row, one, fields)),
        None,
    )
    if layout is None:
        raise _wrong("question", row.get("question"), "a text", row)
    used = [fields[name] for name in map(_plain, layout.options) if name in fields]
    told = [fields[name] for name in map(_plain, layout.answer) if name in fields]
    around = [name for name in row if _plain(name) in CONTEXT and row[name]]
    _refuse_unknown(row, {fields[_plain(layout.stem)], *used, *told, *around}, layout)
    stem = "\n\n".join(_text(row, name) for name in (*around, fields[_plain(layout.stem)]))
    answers = tuple(row[name] for name in told)
    if not layout.options:
        return RowParts(stem, None, answers=answers)
    labels, options = _options(row, used)
    if layout.right_first:
        return _reordered(stem, options, _place_of_right(row, used))
    notes: tuple[str, ...] = ()
    if found := own_labels(options):
        labels, options = labels or found[0], found[1]
        notes = ("labels_in_options_removed",)
    return RowParts(
        stem, tuple(options), tuple(labels) if labels else None, notes, answers, layout.counts_from
    )


def _has_options(row: Row, layout: Layout, fields: Mapping[str, str]) -> bool:
    """Is there more than null in the layout's fields of options?"""
    return all(row[fields[_plain(n)]] is not None for n in layout.options if not n.endswith("?"))


def _refuse_unknown(row: Row, used: Iterable[str], layout: Layout) -> None:
    for name in row:
        known = name in used or any(
            re.fullmatch(_plain(rest) if rest != ".*" else rest, _plain(name))
            for rest in layout.rest
        )
        if not known and not _is_about(name) and _may_be_text(row[name]):
            raise QuestionError(
                f'field "{name}" may hold text of the question: {str(row[name])[:40]!r}',
                hint='call it "context" if it does, or leave it out',
            )


def _is_about(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[-1] in ("choices", "options"):
        return False
    return bool(_ABOUT.fullmatch(words[-1]) or any(map(_ANSWERING.fullmatch, words)))


def _may_be_text(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Mapping):
        return any(map(_may_be_text, value.values()))
    return isinstance(value, list | tuple) and any(map(_may_be_text, value))


def _text(row: Row, name: str) -> str:
    value = row[name]
    if not isinstance(value, str):
        raise _wrong(name, value, "a text", row)
    return value


def _options(row: Row, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The labels, or none, and the texts. Null options are left out, and keep their place's letter."""
    if len(names) > 1:
        values: object = [row[name] if row[name] != "" else None for name in names]
        return _listed(", ".join(names), values)
    return _listed(names[0], row[names[0]])


def _listed(name: str, value: object) -> tuple[list[str], list[str]]:
    if isinstance(value, str):
        value = _from_text(name, value)
    if isinstance(value, Mapping):
        texts = value.get("text", value.get("choices"))
        labels = value.get("label")
        if texts is None and len(value) > 1:
            labels, texts = list(value), list(value.values())
        if not isinstance(texts, list | tuple):
            raise _wrong(name, value, "a list of texts")
        return _without_null(name, texts, labels)
    if not isinstance(value, list | tuple):
        raise _wrong(name, value, "a list of texts")
    if value and all(isinstance(option, Mapping) for option in value):
        return _without_null(name, [o.get("text") for o in value], [o.get("label") for o in value])
    return _without_null(name, value, None)


def _without_null(
    name: str, texts: Sequence[object], labels: object
) -> tuple[list[str], list[str]]:
    numbers = all(isinstance(text, int | float) or _is_null(text) for text in texts)
    kept = [place for place, text in enumerate(texts) if not _is_null(text)]
    for place in kept:
        if not isinstance(texts[place], str) and not numbers:
            raise _wrong(f"{name}[{place}]", texts[place], "a text")
    own = (
        list(map(str, labels))
        if isinstance(labels, list | tuple) and len(labels) == len(texts)
        else None
    )
    has_gap = bool(kept) and kept[-1] >= len(kept)
    own = own or (list(LETTERS) if has_gap else None)
    options = [
        json.dumps(text) if isinstance(text, bool) else str(text)
        for text in map(texts.__getitem__, kept)
    ]
    return [own[place] for place in kept] if own else [], options


def _is_null(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


_LETTERED = re.compile(r"(?:^|[\s,;]+)[(\[]?([a-jA-J])\s?[)\].:]\s*")


def _from_text(name: str, text: str) -> object:
    """A list that was written as a text: JSON, Python, or `a ) 3 , b ) 4`."""
    for load in (json.loads, ast.literal_eval):
        try:
            value = load(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, list) and (load is json.loads or repr(value) == text.strip()):
            return value
    before, *pieces = _LETTERED.split(text.strip())
    if len(pieces) > 2 and not before:
        labels, texts = pieces[::2], pieces[1::2]
        if [label.upper() for label in labels] == list(LETTERS[: len(labels)]):
            return {"label": labels, "text": [text.strip().rstrip(",").strip() for text in texts]}
    raise _wrong(name, text, "a list of texts")


def _place_of_right(row: Row, names: Sequence[str]) -> int:
    """The place of the right option before the options are put in another order."""
    value = row[names[0]]
    labels = value.get("labels") if isinstance(value, Mapping) else None
    return labels.index(1) if isinstance(labels, list) and 1 in labels else 0


def _reordered(stem: str, options: Sequence[str], right: int) -> RowParts:
    """In an order that only the texts decide, as the place of the right option would tell it."""
    order = sorted(
        range(len(options)),
        key=lambda n: hashlib.sha256(
            f"{stem}\n{options[n]}".encode("utf-8", "surrogatepass")
        ).digest(),
    )
    return RowParts(
        stem,
        tuple(options[n] for n in order),
        None,
        ("options_reordered",),
        right=order.index(right),
    )


def _wrong(name: str, value: object, expected: str, row: Row | None = None) -> QuestionError:
    found = "missing" if value is None else f"{type(value).__name__} {str(value)[:40]!r}"
    has = f"; the row has {', '.join(map(repr, row))}" if row else ""
    return QuestionError(f'field "{name}" is {found}{has}', hint=f"it must be {expected}")
