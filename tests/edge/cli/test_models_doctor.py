"""`foggen-edge models show` and `foggen-edge doctor`: what is there, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foggen.engine import machine
from foggen.engine.contract import Contract
from foggen.engine.gguf_header import read_header
from foggen.store.known_models import read_manifest

from ..conftest import Scripted
from ..helpers import QUESTION, cli, is_one_line
from ..scripted_model import CONTRACT

CHECKS = ["llama.cpp", "processor", "threads", "gpu", "memory", "model", "home", "cloud"]
CALIBRATION = {"buckets": {"0.25": {"n": 10, "accuracy": 0.3}, "1.0": {"n": 30, "accuracy": 0.9}}}


def contract(**changes: Any) -> Contract:
    values = {"calibration": CALIBRATION, "tau": 0.75, "round": "R7"} | changes
    return Contract("qwen3", CONTRACT.system_prompt, **values)


# --- models show ------------------------------------------------------------------------------------


def test_show_tells_the_contract_and_the_calibration(scripted: Scripted) -> None:
    path = scripted(contract=contract())
    outcome = cli("models", "show", path)
    assert (outcome.code, outcome.err) == (0, "")
    for words in (
        str(path),
        "qwen3",
        "own",
        "0.75",
        "R7",
        CONTRACT.system_prompt,
        "says 0.25: right 30% of 10",
        "says 1.0: right 90% of 30",
    ):
        assert words in outcome.out


def test_show_for_machines(scripted: Scripted) -> None:
    path = scripted(contract=contract())
    shown = cli("models", "show", path, "--json").json
    expected = {
        "name": path.stem,
        "file": str(path),
        "architecture": "qwen3",
        "contract": "own",
        "tau": 0.75,
        "round": "R7",
        "chat_layout": "qwen3",
        "calibration": CALIBRATION,
        "buckets": [0.0, 0.25, 0.5, 0.75, 1.0],
        "system_prompt": CONTRACT.system_prompt,
        "size_bytes": path.stat().st_size,
        "sha256": read_manifest(path)["sha256"],
    }
    assert {key: shown[key] for key in expected} == expected
    assert shown["parameters"] > 100_000


def test_show_is_about_the_starter_unless_told_otherwise() -> None:
    shown = cli("models", "show", "--json").json
    assert shown["name"] == "starter"
    assert shown["contract"] == "own"
    assert shown["architecture"] == "qwen3"
    assert cli("models", "show", "starter", "--json").json == shown


def test_show_says_where_the_contract_was_assumed(scripted: Scripted, tmp_path: Path) -> None:
    """As with a stock conversion: the file's name says what it is, and its keys are names that nobody reads."""
    path, whole = tmp_path / "stock.gguf", scripted()
    name = read_header(whole).metadata["general.name"].encode()
    data = whole.read_bytes().replace(b"foggen.", b"others.")
    path.write_bytes(data.replace(name, b"foggen".ljust(len(name), b"-")))
    shown = cli("models", "show", path, "--json").json
    assert shown["contract"].startswith("published (assumed")
    assert "self-aware multiple-choice assistant" in shown["system_prompt"]
    assert shown["tau"] == 0.5
    assert cli("ask", QUESTION, "-m", path, "--json").json["model"]["round"] == ""


def test_show_lets_no_escape_sequence_through(scripted: Scripted) -> None:
    loud = Contract("qwen3", "\x1b[31mred\x1b[0m\x9b2J", tau=0.5, round="\x1b]0;x\x07R")
    outcome = cli("models", "show", scripted(contract=loud))
    assert "red" in outcome.out
    assert not {"\x1b", "\x9b", "\x07"} & set(outcome.out)
    machines = cli("models", "show", scripted(contract=loud), "--json")
    assert not {"\x1b", "\x9b", "\x07"} & set(machines.out)
    assert machines.json["system_prompt"] == loud.system_prompt


def test_a_calibration_of_another_shape_is_no_crash(scripted: Scripted) -> None:
    for table in (
        {"1.0": {"n": 3}},
        {"1.0": 3},
        {"1.0": {"n": 3, "accuracy": "x"}},
        [1],
        "x",
        None,
    ):
        odd = contract(calibration={"buckets": table, "score": "x"})
        outcome = cli("models", "show", scripted(contract=odd))
        assert outcome.code == 0
        assert "R7" in outcome.out


def test_show_of_what_is_not_there(tmp_path: Path) -> None:
    outcome = cli("models", "show", tmp_path / "no.gguf")
    assert (outcome.code, outcome.out) == (78, "")
    assert is_one_line(outcome.err)
    assert "no.gguf" in outcome.err
    (tmp_path / "text.gguf").write_text("hello " * 10)
    assert cli("models", "show", tmp_path / "text.gguf").code == 65


