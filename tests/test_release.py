"""The files of a release agree with the code: the version, the surfaces' numbers, the supported Pythons."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from foggen import __version__
from foggen.engine.contract import CONTRACT_VERSION
from foggen.reply import SCHEMA

yaml = pytest.importorskip("yaml")

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]


def text_of(name: str) -> str:
    return (REPOSITORY / name).read_text("utf-8")


def test_the_citation_has_the_version_and_the_licence_of_the_package() -> None:
    citation = yaml.safe_load(text_of("CITATION.cff"))
    assert citation["version"] == __version__
    assert citation["license"] == PROJECT["license"]
    assert citation["authors"] == PROJECT["authors"]


def test_the_changelog_begins_with_the_version() -> None:
    (newest, *_) = re.findall(r"^## (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert newest == __version__


def test_the_page_on_stability_names_the_numbers_of_the_code() -> None:
    page = text_of("docs/stability.md")
    assert f"`schema`, now {SCHEMA}" in page
    assert f"`foggen.contract_version`, now {CONTRACT_VERSION}" in page


def test_the_notice_and_the_licence_are_those_that_the_metadata_name() -> None:
    assert all((REPOSITORY / name).is_file() for name in PROJECT["license-files"])


def test_the_lock_has_the_base_requirements_with_hashes_at_the_constraints_versions() -> None:
    entries = re.split(r"^(?=[a-z])", text_of("requirements-base.txt"), flags=re.MULTILINE)[1:]
    locked = {name_of(entry): entry for entry in entries}
    wanted = {name_of(line) for line in PROJECT["dependencies"]}
    assert wanted <= locked.keys()
    pins = dict(line.split("==") for line in text_of("constraints.txt").splitlines()[1:])
    pins = {name_of(name): version for name, version in pins.items()}
    for name, entry in locked.items():
        assert "--hash=sha256:" in entry, name
        if name in pins:
            assert entry.split()[0].partition("==")[2] == pins[name], name


def name_of(requirement: str) -> str:
    """A requirement's package, in the normal form of its name."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


def test_the_steps_of_the_workflows_are_scripts_that_can_be_run() -> None:
    steps = set()
    for path in (REPOSITORY / ".github/workflows").glob("*.yml"):
        steps |= set(re.findall(r"tools/steps/[\w.]+", path.read_text("utf-8")))
    assert steps == {f"tools/steps/{path.name}" for path in (REPOSITORY / "tools/steps").iterdir()}
    assert all((REPOSITORY / step).stat().st_mode & 0o100 for step in steps)


def test_the_workflows_try_the_pythons_that_the_metadata_name() -> None:
    prefix = "Programming Language :: Python :: 3."
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if line.startswith(prefix)]
    jobs = yaml.safe_load(text_of(".github/workflows/checks.yml"))["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == named
