"""Finds the options of a question: which labels are a list of options and which are prose.

A label counts at the start of a line, or beside its neighbours on one line (`A) x B) y`). Labels of
one style whose letters increase are a run; the last run that begins with the first letter of its
alphabet holds the options, so that numbered statements and initials before it stay in the stem.
What fits two readings raises `QuestionError` with both lines: a wrong guess would be answered as
confidently as a right one. `question.py` cleans the text first and checks what is found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from foggen_cloud.alphabets import ALPHABETS

from .labels import MAX_STEP, VISIBLE, Label, Member, Run, at, by_style, members_of, scan
from .layout import completed
from .refusals import out_of_order, stands_twice, two_lists

RUNS_LOOKED_AT = 64  # bounds the time on hostile text; a real question has a handful
_TERMINALS = '?!:.;…_»”")]。？：；'
_LINE_ONLY = ("dash", "tight", "tab")
_JOINERS = frozenset(("", "&", "and", "or", "и", "или", "және", "мен", "немесе"))


def find_run(text: str) -> Run | None:
    """The labels of the options in `text`, or None where there are none.

    One label alone is returned too, if a stem stands before it; that it is too few is the caller's
    to say. Raises `QuestionError` where a label is repeated or out of order.
    """
    run = _find(text, scan(text))
    return run or _find(text, scan(text, marked_lists=True))


def _find(text: str, labels: Sequence[Label]) -> Run | None:
    at_line_start = [label for label in labels if label.line_start]
    lines, inline = _line_run(text, labels), _inline_run(text, labels)
    if inline and (lines is None or _prefers_inline(text, lines, inline, labels)):
        _refuse_repeats(text, inline, labels)
        return completed(text, inline, labels) if not _asks_after(text, inline) else None
    if lines is None:
        return _single(text, at_line_start)
    _refuse_repeats(text, lines, at_line_start)
    _refuse_false_start(text, lines, at_line_start)
    return completed(text, lines, labels) if not _asks_after(text, lines) else None


def _split(members: Sequence[Member], alphabet: int) -> list[Run]:
    """The maximal runs of increasing ordinals; a step too wide for a gap is prose."""
    parts: list[list[Member]] = []
    for label, ordinal in members:
        step = ordinal - parts[-1][-1][1] if parts else 0
        if step <= 0:
            parts.append([(label, ordinal)])
        elif step <= MAX_STEP:
            parts[-1].append((label, ordinal))
    return [_run(part, alphabet) for part in parts]


def _run(members: Sequence[Member], alphabet: int) -> Run:
    labels, ordinals = zip(*members, strict=True)
    return Run(labels, ordinals, alphabet)


def _line_run(text: str, labels: Sequence[Label]) -> Run | None:
    """The last run of labels at line starts, not counting lists inside an option."""
    groups = by_style(label for label in labels if label.line_start)
    for tight in (False, True):
        seeds = [
            run
            for style, group in groups.items()
            if style.startswith("tight") == tight
            for alphabet in range(len(ALPHABETS))
            for run in _split(members_of(group, alphabet), alphabet)
            if run.from_first or (len(run.labels) > 1 and not run.gaps)
        ]
        seeds = sorted(seeds, key=lambda run: run.start)[-RUNS_LOOKED_AT:]
        runs = [
            run for run in (_filled(text, seed, labels) for seed in seeds) if len(run.labels) > 1
        ]
        for run in sorted(runs, key=lambda run: run.rank, reverse=True):
            if not any(_nested(text, run, seed, groups[run.style]) for seed in seeds):
                for rival in seeds:
                    if rival.is_list and rival.outranks(run) and _at_once(text, rival, run):
                        raise two_lists(text, rival, run)
                return run
    return None


def _filled(text: str, seed: Run, labels: Sequence[Label]) -> Run:
    """`seed` and the labels that stand just where one is missing.

    At line starts they may be of another style (A. B) C.); inside a line they must close a gap, or
    follow one that did, or stand well apart (A) x B) y, then C) z D) w).
    """
    if not seed.from_first:
        return seed
    own = dict(zip(seed.labels, seed.ordinals, strict=True))
    chosen: list[Member] = []
    rows = False
    for label, ordinal in members_of(labels, seed.alphabet, seed.start):
        alike, beyond = label.style == seed.style, label.at > seed.last.at
        if label.line_start and alike and beyond and ordinal <= chosen[-1][1]:
            break
        fits = bool(chosen) and ordinal == chosen[-1][1] + 1 and ordinal not in seed.ordinals
        inside = alike and (rows or not beyond or text[label.start - 2 : label.start].isspace())
        if label in own or (fits and (label.line_start or inside)):
            chosen.append((label, ordinal))
            rows = rows or not label.line_start
    return _run(chosen, seed.alphabet)


def _nested(text: str, run: Run, outer: Run, group: Sequence[Label]) -> bool:
    """Is `run` a list inside an option of `outer`, rather than the options after `outer`?"""
    if outer.style == run.style or not outer.start < run.start or not outer.is_list:
        return False
    recurs = _between(group, outer) and (_at_once(text, outer, run) or not asks(text[: run.start]))
    return recurs or run.start < outer.last.at


def _at_once(text: str, first: Run, second: Run) -> bool:
    """Does `second` begin on the line after the last label of `first`?"""
    return first.start < second.start and "\n" not in text[first.last.at : second.start].strip()


def _between(group: Sequence[Label], outer: Run) -> bool:
    """Does a label of `group` stand among those of `outer`?"""
    return bisect_left(group, outer.start, key=at) < bisect_left(group, outer.last.at, key=at)


def _inline_run(text: str, labels: Sequence[Label]) -> Run | None:
    """The last run of neighbours on one line, from the first letter, without a gap."""
    found = []
    groups = by_style(labels)
    for style, group in groups.items():
        if style.split()[0] in _LINE_ONLY or all(label.line_start for label in group):
            continue
        for alphabet in range(len(ALPHABETS)):
            if run := _last_chain(text, members_of(group, alphabet), alphabet):
                found.append(run)
    found.sort(key=lambda run: run.rank, reverse=True)
    for run in found:
        outer = [other for other in found if other.style != run.style and other.start < run.start]
        if not any(_between(groups[run.style], other) for other in outer):
            return run
    return None


def _last_chain(text: str, members: Sequence[Member], alphabet: int) -> Run | None:
    places = defaultdict(list)
    for label, ordinal in members:
        places[ordinal].append(label)
    for first in places[1][: -RUNS_LOOKED_AT - 1 : -1]:
        chain = [first]
        while (following := places.get(len(chain) + 1)) and (
            after := following[bisect_right(following, chain[-1].at, key=at) :][:1]
        ):
            chain += after
        chain = _neighbours(text, chain)
        if len(chain) > 1 and opens(text, chain):
            return _run([(label, n) for n, label in enumerate(chain, 1)], alphabet)
    return None


def _neighbours(text: str, chain: list[Label]) -> list[Label]:
    """`chain`, if two of its labels are neighbours on one line; the last one must name a text."""
    if chain[-1].style.startswith(("dot", "colon")) and not text[chain[-1].end :].strip():
        chain = chain[:-1]  # "... and then B." ends a sentence
    for left, right in pairwise(chain):
        if text.find("\n", left.at, right.at) < 0:
            return chain
        if not (left.line_start and right.line_start):
            break
    return []


def opens(text: str, chain: Sequence[Label]) -> bool:
    """Do these labels begin options, or are they named by the prose ("compare (A) and (B)")?"""
    first = chain[0]
    before = text[max(0, first.start - 80) : first.start]
    between = [text[a.end : b.start].strip() for a, b in pairwise(chain)]
    if not all(between) or not VISIBLE.search(text, 0, first.start):
        return False
    if first.line_start or before.rstrip().endswith("?"):
        return True
    if any(words.lower().strip(",;").partition(" ")[0] in _JOINERS for words in between):
        return False
    if before.endswith("\t") or before[-2:].isspace() or before.rstrip()[-1:] in _TERMINALS:
        return True
    unlike_prose = first.style.startswith(("tail", "circled"))
    return unlike_prose or (first.style.startswith(("round", "square")) and len(chain) > 2)


def _prefers_inline(text: str, lines: Run, inline: Run, labels: Sequence[Label]) -> bool:
    if lines.gaps and set(lines.labels) <= set(inline.labels):
        return True
    unlikely = not lines.from_first or lines.style.startswith("tight")
    if unlikely or not text[: lines.start].strip():
        return inline.start > lines.start
    if _between([label for label in labels if label.style == inline.style], lines):
        return False
    if "\n" in text[lines.last.at : inline.start]:
        outranks = inline.outranks(lines) and inline.labels[0].line_start
        if outranks or text[: inline.start].rstrip().endswith("?"):
            return True
    rivals = inline.labels[0].upper and len(inline.labels) >= len(lines.labels)
    if rivals and inline.start > lines.start:
        raise two_lists(text, lines, inline)
    return False


def _asks_after(text: str, run: Run) -> bool:
    """Does the question come after the list? Then the list is not the options."""
    last = text[run.last.end :].strip()
    apart = "\n" in last or not run.last.line_start
    return apart and last.endswith("?") and not run.texts(text)[0].endswith("?")


def _single(text: str, labels: Sequence[Label]) -> Run | None:
    firsts = [label for label in labels if label.folded in ("A", "А", "1")]
    if not firsts or not text[: firsts[-1].start].strip():
        return None
    return Run((firsts[-1],), (1,), 0)


def _refuse_repeats(text: str, run: Run, labels: Sequence[Label]) -> None:
    """Raise if a label like the run's stands again, or too late, on its first line or after."""
    own = {label.at for label in run.labels}
    by_ordinal = dict(zip(run.ordinals, run.labels, strict=True))
    line = text.rfind("\n", 0, run.labels[0].at) + 1
    for label, ordinal in members_of(labels, run.alphabet, line):
        if label.at in own or (label.at < run.start and not opens(text, [label])):
            continue
        alike = label.style == run.style
        near = label.line_start and bool(set(label.style.split()) & set(run.style.split()))
        if (alike or near) and ordinal in by_ordinal:
            raise stands_twice(text, by_ordinal[ordinal], label)
        if alike and ordinal < run.ordinals[-1]:
            raise out_of_order(text, run.last, label)


