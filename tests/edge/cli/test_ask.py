"""`foggen-edge ask`: what comes out, on which stream, and with which exit code."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from foggen.cli.border import reported
from foggen.installation import installation
from foggen_cloud.testing import RawServer, http_reply, replies, says

from ..conftest import Scripted
from ..helpers import (
    COMMAND,
    JSON_KEYS,
    QUESTION,
    SURE_QUESTION,
    Outcome,
    cli,
    command,
    is_one_line,
)

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MIB = 1 << 20


@pytest.fixture
def unsure(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model of FOGGEN_MODEL says 0.25 and B, and 1.0 where it is sure."""
    path = scripted()
    monkeypatch.setenv("FOGGEN_MODEL", str(path))
    return path


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., RawServer]]:
    """`cloud(handler)` is a server that the settings name."""
    servers: list[RawServer] = []

    def serve(*handlers: Any) -> RawServer:
        server = RawServer(*handlers)
        servers.append(server.__enter__())
        monkeypatch.setenv("FOGGEN_CLOUD_URL", server.url)
        monkeypatch.setenv("FOGGEN_CLOUD_MODEL", "asked-model")
        return server

    yield serve
    for server in servers:
        server.__exit__(None, None, None)


def check_error(outcome: Outcome, code: int, *words: str) -> None:
    """One line on stderr, nothing on stdout, the documented exit code."""
    assert (outcome.code, outcome.out) == (code, ""), outcome.err
    assert is_one_line(outcome.err), outcome.err
    assert not CONTROL.search(outcome.err)
    for word in words:
        assert word in outcome.err


# --- what comes out ---------------------------------------------------------------------------------


def test_an_answer_for_people(unsure: Path) -> None:
    outcome = cli("ask", SURE_QUESTION)
    lines = outcome.out.splitlines()
    assert (outcome.code, outcome.err) == (0, "")
    assert lines[0] == "B. 5"
    assert lines[1:] == ["sure: confidence 1.0 >= tau 0.5"]


def test_verbose_adds_the_times_and_the_model(unsure: Path) -> None:
    plain, verbose = (cli("ask", SURE_QUESTION, *flags) for flags in ((), ("-v",)))
    *lines, details = verbose.out.splitlines()
    assert lines == plain.out.splitlines()
    assert re.fullmatch(r"decision \d+ ms, edge \d+ ms, total \d+ ms; model .*", details)


def test_an_unsure_answer_of_the_edge_alone_says_so(unsure: Path) -> None:
    outcome = cli("ask", QUESTION, "--local-only")
    assert outcome.out.splitlines() == ["B. 5", "unsure: confidence 0.25 < tau 0.5, edge-only"]
    found = cli("ask", QUESTION, "--local-only", "--json").json
    assert (found["sure"], found["degraded"]) == (False, False)
    assert cli("ask", SURE_QUESTION, "--local-only", "--json").json["sure"] is True


def test_a_degraded_answer_says_so_and_what_helps(unsure: Path) -> None:
    lines = cli("ask", QUESTION).out.splitlines()
    assert len(lines) == 3
    assert lines[0] == "B. 5"
    assert lines[1] == "unsure: confidence 0.25 < tau 0.5, no cloud configured"
    assert "FOGGEN_CLOUD_URL" in lines[2]


def test_options_of_many_lines_still_give_four_lines(unsure: Path) -> None:
    outcome = cli(
        "ask", "Which code?\nA. x = 1\ny = 2\nB. def f():\n    return 1\n\n    # end\nC. z"
    )
    assert len(outcome.out.splitlines()) <= 4
    assert outcome.out.startswith("B. def f(): return 1 # end\n")


def test_one_json_object_with_the_keys_of_the_schema(unsure: Path) -> None:
    fields = cli("ask", QUESTION, "--json").json
    assert set(fields) == JSON_KEYS
    expected = {
        "label": "B",
        "text": "5",
        "route": "edge",
        "confidence": 0.25,
        "tau": 0.5,
        "degraded": True,
        "reason": "confidence < tau, no cloud configured",
        "edge_answer": "B",
        "cloud": None,
        "notes": [],
        "schema": 1,
    }
    assert {key: fields[key] for key in expected} == expected
    assert fields["model"]["name"] == unsure.stem
    assert fields["model"]["round"] == "R9"
    assert len(fields["model"]["sha256"]) == 64
    assert set(fields["timings_ms"]) == {"decision", "edge", "cloud", "total"}


