"""The wheel as a user gets it: what is in it, and that it works with its base requirements alone.

The clean environment is a venv whose site-packages holds the wheel's files, and links to the
installed distributions that the wheel's base requirements lead to; nothing is downloaded.
"""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from foggen import __version__

from .edge.helpers import JSON_KEYS

pytest.importorskip("hatchling")
requirements = pytest.importorskip("packaging.requirements")

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = {"foggen", "foggen_cloud", "foggen_export", "foggen_training"}
STARTER = "foggen/starter/foggen-starter-q8_0.gguf"
HEAVY = ("torch", "transformers", "peft", "safetensors", "accelerate", "sklearn", "matplotlib")
DEMO = (
    "A firm reports $400M in total liabilities and $600M in shareholders' equity.\n"
    "What is the firm's debt-to-equity ratio?\nA. 0.67\nB. 1.00\nC. 1.50\nD. 2.00"
)
LIMIT_S = 300

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need privileges on Windows")


@dataclass(frozen=True)
class Wheel:
    path: Path

    def names(self) -> list[str]:
        with zipfile.ZipFile(self.path) as archive:
            return [name for name in archive.namelist() if not name.endswith("/")]

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name)

    @property
    def information(self) -> str:
        (name,) = {name.split("/")[0] for name in self.names() if ".dist-info/" in name}
        return name


@dataclass(frozen=True)
class Environment:
    """An environment of its own: its interpreter, and a folder to run in."""

    python: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A program with arguments, isolated from the caller's environment and from this checkout."""
        return subprocess.run(
            [str(self.python), "-I", "-c", program, *arguments],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
            cwd=self.folder,
        )

    def command(self, entry: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A console script by its entry point, "module:function"."""
        module, _, function = entry.partition(":")
        return self.run(f"import sys; from {module} import {function}; {function}()", *arguments)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """Built by the project's own back end, without isolation."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
        cwd=REPOSITORY,
    )
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return Wheel(path)


@pytest.fixture(scope="module")
def clean(wheel: Wheel, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("clean")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder / "env")
    base = str(folder / "env")
    site = Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))
    for distribution in closure(base_requirements(wheel)):
        link(distribution, site)
    with zipfile.ZipFile(wheel.path) as archive:
        archive.extractall(site)
    (folder / "work").mkdir()
    return Environment(folder / "env" / "bin" / "python", folder / "work")


def base_requirements(wheel: Wheel) -> list[str]:
    """The wheel's requirements without its extras."""
    text = wheel.read(f"{wheel.information}/METADATA").decode()
    lines = [
        line.split(":", 1)[1].strip()
        for line in text.partition("\n\n")[0].splitlines()
        if line.startswith("Requires-Dist:")
    ]
    return [line for line in lines if applies(line)]


def applies(requirement: str) -> bool:
    marker = requirements.Requirement(requirement).marker
    return marker is None or bool(marker.evaluate({"extra": ""}))


def closure(wanted: list[str]) -> Iterator[metadata.Distribution]:
    """The installed distributions that the requirements lead to, each once."""
    seen: set[str] = set()
    left = list(wanted)
    while left:
        distribution = metadata.distribution(requirements.Requirement(left.pop()).name)
        name = distribution.metadata["Name"].lower().replace("_", "-")
        if name not in seen:
            seen.add(name)
            left += [line for line in distribution.requires or () if applies(line)]
            yield distribution


