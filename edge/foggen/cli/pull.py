"""`foggen-edge models pull`: pulls a model, with a progress bar, and prints its name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..config import load_settings
from ..errors import UsageError
from ..question.question import clean
from ..store.download import Watch
from ..store.pull import pull, repair
from .border import show


@dataclass(frozen=True)
class PullOptions:
    """The flags of `models pull`, as given."""

    source: str
    quant: str
    name: str
    sha256: str
    layout: str
    repair: bool


def run_pull(options: PullOptions) -> None:
    """Pull or repair a model. Its name goes to stdout, everything else to stderr."""
    settings = load_settings()
    given = (options.quant, options.name, options.sha256, options.layout)
    if options.repair and any(given):
        raise UsageError("--repair takes only a name", hint="leave out the other options")
    with watching() as watch:
        if options.repair:
            entry = repair(options.source, settings, watch=watch)
        else:
            entry = pull(
                options.source,
                settings,
                name=options.name,
                quant=options.quant,
                sha256=options.sha256,
                layout=options.layout,
                watch=watch,
            )
    show(entry.name)
    _say(f"ask it: foggen-edge ask -m {entry.name} ...")


def _say(line: str) -> None:
    print(clean(line)[0], file=sys.stderr)


@contextmanager
def watching() -> Iterator[Watch]:
    """Progress callbacks that print lines to stderr and, on a terminal, show a bar."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", visible=False, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None, visible=True)

        yield Watch(_say, progress)
