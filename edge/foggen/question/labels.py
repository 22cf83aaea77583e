"""What may be a label of an option: every `A.`, `(b)`, `3)` or `②` of a text.

Which of them are options and which are prose is decided in `runs.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from foggen_cloud.alphabets import ALPHABETS, NUMBERS, alphabets_of, fold
from foggen_cloud.answer_words import OPTION

MAX_OPTIONS = 26
MAX_STEP = 3  # A, B, D is a gap; A, B, S is a line of prose that begins with "S. aureus"
LONGEST_BRACKET = 80  # characters of an aside in brackets that may hold a label

_LETTERS = {letter for table in ALPHABETS if table is not NUMBERS for letter in table}
_LETTERS |= {letter.lower() for letter in _LETTERS}
_LONG = "|".join(sorted((n for n in _LETTERS if len(n) > 1), key=len, reverse=True))  # III, iv
LETTER = f"(?:{_LONG}|[Ａ-Ｚａ-ｚⅠ-ⅻ{''.join(sorted(n for n in _LETTERS if len(n) == 1))}])"
_GLYPH = rf"(?:{LETTER}|\d{{1,2}})"
_BLANK = r"[^\S\n]"
_CIRCLED = r"(?P<circled>[①-⒵Ⓐ-ⓩ❶-➓㉑-㉟㊱-㊿])(?:[.):](?!\S))?"
_BRACKETS = (
    rf"(?:[(（]{_BLANK}?(?P<round>{_GLYPH}){_BLANK}?[)）]"
    rf"|\[(?P<square>{_GLYPH})\]"
    rf"|(?P<tail>{_GLYPH})\.?{_BLANK}?[)）])(?:[.:](?!\S))?"
)
# A full stop or colon needs a space after it: "1.5 kg", "10:30" and "a.b" are not labels.
_STOPS = (
    rf"(?P<dot>{_GLYPH})(?:\.(?!\S)|．)|(?P<colon>{_GLYPH})(?::(?!\S)|：)"
    rf"|(?P<comma>{_GLYPH})[、，]"
)
_LINE_ONLY = (
    rf"|(?P<dash>{_GLYPH}){_BLANK}*[-–—](?!\S)|(?P<loose>{_GLYPH})[/>\]}}](?!\S)"
    rf"|(?P<tight>{_GLYPH})\.(?=[^\W\d_])|(?P<tab>{LETTER})\t"
)
_AT_LINE_START = re.compile(
    rf"^{_BLANK}*(?:[-*•▪◦]{_BLANK}+)?(?:(?i:{OPTION}){_BLANK}*)?"  # "Option A: 3"
    rf"(?:{_BRACKETS}|{_CIRCLED}|{_STOPS}{_LINE_ONLY})",
    re.MULTILINE,
)
_INLINE = re.compile(
    rf"{_CIRCLED}|(?<={_BLANK})(?:{_BRACKETS}|{_STOPS})|(?<=\t)(?P<tab>{LETTER})\t"
)
_COLUMN = re.compile(  # styles that only a line or a column may begin with
    rf"(?<=[^\S\n]{{2}})(?:(?P<dash>{_GLYPH}){_BLANK}+[-–—](?!\S)|(?P<tight>{_GLYPH})\.(?=[^\W\d_]))"
)
# What people put before the label of the right option: `*c) 12`, `✓ c) 12`, `[x] c) 12`, `=c) 12`.
_BOX = r"\[[ xX✓✔*]?\]|\([ xX✓✔*]?\)|[xX](?=[ \t])"
_SIGN = r"(?:[^\w\s()\[\]{}'\"“”«»`<$\\|,.;?]|_)"
_MARKED_AT_LINE_START = re.compile(
    rf"^{_BLANK}*(?P<before>(?:(?:{_BOX}|{_SIGN}{{1,4}}){_BLANK}*){{1,2}})"
    rf"(?:{_BRACKETS}|{_CIRCLED}|{_STOPS}{_LINE_ONLY})",
    re.MULTILINE,
)
_MARKED_INLINE = re.compile(
    rf"(?<={_BLANK})(?P<before>{_BOX}|[*✓✔✅☑>=+~#^!→]{{1,3}})(?:{_BRACKETS}|{_STOPS})"
)
VISIBLE = re.compile(r"\S")
_BULLET = re.compile(rf"[-*•▪◦]{_BLANK}+")


@dataclass(frozen=True)
class Label:
    """What may be a label: `start` to `end` is cut out of the text, `glyph` (at `at`) is kept."""

    glyph: str
    folded: str
    style: str  # the punctuation's name, then the letter's case
    start: int
    at: int
    end: int
    line_start: bool
    mark: str = ""  # a sign before it that is no bullet, such as the star of the right option

    @property
    def upper(self) -> bool:
        return self.style.endswith("upper")


at = attrgetter("at")
Member = tuple[Label, int]  # a label and its ordinal in the alphabet at hand


@dataclass(frozen=True)
class Run:
    """Labels with increasing ordinals: the options, if this run is chosen."""

    labels: tuple[Label, ...]
    ordinals: tuple[int, ...]
    alphabet: int

    @property
    def start(self) -> int:
        return self.labels[0].start

    @property
    def last(self) -> Label:
        return self.labels[-1]

    @property
    def style(self) -> str:
        return self.labels[0].style

    @property
    def gaps(self) -> int:
        return self.ordinals[-1] - self.ordinals[0] + 1 - len(self.ordinals)

    @property
    def from_first(self) -> bool:
        return self.ordinals[0] == 1

    @property
    def is_list(self) -> bool:
        return len(self.labels) > 1 and self.from_first

    def outranks(self, other: Run) -> bool:
        """Capitals are the options' usual labels; small letters and numbers are others' too."""
        return self.labels[0].upper and not other.labels[0].upper

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        return self.from_first, self.start, len(self.labels), -self.gaps

    def has_marked(self, text: str) -> bool:
        """Does a sign before some of the labels, and not before the others, tell the answer?"""
        before = [text[label.start : label.at].strip(" \t([（") for label in self.labels]
        rows = {text[label.start : label.at].lstrip() for label in self.labels if label.line_start}
        if len(rows) == 1 and _BULLET.match(rows.pop()):  # the bullets of a list tell nothing
            return False
        return len(set(before)) > 1

    def texts(self, text: str) -> tuple[str, ...]:
        """The option texts: from each label's end to the start of the label that follows it."""
        placed = sorted(self.labels, key=at)  # in two columns the order of places is a, c, b, d
        stops = [*(label.start for label in placed[1:]), len(text)]
        stop_of = dict(zip(placed, stops, strict=True))
        return tuple(text[label.end : stop_of[label]].strip() for label in self.labels)


