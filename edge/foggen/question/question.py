"""The question: from a user's text to stem, options and labels, and on to what the model sees.

`Question.parse` accepts what people paste: `A.` `A)` `(a)` `[A]` `A:` `A -` `1.` `①`, on lines or
on one line, Latin, Cyrillic, full-width. Options are mapped by position, and the user's labels are
kept for the answer. Unparsable text is an error with the remedy, never a guess.

Left to others: finding options (`runs.py`), the prompt around the text (`engine/contract.py`) and its
length in tokens (`engine/engine.py`). `<|im_end|>` in a question is plain text, both here and there.

    PYTHONPATH=edge python -m pytest tests/edge/question
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foggen_cloud import alphabets

from ..errors import NoQuestionError, QuestionError
from ..text_files import marked
from . import labels as _labels
from . import marks as _marks
from . import pasted as _pasted
from . import runs as _runs
from . import several as _several
from .refusals import line_at

__all__ = ["MAX_OPTIONS", "MAX_QUESTION_BYTES", "TRAINED_OPTIONS", "Question", "clean"]

MAX_QUESTION_BYTES = 1 << 20
MAX_OPTIONS = _labels.MAX_OPTIONS
TRAINED_OPTIONS = 4  # the published contract knows A to D
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FORMS = "write one option a line as 'A. text', 'A) text', '(A) text' or '1. text'"
OPEN = "--open asks without options"

# Only whole sequences: an unfinished one would swallow the question's text.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x08\x1b\x7f-\x9f\n]*(?:\x07|\x1b\\|\x9c)"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
# NFC takes quadratic time on a long row of combining marks; pieces of 1024 bound it.
_PIECE = re.compile(r"[\x00-\x7f]*[^\x00-\x7f]{0,1024}")
_BOLD_LABEL = re.compile(
    r"^[ \t]*(?P<bold>\*\*|__|<(?:b|strong|u|mark)>)"
    r"(?P<label>[(\[]?\w{1,2}[)\].:]{1,2}(?: [^*\n]*?)?|[^\W_](?=(?:\*\*|__)[.):]))"
    r"(?:\*\*|__|</(?:b|strong|u|mark)>)",
    re.MULTILINE,
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def clean(text: str | bytes) -> tuple[str, tuple[str, ...]]:
    """`text` without what a terminal or a tokenizer should not get, and notes on what was changed.

    Bytes are read as their byte order mark says, without one as UTF-8. CRLF and CR become newlines; terminal escape sequences, the other C0
    and C1 controls except newline and tab, and a leading byte order mark are removed; invalid bytes
    and lone surrogates become U+FFFD. Everything else is kept, bidi controls included. Notes:
    `invalid_utf8_replaced`, `lone_surrogates_replaced`, `control_characters_removed`.
    """
    notes = []
    if isinstance(text, bytes):
        encoding, data = marked(text)
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") > data.count("\ufffd".encode(encoding)):
            notes.append("invalid_utf8_replaced")
    if _SURROGATES.search(text):
        notes.append("lone_surrogates_replaced")
        text = _SURROGATES.sub("\ufffd", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    printable = _CONTROLS.sub("", _ESCAPES.sub("", text))
    if printable != text:
        notes.append("control_characters_removed")
    return printable.lstrip("\ufeff"), tuple(notes)


@dataclass(frozen=True)
class Question:
    """A multiple-choice question.

    `labels` are the user's own, without punctuation, one for each option; the model sees its own
    labels A, B, ... by position. `notes` are words for machines: `out_of_training` (more options
    than the model was trained on), `mixed_scripts`, `mixed_punctuation`, `labels_not_from_first`,
    `labels_with_gaps`, `bullets_without_labels`, `duplicate_option_text`, `given_answer_removed`,
    `invisible_characters_removed`, and those of `clean`.
    """

    stem: str
    options: tuple[str, ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str | bytes) -> Question:
        """Read a question with its options.

        The text is cleaned (see `clean`), brought to Unicode's NFC, and zero-width and bidi
        controls are removed from it, so that what is read is what is seen; to log the original is
        the caller's part. An answer that was pasted along is cut off with its explanation (see
        `pasted.py`), and so is the mark of the right option (`marks.py`); the note
        `given_answer_removed` tells of both. A bare `Answer:` at the end is dropped without a note.

        Raises `NoQuestionError` if nothing is asked, and `QuestionError` if there are no options,
        one, or more than 26, if a label is repeated or an option is empty, if the text holds several
        questions or can be read in two ways, or if it is over `MAX_QUESTION_BYTES`.
        """
        _refuse_size(text)
        visible, notes = _visible(text)
        if not visible.strip():
            raise NoQuestionError("no question", hint="the text is empty")
        plain, bold = _without_bold_labels(visible)
        body, given = _pasted.without_key(plain)
        try:
            run = _runs.find_run(body)
        except QuestionError:  # a label is there twice, perhaps of another question
            _several.refuse_several_on_a_line(body)
            raise
        if run is None or len(run.labels) < 2:
            stem, options = _runs.bulleted(body)
            if options:
                _several.refuse_several_bulleted(body, stem)
                notes = (*notes, *_given(given), "bullets_without_labels")
                return _checked(stem, options, _letters(options), notes)
        if run is None:
            raise QuestionError("no options found", hint=_hint_without_options(visible))
        _several.refuse_several(body, run)
        shorter, inner = _pasted.without_inner_keys(body, run)
        if inner:
            body, run = shorter, _runs.find_run(shorter) or run
        _refuse_parts(body, run)
        labels = tuple(label.glyph for label in run.labels)
        texts, marked = _marks.without_marks(body, run, run.texts(body))
        given = given or inner or marked or run.has_marked(body) or _some_are_bold(bold, run)
        notes = (*notes, *_given(given), *_label_notes(run))
        return _checked(body[: run.start], texts, labels, notes)

    @classmethod
    def from_options(
        cls, stem: str, options: Sequence[str], labels: Sequence[str] | None = None
    ) -> Question:
        """A question whose parts are known; `labels` are A, B, ... if not given.

        Raises as `parse` does; the texts are cleaned in the same way.
        """
        _refuse_size("\n".join((stem, *options, *(labels or ()))))
        cleaned = [_visible(part) for part in (stem, *options, *(labels or ()))]
        notes = [note for _, more in cleaned for note in more]
        texts = [part.strip() for part, _ in cleaned]
        own = texts[len(options) + 1 :] if labels is not None else _letters(options)
        return _checked(texts[0], texts[1 : len(options) + 1], own, notes)

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> Question:
        """Read a row `{"question": str, "options": [str, ...]}`; without options it is parsed.

        Raises `QuestionError` naming the field if a type is wrong, and as `parse` does.
        """
        question, options = row.get("question"), row.get("options")
        if not isinstance(question, str):
            raise _wrong_type("question", question, "a text")
        if options is None:
            return cls.parse(question)
        if not isinstance(options, list | tuple):
            raise _wrong_type("options", options, "a list of texts")
        for place, option in enumerate(options):
            if not isinstance(option, str):
                raise _wrong_type(f"options[{place}]", option, "a text")
        return cls.from_options(question, options)

    def text(self) -> str:
        """What the model sees: the stem, then one option a line under the model's own labels."""
        lines = (f"{LETTERS[n]}. {option}" for n, option in enumerate(self.options))
        return "\n".join((self.stem.strip(), *lines))

    def index_of(self, label: str) -> int | None:
        """The position of the option that a user calls `label`, or None.

        Case and width do not count. A letter of another script is taken by its look and by its
        place in its own alphabet; where the two differ (`B` among А Б В: the look of the third, the
        place of the second) it is None.
        """
        return alphabets.index_of(_visible(label)[0].strip(), self.labels)


