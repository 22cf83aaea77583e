"""`foggen.store.known_models`: the row M07. What is loaded was checked, and no file ends the process.

What the child does, and where it cannot run, is `test_trial`'s.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foggen import Router
from foggen.engine.machine import llama_cpp_version
from foggen.errors import ConfigurationError, FogGenError, ModelFileError
from foggen.store.known_models import (
    box,
    check_model,
    manifest_path,
    read_manifest,
    remember_tried,
    sha256_of,
)
from foggen.store.models import checked

from ..conftest import Scripted
from ..helpers import QUESTION, cli, is_one_line


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


Copied = Callable[..., Path]


@pytest.fixture
def copied(tmp_path: Path, scripted: Scripted) -> Copied:
    """A scripted model of the test's own; `manifest=False` leaves out its manifest."""

    def copy(manifest: bool = True, **words: Any) -> Path:
        source, path = scripted(**words), tmp_path / "copy.gguf"
        shutil.copy(source, path)
        if manifest:
            shutil.copy(manifest_path(source), manifest_path(path))
        return path

    return copy


def refused(path: Path, home: Path, *words: str) -> FogGenError:
    with pytest.raises(FogGenError) as caught:
        check_model(path, home)
    assert str(path) in caught.value.message
    assert caught.value.hint
    for word in words:
        assert word in str(caught.value)
    return caught.value


def test_m07_a_missing_file(home: Path, tmp_path: Path) -> None:
    assert refused(tmp_path / "missing.gguf", home).exit_code == 78
    assert refused(tmp_path, home).exit_code == 78


def test_m07_a_file_that_was_changed(copied: Copied, home: Path) -> None:
    path = copied()
    expected = read_manifest(path)["sha256"]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    error = refused(path, home, expected, sha256_of(path), "pull --repair")
    assert isinstance(error, ModelFileError)
    assert error.exit_code == 65


@pytest.mark.parametrize("size", [0, 4, 1000, 100_000])
def test_m07_a_truncated_file(copied: Copied, home: Path, size: int) -> None:
    path = copied()
    path.write_bytes(path.read_bytes()[:size])
    assert refused(path, home).exit_code == 65


def test_m07_a_future_version(copied: Copied, home: Path) -> None:
    path = copied()
    data = path.read_bytes()
    path.write_bytes(data[:4] + struct.pack("<I", 4) + data[8:])
    refused(path, home, "GGUF version 4", "upgrade")


def test_m07_a_wrong_magic(copied: Copied, home: Path) -> None:
    path = copied()
    path.write_bytes(b"PK\x03\x04" + path.read_bytes()[4:])
    refused(path, home, "not a GGUF file")


def test_m07_an_architecture_that_llama_cpp_does_not_know(copied: Copied, home: Path) -> None:
    path = copied(manifest=False)
    path.write_bytes(path.read_bytes().replace(b"qwen3", b"qwen0"))
    error = refused(path, home, "qwen0")
    assert error.exit_code == 65


def test_m07_an_architecture_that_foggen_does_not_run(home: Path) -> None:
    """A sound file of another kind: its header is read, its contract cannot be assumed."""
    from foggen.engine.contract import from_metadata

    with pytest.raises(ModelFileError, match=r"mamba.*qwen3, qwen2, gemma3, llama"):
        from_metadata({"general.architecture": "mamba"}, "mamba")


def test_m07_a_damaged_manifest(copied: Copied, home: Path) -> None:
    path = copied()
    manifest_path(path).write_text("{", "utf-8")
    with pytest.raises(ModelFileError, match=r"manifest\.json"):
        check_model(path, home)


HONEST = '{"sha256": "%s"}'


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"sha256": ""}', HONEST])
def test_a5_no_manifest_spares_a_file_the_trial(copied: Copied, home: Path, text: str) -> None:
    tried: list[Path] = []
    path = copied()
    manifest_path(path).unlink()
    if text:
        manifest_path(path).write_text(text.replace("%s", sha256_of(path)), "utf-8")
    check_model(path, home, trial=tried.append)
    assert tried == [path]


@pytest.mark.parametrize("trusted", [False, True])
def test_a5_what_a_manifest_says_must_be_true(copied: Copied, home: Path, trusted: bool) -> None:
    path, tried = copied(), []
    manifest_path(path).write_text(HONEST.replace("%s", "0" * 64), "utf-8")
    with pytest.raises(ModelFileError, match="its manifest says 0000"):
        check_model(path, home, trusted=trusted, trial=tried.append)
    assert tried == []


@pytest.mark.parametrize("text", ["[" * 100_000, "\xff", '{"sha256": '])
def test_a5_a_manifest_that_cannot_be_read_is_an_error(
    copied: Copied, home: Path, text: str
) -> None:
    path = copied()
    manifest_path(path).write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelFileError, match=r"manifest\.json"):
        check_model(path, home)


def test_a5_a_manifest_that_is_a_pipe_is_none(copied: Copied, home: Path) -> None:
    path = copied(manifest=False)
    os.mkfifo(manifest_path(path))
    assert check_model(path, home, trial=lambda _: None) == sha256_of(path)


