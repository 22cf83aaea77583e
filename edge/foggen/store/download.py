"""Downloading one file, which is resumed after an interruption, and is either complete or refused.

    FILE         the bytes received so far
    FILE.json    what they belong to: URL, size, sha256, ETag

A partial download is resumed only if the remote file is known to be the same, by its sha256 or by
the server's ETag (`If-Range`). The plain download of huggingface-hub (2.4.0) is not used, because
every process starts from the beginning, a killed one leaves its file behind, no hash is checked,
and a redirect may leave https.
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
from .web import AGAIN, Cut, Remote, check_no_page, get, pieces

if TYPE_CHECKING:
    import httpx2

TRIES = 5  # requests per call, as long as each of them makes progress
MARGIN_BYTES = 64 << 20  # of disk space that a download leaves free
Judge = Callable[[Remote, float], None]
RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


def ignore(*_: object) -> None:
    pass


@dataclass(frozen=True)
class Watch:
    """Progress callbacks. `say(line)` gets messages for people. `progress(done, total)` gets bytes; the
    total is 0 if it is not known."""

    say: Callable[[str], None] = ignore
    progress: Callable[[int, int], None] = ignore


@dataclass(frozen=True)
class Partial:
    """What a partial download belongs to. size: bytes of the whole file."""

    url: str
    size: int
    sha256: str
    etag: str


class Changed(PullError):
    """The remote file changed, so that the partial download cannot be resumed."""


@dataclass(frozen=True)
class Download:
    """One download. path: the local file. stall_s: seconds without data after which it ends. judge: looks
    at the remote file before the first byte is asked for, and raises if it is of no use."""

    remote: Remote
    path: Path
    stall_s: float
    watch: Watch
    judge: Judge = ignore

    def run(self) -> str:
        """Download the file, resuming an earlier call, and return its sha256.

        Raises PullError, and keeps the received bytes for the next call; KeyRefusedError;
        ConfigurationError if the disk is too small; ModelFileError if the sha256 differs, and
        deletes the file.
        """
        if self._resumable() is None:
            discard(self.path)
            self.judge(self.remote, self.stall_s)
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
                f"{self.remote.shown} arrived with sha256 {digest} instead of {self.remote.sha256}",
                hint="it was damaged on the way or changed at its source, and is deleted; pull it again",
            )
        return digest

    def _try(self) -> None:
        """Make one request and write its body."""
        partial = self._resumable()
        # If all bytes are here, the last one is requested: the reply shows whether they are current.
        start = min(self._size(), partial.size - 1) if partial else 0
        headers = {"Range": f"bytes={start}-"} if start else {}
        if partial and partial.etag and start:
            headers["If-Range"] = partial.etag
        with get(self.remote, self.stall_s, headers) as response:
            check_no_page(self.remote, response)
            if response.status_code == 200:
                start, total = 0, self._announced_size(response)
            else:
                total = self._continued_size(response, start, partial)
            self._check_size(total)
            self._prepare(
                start, Partial(self.remote.shown, total, self.remote.sha256, _etag(response))
            )
            self._write(response, start, total)

    def _resumable(self) -> Partial | None:
        """The record of the local bytes, if the remote file may still begin with them."""
        try:
            partial = Partial(**json.loads(_record(self.path).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        if self.remote.size not in (None, partial.size) or not 0 < self._size() <= partial.size:
            return None
        if self.remote.sha256:  # then the URL does not matter
            return partial if partial.sha256 == self.remote.sha256 else None
        return partial if partial.etag and partial.url == self.remote.shown else None

    def _continued_size(
        self, response: httpx2.Response, start: int, partial: Partial | None
    ) -> int:
        """The size of the whole file, from a reply that continues the local bytes. Raises Changed
        for any other reply."""
        changed = Changed(f"{self.remote.shown} has changed meanwhile", hint="pull it again")
        bounds = RANGE.fullmatch(response.headers.get("content-range", ""))
        if partial is None or bounds is None or start == 0 or int(bounds[1]) != start:
            raise changed
        if int(bounds[2]) != partial.size or partial.etag not in ("", _etag(response)):
            raise changed
        return partial.size

    def _announced_size(self, response: httpx2.Response) -> int:
        """The size of the whole file, from a complete reply or else from the listing. Raises
        PullError if neither has it."""
        length = response.headers.get("content-length", "")
        total = int(length) if length.isdigit() else self.remote.size
        if not total:
            raise PullError(
                f"{self.remote.shown}: the server does not report the file's size",
                hint="download it by other means, and pull the file",
            )
        return total

    def _check_size(self, total: int) -> None:
        if self.remote.size not in (None, total):
            raise PullError(
                f"{self.remote.shown}: the server offers {total} bytes instead of {self.remote.size}",
                hint="try again later, or report it to the publisher",
            )

    def _prepare(self, start: int, partial: Partial) -> None:
        check_room(self.path.parent, partial.size - start)
        if start:
            self.watch.say(f"resuming after {megabytes(start)} of {megabytes(partial.size)}")
        else:
            self.watch.say(f"{megabytes(partial.size)} from {partial.url}")
        _record(self.path).write_text(json.dumps(asdict(partial)), "utf-8")

    def _write(self, response: httpx2.Response, start: int, total: int) -> None:
        done = start
        # Not opened for appending: where locks do not work, two processes then write the same bytes
        # to the same places.
        with self.path.open("r+b" if start else "wb") as file:
            file.seek(start)
            for piece in pieces(response, self.remote, self.stall_s):
                done += len(piece)
                if done > total:
                    raise PullError(
                        f"{self.remote.shown}: the server sends more than the announced {total} bytes"
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
    """Delete a partial download."""
    path.unlink(missing_ok=True)
    _record(path).unlink(missing_ok=True)


def check_room(folder: Path, size: int) -> None:
    """Raise ConfigurationError unless the folder's disk has `size` bytes to spare."""
    free = shutil.disk_usage(folder).free
    if free < size + MARGIN_BYTES:
        raise ConfigurationError(
            f"{megabytes(size)} are needed in {folder}, but only {megabytes(free)} are free",
            hint="make room, or set FOGGEN_HOME to a folder on a larger disk",
        )


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _etag(response: httpx2.Response) -> str:
    """The ETag, unless it is weak; a weak one cannot be used to resume."""
    etag: str = response.headers.get("etag", "")
    return "" if etag.startswith("W/") else etag
