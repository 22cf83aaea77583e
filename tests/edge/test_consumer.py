"""The public names as an application sees them: they work, and their types hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import foggen

from . import consumer


def test_it_uses_every_public_name_and_works() -> None:
    source = Path(consumer.__file__).read_text("utf-8")
    assert [name for name in foggen.__all__ if name not in source] == []
    lines = consumer.main()
    assert lines[0].startswith("0.25 after")
    assert "confidence >= tau" in lines


def test_its_types_hold_under_strict_mypy(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    roots = {Path(foggen.__file__).parents[1], Path(foggen.__file__).parents[2] / "cloud_client"}
    copy = tmp_path / "consumer.py"
    copy.write_text(Path(consumer.__file__).read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "--cache-dir",
            str(tmp_path),
            "--follow-imports=silent",
            str(copy),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"MYPYPATH": ":".join(map(str, roots)), "PATH": ""},
    )
    assert done.returncode == 0, done.stdout + done.stderr
