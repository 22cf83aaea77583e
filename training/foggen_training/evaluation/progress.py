"""A progress bar on stderr for what takes longer than a moment; none where that is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress

from foggen.confidence.labelled import Keyed

# A name for the progress bar, what gives results for questions, the questions: the results.
Ask = Callable[[str, Callable[[Sequence[Keyed]], Sequence[Any]], Sequence[Keyed]], list[Any]]
CHUNK = 64  # questions between two steps of the progress bar


@contextmanager
def progress_bar(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """What to call with the number of steps that were done."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=total)
        yield lambda count: bar.advance(task, count)


def in_chunks(
    name: str, function: Callable[[Sequence[Keyed]], Sequence[Any]], questions: Sequence[Keyed]
) -> list[Any]:
    """What `function` gives for lists of questions, with a progress bar."""
    results: list[Any] = []
    with progress_bar(name, len(questions)) as advance:
        for start in range(0, len(questions), CHUNK):
            chunk = questions[start : start + CHUNK]
            results += function(chunk)
            advance(len(chunk))
    return results
