"""Asking the validation questions after a round, and storing their outcomes, one per line, without text.

The gate compares the outcomes; a changed gate can judge them again without asking again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from foggen.confidence.labelled import Keyed

from .evaluation.outcomes import Outcome, outcome
from .files import read_lines, write_lines
from .labels.reading import Reading

OUTCOMES = "outcomes.jsonl"


def ask(
    read: Callable[[Sequence[Keyed]], list[Reading]],
    items: Sequence[Keyed],
    batch: int,
    progress: Callable[[int, int], None],
) -> list[Outcome]:
    """Ask questions in batches of `batch`. read: the read method of an open model."""
    outcomes: list[Outcome] = []
    for start in range(0, len(items), batch):
        chunk = items[start : start + batch]
        outcomes += [outcome(item, one) for item, one in zip(chunk, read(chunk), strict=True)]
        progress(len(outcomes), len(items))
    return outcomes


def save_outcomes(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write all outcomes; the file appears whole."""
    write_lines(path, map(asdict, outcomes))


def load_outcomes(path: Path) -> list[Outcome]:
    return [Outcome(**row) for row in read_lines(path)]