@lru_cache(maxsize=4)  # a question is scanned for its options and for others before them
def scan(text: str, marked_lists: bool = False) -> tuple[Label, ...]:
    """Every label of the text, by its place; one with a mark only where it continues a list.

    marked_lists: also lists in which every label has a mark (`~a) 6`, `=b) 12`).
    """
    plain = _found(text, ((_AT_LINE_START, True), (_INLINE, False), (_COLUMN, False)))
    marked = _found(text, ((_MARKED_AT_LINE_START, True), (_MARKED_INLINE, False)))
    taken = {label.at for label in plain if label.line_start}
    marked = [label for label in marked if label.at not in taken]
    if marked:
        admitted = _continuing(plain, marked, marked_lists)
        taken = {label.at for label in admitted}
        plain = [label for label in plain if label.at not in taken] + admitted
    return tuple(sorted(plain, key=at))


def _found(text: str, patterns: Iterable[tuple[re.Pattern[str], bool]]) -> list[Label]:
    found: dict[int, Label] = {}
    for pattern, line_start in patterns:
        for match in pattern.finditer(text):
            label = _label(text, match, line_start)
            if label and label.at not in found:
                found[label.at] = label
    return list(found.values())


def _label(text: str, match: re.Match[str], line_start: bool) -> Label | None:
    name = match.lastgroup or ""
    start, glyph = match.start(name), match[name]
    folded = fold(glyph)
    case = "" if folded.isdecimal() else "lower" if glyph.islower() else "upper"
    if (name == "tight" and case == "lower") or (name == "tail" and _is_in_bracket(text, start)):
        return None
    mark = (match.groupdict().get("before") or "").strip()
    style = f"{name} {case}"
    return Label(glyph, folded, style, match.start(), start, match.end(), line_start, mark)


def _is_in_bracket(text: str, place: int) -> bool:
    """Whether a bracket before `place` is still open: the last word in "(see part b)" is no label."""
    before = text[max(0, place - LONGEST_BRACKET) : place]
    return before.rfind("(") > max(before.rfind(")"), before.rfind("\n"))


def _continuing(plain: Sequence[Label], marked: Sequence[Label], marked_lists: bool) -> list[Label]:
    """The marked labels whose neighbour in the list, of the same style, bears no mark.

    `a) 6`, `*b) 12`, `c) 9`: b follows a. A star in a formula or in code follows nothing.
    """
    admitted: dict[int, Label] = {}
    for line_start in (True, False):
        groups = by_style(
            sorted(
                (label for label in (*plain, *marked) if label.line_start or not line_start),
                key=at,
            )
        )
        for style in {label.style for label in marked if label.line_start == line_start}:
            for members in counted(groups[style]).values():
                for chain in _chains(members):
                    if marked_lists or any(not label.mark for label in chain):
                        admitted.update({label.at: label for label in chain if label.mark})
    return list(admitted.values())


def _chains(members: Sequence[Member]) -> list[list[Label]]:
    """The members in pieces, in each of which every ordinal is the one before it and one."""
    chains: list[list[Label]] = []
    last = 0
    for label, ordinal in members:
        if not chains or ordinal != last + 1:
            chains.append([])
        chains[-1].append(label)
        last = ordinal
    return chains


def members_of(labels: Sequence[Label], alphabet: int, start: int = 0) -> list[Member]:
    table, later = ALPHABETS[alphabet], labels[bisect_left(labels, start, key=at) :]
    return [(label, table[label.folded]) for label in later if label.folded in table]


def counted(labels: Sequence[Label]) -> dict[int, list[Member]]:
    """The labels with their ordinals, by each alphabet that may count them."""
    letters = {label.folded for label in labels}
    return {alphabet: members_of(labels, alphabet) for alphabet in alphabets_of(letters)}


def by_style(labels: Iterable[Label]) -> dict[str, list[Label]]:
    groups = defaultdict(list)
    for label in labels:
        groups[label.style].append(label)
    return groups
