#!/usr/bin/env python3
"""Do what a release does, up to the upload:  tools/steps/release_dry_run.py v1.2.3

Checks that the tag, the package and the changelog have one version, builds the wheel and the source
distribution with hatchling, and prints what would be uploaded, with the notes of the changelog.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
OUTPUT = REPOSITORY / "build/release"


def version() -> str:
    """The version of the checkout's package."""
    text = (REPOSITORY / "edge/foggen/__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if not found:
        raise SystemExit("edge/foggen/__init__.py has no __version__")
    return found[1]


def notes(wanted: str) -> str:
    """The changelog's section on a version."""
    text = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    section = next((part for part in sections if part.split()[0] == wanted), None)
    if section is None:
        raise SystemExit(f"CHANGELOG.md has no section {wanted}; write one")
    return section.strip()


def build() -> list[Path]:
    """The source distribution and the wheel, built anew."""
    for old in OUTPUT.glob("*"):
        old.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(OUTPUT)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the build failed: {done.stderr.strip()}")
    return sorted(OUTPUT.iterdir())


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: release_dry_run.py TAG")
    tag, wanted = sys.argv[1], f"v{version()}"
    if tag != wanted:
        raise SystemExit(
            f"the tag is {tag}, and the package's version {wanted}; change one of them"
        )
    text = notes(wanted[1:])
    for path in build():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"would upload {path.name}, {path.stat().st_size} bytes, sha256 {digest}")
    print(f"with these notes:\n\n{text}")


if __name__ == "__main__":
    main()