def test_the_model_in_the_box_needs_no_trial(home: Path) -> None:
    def fail(_: Path) -> None:
        raise AssertionError("the model in the box is known to be sound")

    assert check_model(box(), home, trial=fail) == read_manifest(box())["sha256"]


def test_a_copy_of_the_model_in_the_box_needs_one(home: Path, tmp_path: Path) -> None:
    tried: list[Path] = []
    path = tmp_path / box().name
    for source in (box(), manifest_path(box())):
        shutil.copy(source, tmp_path)
    check_model(path, home, trial=tried.append)
    assert tried == [path]


def test_who_trusts_a_file_trusts_it_for_himself_alone(copied: Copied, home: Path) -> None:
    tried: list[Path] = []
    path = copied()
    for trusted in (True, True, False, True, False):
        check_model(path, home, trusted=trusted, trial=tried.append)
    assert tried == [path], "once, for the first who did not trust it"


def test_a_file_of_another_process_s_trial_is_known(copied: Copied, home: Path) -> None:
    tried: list[Path] = []
    path = copied()
    remember_tried(path, home, sha256_of(path))
    check_model(path, home, trial=tried.append)
    assert tried == []


def test_what_an_older_version_remembered_is_tried_again(copied: Copied, home: Path) -> None:
    """Then a manifest was enough."""
    tried: list[Path] = []
    path = copied()
    check_model(path, home, trial=tried.append)
    registry = home / "known-models.json"
    entries = json.loads(registry.read_text("utf-8"))
    for entry in entries.values():
        del entry["tried"]
    registry.write_text(json.dumps(entries), "utf-8")
    check_model(path, home, trial=tried.append)
    assert tried == [path, path]


def test_a_file_that_this_user_may_not_read(copied: Copied, home: Path) -> None:
    path = copied()
    path.unlink()
    path.symlink_to(path)  # for root, too, a loop cannot be read
    with pytest.raises(ConfigurationError, match=r"copy\.gguf"):
        check_model(path, home)


def test_a_home_of_nobody(home: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"~no-such-user/x\.gguf"):
        checked("~no-such-user/x.gguf", home)


def test_m07_weights_without_numbers_are_found_by_the_child(copied: Copied, home: Path) -> None:
    refused(copied(manifest=False, finite=False), home, "not finite")


def test_an_unknown_file_is_tried_once(copied: Copied, home: Path) -> None:
    tried: list[Path] = []
    path = copied(manifest=False)
    for _ in range(3):
        assert check_model(path, home, trial=tried.append) == sha256_of(path)
    assert tried == [path]


def test_a_file_that_failed_is_tried_again(copied: Copied, home: Path) -> None:
    path = copied(manifest=False, finite=False)
    for _ in range(2):
        refused(path, home, "not finite")


def test_a_known_file_that_changed_is_tried_again(copied: Copied, home: Path) -> None:
    path = copied()
    check_model(path, home)
    path.write_bytes(path.read_bytes()[:-1])
    assert refused(path, home).exit_code == 65


def test_a_file_that_another_llama_cpp_has_loaded_is_tried_again(
    copied: Copied, home: Path
) -> None:
    tried: list[Path] = []
    path, registry = copied(), home / "known-models.json"
    check_model(path, home, trial=tried.append)
    entries = json.loads(registry.read_text("utf-8"))
    (entry,) = entries.values()
    assert entry["llama_cpp"] == llama_cpp_version()
    entry["llama_cpp"] = "llama-cpp-python 0.0.1"
    registry.write_text(json.dumps(entries), "utf-8")
    for _ in range(2):
        check_model(path, home, trial=tried.append)
    assert tried == [path, path]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}', '{"x": {"size": 1}}', "\x00"])
def test_a_lost_registry_costs_a_check_and_no_more(copied: Copied, home: Path, text: str) -> None:
    path = copied()
    home.mkdir()
    (home / "known-models.json").write_text(text, "utf-8")
    digest = check_model(path, home)
    assert (
        json.loads((home / "known-models.json").read_text("utf-8"))[str(path)]["sha256"] == digest
    )


def test_a_home_that_cannot_be_written_is_no_error(copied: Copied, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = copied()
    assert check_model(path, tmp_path / "file" / "home") == sha256_of(path)


@pytest.mark.parametrize(
    "damage", ["missing", "truncated", "magic", "version", "hash", "architecture"]
)
def test_m07_the_command_line_names_the_file(copied: Copied, damage: str) -> None:
    path = copied(manifest=damage != "architecture")
    data = path.read_bytes()
    changed = {
        "missing": None,
        "truncated": data[:5000],
        "magic": b"GGML" + data[4:],
        "version": data[:4] + struct.pack("<I", 9) + data[8:],
        "hash": data[:-1] + b"\x7f",
        "architecture": data.replace(b"qwen3", b"qwen0"),
    }[damage]
    path.unlink() if changed is None else path.write_bytes(changed)
    outcome = cli("ask", QUESTION, "-m", path)
    assert outcome.code == (78 if damage == "missing" else 65)
    assert outcome.out == ""
    assert is_one_line(outcome.err)
    assert str(path) in outcome.err


def test_m07_a_router_of_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no\.gguf"):
        Router.open(str(tmp_path / "no.gguf"))
