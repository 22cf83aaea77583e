"""The question: from a user's text to stem, options and labels, and on to what the model sees.

`Question.parse` accepts what people paste: `A.` `A)` `(a)` `[A]` `A:` `A -` `A、` `1.` `①` `Option A:` in
many alphabets, on lines, in columns or on one line, and the formats of `formats.py`. Options are mapped
by position, and the user's labels are kept for the answer. What cannot be read for certain is an error
with the remedy, never a guess.

How options are found is in `runs.py`, the prompt around the text in `engine/contract.py`, its length in
tokens in `engine/engine.py`. `<|im_end|>` in a question is plain text, both here and in the engine.

    PYTHONPATH=edge python -m pytest tests/edge/question
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from foggen_cloud import alphabets

from ..errors import NoQuestionError, QuestionError
from . import closings as _closings
from . import formats as _formats
from . import labels as _labels
from . import marks as _marks
from . import pasted as _pasted
from . import runs as _runs
from . import several as _several
from .cleaning import clean, visible
from .notations import plain, some_are_bold, without_bold_labels
from .refusals import line_at
from .row_layouts import RowParts, parts_of

__all__ = [
    "MAX_OPTIONS",
    "MAX_QUESTION_BYTES",
    "MODEL_LABELS",
    "TRAINED_OPTIONS",
    "Question",
    "clean",
]

MAX_QUESTION_BYTES = 1 << 20
MAX_OPTIONS = _labels.MAX_OPTIONS
TRAINED_OPTIONS = 4  # the published contract knows A to D
MODEL_LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # what the model calls the options, by position
FORMS = "write one option a line as 'A. text', 'A) text', '(A) text' or '1. text'"
OPEN = "--open asks without options"

_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A multiple-choice question.

    `labels` are the user's own, without punctuation, one for each option; the model sees its own
    labels A, B, ... by position. `notes` are words for machines: `out_of_training` (more options
    than the model was trained on), `mixed_scripts`, `mixed_punctuation`, `labels_not_from_first`,
    `labels_with_gaps`, `bullets_without_labels`, `duplicate_option_text`, `given_answer_removed`,
    `invisible_characters_removed`, `text_after_options_removed`, `labels_in_options_removed`,
    `options_reordered`, and those of `clean`.
    """

    stem: str
    options: tuple[str, ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str | bytes) -> Question:
        """Read a question with its options.

        The text is cleaned (see `clean`), brought to Unicode's NFC, and zero-width and bidi
        controls are removed from it, so that what is read is what is seen; whoever wants to log the
        original keeps it. An answer that was pasted with the question is cut off with its explanation (see
        `pasted.py`), and so is the mark of the right option (`marks.py`); both add the note
        `given_answer_removed`. A bare `Answer:` at the end is dropped without a note.

        Raises `NoQuestionError` if nothing is asked, and `QuestionError` if there are no options,
        one, or more than 26, if a label is repeated or an option is empty, if the text holds several
        questions or can be read in two ways, or if it is over `MAX_QUESTION_BYTES`.
        """
        _refuse_size(text)
        shown, notes = visible(text)
        if not shown.strip():
            raise NoQuestionError("no question", hint="the text is empty")
        written, told = plain(shown)
        bare, bold = without_bold_labels(written)
        body, given = _pasted.without_key(bare)
        body, closed = _closings.without_closing(body)
        given, notes = given or told, (*notes, *closed)
        if parts := _formats.read(body):
            return cls._from_parts(parts, given, notes)
        try:
            run = _runs.find_run(body)
        except QuestionError:  # a label is there twice, perhaps of another question
            _several.refuse_several_on_a_line(body)
            raise
        parts = _formats.bullets(body, run.start if run else None)
        if parts and (run is None or _several.are_options(body, parts.stem, run)):
            _several.refuse_several_bulleted(body, parts.stem)
            return cls._from_parts(parts, given, notes)
        if run is None:
            raise QuestionError("no options found", hint=_hint_without_options(shown))
        _several.refuse_several(body, run)
        shorter, inner = _pasted.without_inner_keys(body, run)
        if inner:
            body, run = shorter, _runs.find_run(shorter) or run
        _refuse_parts(body, run)
        labels = tuple(label.glyph for label in run.labels)
        texts, marked = _marks.without_marks(body, run, run.texts(body))
        given = given or inner or marked or run.has_marked(body) or some_are_bold(bold, run)
        notes = (*notes, *_given(given), *_label_notes(run))
        return _checked(body[: run.start], texts, labels, notes)

    @classmethod
    def _from_parts(cls, parts: _formats.Parts, given: bool, notes: Sequence[str]) -> Question:
        more = (*notes, *_given(given or parts.given), *parts.notes)
        return _checked(parts.stem, parts.options, parts.labels or _letters(parts.options), more)

    @classmethod
    def from_options(
        cls, stem: str, options: Sequence[str], labels: Sequence[str] | None = None
    ) -> Question:
        """A question whose parts are known; `labels` are A, B, ... if not given.

        Raises as `parse` does; the texts are cleaned in the same way.
        """
        _refuse_size("\n".join((stem, *options, *(labels or ()))))
        (own_stem,), notes = _cleaned([stem])
        texts, notes_on_options = _cleaned(options)
        if labels is None:
            return _checked(own_stem, texts, _letters(options), (*notes, *notes_on_options))
        own_labels, more = _cleaned(labels)
        return _checked(own_stem, texts, own_labels, (*notes, *notes_on_options, *more))

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> Question:
        """Read a row of a data set, as `row_layouts.py` knows them; without options it is parsed.

        Raises `QuestionError` naming a field that is of a wrong type or may hold more of the
        question, and as `parse` does.
        """
        return cls.from_row_parts(parts_of(row))

    @classmethod
    def from_row_parts(cls, parts: RowParts) -> Question:
        """The question of a row that was taken apart. Raises as `parse` does."""
        if parts.options is None:
            return cls.parse(parts.stem)
        question = cls.from_options(parts.stem, parts.options, parts.labels)
        return replace(question, notes=tuple(dict.fromkeys((*question.notes, *parts.notes))))

    def text(self) -> str:
        """What the model sees: the stem, then one option a line under the model's own labels."""
        lines = (f"{MODEL_LABELS[n]}. {option}" for n, option in enumerate(self.options))
        return "\n".join((self.stem.strip(), *lines))

    def index_of(self, label: str) -> int | None:
        """The position of the option that a user calls `label`, or None.

        Case and width do not count. A letter of another script is taken by its look and by its
        place in its own alphabet; where the two differ (`B` among А Б В: the look of the third, the
        place of the second) it is None.
        """
        return alphabets.index_of(visible(label)[0].strip(), self.labels)


