"""The file of `batch`'s results: never another's, resumed after whatever stopped it, at last tidy."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foggen.cli.result_file import ResultFile, open_locked
from foggen.cli.rows import question_sha256

from ..conftest import Scripted
from ..helpers import COMMAND, QUESTION, SURE_QUESTION, cli, is_one_line, python
from .batching import ROW, UNSURE, check_counts, results, write

OFFLINE = "http://127.0.0.1:9/v1"  # nobody answers there


@pytest.fixture(autouse=True)
def model(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOGGEN_MODEL", str(scripted()))


def left_alone(folder: Path, *arguments: object, word: str = "") -> None:
    """Refused in one line, and every file in the folder is as it was."""
    before = snapshot(folder)
    outcome = cli("batch", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert is_one_line(outcome.err)
    assert word in outcome.err
    assert snapshot(folder) == before


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def error_of(row: dict[str, Any]) -> dict[str, Any]:
    return {"question_sha256": question_sha256(row), "id": row["id"], "error": "x", "exit_code": 69}


# --- whose file it is -----------------------------------------------------------------------------


def same(path: Path) -> Path:
    return path


def symbolic_link(path: Path) -> Path:
    link = path.with_name("link")
    link.symlink_to(path)
    return link


def hard_link(path: Path) -> Path:
    link = path.with_name("link")
    link.hardlink_to(path)
    return link


def another_way(path: Path) -> Path:
    return path.parent / ".." / path.parent.name / path.name


@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
@pytest.mark.parametrize("way", [same, symbolic_link, hard_link, another_way])
def test_a3_the_questions_are_not_overwritten(
    source: Path, way: Callable[[Path], Path], end: str
) -> None:
    source.write_bytes((json.dumps(ROW) + "\n" + json.dumps(UNSURE) + end).encode())
    output = way(source)
    for one, other in ((source, output), (output, source)):
        left_alone(source.parent, one, other, word=f"{other} is the file with the questions")


def test_a3_results_are_no_place_for_their_own_answers(source: Path, output: Path) -> None:
    write(source, ROW)
    cli("batch", source, output)
    left_alone(source.parent, output, output, word="the file with the questions")


@pytest.mark.parametrize("end", ["\n", ""])
def test_a3_swapped_arguments(source: Path, output: Path, end: str) -> None:
    write(source, ROW, UNSURE)
    cli("batch", source, output)
    source.write_text(json.dumps(ROW) + "\n" + json.dumps(UNSURE) + end, "utf-8")
    left_alone(source.parent, output, source, word=f"{source}:1 is not a result")


@pytest.mark.parametrize(
    "text",
    [
        "notes of mine\n",
        "notes of mine",
        json.dumps(ROW) + "\n",
        json.dumps(ROW),
        json.dumps(ROW)[:-20],
        '{"id": "x", "quest',
        "[]\n",
        "{\n}\n",
        "{\n",
        "{}",
        '{"id": 1, "label": "B", "text": "a labelled text of mine"}\n',
        '{"error": "of another program"}\n',
        "\x00" * 8,
        "\n\nx",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a3_a_file_with_anything_else_is_left_as_it_is(
    source: Path, output: Path, text: str, first: bool
) -> None:
    write(source, ROW)
    if not first:
        cli("batch", source, output)
    output.write_text(("" if first else output.read_text("utf-8")) + text, "utf-8")
    number = (1 if first else 2) + (len(text) - len(text.lstrip("\n")))
    left_alone(source.parent, source, output, word=f"{output}:{number} is not a result")


@pytest.mark.parametrize("text", ["", "\n", "  \n\n"])
def test_an_empty_file_is_no_other_s(source: Path, output: Path, text: str) -> None:
    write(source, ROW)
    output.write_text(text, "utf-8")
    assert cli("batch", source, output).code == 0
    assert [json.loads(line)["id"] for line in output.read_text().splitlines() if line.strip()] == [
        "sure"
    ]


def test_two_batches_do_not_write_to_one_file(source: Path, output: Path) -> None:
    write(source, ROW)
    cli("batch", source, output)
    write(source, ROW, UNSURE)
    held = ResultFile(output, source)
    left_alone(source.parent, source, output, word="another batch is writing to")
    held.close()
    check_counts(cli("batch", source, output), 0, "1 answered")


def test_a_file_that_another_batch_just_replaced_is_not_added_to(output: Path) -> None:
    """The lock of a file that has no name any more would keep nobody away."""
    output.write_bytes(b"")
    locked: list[int] = []

    def lock(file: int) -> None:
        locked.append(file)
        if len(locked) == 1:
            output.with_name("new").touch()
            output.with_name("new").replace(output)

    file = open_locked(output, os.O_RDWR, output, lock)
    assert len(locked) == 2
    assert os.path.samestat(os.fstat(file), output.stat())
    os.close(file)


def test_without_locks_a_file_can_be_written(output: Path) -> None:
    def lock(_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    output.touch()
    os.close(open_locked(output, os.O_RDWR, output, lock))


# --- what is there already ------------------------------------------------------------------------


def test_a_whole_last_line_without_its_end_is_kept(source: Path, output: Path) -> None:
    write(source, ROW, UNSURE)
    cli("batch", source, output)
    whole = output.read_bytes()
    output.write_bytes(whole[:-1])
    check_counts(
        cli("batch", source, output),
        0,
        "0 answered (0 degraded, 0 unsure), 0 failed, 2 already done",
    )
    assert output.read_bytes() == whole


def test_a_run_without_a_stdin_is_resumed(source: Path, output: Path) -> None:
    """As a service starts one: the file of results may then be descriptor 0."""
    write(source, ROW)
    cli("batch", source, output)
    write(source, ROW, UNSURE)
    line = ["sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, "batch", str(source), str(output)]
    done = subprocess.run(line, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in results(output)] == ["sure", "unsure"]
    assert b"1 already done" in done.stderr


def test_every_cut_of_a_result_can_be_resumed(source: Path, output: Path) -> None:
    write(source, ROW, UNSURE)
    cli("batch", source, output)
    whole = output.read_bytes()
    for size in range(len(whole) + 1):
        output.write_bytes(whole[:size])
        file = ResultFile(output, source)
        file.begin()
        file.close()
        complete = whole[:size].count(b"\n") + (whole[size : size + 1] == b"\n")
        assert output.read_bytes() == b"".join(whole.splitlines(keepends=True)[:complete])
        assert len(file.results) == complete


def test_nothing_is_cut_off_before_the_model_could_be_opened(source: Path, output: Path) -> None:
    write(source, ROW)
    cli("batch", source, output)
    output.write_bytes(output.read_bytes()[:-20])
    before = output.read_bytes()
    assert cli("batch", source, output, "-m", source.parent / "missing.gguf").code == 78
    assert output.read_bytes() == before


def test_a_byte_order_mark_and_windows_ends_are_read(source: Path, output: Path) -> None:
    write(source, ROW)
    cli("batch", source, output)
    output.write_bytes(b"\xef\xbb\xbf" + output.read_bytes().replace(b"\n", b"\r\n"))
    check_counts(cli("batch", source, output), 0, "1 already done")


def test_results_of_other_rows_are_kept_as_they_are(source: Path, output: Path) -> None:
    others = [{"id": "x", "question": QUESTION}, {"question": SURE_QUESTION}]
    write(source, *others)
    assert cli("batch", source, output).code == 0
    before = output.read_bytes().splitlines()
    write(source, ROW)
    check_counts(
        cli("batch", source, output),
        0,
        "1 answered (0 degraded, 0 unsure), 0 failed, 0 already done; 2 of other rows are kept",
    )
    assert output.read_bytes().splitlines()[:2] == before


def test_case_36_an_error_that_is_left_still_counts(source: Path, output: Path) -> None:
    """A named row may come back; nobody can say which row an error without an id was of."""
    write(output, error_of({"id": "x", "question": "?"}), error_of({"id": None, "question": "?"}))
    write(source, ROW)
    check_counts(
        cli("batch", source, output),
        65,
        "0 already done; 1 of other rows are kept, 1 of them errors",
    )
    assert [row["id"] for row in results(output)] == ["x", "sure"]


def test_a_result_that_was_replaced_leaves_its_place_to_the_new_one(
    source: Path, output: Path
) -> None:
    rows = [{**ROW, "id": number} for number in range(5)]
    write(source, *rows)
    write(output, *map(error_of, rows))
    check_counts(cli("batch", source, output), 0, "5 answered")
    assert [(row["id"], row["label"]) for row in results(output)] == [(n, "B") for n in range(5)]


def test_results_of_an_older_form_are_no_answers_and_are_not_lost_in_silence(
    source: Path, output: Path
) -> None:
    write(source, ROW, UNSURE)
    cli("batch", source, output)
    older = [{key: row[key] for key in row if key != "question_sha256"} for row in results(output)]
    older[1]["id"] = "line 2"
    write(output, *older)
    outcome = cli("batch", source, output)
    told, counts = outcome.err.splitlines()
    assert told.startswith(f"{output}: 2 results are in an older format")
    assert "2 answered (1 degraded, 1 unsure), 0 failed, 0 already done; 1 of other rows" in counts
    assert [row["id"] for row in results(output)] == ["sure", "line 2", "unsure"]
    assert results(output)[1] == older[1]


def test_a4_errors_are_asked_again_whatever_they_were(source: Path, output: Path) -> None:
    write(source, ROW, UNSURE)
    for _ in range(2):
        check_counts(cli("batch", source, output, "--cloud-only"), 65, "2 failed, 0 already done")
        assert [row["exit_code"] for row in results(output)] == [69, 69]
    check_counts(
        cli("batch", source, output),
        0,
        "2 answered (1 degraded, 1 unsure), 0 failed, 0 already done",
    )
    assert [row["id"] for row in results(output)] == ["sure", "unsure"]


def test_a4_degraded_answers_still_count_and_are_asked_again_where_a_cloud_may_be(
    source: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(source, ROW, UNSURE)
    assert cli("batch", source, output, "--strict").code == 75
    kept = "0 answered (0 degraded, 0 unsure), 0 failed, 2 already done (1 degraded, 1 unsure)"
    check_counts(cli("batch", source, output, "--strict"), 75, kept)
    monkeypatch.setenv("FOGGEN_CLOUD_URL", OFFLINE)
    monkeypatch.setenv("FOGGEN_CLOUD_MODEL", "m")
    for flag in ("--local-only", "--dry-run"):
        check_counts(cli("batch", source, output, "--strict", flag), 75, kept)
    again = "1 answered (1 degraded, 1 unsure), 0 failed, 1 already done"
    check_counts(cli("batch", source, output, "--strict"), 75, again)
    assert [row["id"] for row in results(output)] == ["sure", "unsure"]
    assert "no cloud configured" not in results(output)[1]["reason"]


def test_what_a_dry_run_decided_is_no_answer(source: Path, output: Path) -> None:
    write(source, ROW, UNSURE)
    cli("batch", source, output, "--dry-run")
    assert [row["dry_run"] for row in results(output)] == [True, True]
    check_counts(
        cli("batch", source, output, "--dry-run"),
        0,
        "0 answered (0 degraded, 0 unsure), 0 failed, 2",
    )
    check_counts(
        cli("batch", source, output),
        0,
        "2 answered (1 degraded, 1 unsure), 0 failed, 0 already done",
    )
    assert [("dry_run" in row, row["route"]) for row in results(output)] == [(False, "edge")] * 2
    check_counts(
        cli("batch", source, output, "--dry-run"), 0, "2 already done (1 degraded, 1 unsure)"
    )


# --- what may happen meanwhile --------------------------------------------------------------------


def test_a_kill_before_the_file_is_tidied_loses_nothing(source: Path, output: Path) -> None:
    """Errors, then their answers below them: the next run sees the answers, and tidies."""
    write(source, ROW, UNSURE)
    cli("batch", source, output)
    good = output.read_bytes()
    errors = "".join(json.dumps(error_of(row)) + "\n" for row in (ROW, UNSURE)).encode()
    output.write_bytes(errors + good)
    output.with_name(".out.jsonl.new").write_bytes(b"of a run that was killed")
    check_counts(
        cli("batch", source, output),
        0,
        "0 answered (0 degraded, 0 unsure), 0 failed, 2 already done",
    )
    assert output.read_bytes() == good
    assert sorted(path.name for path in output.parent.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_an_error_after_an_answer_is_what_counts(source: Path, output: Path) -> None:
    write(source, ROW)
    cli("batch", source, output)
    output.write_bytes(output.read_bytes() + json.dumps(error_of(ROW)).encode() + b"\n")
    check_counts(cli("batch", source, output), 0, "1 answered")
    assert len(results(output)) == 1


def test_a_file_that_cannot_be_tidied_keeps_everything(source: Path, output: Path) -> None:
    write(source, ROW)
    write(output, error_of(ROW))
    output.with_name(".out.jsonl.new").mkdir()  # so that no new file can be written
    outcome = cli("batch", source, output)
    told, counts = outcome.err.splitlines()
    assert outcome.code == 0
    assert "that newer ones replace were not removed" in told
    assert "1 answered" in counts
    assert ["error" in row for row in results(output)] == [True, False]


def test_a_tidied_file_is_what_it_was_to_others(source: Path, output: Path) -> None:
    real = output.with_name("real.jsonl")
    write(source, ROW)
    write(real, error_of(ROW))
    real.chmod(0o640)
    output.symlink_to(real)
    assert cli("batch", source, output).code == 0
    assert output.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [row["label"] for row in results(real)] == ["B"]


FULL = """
    import resource, runpy, sys
    size = int(sys.argv.pop(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    from foggen.cli.main import main
    main()
    """


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of a file's size there")
def test_a_full_disk_leaves_whole_lines_and_the_run_goes_on(source: Path, output: Path) -> None:
    rows = [{**ROW, "id": number} for number in range(8)]
    write(source, *rows)
    cli("batch", source, output)
    size = output.stat().st_size // 2 + 40
    output.unlink()
    outcome = python(FULL, size, "batch", source, output)
    assert outcome.code == 78
    assert is_one_line(outcome.err)
    assert f"{output} cannot be written" in outcome.err
    there = results(output)
    assert output.read_bytes().endswith(b"\n")
    assert 0 < len(there) < len(rows)
    counts = (
        f"{8 - len(there)} answered (0 degraded, 0 unsure), 0 failed, {len(there)} already done"
    )
    check_counts(cli("batch", source, output), 0, counts)
    assert [row["id"] for row in results(output)] == list(range(8))


def test_m14_killed_while_it_asks_again(source: Path, output: Path, tmp_path: Path) -> None:
    """Every row has a result at any time, and in the end one, an answer."""
    rows = [{**ROW, "id": number} for number in range(300)]
    write(source, *rows)
    write(output, *map(error_of, rows))
    for more in (20, 60):
        killed_after(output, source, 300 + more)
        assert {row["id"] for row in results(shutil.copy(output, tmp_path / "copy"))} == set(
            range(300)
        )
    assert cli("batch", source, output).code == 0
    assert [(row["id"], row["label"]) for row in results(output)] == [(n, "B") for n in range(300)]


def killed_after(output: Path, source: Path, lines: int) -> None:
    """Run, and kill without warning when that many whole lines are there; cut off what is not whole."""
    with subprocess.Popen([*COMMAND, "batch", str(source), str(output)]) as process:
        while output.read_bytes().count(b"\n") < lines:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    whole = output.read_bytes()
    output.write_bytes(whole[: whole.rfind(b"\n") + 1])
