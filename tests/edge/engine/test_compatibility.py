"""Another llama-cpp-python than the pinned one: whether it fits is found at load, and said in one line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from foggen.engine.native import back_ends, compatibility, lib
from foggen.errors import ConfigurationError

from ..helpers import QUESTION, REPOSITORY, command, is_one_line

USERS = (
    *(REPOSITORY / "edge/foggen/engine/native").glob("*.py"),
    REPOSITORY / "export/foggen_export/quantize.py",
)


def binding(**changed: Any) -> SimpleNamespace:
    """A module like llama_cpp's with what is checked, and changes to it; None takes a name away."""
    names = {*compatibility.NAMES, *compatibility.FIELDS, *compatibility.DEFAULTS}
    whole = {name: getattr(lib, name) for name in names} | changed
    return SimpleNamespace(**{name: value for name, value in whole.items() if value is not None})


def test_the_installed_version_fits() -> None:
    assert compatibility.misfits(lib) == []
    assert compatibility.misfits(binding()) == []


def used_names() -> Iterator[str]:
    for path in USERS:
        yield from re.findall(
            r"\blib\.((?:llama|ggml)_\w+|(?:LLAMA|GGML)_\w+)", path.read_text("utf-8")
        )


def test_every_name_that_is_used_is_checked() -> None:
    used = set(used_names())
    assert len(used) > 30
    assert used - {*compatibility.NAMES, *compatibility.FIELDS} == set()


def test_every_name_that_is_checked_is_used() -> None:
    assert set(compatibility.NAMES) - set(used_names()) == set()


def test_every_field_that_is_set_is_checked() -> None:
    fields = {field for names in compatibility.FIELDS.values() for field in names.split()}
    used = {
        found
        for path in USERS
        for found in re.findall(r"\bparams\.(\w+)\b(?: =|\.| \+)", path.read_text("utf-8"))
    }
    assert len(used) > 10
    assert used <= fields


def test_a_call_that_is_missing_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        compatibility.check(binding(llama_memory_seq_rm=None))
    assert "llama_memory_seq_rm is missing" in caught.value.message
    assert caught.value.message.startswith("llama-cpp-python ")
    assert re.search(r"install 'llama-cpp-python==[\d.]+'$", caught.value.hint)


def test_a_field_that_is_missing_is_named() -> None:
    older = type("llama_model_params", (), {"n_gpu_layers": 0})
    assert "llama_model_params.load_mode is missing" in compatibility.misfits(
        binding(llama_model_params=older)
    )


@pytest.mark.parametrize("function", list(compatibility.DEFAULTS))
def test_a_structure_that_the_library_lays_out_otherwise_is_found(function: str) -> None:
    def shifted() -> Any:
        params = getattr(lib, function)()
        field, value = next(iter(compatibility.DEFAULTS[function].items()))
        setattr(params, field, not value)
        return params

    (found,) = compatibility.misfits(binding(**{function: shifted}))
    assert found.startswith(f"{function} gives ")


def test_many_misfits_are_still_one_line() -> None:
    with pytest.raises(ConfigurationError) as caught:
        compatibility.check(SimpleNamespace())
    assert len(caught.value.message) < 200
    assert re.search(r"and \d+ more$", caught.value.message)


@pytest.fixture(params=["no calls", "no library"])
def other_version(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A PYTHONPATH with a package `llama_cpp` that cannot be used."""
    package = tmp_path / "llama_cpp"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    body = "" if request.param == "no calls" else "raise RuntimeError('no libllama.so')\n"
    (package / "llama_cpp.py").write_text(body, "utf-8")
    return os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])


def test_a_question_ends_in_one_line_and_exit_code_78(other_version: str) -> None:
    outcome = command("ask", QUESTION, PYTHONPATH=other_version)
    assert (outcome.code, outcome.out) == (78, "")
    assert is_one_line(outcome.err)
    assert "install 'llama-cpp-python==" in outcome.err


def test_doctor_says_it_once_and_checks_the_rest(other_version: str) -> None:
    outcome = command("doctor", PYTHONPATH=other_version)
    assert (outcome.code, outcome.err) == (78, "")
    first, remedy, *rest = outcome.out.splitlines()
    assert first.startswith("problem  llama.cpp")
    assert "install 'llama-cpp-python==" in remedy
    assert remedy.lstrip().startswith("remedy: ")
    assert not any("llama" in line and line.startswith("problem") for line in rest)
    assert any(line.split()[1] == "memory" for line in rest)


# --- back ends ----------------------------------------------------------------------------------


def test_the_processor_s_back_end_is_a_file_of_the_package() -> None:
    library = back_ends.processor_library()
    if library is None:
        pytest.skip("this system does not tell")
    assert library.parent == Path(lib.__file__).parent / "lib"
    assert "ggml-cpu" in library.name


def test_back_ends_that_are_there_are_not_loaded_again(tmp_path: Path) -> None:
    before = back_ends.devices()
    back_ends.load_back_ends(tmp_path)
    assert back_ends.devices() == before


def test_no_back_end_for_this_processor_is_a_problem_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = SimpleNamespace(
        ggml_backend_dev_by_type=lambda _: None, ggml_backend_load_all_from_path=lambda _: None
    )
    monkeypatch.setattr(back_ends, "_ggml", lambda: empty)
    with pytest.raises(ConfigurationError, match="runs on this processor"):
        back_ends.load_back_ends(tmp_path)
