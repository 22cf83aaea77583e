"""`foggen.store.trial`: the child that loads an unknown file first, and where there can be none (A5, B7)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from foggen.config import STARTER
from foggen.errors import ConfigurationError, ModelFileError
from foggen.store.known_models import manifest_path, sha256_of
from foggen.store.trial import interpreter, load_in_child

from ..conftest import Scripted
from ..helpers import python

Program = Callable[..., str]

# The process that must not die opens one file after another, as an app would.
OPEN_ALL = """
    import sys
    from pathlib import Path

    from foggen import FogGenError, Router

    home, *files = sys.argv[1:]
    for path in files:
        try:
            with Router.open(path, home=Path(home)) as router:
                router.assess("What is 2 + 3?\\nA. 4\\nB. 5")
            print("loaded")
        except FogGenError as error:
            print("refused", error)
    """


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """`program(name, script)` lets a shell script be `sys.executable`."""

    def make(name: str, script: str, mode: int = 0o755) -> str:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(mode)
        monkeypatch.setattr("sys.executable", str(path))
        return str(path)

    return make


def untried(path: Path, *words: str) -> None:
    """That no child could run is a matter of the program, with both remedies."""
    with pytest.raises(ConfigurationError) as caught:
        load_in_child(path, start_limit_s=5)
    for word in (str(path), "models show", "trusted=True", *words):
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def with_one_token_twice(path: Path) -> Path:
    """llama.cpp ends the process that loads such a file; its header is sound."""
    data = path.read_bytes()
    length = (2).to_bytes(8, "little")
    assert data.count(length + b"il") == data.count(length + b"al") == 1
    path.write_bytes(data.replace(length + b"il", length + b"al"))
    return path


def test_a5_a_hostile_file_and_its_sender_s_manifest(
    scripted_file: Scripted, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.gguf", tmp_path / "bad.gguf"
    for path in (good, bad):
        path.write_bytes(scripted_file().read_bytes())
    with_one_token_twice(bad)
    for path in (good, bad):
        manifest_path(path).write_text(json.dumps({"sha256": sha256_of(path)}), "utf-8")
    outcome = python(OPEN_ALL, tmp_path / "home", bad, good, bad)
    assert outcome.code == 0, outcome.err
    first, second, third = outcome.out.splitlines()
    assert first == third
    assert first.startswith(f"refused {bad} cannot be loaded: llama.cpp ended the process; ")
    assert second == "loaded"


def test_m07_weights_without_numbers(scripted_file: Scripted) -> None:
    with pytest.raises(ModelFileError, match="not finite"):
        load_in_child(scripted_file(finite=False))


def test_a_sound_file(scripted_file: Scripted) -> None:
    load_in_child(scripted_file())


def test_the_child_imports_nothing_from_the_working_folder(
    scripted_file: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy", "gguf", "foggen"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')", "utf-8")
    monkeypatch.chdir(tmp_path)
    load_in_child(scripted_file())


@pytest.mark.parametrize("executable", [None, "", "/usr/bin/host", "/opt/app/Viewer.exe"])
def test_b7_sys_executable_is_no_python(
    scripted_file: Scripted, executable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", executable)
    assert interpreter() is None
    untried(scripted_file(), repr(executable))


def test_b7_the_host_program_is_not_started(
    scripted_file: Scripted, program: Program, tmp_path: Path
) -> None:
    program("host", f"touch {tmp_path / 'started'}")
    untried(scripted_file(), "host")
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    "script",
    ["exit 0", "exit 3", "echo loaded", 'echo "$@"', "kill -SEGV $$", "echo no foggen >&2; exit 1"],
)
def test_b7_a_program_that_did_not_run_foggen_has_tried_nothing(
    scripted_file: Scripted, program: Program, script: str
) -> None:
    said = "no foggen" if "no foggen" in script else "no output"
    untried(scripted_file(), program("python3", script), said)


def test_b7_a_program_that_goes_on_is_ended_with_all_that_it_started(
    scripted_file: Scripted, program: Program, tmp_path: Path
) -> None:
    beat = tmp_path / "beat"
    program("python3", f"(while :; do echo x >> {beat}; sleep 0.01; done) & wait")
    with pytest.raises(ConfigurationError, match="did not run foggen"):
        load_in_child(scripted_file(), start_limit_s=1)
    size = beat.stat().st_size
    time.sleep(0.2)
    assert beat.stat().st_size == size


def test_b7_a_program_that_leaves_something_behind(
    scripted_file: Scripted, program: Program, tmp_path: Path
) -> None:
    beat = tmp_path / "beat"
    program("python3", f"(while :; do echo x >> {beat}; sleep 0.01; done) & sleep 0.1")
    untried(scripted_file(), "did not run foggen")
    size = beat.stat().st_size
    time.sleep(0.2)
    assert beat.stat().st_size == size


def test_b7_a_python_that_cannot_be_started(scripted_file: Scripted, program: Program) -> None:
    untried(scripted_file(), program("python3", "exit 0", mode=0o644), "Permission denied")


def test_m07_a_child_that_dies_while_it_loads(scripted_file: Scripted, program: Program) -> None:
    """The real child, ended after its first word."""
    program("python3", f'{sys.executable} "$@" | head -1; kill -ABRT $$')
    with pytest.raises(ModelFileError, match=r"llama\.cpp ended the process"):
        load_in_child(scripted_file())


def test_m07_a_child_that_ends_before_it_has_loaded(
    scripted_file: Scripted, program: Program
) -> None:
    """An exit code of 0 proves nothing."""
    program("python3", f'{sys.executable} "$@" | head -1')
    with pytest.raises(ModelFileError, match="cannot be loaded"):
        load_in_child(scripted_file())


def test_m07_a_file_that_takes_too_long(scripted_file: Scripted, program: Program) -> None:
    program("python3", f'{sys.executable} "$@" | head -1; sleep 100')
    with pytest.raises(ModelFileError, match=r"more than 0\.5 s"):
        load_in_child(scripted_file(), start_limit_s=5, load_limit_s=0.5)


def test_b7_a_frozen_application_is_told_so(
    scripted_file: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    untried(scripted_file(), "frozen application")


@pytest.mark.parametrize("frozen", [False, True])
def test_b7_the_model_in_the_box_and_trusted_files_need_no_python(
    scripted_file: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    from foggen.store.models import checked

    monkeypatch.setattr("sys.executable", None)
    monkeypatch.setattr("sys.frozen", frozen, raising=False)
    assert checked(STARTER, tmp_path)[0] == STARTER
    path = scripted_file()
    assert checked(str(path), tmp_path, trusted=True)[2] == sha256_of(path)
    with pytest.raises(ConfigurationError, match="trusted=True"):
        checked(str(path), tmp_path)


def test_b7_a_link_to_a_python_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "interpreter"
    link.symlink_to(sys.executable)
    monkeypatch.setattr("sys.executable", str(link))
    assert interpreter() == str(link)
