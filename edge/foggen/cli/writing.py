"""What writing results to a file and to a stream have in common: whole writes, and clear errors."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import ConfigurationError, UsageError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """An OSError inside becomes a ConfigurationError that names the output.

    A closed pipe stays what it is: whoever read from it has seen enough.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as exc:
        raise ConfigurationError(
            f"{path} cannot be written: {exc.strerror}",
            hint="make room or choose another file; the results that are there are kept",
        ) from exc


def write_all(write: Callable[[bytes], int | None], data: bytes) -> None:
    """Write all of `data`, however little one call takes."""
    while data:
        data = data[write(data) or 0 :]


def refuse_source(status: os.stat_result, path: Path, source: Path) -> None:
    """Raises UsageError if the output, of which `status` is known, is the file with the questions."""
    with suppress(OSError):
        if stat.S_ISREG(status.st_mode) and os.path.samestat(status, source.stat()):
            raise UsageError(
                f"{path} is the file with the questions, and is left as it is",
                hint="give another file for the results",
            )
