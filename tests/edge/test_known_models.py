"""`foggen.known_models`: the row M07. What is loaded was checked, and no file ends the process."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foggen import Router
from foggen import known_models as subject
from foggen.errors import ConfigurationError, FogGenError, ModelFileError
from foggen.known_models import check_model, manifest_path, read_manifest, sha256_of

from .conftest import Scripted
from .helpers import QUESTION, cli, is_one_line


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


Copied = Callable[..., Path]


@pytest.fixture
def copied(tmp_path: Path, scripted: Scripted) -> Copied:
    """A scripted model of the test's own; `manifest=False` leaves out what vouches for it."""

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
    from foggen.contract import from_metadata

    with pytest.raises(ModelFileError, match=r"llama.*qwen3, gemma3"):
        from_metadata({"general.architecture": "llama"}, "llama")


def test_m07_a_damaged_manifest(copied: Copied, home: Path) -> None:
    path = copied()
    manifest_path(path).write_text("{", "utf-8")
    with pytest.raises(ModelFileError, match=r"manifest\.json"):
        check_model(path, home)


@pytest.mark.parametrize("text", ["{}", "[]", "null", '{"sha256": ""}'])
def test_m07_a_manifest_that_says_nothing_vouches_for_nothing(
    copied: Copied, home: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []
    monkeypatch.setattr(subject, "_load_in_child", tried.append)
    path = copied()
    manifest_path(path).write_text(text, "utf-8")
    check_model(path, home)
    assert tried == [path]


def test_m07_weights_without_numbers_are_found_by_the_child(copied: Copied, home: Path) -> None:
    refused(copied(manifest=False, finite=False), home, "not finite")


def test_m07_a_child_that_dies_is_an_error(
    copied: Copied, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -SEGV $$\n", "utf-8")
    dying.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(dying))
    refused(copied(manifest=False), home, "ended the process")


def test_the_child_imports_nothing_from_the_working_folder(
    copied: Copied, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy", "gguf", "foggen"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')", "utf-8")
    monkeypatch.chdir(tmp_path)
    path = copied(manifest=False)
    assert check_model(path, home) == sha256_of(path)


def test_an_unknown_file_is_tried_once(
    copied: Copied, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(manifest=False)
    digest = check_model(path, home)
    assert digest == sha256_of(path)

    def fail(*_: object) -> None:
        raise AssertionError("the file is known")

    for name in ("_load_in_child", "sha256_of", "read_header"):
        monkeypatch.setattr(subject, name, fail)
    assert check_model(path, home) == digest


def test_a_known_file_that_changed_is_tried_again(copied: Copied, home: Path) -> None:
    path = copied()
    check_model(path, home)
    path.write_bytes(path.read_bytes()[:-1])
    assert refused(path, home).exit_code == 65


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
