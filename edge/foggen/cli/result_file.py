"""The result file of a batch, which is locked while it is in use.

The file is not changed until all of its lines are known to be results. After that, lines are only
appended. At the end, a single rename removes the lines that newer ones replace, so that a run that
is killed loses nothing.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from ..errors import UsageError
from .results import Result
from .writing import refuse_source, write_all, writing

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, 1 << 40, os.SEEK_SET)  # far beyond the end: a locked byte cannot be read
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_OPENING = b'{"question_sha256": "'
_OLDER_OPENING = re.compile(rb'\{"id": ("(?:[^"\\]|\\.)*"|[^",\[\]{}]+), "(label|error)": ')
_TRIES = 10
_FLAGS = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)


class ResultFile:
    """A file of results, used by one process at a time. `results` holds its content.

    Raises UsageError if the file is the source, is in use, or contains anything but results, and
    ConfigurationError if it cannot be read or written.
    """

    def __init__(self, path: Path, source: Path) -> None:
        self.results: list[Result] = []
        self._given, self._path = path, Path(os.path.realpath(path))
        self._file, self._whole, self._is_cut_off = -1, 0, False
        with writing(path):
            if self._path.exists():
                refuse_source(self._path.stat(), path, source)
                self._open(_FLAGS)

    def begin(self) -> None:
        """Create the file if it is missing, and make sure that its last line is complete."""
        with writing(self._given):
            if self._file < 0:
                self._open(_FLAGS | os.O_CREAT)
            if self._is_cut_off:
                os.ftruncate(self._file, self._whole)
            elif os.fstat(self._file).st_size > self._whole:
                write_all(self._append, b"\n")

    def add(self, result: Result) -> None:
        """Append one result. If there is no room for the whole line, none of it is written."""
        with writing(self._given):
            size = os.fstat(self._file).st_size
            try:
                write_all(self._append, result.line)
            except BaseException:
                os.ftruncate(self._file, size)
                raise
        self.results.append(result)

    def replace(self, results: Sequence[Result]) -> None:
        """Replace the file's content with these results. If that fails, the file is unchanged."""
        draft = self._path.with_name(f".{self._path.name}.new")
        with writing(self._given):
            try:
                self._write_draft(draft, results)
                if sys.platform == "win32":
                    self.close()  # Windows cannot replace an open file
                draft.replace(self._path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
        self.results = list(results)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def _open(self, flags: int) -> None:
        self._file = open_locked(self._path, flags, self._given)
        data = self._path.read_bytes()
        self._whole = data.rfind(b"\n") + 1
        lines = data[: self._whole].split(b"\n")[:-1]
        for number, line in enumerate(lines, 1):
            if line.strip():
                self.results.append(self._parsed(line + b"\n", number))
        self._take_rest(data[self._whole :], len(lines) + 1)

    def _take_rest(self, rest: bytes, number: int) -> None:
        """Read a last line without a newline: a whole result, or one that was cut off."""
        is_ours = rest[: len(_OPENING)] == _OPENING[: len(rest)] or _OLDER_OPENING.match(rest)
        if is_ours and Result.parse(rest) is None:
            self._is_cut_off = True
        elif rest.strip():
            self.results.append(self._parsed(rest + b"\n", number))

    def _parsed(self, line: bytes, number: int) -> Result:
        if found := Result.parse(line):
            return found
        raise UsageError(
            f"{self._given}:{number} is not a result of batch; the file is left unchanged",
            hint="give the file of questions first, and a new file for the results",
        )

    def _append(self, data: bytes) -> int:
        return os.write(self._file, data)

    def _write_draft(self, draft: Path, results: Sequence[Result]) -> None:
        draft.unlink(missing_ok=True)  # left by a run that was killed
        status = os.fstat(self._file)
        with draft.open("xb") as file:
            with suppress(OSError, AttributeError):  # not every system allows it
                os.chown(draft, status.st_uid, status.st_gid)
            draft.chmod(stat.S_IMODE(status.st_mode))
            file.writelines(result.line for result in results)
            file.flush()
            os.fsync(file.fileno())


def open_locked(path: Path, flags: int, given: Path, lock: Callable[[int], None] = _lock) -> int:
    """Open and lock the file. If another batch replaces it meanwhile, open the new one."""
    for _ in range(_TRIES):
        file = os.open(path, flags, 0o666)
        try:
            lock(file)
        except (BlockingIOError, PermissionError):
            os.close(file)
            break
        except OSError:
            pass  # a file system without locks
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), path.stat()):
                return file
        os.close(file)
    raise UsageError(
        f"another batch is writing to {given}", hint="wait for it, or give another file"
    )