# --- doctor -----------------------------------------------------------------------------------------


def findings() -> dict[str, dict[str, str]]:
    outcome = cli("doctor", "--json")
    assert outcome.err == ""
    return {finding["check"]: finding for finding in outcome.json["findings"]}


@pytest.fixture
def free_memory(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """`free_memory(n)`: so many bytes are free on this machine, or nobody knows how many."""
    return lambda size: monkeypatch.setattr(machine, "memory_available", lambda: size)


def test_doctor_has_one_line_for_each_check(free_memory: Callable[[int], None]) -> None:
    free_memory(8 << 30)
    outcome = cli("doctor")
    assert outcome.code == 0
    lines = [line for line in outcome.out.splitlines() if not line.startswith(" ")]
    assert [line.split()[1] for line in lines] == CHECKS
    assert {line.split()[0] for line in lines} <= {"ok", "note"}


def test_doctor_for_machines() -> None:
    found = findings()
    assert list(found) == CHECKS
    assert found["model"]["state"] == "ok"
    assert "foggen-starter" in found["model"]["found"]
    assert "its own contract" in found["model"]["found"]
    assert found["cloud"]["state"] == "note"
    assert "FOGGEN_CLOUD_URL" in found["cloud"]["remedy"]


def test_doctor_says_when_memory_is_short(free_memory: Callable[[int | None], None]) -> None:
    for size, state in ((1 << 20, "problem"), (8 << 30, "ok"), (None, "note")):
        free_memory(size)
        assert findings()["memory"]["state"] == state
    free_memory(1 << 20)
    outcome = cli("doctor")
    assert outcome.code == 78
    assert "1 MB free" in outcome.out
    assert "smaller model" in outcome.out


def test_doctor_names_a_problem_and_its_remedy(tmp_path: Path) -> None:
    outcome = cli("doctor", "-m", tmp_path / "no.gguf")
    assert outcome.code == 78
    (line,) = [line for line in outcome.out.splitlines() if line.startswith("problem")]
    assert line.split()[1] == "model"
    assert "no.gguf" in line
    assert "remedy: give a GGUF file" in outcome.out


def test_doctor_finds_a_damaged_model(scripted: Scripted, tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(scripted().read_bytes()[:9000])
    outcome = cli("doctor", "-m", path)
    assert outcome.code == 78
    assert "get it again" in outcome.out


def test_doctor_checks_the_cloud_s_settings_and_does_not_show_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOGGEN_CLOUD_MODEL", "m")
    monkeypatch.setenv("FOGGEN_CLOUD_KEY", "key-0123456789")
    monkeypatch.setenv("FOGGEN_CLOUD_URL", "https://api.example.com")
    text = json.dumps(findings()["cloud"])
    assert "https://api.example.com/v1/chat/completions" in text
    assert "with a key" in text
    assert "key-0123456789" not in cli("doctor").out
    monkeypatch.setenv("FOGGEN_CLOUD_URL", "http://api.example.com")
    assert findings()["cloud"]["state"] == "problem"
    assert "unencrypted" in findings()["cloud"]["found"]
    monkeypatch.setenv("FOGGEN_OFFLINE", "1")
    assert "FOGGEN_OFFLINE" in findings()["cloud"]["found"]


def test_doctor_says_when_threads_are_too_many(user_folder: Path) -> None:
    from platformdirs import user_config_path

    folder = user_config_path("foggen")
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("threads = 500", "utf-8")
    assert findings()["threads"]["state"] == "note"
    assert "500" in findings()["threads"]["found"]


def test_doctor_with_a_home_that_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FOGGEN_HOME", str(tmp_path / "file" / "home"))
    outcome = cli("doctor", "--json")
    (home,) = [finding for finding in outcome.json["findings"] if finding["check"] == "home"]
    assert home["state"] == "note"
    assert "FOGGEN_HOME" in home["remedy"]


def test_doctor_with_wrong_settings_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOGGEN_TAU", "high")
    outcome = cli("doctor")
    assert (outcome.code, outcome.out) == (78, "")
    assert is_one_line(outcome.err)


def test_b9_the_back_end_that_was_asked_for_and_is_not_there_is_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from foggen.cli import doctor
    from foggen.config import Settings
    from foggen.engine.native import library

    monkeypatch.setattr(library.lib, "llama_supports_gpu_offload", lambda: False)
    assert doctor._gpu(Settings()).state == "ok"
    asked = doctor._guarded("gpu", lambda: doctor._gpu(Settings(gpu_layers=4)))
    assert (asked.state, "no GPU back end" in asked.found) == ("problem", True)
