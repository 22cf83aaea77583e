"""The examples run as their first lines say."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SUM = "2 + 2 = ? A) 3 B) 4"


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_question_from_a_program() -> None:
    done = run("ask.py", SUM)
    assert (done.returncode, done.stdout, done.stderr) == (0, "B. 4\n", "")


def test_an_unsure_answer_does_not_look_like_a_sure_one() -> None:
    done = run("ask.py", "Which vorgal did the tremblix quell? A) zif B) wem C) oob D) nal")
    assert done.returncode == 0 and "(only a guess: P(right) < tau" in done.stdout


def test_what_is_no_question_is_one_line_and_its_exit_code() -> None:
    done = run("ask.py", "Why?")
    assert done.returncode == 65 and done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert run("ask.py").returncode == 2


def test_a_child_process_that_answers_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example's own way of asking: one line out, one line back, nothing written in between."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    done = run(
        "subprocess_lines.py", SUM, "Why?", "What day comes after Monday? A) Sunday B) Tuesday"
    )
    first, second, third = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert (first, third) == ("1 B. 4", "3 B. Tuesday") and "option" in second


@pytest.fixture
def port() -> Iterator[int]:
    command = [sys.executable, str(EXAMPLES / "service.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        yield int(service.stdout.readline().split()[-1])
        service.terminate()


def test_a_service_answers_every_line_of_its_clients(port: int) -> None:
    lines = [
        json.dumps({"id": 1, "question": SUM}),
        json.dumps({"id": 2, "question": "Why?"}),
        "no JSON",
        json.dumps({"id": 3, "question": "What day comes after Monday? A) Sunday B) Tuesday"}),
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=120) as client:
        client.sendall("\n".join([*lines, ""]).encode())
        client.shutdown(socket.SHUT_WR)
        replies = [json.loads(line) for line in client.makefile(encoding="utf-8")]
    found = {reply["id"]: reply for reply in replies}
    assert len(replies) == 4
    assert (found[1]["text"], found[1]["route"]) == ("4", "edge")
    assert found[3]["text"] == "Tuesday"
    assert "options" in found[2]["error"] or "option" in found[2]["error"]
    assert found[None]["error"].startswith("send ")
