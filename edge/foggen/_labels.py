"""What may be a label of an option: every `A.`, `(b)`, `3)` or `②` of a text.

Which of them are options and which are prose is decided in `_runs.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from foggen_cloud.alphabets import ALPHABETS, fold

MAX_OPTIONS = 26

_LETTER = "[A-Za-zＡ-Ｚａ-ｚА-ЯЁа-яёӘәҒғҚқҢңӨөҰұҮүҺһІіЅѕЈј]"
_GLYPH = rf"(?:{_LETTER}|\d{{1,2}})"
_BLANK = r"[^\S\n]"
_MARK = r"(?P<mark>[①-⒵Ⓐ-ⓩ❶-➓㉑-㉟㊱-㊿])(?:[.):](?!\S))?"
_BRACKETS = (
    rf"(?:[(（]{_BLANK}?(?P<round>{_GLYPH}){_BLANK}?[)）]"
    rf"|\[(?P<square>{_GLYPH})\]"
    rf"|(?P<tail>{_GLYPH})\.?{_BLANK}?[)）])(?:[.:](?!\S))?"
)
# A full stop or colon needs a space after it: "1.5 kg", "10:30" and "a.b" are not labels.
_STOPS = rf"(?P<dot>{_GLYPH})(?:\.(?!\S)|．)|(?P<colon>{_GLYPH})(?::(?!\S)|：)"
_AT_LINE_START = re.compile(
    rf"^{_BLANK}*(?:[-*•▪◦]{_BLANK}+)?(?:{_BRACKETS}|{_MARK}|{_STOPS}"
    rf"|(?P<dash>{_GLYPH}){_BLANK}+[-–—](?!\S)"
    rf"|(?P<tight>{_GLYPH})\.(?=[^\W\d_])|(?P<tab>{_LETTER})\t)",
    re.MULTILINE,
)
_INLINE = re.compile(rf"{_MARK}|(?<={_BLANK})(?:{_BRACKETS}|{_STOPS})")
VISIBLE = re.compile(r"\S")


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

    def texts(self, text: str) -> tuple[str, ...]:
        """The option texts: from each label's end to the next label's start."""
        stops = [*(label.start for label in self.labels[1:]), len(text)]
        pairs = zip(self.labels, stops, strict=True)
        return tuple(text[label.end : stop].strip() for label, stop in pairs)


def line_at(text: str, at: int) -> str:
    """`line 3 ('B. 1.00')`: how an error names the line that holds the offset `at`."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start : start + 80].split("\n")[0].strip()
    return f"line {text.count(chr(10), 0, at) + 1} ({line[:60]!r})"


def scan(text: str) -> list[Label]:
    found: dict[int, Label] = {}
    for pattern, line_start in ((_AT_LINE_START, True), (_INLINE, False)):
        for match in pattern.finditer(text):
            name = match.lastgroup or ""
            at, glyph = match.start(name), match[name]
            folded = fold(glyph)
            case = "" if folded.isdecimal() else "upper" if glyph.isupper() else "lower"
            open_bracket = "(" in re.split(r"[)\n]", text[max(0, at - 80) : at])[-1]
            unsure = (name == "tight" and case == "lower") or (name == "tail" and open_bracket)
            if at not in found and not unsure:
                style = f"{name} {case}"
                label = Label(glyph, folded, style, match.start(), at, match.end(), line_start)
                found[at] = label
    return sorted(found.values(), key=lambda label: label.at)


def members_of(labels: Sequence[Label], alphabet: int, start: int = 0) -> list[Member]:
    table, later = ALPHABETS[alphabet], labels[bisect_left(labels, start, key=at) :]
    return [(label, table[label.folded]) for label in later if label.folded in table]


def by_style(labels: Iterable[Label]) -> dict[str, list[Label]]:
    groups = defaultdict(list)
    for label in labels:
        groups[label.style].append(label)
    return groups
