"""README's and the Makefile's examples: a shell leaves them as they are, and they do what is shown."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from .helpers import REPOSITORY, cli

README = (REPOSITORY / "README.md").read_text("utf-8")
COMMAND = re.compile(r"^ {4}(?:\$ )?(?:\.venv/bin/)?(foggen-edge ask .*)$", re.MULTILINE)
COMMANDS = [found[1] for found in COMMAND.finditer(README) if "-m NAME" not in found[1]]
SHELLS = [name for name in ("sh", "bash", "dash", "zsh", "ksh") if shutil.which(name)]
EATEN = re.compile(r"[$`!\\%^]")  # by some shell, between double quotes


def words(command: str) -> list[str]:
    return shlex.split(command, comments=True)[1:]


def shown_after(command: str) -> list[str]:
    """The indented lines below a command: its output, as README shows it."""
    below = README.partition(command)[2].splitlines()[1:]
    return [line[4:] for line in below[: next(n for n, line in enumerate(below) if not line)]]


def test_the_examples_are_found() -> None:
    assert len(COMMANDS) == 4


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_passes_a_question_on_as_it_is_written(shell: str, command: str) -> None:
    (quoted,) = re.findall(r'"([^"]*)"', command)
    assert not EATEN.search(quoted)
    done = subprocess.run(
        [shell, "-c", command.replace("foggen-edge", "printf '%s\\n'")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == words(command)


@pytest.mark.parametrize("command", COMMANDS[:3])
def test_an_example_gives_the_answer_and_the_verdict_that_are_shown(command: str) -> None:
    outcome = cli(*words(command))
    assert outcome.code == 0
    answer, verdict, *_ = outcome.out.splitlines()
    assert [answer, verdict] == shown_after(command)[:2]


def test_the_first_question_is_answered_rightly_and_surely() -> None:
    reply = cli(*words(COMMANDS[0]), "--json").json
    assert (reply["text"], reply["degraded"], reply["sure"]) == ("0.67", False, True)
    assert reply["p_right"] > 0.85


def test_an_everyday_one_is_answered_rightly_and_surely() -> None:
    reply = cli(*words(COMMANDS[1]), "--json").json
    assert (reply["text"], reply["sure"]) == ("Tuesday", True)


def test_the_third_is_not_sure() -> None:
    reply = cli(*words(COMMANDS[2]), "--json").json
    assert reply["p_right"] < reply["tau"] and not reply["sure"]


def test_two_and_two_are_four() -> None:
    reply = cli(*words(COMMANDS[3]), "--json").json
    assert (reply["text"], reply["sure"]) == ("4", True)


def test_the_example_in_python(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(program, {})
    assert capsys.readouterr().out == program.splitlines()[-1].strip().removeprefix("# ") + "\n"


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_the_demo_shows_the_command_that_it_runs(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "installed-dev").touch()
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    program = tmp_path / ".venv" / "bin" / "foggen-edge"
    program.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", "utf-8")
    program.chmod(0o755)
    # The tests themselves may run under make, which tells the makes inside it so.
    alone = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    done = subprocess.run(
        ["make", "demo"], cwd=tmp_path, env=alone, capture_output=True, text=True, check=True
    )
    shown, *arguments = done.stdout.splitlines()
    assert shown == f".venv/bin/{COMMANDS[0]}"
    assert arguments == words(COMMANDS[0])