def test_the_user_s_own_labels_and_letters_come_back(unsure: Path) -> None:
    outcome = cli("ask", "Қай қала астана?\nА) Алматы\nӘ) Астана\nБ) Ақтөбе", "--json")
    assert (outcome.json["label"], outcome.json["text"]) == ("Ә", "Астана")
    assert "Астана" in outcome.out, "letters are not escaped"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_of_fewer_letters_is_no_crash(unsure: Path, encoding: str) -> None:
    question = "Қай қала астана? 🎓\nА) Алматы\nӘ) Астана 😀\nБ) Ақтөбе"
    people = command("ask", question, PYTHONIOENCODING=encoding)
    assert people.code == 0, people.err
    assert len(people.out.splitlines()) == 3
    machines = command("ask", question, "--json", PYTHONIOENCODING=encoding)
    assert machines.json["text"] == "Астана 😀"


# --- where a question comes from --------------------------------------------------------------------


def test_the_question_from_argument_file_and_stdin(unsure: Path, tmp_path: Path) -> None:
    file = tmp_path / "question.txt"
    file.write_text(QUESTION, "utf-8")
    given: list[tuple[tuple[Any, ...], str]] = [
        ((QUESTION,), ""),
        (("-f", file), ""),
        ((), QUESTION),
        (("-",), QUESTION),
    ]
    for arguments, stdin in given:
        assert cli("ask", *arguments, "--json", stdin=stdin).json["label"] == "B"


def test_a_question_and_a_file_exclude_each_other(tmp_path: Path) -> None:
    check_error(cli("ask", QUESTION, "-f", tmp_path / "x"), 2, "-f")


@pytest.mark.parametrize("text", ["", " \n\t", "\ufeff", "\u200b"])
def test_i01_nothing_asked_and_no_model_loaded(text: str) -> None:
    """The model is not looked for: it is not there, and that would be another error."""
    check_error(cli("ask", text, "-m", "no-such-model.gguf"), 66, "no question")
    check_error(cli("ask", "-m", "no-such-model.gguf", stdin=text), 66, "no question")
    if text != "\u200b":
        check_error(cli("ask", "--open", text, "-m", "no-such-model.gguf"), 66, "no question")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("What is the capital of France?", "no options found"),
        ("What?\nA. one", "only one option"),
        ("What?\nA. one\nA. two\nB. three", "line 2"),
    ],
)
def test_i02_a_question_that_cannot_be_understood(text: str, word: str) -> None:
    check_error(cli("ask", text, "-m", "no-such-model.gguf"), 65, word)


def test_i05_more_options_than_trained(unsure: Path) -> None:
    text = "Which?\n" + "\n".join(f"{label}. {label}{label}" for label in "ABCDE")
    outcome = cli("ask", text, "--json")
    assert outcome.code == 0
    assert "more than 4 options" in outcome.err
    assert is_one_line(outcome.err)
    assert outcome.json["tau"] == 1.0
    assert outcome.json["notes"] == ["out_of_training"]
    assert outcome.json["label"] in "ABCDE"
    assert cli("ask", QUESTION, "--json").json["tau"] == 0.5


def test_i13_too_long(unsure: Path) -> None:
    text = f"{'word ' * 20_000}which?\nA. one\nB. two\nC. three"
    outcome = cli("ask", stdin=text)
    check_error(outcome, 65, "tokens", "--truncate")
    assert len(re.findall(r"\d{4,}", outcome.err)) == 2, "both counts are named"
    cut = cli("ask", "--truncate", "--json", stdin=text)
    assert cut.json["label"] == "B"
    assert cut.json["notes"] == ["stem_truncated"]
    assert "cut to fit" in cut.err


NASTY = {
    "colour": b"\x1b[31mWhat\x1b[0m is it?\nA. \x1b]0;title\x07one\nB. \x1b[2Jtwo",
    "nul": b"What\x00 is\x00 it?\nA. o\x00ne\nB. t\x00wo",
    "c1": "What is it?\nA. \x9b31mone\nB. \x9dx\x9ctwo\x85".encode(),
    "invalid": b"What is it? \xff\xfe\nA. \xc3\x28one\nB. two \xf0\x9f",
    "bell": b"What is it?\x07\nA. one\x08\x08\nB. two\x7f",
}


