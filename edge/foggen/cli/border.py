"""The border between library and terminal. Only here do errors become a line and an exit code."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from typing import TypeVar

from ..calls.cancelling import CancelToken
from ..calls.workers import Workers
from ..errors import CancelledError, ConfigurationError, FogGenError
from ..installation import installation

INTERRUPTED = CancelledError.exit_code
DOUBTFUL = 75  # exit code under --strict
CANCEL_WAIT_S = 5.0  # how long Ctrl-C waits for the work to stop
BUG = 70

# Packages that only an extra installs, so that an error can name the extra.
EXTRAS = {
    "torch": "export",
    "transformers": "export",
    "safetensors": "export",
    "peft": "training",
    "accelerate": "training",
    "sklearn": "training",
    "matplotlib": "training",
    "ray": "ray",
}

# A disk that is full, over quota or read-only is not a bug of ours.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)

CONTROLS = re.compile("[\x7f-\x9f]")  # the control characters that JSON does not escape

T = TypeVar("T")


@contextmanager
def reported() -> Iterator[None]:
    """Turn any exception into one line on stderr and the documented exit code."""
    try:
        yield
    except FogGenError as error:
        _leave(error.exit_code, f"foggen: {error}")
    except KeyboardInterrupt:
        _leave(INTERRUPTED, "foggen: interrupted")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _leave(0, "")
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name in EXTRAS:
            wanted = installation().add_extra(EXTRAS[error.name])
            _leave(ConfigurationError.exit_code, f"foggen: {error.name} is not installed; {wanted}")
        if os.environ.get("FOGGEN_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            where = f"{error.filename}: " if error.filename else ""
            wanted = "make room, or choose another folder; what was recorded is kept"
            _leave(ConfigurationError.exit_code, f"foggen: {where}{error.strerror}; {wanted}")
        place = f"{type(error).__name__}: {error}".replace("\n", " ")
        _leave(BUG, f"foggen: a bug: {place}; please report it, with what FOGGEN_DEBUG=1 shows")


def show(text: str) -> None:
    """Print a result. Characters that stdout cannot encode are escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)


def show_json(value: object) -> None:
    """Print a JSON object on one line. Control characters, and those that stdout cannot encode, are
    escaped."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(value)
    show(CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", line))


_worker = Workers("foggen-command", 1)


def interruptible(work: Callable[[CancelToken], T]) -> T:
    """Run `work(token)` in a worker thread, so that Ctrl-C works even during a native call.

    Ctrl-C cancels the token and waits for the work to stop. Nothing is sent afterwards.
    """
    token = CancelToken()
    waiting: list[Future[T]] = []
    try:
        waiting.append(_worker.submit(lambda: work(token)))
        # On Windows, Ctrl-C is only noticed between waits.
        while not wait(waiting, 0.1 if os.name == "nt" else None).done:
            pass
        return waiting[0].result()
    except KeyboardInterrupt:
        token.cancel()
        with suppress(KeyboardInterrupt):  # a second Ctrl-C ends the waiting
            wait(waiting, CANCEL_WAIT_S)
        raise


def _leave(code: int, line: str) -> None:
    if line:
        from ..question.question import clean

        print(clean(" ".join(line.split()))[0], file=sys.stderr)
    raise SystemExit(code)
