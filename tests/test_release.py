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