def _refuse_false_start(text: str, run: Run, labels: Sequence[Label]) -> None:
    """Raise if the labels just before the run may be options as well (A, A, B)."""
    group = [label for label in labels if label.style == run.style and label.at < run.labels[0].at]
    parts = _split(members_of(group, run.alphabet), run.alphabet)
    if not parts or _restarts(text, parts[-1], run):
        return
    by_ordinal = dict(zip(run.ordinals, run.labels, strict=True))
    for label, ordinal in zip(parts[-1].labels, parts[-1].ordinals, strict=True):
        if ordinal in by_ordinal:
            raise stands_twice(text, label, by_ordinal[ordinal])
    raise out_of_order(text, parts[-1].last, run.labels[0])


def _restarts(text: str, earlier: Run, run: Run) -> bool:
    """Do the labels before the run belong to the stem ("A. Smith reported ...", statements)?"""
    if not earlier.from_first:
        return True
    between = text[earlier.last.at : run.start].strip()
    apart = "\n" in between
    if apart and (asks(between) or len(earlier.labels) > 1):
        return True
    if not text[: earlier.start].strip() and len(between.split()) > 4:
        return between.endswith(tuple(_TERMINALS))  # else the question would have no stem
    return not asks(text[: earlier.start]) and (apart or asks(between))


def asks(text: str) -> bool:
    """Does the text end as the words before a list of options do?"""
    return text[-200:].rstrip().endswith(("?", ":", "？", "：", "...", "…", "_"))


_BULLET = re.compile(r"[ \t]*(?:(?P<bullet>[-*•▪◦])[ \t]+(?P<text>\S.*))?")


def bulleted(text: str) -> tuple[str, list[str]]:
    """Stem and options of a question that ends in two or more lines `- text`, else no options."""
    lines = text.rstrip().split("\n")
    bullet = lines[-1].strip()[:1]
    options: list[str] = []
    while lines and (found := _BULLET.fullmatch(lines[-1])) and found["bullet"] in (None, bullet):
        options += [found["text"].strip()] if found["bullet"] else []
        lines.pop()
    stem = "\n".join(lines)
    return stem, options[::-1] if len(options) > 1 and asks(stem) else []
