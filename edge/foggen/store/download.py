"""One remote file into one file here: resumed where it was cut, and whole or refused.

    FILE         what came so far
    FILE.json    of what: address, size, sha256, etag

A partial is continued only where its content is known to be the same: by its sha256, or by the
server's etag (`If-Range`). huggingface-hub's own plain download (2.4.0) is not used: each process
begins anew, a killed one leaves its file for ever, no hash is checked, redirects may leave https.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ConfigurationError, ModelFileError, PullError
from .known_models import sha256_of
from .web import AGAIN, Cut, Remote, get, pieces

if TYPE_CHECKING:
    import httpx2

TRIES = 5  # of one call, as long as each brings bytes
MARGIN_BYTES = 64 << 20  # that a download leaves free
RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


def _ignore(*_: object) -> None:
    pass


@dataclass(frozen=True)
class Watch:
    """Who is told. say: a line for people. progress: bytes so far, bytes in all, 0 if
    that is not known."""

    say: Callable[[str], None] = _ignore
    progress: Callable[[int, int], None] = _ignore


@dataclass(frozen=True)
class Partial:
    """Of what the bytes are that came so far."""

    url: str
    size: int
    sha256: str
    etag: str


class Changed(PullError):
    """What came so far is no beginning of what is there now."""


@dataclass(frozen=True)
class Download:
    """A remote file, the file that it becomes, the seconds of a stall, and who is told."""

    remote: Remote
    path: Path
    stall_s: float
    watch: Watch

    def run(self) -> str:
        """Bring the file, going on where an earlier call was cut; its sha256.

        Raises PullError (what came is kept for the next call), KeyRefusedError, ConfigurationError
        where the disk is too small, ModelFileError where the sha256 is another (nothing is kept).
        """
        if self._known() is None:
            discard(self.path)
        for number in range(TRIES):
            before = self._size()
            try:
                self._try()
                break
            except Changed:
                discard(self.path)
                if number == TRIES - 1:
                    raise
            except Cut:
                if self._size() <= before or number == TRIES - 1:
                    raise
        return self._verified()

    def _verified(self) -> str:
        digest = sha256_of(self.path)
        if self.remote.sha256 and digest != self.remote.sha256:
            discard(self.path)
            raise ModelFileError(
                f"{self.remote.shown} came with sha256 {digest} in place of {self.remote.sha256}",
                hint="damaged on the way or changed at its source; it was deleted, pull it again",
            )
        return digest

    def _try(self) -> None:
        """One request, and what its body brings."""
        known = self._known()
        # Where all bytes are here, the last is asked for: the reply tells whether they still hold.
        start = min(self._size(), known.size - 1) if known else 0
        headers = {"Range": f"bytes={start}-"} if start else {}
        if known and known.etag and start:
            headers["If-Range"] = known.etag
        with get(self.remote, self.stall_s, headers) as response:
            start = start if response.status_code == 206 else 0
            total = self._total(response, start, known)
            self._prepare(
                start, Partial(self.remote.shown, total, self.remote.sha256, _etag(response))
            )
            self._write(response, start, total)

    def _known(self) -> Partial | None:
        """What the bytes here are, if the remote file may still begin with them."""
        try:
            known = Partial(**json.loads(_record(self.path).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        same = known.sha256 == self.remote.sha256 if self.remote.sha256 else known.etag
        here = known.url == self.remote.shown or self.remote.sha256
        sizes = self.remote.size in (None, known.size) and 0 < self._size() <= known.size
        return known if same and here and sizes else None

    def _total(self, response: httpx2.Response, start: int, known: Partial | None) -> int:
        """The size of the whole file by this reply, which must agree with all that is known."""
        total = self.remote.size
        if response.status_code == 200:
            length = response.headers.get("content-length", "")
            total = int(length) if length.isdigit() else total
        else:
            told = RANGE.fullmatch(response.headers.get("content-range", ""))
            total = int(told[2]) if told and int(told[1]) == start > 0 else -1
            if known is None or total != known.size or known.etag not in ("", _etag(response)):
                raise Changed(f"{self.remote.shown} changed meanwhile", hint="pull it again")
        if not total:
            raise PullError(
                f"{self.remote.shown}: the server does not tell its size",
                hint="download it by other means, and pull the file",
            )
        if self.remote.size not in (None, total):
            raise PullError(
                f"{self.remote.shown}: {total} bytes come in place of {self.remote.size}",
                hint="try again later, or tell its publisher",
            )
        return total

    def _prepare(self, start: int, partial: Partial) -> None:
        check_room(self.path.parent, partial.size - start)
        if start:
            self.watch.say(f"going on after {megabytes(start)} of {megabytes(partial.size)}")
        else:
            self.watch.say(f"{megabytes(partial.size)} from {partial.url}")
        _record(self.path).write_text(json.dumps(asdict(partial)), "utf-8")

    def _write(self, response: httpx2.Response, start: int, total: int) -> None:
        done = start
        # Not for appending: where a lock does not hold, two processes then write the same bytes to
        # the same places.
        with self.path.open("r+b" if start else "wb") as file:
            file.seek(start)
            for piece in pieces(response, self.remote, self.stall_s):
                done += len(piece)
                if done > total:
                    raise PullError(
                        f"{self.remote.shown}: more than the announced {total} bytes come"
                    )
                file.write(piece)
                self.watch.progress(done, total)
            file.flush()
            os.fsync(file.fileno())
        if done < total:
            raise Cut(f"{self.remote.shown} ended after {done} of {total} bytes", hint=AGAIN)

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0


def discard(path: Path) -> None:
    """Forget what came so far."""
    path.unlink(missing_ok=True)
    _record(path).unlink(missing_ok=True)


def check_room(folder: Path, size: int) -> None:
    """Raises ConfigurationError where a disk has not `size` bytes to spare."""
    free = shutil.disk_usage(folder).free
    if free < size + MARGIN_BYTES:
        raise ConfigurationError(
            f"{megabytes(size)} are needed in {folder}, and {megabytes(free)} are free",
            hint="make room, or set FOGGEN_HOME to a folder on a larger disk",
        )


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _etag(response: httpx2.Response) -> str:
    """The etag, if it stands for the very bytes: a weak one cannot resume."""
    etag: str = response.headers.get("etag", "")
    return "" if etag.startswith("W/") else etag
