"""Where a list of options is laid out in columns, or runs on inside an option's text.

`runs.py` reads labels line by line. What it leaves inside the options is checked here: a label of
the list's own style that stands apart belongs to the list. Where that gives one reading the text is
split there, where it gives two the question is refused with both lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from foggen_cloud.alphabets import ALPHABETS, alphabets_of, fold

from .labels import MAX_STEP, Label, Member, Run, at, members_of
from .refusals import label_or_text, stands_twice

_JOINERS = re.compile(
    r"(?:&|,|/|\b(?:and|or|both|of|see|und|oder|et|ou|y|o|e|и|или|және|мен|немесе))\s*\Z", re.I
)
# What may stand between a missing label's letter and its text: `c] 12`, `c* 12`, `c, 12`, `c.12`.
_LOOSE = re.compile(
    r"^[^\S\n]*(?P<sign>[^\w\s]{0,4})[^\S\n]*(?P<glyph>[^\W\d_]|\d{1,2}(?!\W\d))(?P<after>\W)", re.M
)
_STOP = re.compile(r"[])}:;*_|、]|[,/](?=\s)|\.(?![\w.]*[(=\[]|\w+\.)")


def completed(text: str, run: Run, labels: Sequence[Label]) -> Run:
    """`run` with the labels of its list that stand inside its options' texts.

    Raises `QuestionError` where such a label may belong to the list or to the text.
    """
    run = _from_the_stem(text, _of_one_alphabet(text, run, labels), labels)
    inside = _inside(run, labels)
    apart = [member for member in inside if _stands_apart(text, member[0])]
    if apart:
        return _merged(text, run, apart)
    named = [member for member in inside if _names_a_text(text, run, member[0])]
    whole = bool(named) and _is_whole(run, named)
    if whole and _is_bracketed(run):  # a) x c) y over b) z d) w
        return _merged(text, run, named)
    for label, ordinal in named:
        if whole or _would_be_next(run, label, ordinal):
            raise label_or_text(text, run, label.glyph, label.at)
    _refuse_loose(text, run)
    return run


def _of_one_alphabet(text: str, run: Run, labels: Sequence[Label]) -> Run:
    """`run` in the alphabet that holds all labels of its style that begin a line or a column.

    а) x   в) y over б) z   г) w: а and в alone would be A and B, written in Cyrillic.
    """
    alike = [
        label
        for label in labels
        if label.style == run.style
        and label.at >= run.start
        and (label.line_start or label in run.labels or _stands_apart(text, label))
    ]
    if all(label.folded in ALPHABETS[run.alphabet] for label in alike):
        return run
    for alphabet in alphabets_of([label.folded for label in alike]):
        members = sorted(members_of(alike, alphabet), key=lambda member: member[1])
        if [ordinal for _, ordinal in members] == list(range(1, len(alike) + 1)):
            found, ordinals = zip(*members, strict=True)
            return Run(found, ordinals, alphabet)
    return run


def _inside(run: Run, labels: Sequence[Label]) -> list[Member]:
    own = {label.at for label in run.labels}
    found = members_of(labels, run.alphabet, run.start)
    return [(label, n) for label, n in found if label.style == run.style and label.at not in own]


def _stands_apart(text: str, label: Label) -> bool:
    """After a tab or two blanks: there a column begins, while prose has one blank."""
    before = text[max(0, label.start - 2) : label.start]
    return before.endswith("\t") or (len(before) == 2 and not before.strip(" \u00a0\u3000"))


def _names_a_text(text: str, run: Run, label: Label) -> bool:
    """Does a text stand on both sides of the label, none of which speaks of it?

    Not so in `both A) and B)`, in `it is dearer than F.` and in `D. E. coli`.
    """
    before = text[max(0, label.start - 12) : label.start].rstrip()
    after = text[label.end : label.end + 80].lstrip(" \t")
    first = any(
        own.end <= label.start and not text[own.end : label.start].strip() for own in run.labels
    )
    return not (first or _JOINERS.search(before + " ") or not after or after.startswith("\n"))


def _is_bracketed(run: Run) -> bool:
    return run.style.startswith(("round", "square", "tail", "circled"))


def _is_whole(run: Run, more: Sequence[Member]) -> bool:
    """Do the labels, in some order, count from the first to the last without a repetition?"""
    ordinals = sorted((*run.ordinals, *(ordinal for _, ordinal in more)))
    return ordinals == list(range(ordinals[0], ordinals[0] + len(ordinals)))


def _would_be_next(run: Run, label: Label, ordinal: int) -> bool:
    """Would the label continue the list? On one line a gap before it is a label not recognised."""
    beyond = ordinal - run.ordinals[-1]
    in_line = not all(own.line_start for own in run.labels)
    return label.at > run.last.at and (beyond == 1 or (in_line and 0 < beyond <= MAX_STEP))


def _merged(text: str, run: Run, more: Sequence[Member]) -> Run:
    """The labels in their order, if they are a whole list; else the first one is one too many."""
    if not _is_whole(run, more):
        label, ordinal = more[0]
        if ordinal in run.ordinals:
            first = run.labels[run.ordinals.index(ordinal)]
            raise stands_twice(text, *sorted((first, label), key=at))
        if ordinal - max(run.ordinals) <= len(more) + MAX_STEP:
            raise label_or_text(text, run, label.glyph, label.at)
        return run  # far from the list's end: "S. aureus" after two blanks
    members = sorted((*zip(run.labels, run.ordinals, strict=True), *more), key=lambda m: m[1])
    labels, ordinals = zip(*members, strict=True)
    return Run(labels, ordinals, run.alphabet)


def _from_the_stem(text: str, run: Run, labels: Sequence[Label]) -> Run:
    """`run` with the label before its first, where that stands on the question's own line.

    "How many? a) 6" over "b) 9" and "c) 12".
    """
    line = text.rfind("\n", 0, text.rfind("\n", 0, run.labels[0].at)) + 1
    before = [
        (label, ordinal)
        for label, ordinal in members_of(labels, run.alphabet, line)
        if label.at < run.start and label.style == run.style
    ]
    if run.from_first or not before or before[-1][1] != run.ordinals[0] - 1:
        return run
    members = [*before, *zip(run.labels, run.ordinals, strict=True)]
    if any(step[1] - step[0] != 1 for step in pairwise(n for _, n in before)) or before[0][1] != 1:
        return run
    first = before[0][0]
    if text[: first.start].rstrip()[-1:] not in set("?:？：…_") and not _stands_apart(text, first):
        raise label_or_text(text, run, first.glyph, first.at)
    found, ordinals = zip(*members, strict=True)
    return Run(found, ordinals, run.alphabet)


def _refuse_loose(text: str, run: Run) -> None:
    """Raise if a line in an option opens with a label that the list lacks, badly punctuated."""
    placed = sorted(zip(run.labels, run.ordinals, strict=True), key=lambda member: member[0].at)
    stops = [(label.start, ordinal) for label, ordinal in placed[1:]]
    stops.append((len(text), placed[-1][1] + 1 + MAX_STEP))
    for (label, ordinal), (stop, following) in zip(placed, stops, strict=True):
        below = text.find("\n", label.end, stop) + 1 or stop
        for line in _LOOSE.finditer(text, below, stop):
            glyph = line["glyph"]
            place = ALPHABETS[run.alphabet].get(fold(glyph), 0)
            lacks = ordinal < place < following and glyph.isupper() == label.glyph.isupper()
            next_one = place == ordinal + 1 and _STOP.match(text, line.start("after"))
            if lacks and (stop < len(text) or next_one or (line["sign"] and line["after"] in ".)")):
                raise label_or_text(text, run, glyph, line.start("glyph"))
