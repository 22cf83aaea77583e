"""The command that installs what is missing fits the way in which FogGen was installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from foggen.installation import Installation, found_in, installation, requirement


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    folder = tmp_path / "environment"
    folder.mkdir()
    return folder


def commands(found: Installation) -> tuple[str, str]:
    return found.add_extra("export"), found.add("llama-cpp-python==1.2.3")


def test_pip(environment: Path) -> None:
    assert commands(found_in(environment, environment, has_pip=True)) == (
        "pip install 'foggen[export]'",
        "pip install 'llama-cpp-python==1.2.3'",
    )


def test_pipx(environment: Path) -> None:
    (environment / "pipx_metadata.json").write_text("{}", "utf-8")
    assert commands(found_in(environment, environment, has_pip=True)) == (
        "pipx install --force 'foggen[export]'",
        "pipx runpip foggen install 'llama-cpp-python==1.2.3'",
    )


def test_a_tool_of_uv(environment: Path) -> None:
    (environment / "uv-receipt.toml").write_text("[tool]\n", "utf-8")
    (environment / "pyvenv.cfg").write_text("home = x\nuv = 0.9\n", "utf-8")
    assert commands(found_in(environment, environment, has_pip=False)) == (
        "uv tool install 'foggen[export]'",
        "uv tool install --reinstall --with 'llama-cpp-python==1.2.3' foggen",
    )


@pytest.mark.parametrize(("has_pip", "command"), [(False, "uv pip"), (True, "pip")])
def test_an_environment_of_uv_has_no_pip_unless_it_was_installed(
    environment: Path, has_pip: bool, command: str
) -> None:
    (environment / "pyvenv.cfg").write_text("home = x\nuv = 0.9\n", "utf-8")
    assert commands(found_in(environment, environment, has_pip=has_pip)) == (
        f"{command} install 'foggen[export]'",
        f"{command} install 'llama-cpp-python==1.2.3'",
    )


def test_a_checkout_names_make_for_its_own_environment_and_pip_for_another(tmp_path: Path) -> None:
    (tmp_path / "edge/foggen").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    own = found_in(tmp_path / ".venv", tmp_path, has_pip=True)
    assert commands(own) == (
        f"make -C '{tmp_path}' setup",
        f"'{tmp_path}/.venv/bin/pip' install 'llama-cpp-python==1.2.3'",
    )
    other = found_in(tmp_path / "other", tmp_path, has_pip=True)
    assert commands(other) == (
        f"pip install -e '{tmp_path}[export]'",
        "pip install 'llama-cpp-python==1.2.3'",
    )


def test_a_packed_program_cannot_be_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert all("packed without it" in command for command in commands(installation()))


def test_options_of_pip_stand_before_the_requirement() -> None:
    command = Installation("pip").add("numpy", options="--no-deps")
    assert command == "pip install --no-deps 'numpy'"


def test_what_is_required_of_a_package() -> None:
    assert requirement("llama-cpp-python").startswith("llama-cpp-python==")
    assert requirement("no-such-package") == "no-such-package"
