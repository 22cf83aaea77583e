"""The pages of docs/: their code runs, and their tables are those of the code."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

import foggen
from foggen.config import ENVIRONMENT, Settings
from foggen.errors import FogGenError
from foggen.reply import Reply

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def rows_of(page: str) -> dict[str, list[str]]:
    """The rows of a page's tables, by the code in their first cell."""
    text = (DOCS / page).read_text("utf-8")
    lines = [line.strip().strip("|") for line in text.splitlines() if line.startswith("| `")]
    cells = [line.split("|") for line in lines]
    return {row[0].strip("` "): [cell.strip() for cell in row[1:]] for row in cells}


def test_the_blocks_of_the_embedding_page_run(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = BLOCK.findall((DOCS / "embedding.md").read_text("utf-8"))
    assert len(blocks) >= 10
    exec(compile("\n".join(blocks), "embedding.md", "exec"), {"__name__": "embedding"})
    out = capsys.readouterr().out
    assert "B 4" in out
    assert "not sure" in out
    assert "ConnectionError" in out
    assert "cancelled" in out
    assert "['B', 'B', 'B']" in out


def test_every_field_of_a_reply_is_explained() -> None:
    assert set(rows_of("replies.md")) == set(Reply.__dataclass_fields__)


def test_every_setting_is_explained_with_its_default_and_variable() -> None:
    rows = rows_of("settings.md")
    assert set(rows) == set(Settings.__dataclass_fields__)
    for name, (default, variable, _) in rows.items():
        assert variable.strip("`") == ENVIRONMENT.get(name, "")
        value = getattr(Settings(), name)
        if name != "home":
            assert default.strip("`") == ("" if value in ("", None) else str(value)), name


def test_every_error_is_explained_with_its_exit_code() -> None:
    errors = {cls.__name__: str(cls.exit_code) for cls in FogGenError.__subclasses__()}
    assert {name: row[0] for name, row in rows_of("errors.md").items()} == {
        "FogGenError": "70",
        **errors,
    }


def test_what_the_architecture_page_names_is_there() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    picture = (DOCS / "architecture.svg").read_text("utf-8")
    named = re.findall(r"`([\w/]+(?:\.py|/))`", page)
    named += re.findall(r'class="file"[^>]*>([\w/.]+)<', picture)
    rooms = ("edge", "cloud_client", "export", "training", "tests")
    paths = [str(path) for room in rooms for path in (DOCS.parent / room).rglob("*")]
    paths += [str(DOCS.parent / room) for room in rooms]
    assert len(named) > 25
    for name in named:
        ending = f"/{name.rstrip('/')}"
        assert any(path.endswith(ending) for path in paths), name


def test_the_page_of_the_command_line_is_the_commands_own_help() -> None:
    spec = importlib.util.spec_from_file_location(
        "page", DOCS.parent / "tools/command_line_page.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.page()


def test_every_public_name_has_an_entry_in_the_reference() -> None:
    entries = re.findall(
        r"^::: (foggen\.[\w.]+)\.(\w+)$", (DOCS / "api.md").read_text("utf-8"), re.M
    )
    entries = [entry for entry in entries if entry[1] in foggen.__all__]
    assert sorted(name for _, name in entries) == sorted(foggen.__all__)
    for module, name in entries:
        assert hasattr(importlib.import_module(module), name), module
