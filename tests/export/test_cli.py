"""`foggen-export`: the flags, what goes to which output, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from foggen.engine.contract import BUCKETS, published, to_metadata
from foggen.engine.engine import Engine
from foggen.engine.gguf_header import read_header
from foggen.store.models import describe
from foggen_export.cli import app

from .conftest import CONTRACT, PUBLISHED


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def folder(tied_checkpoint: tuple[Path, Any]) -> Path:
    return tied_checkpoint[0]


def test_one_file_and_manifest_for_each_quant_and_their_paths_on_stdout(
    folder: Path, tmp_path: Path
) -> None:
    flags = ("-q", "F16", "--quant", "q8_0", "-q", "Q8_0", *PUBLISHED)
    result = run(folder, "-o", tmp_path / "deep" / "out", *flags)
    assert (result.exit_code, result.stderr) == (0, "")
    paths = [Path(line) for line in result.stdout.splitlines()]
    assert [path.name for path in paths] == ["tied-f16.gguf", "tied-q8_0.gguf"]
    assert sorted(path.name for path in (tmp_path / "deep" / "out").iterdir()) == [
        "tied-f16.gguf",
        "tied-f16.gguf.manifest.json",
        "tied-q8_0.gguf",
        "tied-q8_0.gguf.manifest.json",
        "tied-report.json",
        "tied-report.md",
    ]
    assert paths[0].stat().st_size > paths[1].stat().st_size


@pytest.mark.parametrize("checks", ["--verify", "--no-verify", "--without-torch"])
def test_a_model_that_was_not_trained_to_a_contract_gets_none(
    folder: Path, tmp_path: Path, checks: str
) -> None:
    """It would say a confidence that means nothing."""
    result = run(folder, "-o", tmp_path, "-q", "q8_0", checks)
    assert "was not trained to a contract: it answers by its letters" in result.stderr
    keys = read_header(tmp_path / "tied-q8_0.gguf").metadata
    assert not any(key.startswith("foggen.") for key in keys)
    with Engine(tmp_path / "tied-q8_0.gguf", context=512) as engine:
        assert not engine.contract.says_confidence


@pytest.mark.parametrize("checks", ["--verify", "--without-torch"])
def test_a_checkpoint_with_the_name_of_the_published_ones_gets_their_contract(
    folder: Path, tmp_path: Path, checks: str
) -> None:
    named = copytree(folder, tmp_path / "FogGen-mine")
    result = run(named, "-o", tmp_path, "-q", "q8_0", checks)
    assert "was not trained" not in result.stderr
    keys = read_header(tmp_path / "FogGen-mine-q8_0.gguf").metadata
    assert keys["foggen.system_prompt"] == published("qwen3").system_prompt


def test_the_published_contract_can_be_asked_for(folder: Path, tmp_path: Path) -> None:
    run(folder, "-o", tmp_path, "-q", "q8_0", *PUBLISHED)
    keys = read_header(tmp_path / "tied-q8_0.gguf").metadata
    assert keys["foggen.system_prompt"] == published("qwen3").system_prompt


def test_buckets_of_a_model_without_a_contract_cannot_be_measured(
    folder: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "2 + 2?", "options": ["3", "4"], "answer": "B"}\n', "utf-8")
    result = run(folder, "-o", tmp_path / "out", "-q", "q8_0", "--data", questions)
    assert result.exit_code == 2
    assert "not trained to a contract" in one_line(result)
    assert "calibrate" in one_line(result)


def test_a_layout_can_be_named_for_a_checkpoint_without_a_contract(
    folder: Path, tmp_path: Path
) -> None:
    named = run(folder, "-o", tmp_path, "-q", "q8_0", "--layout", "chatml", "--no-verify")
    assert named.exit_code == 0, named.stderr
    unknown = run(folder, "-o", tmp_path, "-q", "q8_0", "--layout", "what", "--no-verify")
    assert (unknown.exit_code, "'what'" in one_line(unknown)) == (2, True)


def test_the_contract_file_is_what_travels(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(to_metadata(CONTRACT)), "utf-8")
    assert run(folder, "-o", tmp_path, "-q", "q8_0", "--contract", file).exit_code == 0
    shown = describe(str(tmp_path / "tied-q8_0.gguf"), tmp_path)
    assert shown.contract == CONTRACT
    assert shown.as_dict()["contract"] == "own"
    assert shown.contract.buckets == BUCKETS


CONTRACT_FILES = {
    "not there": None,
    "no JSON": "{",
    "no object": "[1]",
    "no version": json.dumps({"foggen.tau": 0.75}),
}


@pytest.mark.parametrize("content", CONTRACT_FILES.values(), ids=CONTRACT_FILES)
def test_a_contract_file_that_cannot_be_used_is_refused(
    folder: Path, tmp_path: Path, content: str | None
) -> None:
    file, output = tmp_path / "contract.json", tmp_path / "out"
    if content is not None:
        file.write_text(content, "utf-8")
    result = run(folder, "-o", output, "-q", "q8_0", "--contract", file)
    assert result.exit_code == 78
    assert str(file) in one_line(result)
    assert not output.exists()


def test_a_contract_that_the_runtime_would_refuse_is_not_exported(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(to_metadata(CONTRACT) | {"foggen.tau": 1.5}), "utf-8")
    result = run(folder, "-o", tmp_path / "out", "-q", "q8_0", "--contract", file)
    assert result.exit_code == 65
    assert "tau is 1.5" in one_line(result)


def test_an_unknown_quant_is_a_usage_error(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "-o", tmp_path, "-q", "q3_x")
    assert result.exit_code == 2
    assert "q3_x" in one_line(result)
    assert list(tmp_path.glob("*.gguf*")) == []


def test_a_folder_without_a_checkpoint_is_a_configuration_error(tmp_path: Path) -> None:
    result = run(tmp_path, "-o", tmp_path / "out", "-q", "q8_0")
    assert result.exit_code == 78
    assert "config.json" in one_line(result)
    assert not (tmp_path / "out").exists()


def test_an_architecture_that_is_not_known_is_a_bad_file(checkpoint: Path, tmp_path: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text("utf-8"))
    config["architectures"] = ["MambaForCausalLM"]
    (checkpoint / "config.json").write_text(json.dumps(config), "utf-8")
    result = run(checkpoint, "-o", tmp_path / "out", "-q", "q8_0")
    assert result.exit_code == 65
    assert "MambaForCausalLM" in one_line(result)


def one_line(result: Result) -> str:
    """The error as a user sees it: one line on stderr, nothing on stdout."""
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("foggen: ")
    assert "Traceback" not in line
    return line
