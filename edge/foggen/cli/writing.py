"""Writing results to a file or a stream: whole writes, and clear errors."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import ConfigurationError, UsageError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError into a ConfigurationError that names the output.

    BrokenPipeError is left as it is: whoever read from the pipe has seen enough.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as exc:
        raise ConfigurationError(
            f"{path} cannot be written: {exc.strerror}",
            hint="make room or choose another file; existing results are kept",
        ) from exc


def write_all(write: Callable[[bytes], int | None], data: bytes) -> None:
    """Write all of `data`, even if one call takes only a piece of it."""
    while data:
        data = data[write(data) or 0 :]


def refuse_source(status: os.stat_result, path: Path, source: Path) -> None:
    """Raise UsageError if the output is the file with the questions. status: that of the output."""
    with suppress(OSError):
        if stat.S_ISREG(status.st_mode) and os.path.samestat(status, source.stat()):
            raise UsageError(
                f"{path} is the file with the questions; it is left unchanged",
                hint="give another file for the results",
            )
