"""A progress bar on stderr, shown only on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress

from foggen.confidence.labelled import Keyed

# Called with a title for the progress bar, a function from questions to results, and the questions.
Ask = Callable[[str, Callable[[Sequence[Keyed]], Sequence[Any]], Sequence[Keyed]], list[Any]]
CHUNK = 64  # questions per step of the progress bar


@contextmanager
def progress_bar(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar; yields a function that advances it by a number of steps."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=total)
        yield lambda count: bar.advance(task, count)


def in_chunks(
    name: str, function: Callable[[Sequence[Keyed]], Sequence[Any]], questions: Sequence[Keyed]
) -> list[Any]:
    """Call `function` with chunks of the questions under a progress bar; returns all results."""
    results: list[Any] = []
    with progress_bar(name, len(questions)) as advance:
        for start in range(0, len(questions), CHUNK):
            chunk = questions[start : start + CHUNK]
            results += function(chunk)
            advance(len(chunk))
    return results
