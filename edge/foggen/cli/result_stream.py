"""Results written to a pipe, a terminal or an open descriptor as they arrive.

A stream is never read, so a run cannot be resumed from it. This includes a file behind a
descriptor, as in `batch IN.jsonl - >> FILE`.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import ConfigurationError
from .results import Result
from .writing import refuse_source, write_all, writing

_DESCRIPTOR = re.compile(
    r"/(?:dev|proc/(?P<process>self|thread-self|\d+))/(?:fd/(?P<number>\d+)|std(?P<name>in|out|err))"
)
_STANDARD = {"in": 0, "out": 1, "err": 2}
_MOST_LINKS = 40

Write = Callable[[bytes], int | None]


class ResultStream:
    """An output that keeps nothing, with the interface of `ResultFile`."""

    def __init__(self, path: Path, write: Write) -> None:
        self.results: list[Result] = []
        self._path, self._write = path, write

    def begin(self) -> None:
        """Do nothing: a stream holds no earlier results."""

    def add(self, result: Result) -> None:
        with writing(self._path):
            write_all(self._write, result.line)

    def replace(self, results: Sequence[Result]) -> None:
        """Do nothing: what was written cannot be taken back, and all of it is from this run."""

    def close(self) -> None:
        """Do nothing: whoever started this process owns its descriptors, and its exit closes the
        rest."""


def find_stream(path: Path, source: Path) -> ResultStream | None:
    """The stream that a path names ("-" is stdout), or None if it is a file or does not exist.

    Raises UsageError if the path leads to the source, OSError if it cannot be opened.
    """
    name = "/dev/stdout" if str(path) == "-" else _descriptor_name(path)
    if name is None:
        is_file = not path.exists() or stat.S_ISREG(path.stat().st_mode)
        return None if is_file else ResultStream(path, _opened(str(path)))
    found = _DESCRIPTOR.fullmatch(name)
    if found and found["process"] in (None, "self", "thread-self", str(os.getpid())):
        number = int(found["number"] or _STANDARD[found["name"]])
        _refuse_closed(number)
        refuse_source(os.fstat(number), path, source)
        return ResultStream(path, _writer(number))
    return ResultStream(path, _opened(name))


def _descriptor_name(path: Path) -> str | None:
    """The name of the descriptor that a path is or links to, or None.

    Links are followed one at a time, and not beyond the descriptor: opening its target again would
    start at the beginning of the file.
    """
    name = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow the links
    for _ in range(_MOST_LINKS):
        if _DESCRIPTOR.fullmatch(name):
            return name
        if not Path(name).is_symlink():
            return None
        name = os.path.normpath(Path(name).parent / Path(name).readlink())
    return None


def _refuse_closed(number: int) -> None:
    """Raise ConfigurationError if stdout or stderr is closed, as its number may belong to another
    file."""
    if {1: sys.stdout, 2: sys.stderr}.get(number, number) is None:
        raise ConfigurationError(
            f"descriptor {number} is closed", hint="give a file for the results"
        )


def _writer(number: int) -> Write:
    """A function that writes to a descriptor; stdout and stderr use Python's own objects."""
    if number not in (1, 2):
        os.write(number, b"")  # fails at once if it is open for reading only
        return lambda data: os.write(number, data)
    stream = sys.stdout if number == 1 else sys.stderr
    stream.flush()
    write: Write = getattr(stream.buffer, "raw", stream.buffer).write
    return write


def _opened(name: str) -> Write:
    file = os.open(name, os.O_WRONLY | os.O_APPEND)
    return lambda data: os.write(file, data)