@pytest.mark.parametrize("name", NASTY)
def test_i14_control_characters_never_reach_the_terminal(unsure: Path, name: str) -> None:
    data = NASTY[name]
    people = command("ask", stdin=data)
    assert people.code == 0
    assert people.out.startswith("B. ")
    assert not CONTROL.search(people.out + people.err)
    done = "UTF-8 was replaced" if name == "invalid" else "control characters were removed"
    assert done in people.err
    machines = command("ask", "--json", stdin=data)
    assert not CONTROL.search(machines.out + machines.err)
    assert machines.json["notes"]


@pytest.mark.parametrize("data", NASTY.values(), ids=NASTY)
def test_i14_nor_through_an_error(data: bytes) -> None:
    outcome = command("ask", stdin=data.replace(b"\nB. ", b" "))
    assert outcome.code == 65
    assert not CONTROL.search(outcome.err.strip("\n"))
    assert is_one_line(outcome.err)


def test_i14_nor_through_a_file_s_name(unsure: Path, tmp_path: Path) -> None:
    for code, *arguments in (
        (66, "ask", "-f", tmp_path / "a\x1b[31m\nb"),
        (78, "ask", QUESTION, "-m", tmp_path / "a\x1b[31m\nb"),
        (2, "ask", QUESTION, "-t", "\x1b[31m"),
    ):
        check_error(cli(*arguments), code)


@pytest.mark.parametrize("said", ["\x1b[31mred\x1b[0m", "\x9b31mred", "red\x07\x00"])
def test_i14_nor_through_the_cloud(
    unsure: Path, cloud: Callable[..., RawServer], said: str
) -> None:
    cloud(says(said))
    for flags in ((), ("--json",)):
        outcome = cli("ask", "--open", "Which colour?", *flags)
        assert outcome.code == 0
        assert "red" in outcome.out
        assert not CONTROL.search(outcome.out)


def test_i19_a_path_or_a_url_is_no_question(tmp_path: Path) -> None:
    file = tmp_path / "question.txt"
    file.write_text(QUESTION, "utf-8")
    for argument in (file, tmp_path, "https://example.com/question.txt"):
        check_error(cli("ask", argument), 65, "-f FILE")


def test_i19_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    check_error(cli("ask", "-f", tmp_path / "missing.txt"), 66, "missing.txt")
    check_error(cli("ask", "-f", tmp_path), 65, str(tmp_path))


def test_i19_more_than_a_mebibyte(tmp_path: Path) -> None:
    text = "q" * MIB + QUESTION
    check_error(cli("ask", stdin=text), 65, str(MIB))
    file = tmp_path / "large.txt"
    file.write_text(text, "utf-8")
    check_error(cli("ask", "-f", file), 65, str(MIB), "large.txt")
    check_error(cli("ask", text), 65, str(MIB))


def test_i19_an_endless_pipe_is_not_read_to_its_end() -> None:
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run([*COMMAND, "ask"], stdin=endless, capture_output=True, timeout=60)
    assert done.returncode == 65
    assert str(MIB) in done.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_i19_a_terminal_and_no_question_is_not_waited_for() -> None:
    import pty

    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [*COMMAND, "ask"], stdin=theirs, capture_output=True, timeout=60, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert "foggen-edge ask" in done.stderr.decode()
    assert done.stdout == b""


def test_no_stdin_at_all_is_no_question() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, "ask"], capture_output=True, timeout=60
    )
    assert done.returncode == 2
    assert is_one_line(done.stderr.decode())


# --- modes, tau, settings ---------------------------------------------------------------------------


def test_the_cloud_s_answer(unsure: Path, cloud: Callable[..., RawServer]) -> None:
    server = cloud(says("Final answer: D"))
    fields = cli("ask", QUESTION, "--json").json
    assert (fields["label"], fields["route"], fields["edge_answer"]) == ("D", "cloud", None)
    assert fields["cloud"]["model"] == "fake-model"
    assert fields["timings_ms"]["cloud"] > 0
    assert cli("ask", SURE_QUESTION, "--json").json["route"] == "edge"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("flag", "route", "label"),
    [("--local-only", "edge", "B"), ("--dry-run", "cloud", "B"), ("--cloud-only", "cloud", "D")],
)
def test_every_mode_s_flag(
    unsure: Path, cloud: Callable[..., RawServer], flag: str, route: str, label: str
) -> None:
    server = cloud(says("D"))
    outcome = cli("ask", QUESTION, flag, "--json")
    assert (outcome.code, outcome.json["route"], outcome.json["label"]) == (0, route, label)
    assert len(server.requests) == (flag == "--cloud-only")


