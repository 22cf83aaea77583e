"""`batch` into a pipe, a terminal or a descriptor: results as they come, nothing read, nothing cut."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Scripted
from ..helpers import LIMIT_S, cli, command
from .batching import ROW, UNSURE, write

FOGGEN = f"{sys.executable} -c 'from foggen.cli.main import main; main()' batch"
NOTES = "notes of mine\nand a last line without its end"


@pytest.fixture(autouse=True)
def model(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOGGEN_MODEL", str(scripted()))


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=LIMIT_S,
        check=False,
    )


def ids(text: str) -> list[Any]:
    return [json.loads(line)["id"] for line in text.splitlines()]


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_case_49_results_go_to_a_pipe_as_they_come(source: Path, name: str) -> None:
    write(source, ROW, UNSURE)
    (source.parent / "link").symlink_to("/dev/stdout")
    done = shell(f"{FOGGEN} in.jsonl {name} | cat", source.parent)
    assert (done.returncode, ids(done.stdout)) == (0, ["sure", "unsure"])
    assert "2 answered" in done.stderr


def test_case_49_its_script_ends(source: Path) -> None:
    write(source, {"id": 1, "question": "2+2?", "options": ["3", "4"]})
    done = shell(f"{FOGGEN} in.jsonl /dev/stdout | cat; echo rc ${{PIPESTATUS[@]}}", source.parent)
    first, last = done.stdout.splitlines()
    assert (json.loads(first)["label"], last) == ("B", "rc 0 0")


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_a_reader_that_has_seen_enough_ends_the_run(source: Path, name: str) -> None:
    write(source, *({**ROW, "id": number} for number in range(2000)))
    done = shell(f"{FOGGEN} in.jsonl {name} | head -1", source.parent)
    assert (done.returncode, ids(done.stdout), done.stderr) == (0, [0], "")


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("arrow", [">>", "1<>"])
def test_a_file_behind_stdout_is_not_cut(source: Path, name: str, arrow: str) -> None:
    write(source, ROW)
    notes = source.with_name("notes")
    notes.write_text(NOTES if arrow == ">>" else "", "utf-8")
    assert shell(f"{FOGGEN} in.jsonl {name} {arrow} notes", source.parent).returncode == 0
    text = notes.read_text("utf-8")
    assert text.startswith(NOTES if arrow == ">>" else "{")
    assert ids(text.removeprefix(NOTES)) == ["sure"]


def test_what_was_written_before_into_the_same_file_stays(source: Path) -> None:
    write(source, ROW)
    shell(f"(echo before; {FOGGEN} in.jsonl /dev/stdout; echo after) > notes", source.parent)
    before, result, after = source.with_name("notes").read_text("utf-8").splitlines()
    assert (before, json.loads(result)["id"], after) == ("before", "sure", "after")


def test_another_descriptor(source: Path) -> None:
    write(source, ROW)
    done = shell(f"{FOGGEN} in.jsonl /dev/fd/7 7>>notes && cat notes", source.parent)
    assert ids(done.stdout) == ["sure"]
    done = shell(
        f"{FOGGEN} in.jsonl >(cat > other; touch end); while [ ! -e end ]; do :; done",
        source.parent,
    )
    assert ids(source.with_name("other").read_text("utf-8")) == ["sure"]


def test_a_named_pipe(source: Path) -> None:
    write(source, ROW)
    done = shell(f"mkfifo pipe; cat pipe & {FOGGEN} in.jsonl pipe; wait", source.parent)
    assert (done.returncode, ids(done.stdout)) == (0, ["sure"])


def test_a_terminal(source: Path) -> None:
    write(source, ROW)
    ours, theirs = pty.openpty()
    seen: list[bytes] = []
    reader = threading.Thread(target=lambda: seen.extend(iter(lambda: os.read(ours, 1), b"\n")))
    reader.start()
    outcome = command("batch", source, os.ttyname(theirs))
    reader.join()
    os.close(theirs)
    os.close(ours)
    assert outcome.code == 0
    assert json.loads(b"".join(seen))["id"] == "sure"


def test_nothing_is_resumed_from_a_stream(source: Path) -> None:
    write(source, ROW)
    for _ in range(2):
        outcome = cli("batch", source, "-")
        assert ids(outcome.out) == ["sure"]
        assert "1 answered (0 degraded, 0 unsure), 0 failed, 0 already done" in outcome.err


def test_a3_the_questions_behind_stdout_are_not_added_to(source: Path) -> None:
    write(source, ROW)
    before = source.read_bytes()
    done = shell(f"{FOGGEN} in.jsonl - >> in.jsonl", source.parent)
    assert done.returncode == 2
    assert "the file with the questions" in done.stderr
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("in.jsonl /dev/stdin < in.jsonl", "the file with the questions"),
        ("in.jsonl /dev/stdin < /dev/null", "Bad file descriptor"),
        ("in.jsonl /dev/stdin -m missing.gguf < /dev/null", "Bad file descriptor"),
        ("in.jsonl /dev/fd/77", "Bad file descriptor"),
        ("in.jsonl - >&-", "descriptor 1 is closed"),
        ("in.jsonl /dev/full", "No space left"),
        ("in.jsonl - > /dev/full", "No space left"),
    ],
)
def test_streams_that_cannot_be_written(source: Path, line: str, word: str) -> None:
    write(source, ROW)
    done = shell(f"{FOGGEN} {line}", source.parent)
    assert done.returncode == (2 if word.startswith("the file") else 78)
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def conversation() -> Iterator[subprocess.Popen[bytes]]:
    """`batch - -`, which is ended after LIMIT_S if it leaves a question unanswered."""
    start = [sys.executable, "-c", "from foggen.cli.main import main; main()", "batch", "-", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(start, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        limit = threading.Timer(LIMIT_S, child.kill)
        limit.start()
        yield child
        limit.cancel()
        child.kill()


def said(child: subprocess.Popen[bytes], line: bytes) -> dict[str, Any]:
    """Write one line, and read one before anything else is written."""
    assert child.stdin and child.stdout
    child.stdin.write(line + b"\n")
    child.stdin.flush()
    answer: dict[str, Any] = json.loads(child.stdout.readline())
    return answer


def test_each_line_of_stdin_is_answered_before_the_next(
    conversation: subprocess.Popen[bytes],
) -> None:
    first, second = json.dumps(ROW).encode(), json.dumps(UNSURE).encode()
    assert said(conversation, first)["label"] == said(conversation, first)["label"] == "B"
    assert said(conversation, b"\n" + second)["degraded"]
    assert "not JSON" in said(conversation, b'{"id": 1,')["error"]
    assert "0xff" in said(conversation, b"\xff")["error"]
    assert said(conversation, b"\xef\xbb\xbf" + first)["id"] == "sure"
    _, summary = conversation.communicate()
    assert summary.decode().strip() == "-: 4 answered (1 degraded, 1 unsure), 2 failed"
    assert conversation.returncode == 65


@pytest.mark.parametrize(("flag", "code"), [("", 0), ("--strict", 75)])
def test_the_end_of_stdin_ends_the_run(source: Path, flag: str, code: int) -> None:
    write(source, ROW, UNSURE)
    done = shell(f"{FOGGEN} - - {flag} < in.jsonl", source.parent)
    assert (done.returncode, ids(done.stdout)) == (code, ["sure", "unsure"])


def test_lines_of_stdin_have_no_file_of_results(source: Path) -> None:
    done = shell(f"echo | {FOGGEN} - out.jsonl", source.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "give '-' for the results" in done.stderr and len(done.stderr.splitlines()) == 1
    assert not source.with_name("out.jsonl").exists()