def _visible(text: str | bytes) -> tuple[str, tuple[str, ...]]:
    cleaned, notes = clean(text)
    shown = _INVISIBLE.sub("", cleaned)
    if shown != cleaned:
        notes = (*notes, "invisible_characters_removed")
    shown = shown.replace("\u2028", "\n").replace("\u2029", "\n")
    if not shown.isascii():
        shown = _PIECE.sub(lambda piece: unicodedata.normalize("NFC", piece[0]), shown)
    return shown, notes


def _without_bold_labels(text: str) -> tuple[str, list[int]]:
    """`text` without the bold type of labels, and the places in it of what was bold."""
    pieces: list[str] = []
    places, position, length = [], 0, 0
    for found in _BOLD_LABEL.finditer(text):
        pieces += [text[position : found.start("bold")], found["label"]]
        length += found.start("bold") - position
        places.append(length)
        length += len(found["label"])
        position = found.end()
    return "".join((*pieces, text[position:])), places


def _some_are_bold(places: Sequence[int], run: _labels.Run) -> bool:
    """Is the label of one option in bold, and not those of all? That tells the answer."""
    bold = sum(any(label.start <= place <= label.at for place in places) for label in run.labels)
    return 0 < bold < len(run.labels)


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
    return tuple(LETTERS[: len(options)]) + ("?",) * (len(options) - MAX_OPTIONS)


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


def _wrong_type(field: str, value: object, expected: str) -> QuestionError:
    found = "missing" if value is None else f"{type(value).__name__} {str(value)[:40]!r}"
    return QuestionError(f'field "{field}" is {found}', hint=f"it must be {expected}")