def _cleaned(texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts as they are seen, and the notes on all of them."""
    cleaned = [visible(text) for text in texts]
    return tuple(text.strip() for text, _ in cleaned), tuple(n for _, more in cleaned for n in more)


def _refuse_size(text: str | bytes) -> None:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_QUESTION_BYTES:
        message = f"the question has {size} bytes, the limit is {MAX_QUESTION_BYTES}"
        raise QuestionError(message, hint="shorten the question")


def _refuse_parts(text: str, run: _labels.Run) -> None:
    """Raise for what is wrong with the options in a way that only a line number can name."""
    if not text[: run.start].strip():
        line = line_at(text, run.labels[0].at)
        raise QuestionError(f"no question before the options at {line}", hint="write it above them")
    for label, option in zip(run.labels, run.texts(text), strict=True):
        if not option:
            line = line_at(text, label.at)
            raise QuestionError(f"option {label.glyph} is empty: {line}", hint="write its text")
    beyond = re.search(r"(?m)^\W*(AA|А[АБ])[.):\]]", run.texts(text)[-1])
    if max(run.ordinals) > MAX_OPTIONS and run.labels[-1].folded.isdecimal():
        raise _too_many(f"label {run.last.glyph}, beyond {MAX_OPTIONS}")
    if beyond and len(run.labels) == MAX_OPTIONS:
        raise _too_many(f"label {beyond[1]}, beyond Z")


def _checked(
    stem: str, options: Sequence[str], labels: Sequence[str], notes: Sequence[str]
) -> Question:
    """The question, if it keeps the limits that hold whatever it was made from."""
    stem, count = stem.strip(), len(options)
    if not stem:
        raise NoQuestionError("no question", hint="the text before the options is empty")
    if count == 0:
        raise QuestionError("no options found", hint=f"{FORMS}; {OPEN}")
    if count == 1:
        raise QuestionError(f"only one option: {options[0][:60]!r}", hint=f"{FORMS}; {OPEN}")
    if count > MAX_OPTIONS:
        raise _too_many(f"{count} options")
    if len(labels) != count:
        raise QuestionError(f"{len(labels)} labels for {count} options", hint="give one for each")
    folded = [alphabets.fold(label) for label in labels]
    for place, (option, label) in enumerate(zip(options, labels, strict=True)):
        if not option or not label:
            raise QuestionError(f"option {place + 1} ({label}) is empty", hint="write its text")
        if folded.index(folded[place]) < place:
            raise QuestionError(f"label {label} appears twice", hint="give every option its own")
    if count > TRAINED_OPTIONS:
        notes = (*notes, "out_of_training")
    if len({" ".join(option.split()) for option in options}) < count:
        notes = (*notes, "duplicate_option_text")
    return Question(stem, tuple(options), tuple(labels), tuple(dict.fromkeys(notes)))


def _label_notes(run: _labels.Run) -> list[str]:
    letters = {label.folded.isascii() for label in run.labels}
    in_latin_order = run.alphabet == 0 and False in letters
    notes = {
        "mixed_scripts": len(letters) > 1 or in_latin_order,
        "mixed_punctuation": len({label.style for label in run.labels}) > 1,
        "labels_not_from_first": not run.from_first,
        "labels_with_gaps": bool(run.gaps),
    }
    return [note for note, applies in notes.items() if applies]


def _given(given: bool) -> tuple[str, ...]:
    return ("given_answer_removed",) if given else ()


def _letters(options: Sequence[str]) -> tuple[str, ...]:
    return tuple(MODEL_LABELS[: len(options)]) + ("?",) * (len(options) - MAX_OPTIONS)


def _hint_without_options(text: str) -> str:
    word = text.strip()
    if "\n" not in word and (_URL.fullmatch(word) or _is_path(word)):
        return "to read a question from a file, use -f FILE"
    return f"{FORMS}; {OPEN}"


def _is_path(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):  # longer than a file name may be
        return False


def _too_many(what: str) -> QuestionError:
    return QuestionError(f"{what}: more than {MAX_OPTIONS} options", hint="ask with A to Z at most")