def link(distribution: metadata.Distribution, site: Path) -> None:
    tops = {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
    for top in tops:
        target = Path(str(distribution.locate_file(top))).resolve()
        if not (site / top).exists():
            (site / top).symlink_to(target)


# --- what is in it ------------------------------------------------------------------------------


def test_the_top_level_is_the_four_packages_and_the_metadata(wheel: Wheel) -> None:
    assert {name.split("/")[0] for name in wheel.names()} == PACKAGES | {wheel.information}


def test_nothing_but_code_recipes_questions_and_the_model_in_the_box_is_packed(
    wheel: Wheel,
) -> None:
    extra = {
        name
        for name in wheel.names()
        if not name.startswith(wheel.information) and not name.endswith(".py")
    }
    others = {name for name in extra if not name.startswith("foggen/starter/")}
    packages = ("foggen", "foggen_cloud", "foggen_export", "foggen_training")
    everyday = "foggen_training/starter/validation/everyday.jsonl"
    typed = {f"{package}/py.typed" for package in packages}
    assert others == recipes() | typed | {everyday}
    public = {"foggen/testing.py", "foggen_cloud/testing.py"}
    assert not [
        name
        for name in wheel.names()
        if "__pycache__" in name or ("test" in name.lower() and name not in public)
    ]


def recipes() -> set[str]:
    """The shipped recipes, by their names in the wheel."""
    folder = "foggen_training/recipes"
    paths = (REPOSITORY / "training" / folder).glob("*.toml")
    return {f"{folder}/{path.name}" for path in paths}


def test_the_recipes_are_packed(wheel: Wheel) -> None:
    assert recipes()
    for name in recipes():
        assert wheel.read(name) == (REPOSITORY / "training" / name).read_bytes()


@pytest.mark.parametrize("name", [STARTER, f"{STARTER}.manifest.json", "foggen/starter/README.md"])
def test_the_model_in_the_box_is_packed_with_its_manifest_and_card(wheel: Wheel, name: str) -> None:
    assert name in wheel.names()
    assert wheel.read(name)


def test_every_module_of_the_checkout_is_packed(wheel: Wheel) -> None:
    rooms = ("edge", "cloud_client", "export", "training")
    expected = {
        str(path.relative_to(REPOSITORY / room))
        for room in rooms
        for package in PACKAGES
        for path in (REPOSITORY / room / package).rglob("*.py")
    }
    assert len(expected) > 50
    assert {name for name in wheel.names() if name.endswith(".py")} == expected


def test_the_metadata_names_scripts_license_and_extras(wheel: Wheel) -> None:
    text = wheel.read(f"{wheel.information}/METADATA").decode()
    assert "\nLicense-Expression: Apache-2.0\n" in text
    assert f"\nVersion: {__version__}\n" in text
    assert {f"Provides-Extra: {extra}" for extra in ("export", "training", "test")} <= set(
        text.splitlines()
    )
    assert scripts(wheel).keys() == {"foggen-edge", "foggen-export", "foggen-train"}
    assert f"{wheel.information}/licenses/LICENSE" in wheel.names()
    assert f"{wheel.information}/licenses/NOTICE" in wheel.names()
    assert "\nKeywords: " in text
    assert "\nProject-URL: " in text
    assert "\nClassifier: Programming Language :: Python :: 3.14\n" in text


def scripts(wheel: Wheel) -> dict[str, str]:
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(wheel.read(f"{wheel.information}/entry_points.txt").decode())
    return dict(parser["console_scripts"])


# --- that it works alone ------------------------------------------------------------------------


def ask_demo(clean: Environment, wheel: Wheel) -> dict[str, Any]:
    """The demo question's reply, asked as the console script does."""
    done = clean.command(scripts(wheel)["foggen-edge"], "ask", DEMO, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    return dict(json.loads(line))


def test_the_demo_question_gets_a_reply(clean: Environment, wheel: Wheel) -> None:
    reply = ask_demo(clean, wheel)
    assert reply.keys() == JSON_KEYS
    assert reply["label"] in "ABCD"
    assert reply["model"]["name"] == "starter"
    assert reply["model"]["sha256"] == json.loads(wheel.read(f"{STARTER}.manifest.json"))["sha256"]


def test_the_model_in_the_box_is_sure_of_the_demo_question(
    clean: Environment, wheel: Wheel
) -> None:
    reply = ask_demo(clean, wheel)
    assert (reply["label"], reply["text"], reply["route"]) == ("A", "0.67", "edge")
    assert reply["confidence"] >= 0.5
    assert not reply["degraded"]


def test_it_is_the_wheel_that_runs(clean: Environment) -> None:
    done = clean.run("import foggen, foggen_cloud; print(foggen.__file__, foggen_cloud.__file__)")
    assert done.stdout.count("site-packages") == 2, done.stderr
    assert str(REPOSITORY / "edge") not in done.stdout


def test_the_heavy_libraries_are_not_there_to_be_imported(clean: Environment) -> None:
    program = """if True:
        import importlib.util, sys
        print([name for name in sys.argv[1:] if importlib.util.find_spec(name)])
        try:
            import torch
        except ModuleNotFoundError:
            print("no torch")
        try:
            import transformers
        except ModuleNotFoundError:
            print("no transformers")
    """
    done = clean.run(program, *HEAVY)
    assert done.stdout.splitlines() == ["[]", "no torch", "no transformers"], done.stderr


@pytest.mark.parametrize("package", ["foggen", "foggen_cloud"])
def test_importing_loads_no_http_client_and_no_model(clean: Environment, package: str) -> None:
    program = """if True:
        import importlib, sys
        importlib.import_module(sys.argv[1])
        print(sorted({"httpx2", "llama_cpp", "numpy", "huggingface_hub"} & sys.modules.keys()))
    """
    done = clean.run(program, package)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_local_question_loads_no_http_client(clean: Environment) -> None:
    program = """if True:
        import sys
        from foggen import Router
        with Router.open(mode="edge-only") as router:
            print(router.ask("2 + 2 = ?\\nA. 3\\nB. 4").label in "AB")
        print(sorted({"httpx2", "huggingface_hub", "requests"} & sys.modules.keys()))
    """
    done = clean.run(program)
    assert (done.stdout, done.stderr) == ("True\n[]\n", "")


@pytest.mark.parametrize("name", ["foggen-edge", "foggen-export", "foggen-train"])
def test_every_script_shows_its_help(clean: Environment, wheel: Wheel, name: str) -> None:
    done = clean.command(scripts(wheel)[name], "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


def test_questions_are_generated_without_the_extras(clean: Environment, wheel: Wheel) -> None:
    entry = scripts(wheel)["foggen-train"]
    done = clean.command(entry, "questions", "--number", "3", "--split", "test")
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["split"] for line in done.stdout.splitlines()] == ["test"] * 3
