"""Lists with one option a line: labels at line starts, of one style, whose letters increase."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from .labels import MAX_STEP, Label, Member, Run, at, by_style, counted, members_of
from .refusals import two_lists

RUNS_LOOKED_AT = 64  # bounds the time on hostile text; a real question has a handful
TIGHT = "tight"  # style of a label without a space before its text: `A.text`
_ASKING = ("?", ":", "？", "：", "؟", "...", "…", "_")


def line_run(text: str, labels: Sequence[Label]) -> Run | None:
    """The last list whose labels open lines, not counting lists inside an option.

    A label without a space before its text is prose more often than not, so such lists come second. Raises
    QuestionError if another list of the same rank follows at once.
    """
    groups = by_style(label for label in labels if label.line_start)
    for tight in (False, True):
        seeds = _seeds(groups, tight)
        if run := _last_outer_run(text, seeds, labels, groups):
            _refuse_rivals(text, run, seeds)
            return run
    return None


def split_runs(members: Sequence[Member], alphabet: int) -> list[Run]:
    """The longest runs of increasing ordinals; a label that is too far on is left out as prose."""
    parts: list[list[Member]] = []
    for label, ordinal in members:
        step = ordinal - parts[-1][-1][1] if parts else 0
        if step <= 0:
            parts.append([(label, ordinal)])
        elif step <= MAX_STEP:
            parts[-1].append((label, ordinal))
    return [run_of(part, alphabet) for part in parts]


def run_of(members: Sequence[Member], alphabet: int) -> Run:
    """The run of some labels with their ordinals."""
    labels, ordinals = zip(*members, strict=True)
    return Run(labels, ordinals, alphabet)


def _seeds(groups: Mapping[str, Sequence[Label]], tight: bool) -> list[Run]:
    """The runs of one style each that may be options, in their order."""
    runs = [
        run
        for style, group in groups.items()
        if style.startswith(TIGHT) == tight
        for alphabet, members in counted(group).items()
        for run in split_runs(members, alphabet)
        if run.from_first or (len(run.labels) > 1 and not run.gaps)
    ]
    return sorted(runs, key=lambda run: run.start)[-RUNS_LOOKED_AT:]


def _last_outer_run(
    text: str,
    seeds: Sequence[Run],
    labels: Sequence[Label],
    groups: Mapping[str, Sequence[Label]],
) -> Run | None:
    """The run of the highest rank that is no list inside an option of another."""
    filled = [_filled(text, seed, labels) for seed in seeds]
    runs = [run for run in filled if len(run.labels) > 1]
    for run in sorted(runs, key=lambda run: run.rank, reverse=True):
        if not any(_is_inside(text, run, seed, groups[run.style]) for seed in seeds):
            return run
    return None


def _refuse_rivals(text: str, run: Run, seeds: Sequence[Run]) -> None:
    for rival in seeds:
        if rival.is_list and rival.outranks(run) and _follows_at_once(text, rival, run):
            raise two_lists(text, rival, run)


def _filled(text: str, seed: Run, labels: Sequence[Label]) -> Run:
    """`seed` with the labels that stand where one is missing."""
    if not seed.from_first:
        return seed
    own = frozenset(seed.labels)
    chosen: list[Member] = []
    for label, ordinal in members_of(labels, seed.alphabet, seed.start):
        if _begins_another_list(label, ordinal, seed, chosen):
            break
        if label in own or _fills_a_gap(text, label, ordinal, seed, chosen):
            chosen.append((label, ordinal))
    return run_of(chosen, seed.alphabet)


def _begins_another_list(label: Label, ordinal: int, seed: Run, chosen: Sequence[Member]) -> bool:
    """`A. x`, `B. y`, and then `A. z` on a line below."""
    is_below = label.line_start and label.style == seed.style and label.at > seed.last.at
    return is_below and ordinal <= chosen[-1][1]


def _fills_a_gap(
    text: str, label: Label, ordinal: int, seed: Run, chosen: Sequence[Member]
) -> bool:
    """Whether a label that is not of the seed is the next option all the same."""
    if not chosen or ordinal != chosen[-1][1] + 1 or ordinal in seed.ordinals:
        return False
    if label.line_start and not label.style.startswith("loose"):
        return True  # of another style: `A. x`, `B) y`, `C. z`, each on its line
    if label.style != seed.style:
        return False
    if label.at <= seed.last.at:
        return True  # between two of the seed: `A) x B) y` and `C) z` on the next line
    has_rows = any(not other.line_start for other, _ in chosen)
    return has_rows or text[label.start - 2 : label.start].isspace()  # `C) z   D) w` at the end


def _is_inside(text: str, run: Run, outer: Run, group: Sequence[Label]) -> bool:
    """Whether `run` is a list inside an option of `outer`, rather than the options after `outer`.

    group: all labels at line starts of the run's style.
    """
    if outer.style == run.style or outer.start >= run.start or not outer.is_list:
        return False
    if run.start < outer.last.at:
        return True  # `1. x`, with `a. y` and `b. z` below it, before `2. w`
    recurs = stand_between(group, outer)  # so each option of `outer` has such a list
    return recurs and (_follows_at_once(text, outer, run) or not asks(text[: run.start]))


def _follows_at_once(text: str, first: Run, second: Run) -> bool:
    """Whether `second` begins on the line after the last label of `first`."""
    return first.start < second.start and "\n" not in text[first.last.at : second.start].strip()


def stand_between(group: Sequence[Label], outer: Run) -> bool:
    """Whether a label of `group`, in order, stands between the first and the last of `outer`."""
    return bisect_left(group, outer.start, key=at) < bisect_left(group, outer.last.at, key=at)


def asks(text: str) -> bool:
    """Whether the text ends as the words before a list of options do."""
    return text[-200:].rstrip().endswith(_ASKING)