def test_two_modes_exclude_each_other() -> None:
    outcome = cli("ask", QUESTION, "--local-only", "--cloud-only")
    check_error(outcome, 2, "--local-only and --cloud-only cannot be combined")


def test_the_cloud_is_required_and_not_there(unsure: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_error(cli("ask", QUESTION, "--cloud-only"), 69, "no cloud configured")
    monkeypatch.setenv("FOGGEN_CLOUD_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("FOGGEN_CLOUD_MODEL", "m")
    check_error(cli("ask", QUESTION, "--cloud-only"), 69, "offline")
    monkeypatch.setenv("FOGGEN_OFFLINE", "1")
    check_error(cli("ask", QUESTION, "--cloud-only"), 69, "offline")


@pytest.mark.parametrize(("status", "code"), [(401, 77), (403, 77), (500, 69), (404, 69)])
def test_the_cloud_is_required_and_refuses(
    unsure: Path, cloud: Callable[..., RawServer], status: int, code: int
) -> None:
    cloud(replies(http_reply(b"{}", status)))
    check_error(cli("ask", QUESTION, "--cloud-only"), code)
    degraded = cli("ask", QUESTION, "--json")
    assert (degraded.code, degraded.json["degraded"]) == (0, True)


def test_strict_tells_an_unsure_answer_by_its_exit_code(unsure: Path) -> None:
    outcome = cli("ask", QUESTION, "--strict", "--json")
    assert (outcome.code, outcome.json["label"]) == (75, "B")
    assert cli("ask", SURE_QUESTION, "--strict").code == 0
    for mode in ("--local-only", "--dry-run"):
        assert cli("ask", QUESTION, "--strict", mode).code == 75
        assert cli("ask", QUESTION, "--strict", mode, "-t", "0.25").code == 0


@pytest.mark.parametrize(
    ("tau", "degraded"), [("0", False), ("0,25", False), ("0.26", True), ("1", True)]
)
def test_m08_tau_of_the_flag(unsure: Path, tau: str, degraded: bool) -> None:
    assert cli("ask", QUESTION, "-t", tau, "--json").json["degraded"] is degraded


@pytest.mark.parametrize("tau", ["nan", "1.1", "-1", "2", "half", ""])
def test_m08_no_tau(tau: str) -> None:
    check_error(cli("ask", QUESTION, f"--tau={tau}"), 2, "tau", "0 to 1")


def write_settings(text: str) -> Path:
    from platformdirs import user_config_path

    folder = user_config_path("foggen")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, "utf-8")
    return folder / "config.toml"


def test_s10_the_flag_wins_over_the_environment_and_that_over_the_file(
    unsure: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tau(*flags: str) -> float:
        return float(cli("ask", QUESTION, "--json", *flags).json["tau"])

    assert tau() == 0.5, "the model's own"
    write_settings("tau = 0.1")
    assert tau() == 0.1
    monkeypatch.setenv("FOGGEN_TAU", "0.2")
    assert tau() == 0.2
    assert tau("-t", "0.3") == 0.3


def test_s10_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_settings("tao = 0.1")
    check_error(cli("ask", QUESTION), 78, str(path), "did you mean 'tau'?")
    write_settings("")
    monkeypatch.setenv("FOGGEN_TAU", "high")
    check_error(cli("ask", QUESTION), 78, "FOGGEN_TAU", "'high'")


def test_a_missing_model_is_a_matter_of_configuration(tmp_path: Path) -> None:
    check_error(cli("ask", QUESTION, "-m", tmp_path / "no.gguf"), 78, "no.gguf", "starter")


def test_the_key_is_never_shown(
    unsure: Path, cloud: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOGGEN_CLOUD_KEY", "key-0123456789")
    server = cloud(replies(http_reply(b'{"error": {"message": "key-0123456789"}}', 401)))
    for flags in ((), ("--json",), ("--cloud-only",)):
        outcome = cli("ask", QUESTION, *flags)
        assert "key-0123456789" not in outcome.out + outcome.err
    assert b"key-0123456789" in server.requests[0]


def test_m05_open_questions(scripted: Scripted) -> None:
    outcome = cli("ask", "--open", "What is the capital?", "-m", scripted(bucket=1.0), "--json")
    assert (outcome.json["label"], outcome.json["text"]) == (None, "B")
    endless = scripted(bucket=1.0, stops=False)
    cut = cli("ask", "--open", "What?", "-m", endless, "--limit", "20", "--strict", "--json")
    assert (cut.code, cut.json["degraded"]) == (75, True)
    assert cut.json["reason"].startswith("answer cut off at the limit")
    assert cli("ask", "--open", "What?", "--limit", "0").code == 2


def test_a_flag_that_would_do_nothing_is_refused() -> None:
    for flags in (["--open", "--truncate"], ["--limit", "9"]):
        outcome = cli("ask", "2 + 2 = ? A) 3 B) 4", *flags)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"{flags[-1 if '--open' in flags else 0]} is for" in outcome.err


def test_m09_too_slow_is_exit_75() -> None:
    write_settings("edge_deadline_s = 0.001")
    text = f"{'word ' * 3000}which?\nA. one\nB. two"
    check_error(cli("ask", stdin=text), 75, "0.001 s")


def test_m09_too_slow_asks_the_cloud(cloud: Callable[..., RawServer]) -> None:
    write_settings("edge_deadline_s = 0.001")
    cloud(says("B"))
    outcome = cli("ask", "--json", stdin=f"{'word ' * 3000}which?\nA. one\nB. two")
    assert (outcome.json["label"], outcome.json["reason"]) == ("B", "edge deadline")


def test_a_bug_is_one_line_and_asks_to_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    from foggen.question.question import Question

    def broken(text: object) -> None:
        raise ZeroDivisionError("a\nbug")

    monkeypatch.setattr(Question, "parse", broken)
    check_error(cli("ask", QUESTION), 70, "ZeroDivisionError", "FOGGEN_DEBUG")
    monkeypatch.setenv("FOGGEN_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli("ask", QUESTION)


def test_a_package_of_an_extra_is_named_with_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left, reported():
        raise ModuleNotFoundError("No module named 'safetensors'", name="safetensors")
    assert left.value.code == 78
    assert installation().add_extra("export") in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_left_is_no_error(unsure: Path) -> None:
    """As in `foggen-edge ask ... | true`."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen([*COMMAND, "ask", QUESTION], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


# --- M14: Ctrl-C ------------------------------------------------------------------------------------


@contextmanager
def started(
    *arguments: object, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it did not come so far"
        time.sleep(0.02)


def check_interrupted(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C ends with 130 what nothing else would end within the limit."""
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err.decode()) == (130, "foggen: interrupted\n")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_m14_ctrl_c_while_the_model_decodes(scripted: Scripted, tmp_path: Path) -> None:
    """A question that takes many seconds of a processor, most of which are never spent."""
    slow = scripted(context=32_768, layers=24)
    file = tmp_path / "question.txt"
    file.write_text("7" * 30_000 + " which?\nA. one\nB. two", "utf-8")
    with started("ask", "-f", file, "-m", slow) as process:
        wait_until(lambda: processor_seconds(process.pid) > 1.5)
        ended_before_s = seconds_of_ended_children()
        process.send_signal(signal.SIGINT)
        spent_s = processor_seconds(process.pid)
        _, err = process.communicate(timeout=120)
        assert seconds_of_ended_children() - ended_before_s < 2 * spent_s
    assert (process.returncode, err.decode()) == (130, "foggen: interrupted\n")


def seconds_of_ended_children() -> float:
    """Processor time of all the processes that this one has started and seen end."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processor_seconds(process: int) -> float:
    numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def test_m14_ctrl_c_while_the_cloud_is_silent(
    unsure: Path, cloud: Callable[..., RawServer]
) -> None:
    server = cloud(lambda peer: peer.wait(3600))
    write_settings("cloud_deadline_s = 3600")
    with started("ask", QUESTION) as process:
        wait_until(lambda: bool(server.requests))
        check_interrupted(process)


def test_m14_ctrl_c_while_stdin_is_awaited() -> None:
    with started("ask", stdin=subprocess.PIPE) as process:
        wait_until(lambda: processor_seconds(process.pid) > 0.05)
        wait_until(lambda: is_idle(process.pid))
        check_interrupted(process)


def is_idle(pid: int) -> bool:
    """Whether a process does nothing for a second, as it does when it waits for input."""
    before = processor_seconds(pid)
    time.sleep(1)
    return processor_seconds(pid) == before


def test_help_lists_the_flags_that_the_documents_name() -> None:
    text = cli("ask", "--help").out
    for flag in (
        "--model",
        "--tau",
        "--json",
        "--local-only",
        "--cloud-only",
        "--dry-run",
        "--strict",
        "--truncate",
        "--open",
        "--file",
    ):
        assert flag in text
