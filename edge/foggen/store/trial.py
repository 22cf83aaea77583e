"""The first load of a model file, in a child process.

llama.cpp can end the process on a damaged file whose header passes every check. The child loads the
file and decodes a few tokens. If that ends the child, the caller gets an error and goes on.

    python -m foggen.store.trial FILE SECRET [LAYOUT]      runs the child
"""

from __future__ import annotations

import hashlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..engine.contract import from_metadata
from ..errors import ConfigurationError, ModelFileError

START_LIMIT_S, LOAD_LIMIT_S = 60.0, 300.0
_STARTED, _LOADED = "started", "loaded"
_HINT = "\t"  # separates the message and the hint on the child's stderr
_PYTHONS = ("python", "pypy", "graalpy")


@dataclass(frozen=True)
class _Outcome:
    """The exit code of a child (negative for a signal), and its output."""

    code: int
    out: str
    err: str

    def proves(self, step: str, secret: str) -> bool:
        return _proof(step, secret) in self.out.splitlines()

    @property
    def last_line(self) -> str:
        return (self.err.strip().splitlines() or [""])[-1]


def interpreter() -> str | None:
    """The Python that runs this process, or None if this process is some other program.

    Where Python is embedded, `sys.executable` may be the host program, and starting it would open a
    second copy. So only a file whose name contains that of a Python is used.
    """
    if getattr(sys, "frozen", False) or not sys.executable:
        return None
    path = Path(sys.executable)
    names = f"{path.name} {path.resolve().name}".lower()
    return sys.executable if any(python in names for python in _PYTHONS) else None


def load_in_child(
    path: Path,
    *,
    layout: str = "",
    start_limit_s: float = START_LIMIT_S,
    load_limit_s: float = LOAD_LIMIT_S,
) -> None:
    """Load a model file in a child process. layout: its chat layout, "" for its own.

    Raises ModelFileError if the child could not load it, ConfigurationError if no child could try.
    """
    python, secret = interpreter(), secrets.token_hex(16)
    if python is None:
        raise _untried(path, _not_a_python())
    # -P keeps a numpy.py of the working folder from being imported.
    command = [python, "-P", "-m", __name__, str(path), secret, layout]
    try:
        outcome = _run(command, _proof(_STARTED, secret), start_limit_s, load_limit_s)
    except OSError as exc:
        raise _untried(path, f"{python} cannot be started: {exc.strerror}") from exc
    except subprocess.TimeoutExpired:
        raise ModelFileError(
            f"{path}: loading it took more than {load_limit_s:g} s", hint="give a smaller model"
        ) from None
    if not outcome.proves(_STARTED, secret):
        raise _untried(path, f"{python} did not run foggen: {outcome.last_line or 'no output'}")
    if outcome.code or not outcome.proves(_LOADED, secret):
        raise _refused(path, outcome)


def _run(command: list[str], started: str, start_limit_s: float, load_limit_s: float) -> _Outcome:
    """Run the child to its end. It is killed if it does not report in time that it has started.

    The child writes to files, because a pipe would stay open as long as any process that it left.
    """
    with tempfile.TemporaryDirectory(prefix="foggen-", ignore_cleanup_errors=True) as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        with out.open("wb") as out_file, err.open("wb") as err_file:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out_file,
                stderr=err_file,
                start_new_session=True,
                # A model may end the child, which should then not start a debugger.
                env={**os.environ, "GGML_NO_BACKTRACE": "1"},
            )
        try:
            child.wait(start_limit_s)
        except subprocess.TimeoutExpired:
            if started in _text(out):
                child.wait(load_limit_s)
        finally:
            _end(child)
        return _Outcome(child.returncode, _text(out), _text(err))


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and every process that it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
    if child.poll() is None:
        child.kill()
    child.wait()


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def _proof(step: str, secret: str) -> str:
    """A line that only a child that reached `step` can print; echoing arguments is not enough."""
    return hashlib.sha256(f"{step} {secret}".encode()).hexdigest()


def _not_a_python() -> str:
    if getattr(sys, "frozen", False):
        return "this is a frozen application"
    return f"sys.executable is {sys.executable!r}, which is not a Python interpreter"


def _untried(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} must first be loaded in a child process, but none can be run here ({reason})",
        hint="run 'foggen-edge models show FILE' once, or open a file that you trust with trusted=True",
    )


def _refused(path: Path, outcome: _Outcome) -> ModelFileError:
    said = outcome.last_line if outcome.code > 0 else "llama.cpp ended the process"
    reason, _, hint = said.partition(_HINT)
    return ModelFileError(
        f"{path} cannot be loaded: {reason.removeprefix(f'{path}: ')}",
        hint=hint or "the file is damaged or of an unknown kind; get it again",
    )


def _load(path: Path, layout: str) -> None:
    """Load the file, find the contract's tokens, decode, and check that the numbers are finite."""
    import numpy as np

    from ..engine.engine import plan_of
    from ..engine.native import Context, Model

    model = Model(path)
    plan_of(from_metadata(model.header.metadata, model.header.architecture, layout), model)
    context = Context(model, context=256, threads=1)
    tokens = model.tokenize("1 + 1 = 2", scaffold=False)
    rows = context.decode(tokens, 0, [len(tokens) - 1])
    if not np.isfinite(rows).all():
        raise ModelFileError("the weights produce numbers that are not finite")


def _main(path: str, secret: str, layout: str = "") -> int:
    print(_proof(_STARTED, secret), flush=True)
    try:
        _load(Path(path), layout)
    except Exception as exc:
        print(getattr(exc, "message", exc), getattr(exc, "hint", ""), sep=_HINT, file=sys.stderr)
        return 1
    print(_proof(_LOADED, secret), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
