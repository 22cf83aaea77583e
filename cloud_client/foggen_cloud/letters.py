r"""Reads the one option that a model's final text names, if there is one. Nothing is guessed.

These rules are tried in order. The first that applies decides, even if it finds no option:

1. the whole text is a JSON object with an `answer`;
2. the last line that mentions the answer ("Final answer: B", "The answer is (B)", "Жауап: B",
   "Réponse finale : B", "最终答案：B", `\boxed{B}`) names a label or the full text of one option, and
   nothing from there to the end of the text names another label;
3. the whole text is a label or one option's full text, or its last line is a label while no
   line before starts with one.

"A" is also an article and "I" a pronoun, so a label only counts in upper case and separate from
words, or alone. What counts as the final text is decided in `final_text.py`, and `markup.py` removes
what surrounds its words. The words for "answer" are in `reply_words.py`; `alphabets.py` decides
which option a letter of another script means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .alphabets import index_of
from .answer_words import OPTION
from .final_text import final_text
from .markup import has_tags, plain
from .reply_words import ANSWER, VERB

LAST_LINES = 5
EDGES = " \t\n.,;:!?()[]【】'"

CODE_FENCE = re.compile(r"\A```\w*\s*|\s*```\Z")
SUBJECT = re.compile(ANSWER, re.I)
STATEMENT = re.compile(
    rf"{ANSWER}(?:\s*(?:{VERB}\s*:|{VERB}|=>|[:=】→⇒➜➡]|[-–—](?=\s))|\n)\s*(?:{OPTION}\b\s*)?", re.I
)
LABEL = re.compile(r"[(\[【]?\s*(\w+)(.*)", re.S)
# Separates a label from words that are not its option: "B. By ...", "(B) by ...", "B because ...".
AFTER_LABEL = re.compile(r"[)\]】]?[.:,]?(?:\s+because\b|(?<=[)\]】.:])\s)", re.I)


# Separates a label from its option's text. A minus sign belongs to the text.
SEPARATOR = re.compile(r"\A[)\]】]?[.:,]?\s*(?:[-–—]\s+)?")


def extract_label(
    text: str, labels: Sequence[str], options: Sequence[str], *, truncated: bool = False
) -> int | None:
    """The index of the option that `text` names, or None if that is not certain.

    labels: as shown to the model ("A", "B", ...). options: their texts, in the same order.
    truncated: the text was cut off, so its last line may be incomplete and is ignored, unless an
    end-of-turn token follows it. A letter of another script counts if its look and its place name
    the same option.
    """
    final = final_text(text, options)
    if final is None:
        return None
    reader, said = _Reader(tuple(labels), tuple(options)), final.text
    if truncated and not final.ended:
        said = said[: said.rfind("\n") + 1]
    answer = _json_answer(said)
    if answer is not None:
        return reader.stated(reader.plain(answer), reader.plain(answer))
    lines = [line.strip() for line in reader.plain(said).splitlines() if line.strip()]
    last = lines[-LAST_LINES:]
    for number in reversed(range(len(last))):
        if SUBJECT.search(last[number]):
            return _stated("\n".join(last[number:]), reader)
    return _single(lines, reader) if lines else None


def read_label(text: str, labels: Sequence[str], options: Sequence[str] = ()) -> int | None:
    """The index of the option that `text` names: by its label, its full text, or both.

    Without option texts, a label that is separate from what follows it is enough ("B. 0.67").
    """
    reader = _Reader(tuple(labels), tuple(options))
    piece = reader.plain(text)
    found = reader.alone(piece)
    if found is None:
        found = reader.with_own_text(piece) if options else reader.leading(piece)
    return found


@dataclass(frozen=True)
class _Reader:
    """Finds the labels and option texts of one question in pieces of plain text."""

    labels: tuple[str, ...]
    options: tuple[str, ...]

    def plain(self, text: str) -> str:
        """`text` without markup. Where options are written as tags, tags are no markup."""
        return plain(text, tags_are_text=any(has_tags(option) for option in self.options))

    def label(self, word: str) -> int | None:
        """The index of an exact label, or of the one that a capital of another script means."""
        if word in self.labels:
            return self.labels.index(word)
        return index_of(word, self.labels) if len(word) == 1 and word.isupper() else None

    def matching(self, piece: str) -> list[int]:
        """The indices of the options whose full text is `piece`, preferably in the same case."""
        wanted = _bare(piece)
        texts = [_bare(self.plain(option)) for option in self.options]
        exact = [i for i, text in enumerate(texts) if text == wanted]
        folded = [i for i, text in enumerate(texts) if text.casefold() == wanted.casefold()]
        return (exact or folded) if wanted else []

    def alone(self, piece: str) -> int | None:
        """The option that `piece` is: only its label, in either case, or its full text."""
        word = piece.strip(EDGES)
        for label in (self.label(word), self.label(word.upper())):
            if label is not None:
                return label
        found = self.matching(piece)
        return found[0] if len(found) == 1 else None

    def with_own_text(self, piece: str) -> int | None:
        """The option whose label is `piece`, alone or followed by the option's full text."""
        found, rest = self._split(piece)
        return found if not rest.strip(EDGES) or found in self._following(rest) else None

    def leading(self, piece: str) -> int | None:
        """The option that `piece` is, or whose label it starts with, separate from words."""
        alone = self.alone(piece)
        if alone is not None:
            return alone
        found, rest = self._split(piece)
        follows = self._following(rest)
        if follows:
            return found if found in follows else None
        return found if AFTER_LABEL.match(rest) else None

    def stated(self, piece: str, tail: str) -> int | None:
        """The option that `piece` states, unless `tail` around it names another label."""
        found = self.leading(piece)
        return None if found is None or self._names_other(tail, found) else found

    def _names_other(self, piece: str, found: int) -> bool:
        """Whether `piece` names a label other than `found`, outside words and its own text."""
        own = self.plain(self.options[found]).strip()
        if own and self.label(own) is None:
            piece = piece.replace(own, " ")
        words = re.findall(r"(?<![\w'’-])\w+(?![\w'’-])", piece)
        return any(self.label(word) not in (None, found) for word in words)

    def _split(self, piece: str) -> tuple[int | None, str]:
        """The label at the start of `piece`, and the rest."""
        match = LABEL.fullmatch(piece.strip())
        return (self.label(match[1]), match[2]) if match else (None, "")

    def _following(self, rest: str) -> list[int]:
        """The options whose full text, perhaps in brackets, follows a label."""
        words = SEPARATOR.sub("", rest)
        return self.matching(words) or self.matching(words.rstrip(" .").strip("()"))


def _stated(tail: str, reader: _Reader) -> int | None:
    """Rule 2: the option stated in `tail`, of which only the first line mentions the answer."""
    statements = list(STATEMENT.finditer(tail))
    if not statements:
        return None
    piece = tail[statements[-1].end() :].lstrip().partition("\n")[0]
    return reader.stated(piece, tail[statements[0].end() :])


def _single(lines: Sequence[str], reader: _Reader) -> int | None:
    """Rule 3: the option that is the whole text, or its last line."""
    whole = reader.alone(" ".join(lines))
    if whole is not None:
        return whole
    for line in lines[:-1]:
        match = LABEL.fullmatch(line)
        if match and reader.label(match[1]) is not None and match[2][:1] in ("", ".", ")", ":"):
            return None
    return reader.with_own_text(lines[-1])


def _json_answer(text: str) -> str | None:
    """The `answer` of a text that is one JSON object, perhaps in a code fence."""
    body = CODE_FENCE.sub("", text.strip())
    if not body.startswith("{"):
        return None
    try:
        answer = json.loads(body).get("answer")
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, str) else None


def _bare(text: str) -> str:
    """`text` for comparison: single spaces, and no punctuation at the end."""
    return " ".join(text.split()).rstrip(" .,;:")
