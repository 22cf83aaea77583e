"""Exporting a checkpoint to a GGUF, by running `foggen-export` in a separate process.

The runtime does not import the exporter, which needs torch; imports point the other way.
"""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from ..errors import ConfigurationError, ModelFileError
from ..installation import installation
from .download import Watch
from .known_models import sha256_of
from .trial import interpreter

NEEDED = ("foggen_export", "torch", "transformers", "safetensors")


def check_extra(source: str, quant: str) -> None:
    """Raise ConfigurationError, with the commands to run, if no checkpoint can be exported here."""
    if interpreter() is None:
        raise ConfigurationError(
            f"{source} is a checkpoint, but this program has no Python to export it with",
            hint=f"run foggen-export {source} -o FOLDER -q {quant}, and pull the file that it writes",
        )
    if not all(find_spec(name) for name in NEEDED):
        raise ConfigurationError(
            f"{source} is a checkpoint, but the exporter is not installed",
            hint=f"run: {installation().add_extra('export')} && foggen-edge models pull {source} -q {quant}",
        )


def export(folder: Path, target: Path, quant: str, watch: Watch) -> str:
    """Export the checkpoint in `folder` as the GGUF `target`, and return its sha256. Raises
    ModelFileError."""
    watch.say(f"exporting {folder.name} to {quant}")
    watch.progress(0, 0)
    output = target.parent / "exported"
    shutil.rmtree(output, ignore_errors=True)
    # -P keeps the exporter from importing modules of the working folder.
    command = [interpreter() or "python", "-P", "-c", "from foggen_export.cli import main; main()"]
    done = subprocess.run(
        [*command, str(folder), "-o", str(output), "-q", quant],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    files = list(output.glob("*.gguf"))
    if done.returncode or len(files) != 1:
        said = done.stderr.strip().splitlines() or ["the exporter ended without a message"]
        raise ModelFileError(f"{folder.name}: {said[-1].removeprefix('foggen: ')}")
    files[0].replace(target)
    return sha256_of(target)
