"""Lists on one line: neighbours such as `A) x B) y`, from the first letter on and without a gap."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from .labels import VISIBLE, Label, Member, Run, at, by_style, counted
from .line_lists import RUNS_LOOKED_AT, run_of, stand_between

_LINE_ONLY = ("dash", "loose", "tight", "tab")  # styles that mean nothing inside a line
_JOINERS = frozenset(("", "&", "and", "or", "и", "или", "және", "мен", "немесе"))
TERMINALS = '?!:.;…_»”")]。？：；'
_WINDOW = 80  # characters before a label in which its line's last words are


def inline_run(text: str, labels: Sequence[Label]) -> Run | None:
    """The last list with two labels on one line, not counting lists inside an option."""
    groups = by_style(labels)
    runs = sorted(_runs(text, groups), key=lambda run: run.rank, reverse=True)
    for run in runs:
        if not any(_holds(other, run, groups[run.style]) for other in runs):
            return run
    return None


def _runs(text: str, groups: Mapping[str, Sequence[Label]]) -> Iterator[Run]:
    """The last list of each style and alphabet."""
    for style, group in groups.items():
        if style.split()[0] in _LINE_ONLY or all(label.line_start for label in group):
            continue
        for alphabet, members in counted(group).items():
            if run := _last_run(text, members, alphabet):
                yield run


def _holds(outer: Run, run: Run, group: Sequence[Label]) -> bool:
    """Whether labels such as the run's stand inside `outer`, an earlier list of another style."""
    return outer.style != run.style and outer.start < run.start and stand_between(group, outer)


def _last_run(text: str, members: Sequence[Member], alphabet: int) -> Run | None:
    places: dict[int, list[Label]] = defaultdict(list)
    for label, ordinal in members:
        places[ordinal].append(label)
    for first in places[1][: -RUNS_LOOKED_AT - 1 : -1]:
        chain = _on_one_line(text, _chain(first, places))
        if len(chain) > 1 and opens(text, chain):
            return run_of([(label, n) for n, label in enumerate(chain, 1)], alphabet)
    return None


def _chain(first: Label, places: Mapping[int, Sequence[Label]]) -> list[Label]:
    """`first`, then the nearest second letter after it, the nearest third after that, and so on."""
    chain = [first]
    while following := places.get(len(chain) + 1):
        after = following[bisect_right(following, chain[-1].at, key=at) :]
        if not after:
            break
        chain.append(after[0])
    return chain


def _on_one_line(text: str, chain: list[Label]) -> list[Label]:
    """`chain`, if two of its labels stand on one line; without a last one that names no text."""
    if chain[-1].style.startswith(("dot", "colon")) and not text[chain[-1].end :].strip():
        chain = chain[:-1]  # "... and then B." ends a sentence
    for left, right in pairwise(chain):
        if text.find("\n", left.at, right.at) < 0:
            return chain
        if not (left.line_start and right.line_start):
            break
    return []


def opens(text: str, chain: Sequence[Label]) -> bool:
    """Whether labels begin options, and are not named by the prose ("compare (A) and (B)")."""
    first = chain[0]
    between = [text[a.end : b.start].strip() for a, b in pairwise(chain)]
    if not all(between) or not VISIBLE.search(text, 0, first.start):
        return False
    before = text[max(0, first.start - _WINDOW) : first.start]
    if first.line_start or before.rstrip().endswith("?"):
        return True
    if any(_is_joined(words) for words in between):
        return False
    return _is_set_apart(before) or _is_unlike_prose(first, len(chain))


def _is_joined(words: str) -> bool:
    """`(A) and (B)`, `(A), or rather (B)`."""
    return words.lower().strip(",;").partition(" ")[0] in _JOINERS


def _is_set_apart(before: str) -> bool:
    """A tab, two spaces or the end of a sentence before the first label."""
    return before.endswith("\t") or before[-2:].isspace() or before.rstrip()[-1:] in TERMINALS


def _is_unlike_prose(first: Label, count: int) -> bool:
    """`A) x B) y` and `① x ② y`; `(A) x (B) y (C) z` only from three on."""
    if first.style.startswith(("tail", "circled")):
        return True
    return first.style.startswith(("round", "square")) and count > 2
