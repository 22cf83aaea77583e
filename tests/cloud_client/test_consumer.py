"""The public names as an application sees them: they work, and their types hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import foggen_cloud

from . import consumer

SOURCE = Path(consumer.__file__).read_text("utf-8")


def test_it_uses_every_public_name_and_works() -> None:
    used = {node.id for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Name)}
    assert set(foggen_cloud.__all__) - used == set()
    address = "http://127.0.0.1:9/v1/chat/completions"
    assert consumer.main() == [1, 1, "B", "auth", 1, address]


def test_its_types_hold_under_strict_mypy(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    copy = tmp_path / "consumer.py"
    copy.write_text(SOURCE, "utf-8")
    options = ["--strict", "--config-file=", "--cache-dir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--follow-imports=silent", str(copy)],
        capture_output=True,
        text=True,
        check=False,
        env={"MYPYPATH": str(Path(foggen_cloud.__file__).parents[1]), "PATH": ""},
    )
    assert done.returncode == 0, done.stdout + done.stderr
