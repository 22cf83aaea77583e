"""`foggen-edge batch`: one result for each line, in order, resumable whatever stopped it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from foggen import Router

from ..conftest import Scripted
from ..helpers import COMMAND, JSON_KEYS, QUESTION, cli
from .batching import ROW, UNSURE, check_counts, results, write


@pytest.fixture(autouse=True)
def model(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = scripted()
    monkeypatch.setenv("FOGGEN_MODEL", str(path))
    return path


def test_every_line_gets_a_reply(source: Path, output: Path) -> None:
    write(source, ROW, UNSURE)
    outcome = cli("batch", source, output)
    check_counts(outcome, 0, "2 answered (1 degraded, 1 unsure), 0 failed, 0 already done")
    first, second = results(output)
    assert set(first) == JSON_KEYS | {"id", "question_sha256"}
    assert [first["id"], first["label"], first["degraded"]] == ["sure", "B", False]
    assert [second["id"], second["label"], second["degraded"]] == ["unsure", "B", True]


def test_i20_a_bad_line_has_its_own_error_and_the_rest_goes_on(source: Path, output: Path) -> None:
    bad: list[Any] = [
        "{not json",
        {"id": "no-options", "question": "What?"},
        {"id": "number", "question": 7},
        "[1, 2]",
        {"id": "one", "question": "What?", "options": ["x"]},
        {"id": "wrong", "question": "What?", "options": "AB"},
        {"id": "long", "question": "word " * 20_000, "options": ["x", "y"]},
        '"text"',
    ]
    write(source, ROW, *bad, UNSURE)
    outcome = cli("batch", source, output)
    check_counts(outcome, 65, "2 answered (1 degraded, 1 unsure), 8 failed")
    rows = results(output)
    assert [row["id"] for row in rows] == [
        "sure",
        None,
        "no-options",
        "number",
        None,
        "one",
        "wrong",
        "long",
        None,
        "unsure",
    ]
    failed = rows[1:-1]
    assert all(set(row) == {"id", "question_sha256", "error", "exit_code"} for row in failed)
    assert {row["exit_code"] for row in failed} == {65}
    assert failed[0]["error"].startswith("line 2 is not JSON: ")
    assert failed[3]["error"] == "line 5 is not a JSON object"
    assert "no options found" in failed[1]["error"]
    assert '"question"' in failed[2]["error"]
    assert "tokens" in failed[6]["error"]


def test_blank_lines_a_byte_order_mark_and_crlf_are_no_rows(source: Path, output: Path) -> None:
    source.write_bytes(b"\xef\xbb\xbf" + json.dumps(ROW).encode() + b"\r\n\r\n  \n")
    assert cli("batch", source, output).code == 0
    assert [row["id"] for row in results(output)] == ["sure"]


def test_rows_without_an_id_have_results_without_one(source: Path, output: Path) -> None:
    write(source, {"question": QUESTION}, "", {"question": QUESTION, "id": None})
    cli("batch", source, output)
    first, second = results(output)
    assert first["id"] is second["id"] is None
    assert first["question_sha256"] == second["question_sha256"], "it is the same question"


def test_ids_come_back_as_they_were(source: Path, output: Path) -> None:
    names = ["a", 7, "Әл-Фараби", "7.0", 0]
    write(source, *({**ROW, "id": name} for name in names))
    cli("batch", source, output)
    assert [row["id"] for row in results(output)] == names
    again = cli("batch", source, output)
    check_counts(again, 0, "0 answered (0 degraded, 0 unsure), 0 failed, 5 already done")
    assert len(results(output)) == 5


def test_i14_results_can_be_read_in_every_script(source: Path, output: Path) -> None:
    """In UTF-8 and not as `\\u04b1`; only controls are escaped, which a terminal would obey."""
    write(source, {"id": "ұ\x9b", "question": "Екі # қосу үш?", "options": ["төрт", "бес"]})
    assert cli("batch", source, output).code == 0
    text = output.read_text("utf-8")
    assert '"id": "ұ\\u009b"' in text
    assert '"text": "бес"' in text
    assert results(output)[0]["id"] == "ұ\x9b"


def test_i14_lone_surrogates_are_no_crash(source: Path, output: Path) -> None:
    write(source, r'{"id": "\ud800", "question": "What \ud800 is?\nA. x\nB. \udfff"}', ROW)
    assert cli("batch", source, output).code == 0
    first, second = results(output)
    assert (first["id"], first["text"], second["id"]) == ("\ud800", "\ufffd", "sure")


def test_an_id_twice_is_refused_before_anything_is_asked(source: Path, output: Path) -> None:
    write(source, ROW, UNSURE, ROW)
    outcome = cli("batch", source, output)
    check_counts(outcome, 65, "'sure'")
    assert f"{source}:3" in outcome.err
    assert not output.exists()


def test_m14_a_result_is_written_before_the_next_is_asked_for(
    source: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[int] = []
    real = Router.batch

    def counting(self: Router, rows: Any, **given: Any) -> Any:
        there.append(output.read_bytes().count(b"\n"))
        return real(self, rows, **given)

    monkeypatch.setattr(Router, "batch", counting)
    write(source, *({**ROW, "id": n} for n in range(4)))
    cli("batch", source, output)
    assert there == [0, 1, 2, 3]


@pytest.mark.parametrize("cut", [1, 10, 40, 100, 150, -2])
def test_a_result_cut_off_by_a_kill_is_asked_again(source: Path, output: Path, cut: int) -> None:
    write(source, ROW, UNSURE)
    cli("batch", source, output)
    whole = results(output)
    first, second = output.read_bytes().splitlines(keepends=True)
    output.write_bytes(first + second[:cut])
    check_counts(cli("batch", source, output), 0, "1 answered")
    assert [row["id"] for row in results(output)] == [row["id"] for row in whole]
    assert results(output)[1]["label"] == whole[1]["label"]


def test_strict_tells_degraded_answers_and_errors_win(source: Path, output: Path) -> None:
    write(source, ROW)
    assert cli("batch", source, output, "--strict").code == 0
    write(source, ROW, UNSURE)
    assert cli("batch", source, output, "--strict").code == 75
    write(source, ROW, UNSURE, {**UNSURE, "id": "again"}, "{")
    assert cli("batch", source, output, "--strict").code == 65


def test_the_flags_change_what_is_decided(source: Path, output: Path, tmp_path: Path) -> None:
    write(source, UNSURE)
    for name, flags, route, degraded in (
        ("tau", ("-t", "0.25"), "edge", False),
        ("local", ("--local-only",), "edge", False),
        ("dry", ("--dry-run",), "cloud", False),
        ("none", (), "edge", True),
    ):
        cli("batch", source, tmp_path / name, *flags)
        (row,) = results(tmp_path / name)
        assert (row["route"], row["degraded"]) == (route, degraded), name
    assert cli("batch", source, output, "--cloud-only").code == 65
    assert results(output)[0]["exit_code"] == 69


def test_files_that_cannot_be_used(source: Path, output: Path, tmp_path: Path) -> None:
    write(source, ROW)
    for arguments, code, word in (
        ((tmp_path / "missing", output), 66, "missing"),
        ((tmp_path, output), 65, str(tmp_path)),
        ((source, tmp_path / "no" / "folder"), 78, "folder"),
        ((source, tmp_path), 78, str(tmp_path)),
        ((source, output, "-m", tmp_path / "no.gguf"), 78, "no.gguf"),
        ((source, output, "-t", "nan"), 2, "tau"),
    ):
        outcome = cli("batch", *arguments)
        check_counts(outcome, code, word)
    assert not output.exists()


def test_m14_ctrl_c_keeps_what_was_answered_and_the_rest_goes_on(
    source: Path, output: Path
) -> None:
    """Interrupted after some lines, then run again: every id once, in order."""
    rows = [
        {"id": f"row-{n}", "question": f"{n} " * 400 + "?", "options": ["x", "y"]}
        for n in range(30)
    ]
    write(source, *rows)
    command = [*COMMAND, "batch", str(source), str(output), "-m", "starter"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            end, data = time.monotonic() + 120, b""
            while data.count(b"\n") < 3:
                assert time.monotonic() < end
                assert process.poll() is None
                time.sleep(0.005)
                data = output.read_bytes() if output.exists() else b""
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=120)
        finally:
            process.kill()
    assert (process.returncode, out, err.decode()) == (130, b"", "foggen: interrupted\n")
    answered = len(results(output))
    assert 3 <= answered < len(rows)
    outcome = cli("batch", source, output, "-m", "starter")
    check_counts(outcome, 0, f"{len(rows) - answered} answered")
    assert f"{answered} already done" in outcome.err
    assert [row["id"] for row in results(output)] == [row["id"] for row in rows]
    assert max(Counter(row["id"] for row in results(output)).values()) == 1


def test_m14_killed_without_warning(source: Path, output: Path) -> None:
    write(source, *({**ROW, "id": f"row-{n}"} for n in range(3000)))
    with subprocess.Popen([*COMMAND, "batch", str(source), str(output)]) as process:
        try:
            end = time.monotonic() + 120
            while not output.exists() or output.read_bytes().count(b"\n") < 5:
                assert time.monotonic() < end
                time.sleep(0.001)
        finally:
            process.kill()
    there = output.read_bytes().count(b"\n")
    write(source, *({**ROW, "id": f"row-{n}"} for n in range(there + 5)))
    check_counts(
        cli("batch", source, output),
        0,
        f"5 answered (0 degraded, 0 unsure), 0 failed, {there} already done",
    )
    assert [row["id"] for row in results(output)] == [f"row-{n}" for n in range(there + 5)]
