"""Exporting a checkpoint to a GGUF, by running the exporter in a separate process.

The runtime does not import `foggen_export`; imports point the other way. `foggen_export.pulled` says what its
lines mean. It is in the base install and needs no torch.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from .. import errors
from ..errors import ConfigurationError, FogGenError, ModelFileError
from .download import Watch
from .known_models import sha256_of
from .trial import interpreter

NEEDED = ("foggen_export", "tokenizers")
MODULE = "foggen_export.pulled"


def check_exporter(source: str, quant: str) -> None:
    """Raise ConfigurationError, with the commands to run, if no checkpoint can be exported here."""
    if interpreter() is None:
        raise ConfigurationError(
            f"{source} is a checkpoint, but this program has no Python to export it with",
            hint=f"run foggen-export {source} -o FOLDER -q {quant} --without-torch, and pull the file that it writes",
        )
    if not all(find_spec(name) for name in NEEDED):
        raise ConfigurationError(
            f"{source} is a checkpoint, but the exporter is not installed",
            hint=f"reinstall foggen, then run: foggen-edge models pull {source} -q {quant}",
        )


def judge(folder: Path, quant: str, layout: str) -> None:
    """Raise what `export` would raise for a checkpoint's config, tokenizer or quantization. Its weights need
    not be there."""
    for _ in _told_by("judge", str(folder), quant, layout):
        pass


def export(folder: Path, target: Path, quant: str, layout: str, watch: Watch) -> str:
    """Export the checkpoint in `folder` as the GGUF `target`, and return its sha256. Raises
    ModelFileError and UsageError."""
    output = target.parent / "exported"  # the exporter leaves what it was writing if it is killed
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    step = ""
    try:
        for told in _told_by("write", str(folder), quant, str(output / target.name), layout):
            if "say" in told:
                watch.say(told["say"])
                continue
            if told["step"] != step:
                step = told["step"]
                watch.say(f"{folder.name}: {step}")
            watch.progress(told["done"], told["total"])
        (output / target.name).replace(target)
    finally:
        shutil.rmtree(output, ignore_errors=True)
    return sha256_of(target)


def _told_by(*arguments: str) -> Iterator[dict[str, Any]]:
    """The lines of the exporter but for an error's, which is raised."""
    # -P keeps the exporter from importing modules of the working folder.
    command = [interpreter() or "python", "-P", "-m", MODULE, *arguments]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            env={**os.environ, "GGML_NO_BACKTRACE": "1", "PYTHONIOENCODING": "utf-8"},
            encoding="utf-8",
        ) as child,
    ):
        try:
            for line in child.stdout or ():
                told = json.loads(line)
                if "error" in told:
                    raise _error(told)
                yield told
        except BaseException:
            child.kill()
            raise
        if child.wait():
            raise _ended(child.returncode, said)


def _ended(code: int, said: BinaryIO) -> ModelFileError:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return ModelFileError(
        f"the exporter ended with {code}: {lines[-1] if lines else 'it said nothing'}",
        hint="if it was killed for want of memory, close other programs, and pull again",
    )


def _error(told: dict[str, Any]) -> FogGenError:
    kind = getattr(errors, str(told["kind"]), ModelFileError)
    error: FogGenError = kind(told["error"], hint=told["hint"])
    return error
