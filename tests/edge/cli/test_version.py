"""`--version` of the three commands: one line, exit 0, and nothing heavy is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib

import pytest

from foggen import __version__

from ..helpers import LIMIT_S, REPOSITORY
from ..test_imports import HTTP, MODEL, TRAINING

COMMANDS = {
    "foggen-edge": "foggen.cli.main",
    "foggen-export": "foggen_export.cli",
    "foggen-train": "foggen_training.cli",
}
PROGRAM = """
import json, sys
from {module} import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def run(module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=module), *arguments],
        text=True,
        check=False,
        capture_output=True,
        timeout=LIMIT_S,
        env=os.environ | environment,
    )


@pytest.mark.parametrize(("name", "module"), COMMANDS.items())
def test_the_version_is_one_line_and_loads_nothing_heavy(name: str, module: str) -> None:
    done = run(module, "--version")
    assert (done.returncode, done.stdout) == (0, f"{name} {__version__}\n")
    assert not set(json.loads(done.stderr)) & {*HTTP, *TRAINING, *MODEL}


@pytest.mark.parametrize("module", COMMANDS.values())
def test_the_version_wins_over_whatever_else_is_wrong(module: str) -> None:
    done = run(module, "--version", "no-such-command", FOGGEN_TAU="seven")
    assert (done.returncode, done.stdout.split()[1:]) == (0, [__version__])


@pytest.mark.parametrize("module", COMMANDS.values())
def test_the_help_names_it(module: str) -> None:
    assert "--version" in run(module, "--help").stdout


def test_the_version_has_one_home() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert (REPOSITORY / project["tool"]["hatch"]["version"]["path"]).read_text("utf-8").count(
        __version__
    ) == 1
