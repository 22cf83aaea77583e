"""A chain's base: a folder, a hub id or a GGUF, resolved once; a wrong one leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")

import numpy as np
import torch
from safetensors.torch import load_file

from foggen.engine.engine import Engine
from foggen.errors import ConfigurationError, FogGenError, ModelFileError
from foggen_training.bases import base_folder
from foggen_training.chain import Chain
from foggen_training.checkpoints import to_gguf
from foggen_training.labels.models import ModelReference
from foggen_training.pools import open_pool
from foggen_training.recipe import DataPlan, Recipe

from ..edge.loopback_hub import REPO, LoopbackHub
from .small_chain import RECIPE, one_thread, recipe, write_base

pytestmark = pytest.mark.filterwarnings("ignore")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("bases") / "base", "qwen3")


@pytest.fixture(scope="module")
def gguf(base: Path) -> Path:
    contract = recipe(base, "qwen3").model.contract()
    return to_gguf(str(base), contract, "f32", base.parent / "base.gguf", "base")


def first_round(base: object, **changes: object) -> Recipe:
    return replace(recipe(Path(str(base)), "qwen3"), passes=0, **changes)


def test_a_gguf_becomes_a_checkpoint_with_the_same_weights_and_tokens(
    base: Path, gguf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from foggen_export.loading import load_tokenizer

    folder = base_folder(str(gguf), tmp_path)
    assert capsys.readouterr().err == ""  # no progress bar where there is no terminal
    weights, expected = (load_file(place / "model.safetensors") for place in (folder, base))
    assert weights.keys() == expected.keys()
    assert all(torch.equal(weights[name], expected[name]) for name in expected)
    text = "<|im_start|>user\nWhat is 12 + 3?\nA. 15<|im_end|>"
    ids = load_tokenizer(folder).encode(text).ids  # type: ignore[attr-defined]
    assert ids == load_tokenizer(base).encode(text).ids  # type: ignore[attr-defined]
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert base_folder(str(gguf), tmp_path) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written


def test_a_chain_starts_from_a_gguf_and_labels_with_the_file_that_ships(
    gguf: Path, tmp_path: Path
) -> None:
    """R0's labels come from the base's own quantized file, and its figures from R0's."""
    plan = first_round(gguf)
    plan = replace(plan, labels=replace(plan.labels, with_model="gguf"))
    with one_thread():
        (line,) = list(Chain(plan, tmp_path / "chain").run())
    assert line["passed"]
    folder = tmp_path / "chain" / "R00"
    assert (folder / "checkpoint" / "config.json").exists()
    with Engine(folder / "model.gguf") as engine:
        assert engine.contract.round == "R00"
    start = tmp_path / "chain" / "base"
    shipped = to_gguf(str(start), plan.model.contract("R00"), "q8_0", tmp_path / "q.gguf", "base")
    labels = [json.loads(line) for line in (folder / "new.jsonl").read_text("utf-8").splitlines()]
    written = [label["success"] for label in labels]
    assert written == pytest.approx(successes(shipped, plan), abs=1e-6)
    assert max(map(abs, np.subtract(written, successes(start, plan)))) > 1e-5


def successes(place: Path, plan: Recipe) -> list[float]:
    """The closed-form labels of R0's questions by a raw base, as a checkpoint or as a file."""
    items = open_pool(plan).fresh(0)
    with one_thread(), ModelReference(str(place), plan.model, threads=1).open() as model:
        readings = model.read_raw(items, plan.labels.temperature)
    return [one.chance(item.answer) for one, item in zip(readings, items, strict=True)]


def test_a_hub_id_is_resolved_once_and_labels_with_the_file_that_ships(
    base: Path, tmp_path: Path
) -> None:
    text = RECIPE.replace("passes = 1", "passes = 0").replace(
        'mode = "exact"', 'mode = "exact"\nwith_model = "gguf"'
    )
    (tmp_path / "recipe.toml").write_text(text, "utf-8")
    files = {path.name: path.read_bytes() for path in base.iterdir()}
    with LoopbackHub(files) as hub:
        settings = {
            "HF_ENDPOINT": hub.url,
            "HF_HOME": str(tmp_path / "hf"),
            "HF_TOKEN": "",
            "HF_HUB_DISABLE_XET": "1",
            "OMP_NUM_THREADS": "1",
        }
        command = [
            sys.executable,
            "-c",
            "from foggen_training.cli import main; main()",
            "run",
            "recipe.toml",
            "-o",
            "chain",
            "--base",
            REPO,
        ]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        weights = [item for item in hub.of_files() if "model.safetensors" in item.path]
    assert done.returncode == 0, done.stderr
    assert len({item.path for item in weights}) == 1
    chain = tmp_path / "chain"
    start = json.loads((chain / "R00" / "config.json").read_text("utf-8"))["start"]
    assert (Path(start) / "config.json").exists()
    assert json.loads((chain / "recipe.json").read_text("utf-8"))["model"]["base"] == REPO


WRONG = {
    "no such folder": ("nowhere", "nowhere is not a checkpoint"),
    "no such gguf": ("nowhere.gguf", "there is no such file"),
    "no gguf": ("text.gguf", "GGUF"),
}


@pytest.mark.parametrize(("name", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_base_leaves_the_folder_as_it_was(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "text.gguf").write_text("this is a text\n" * 20, "utf-8")
    with pytest.raises(FogGenError, match=words) as caught:
        list(Chain(first_round(tmp_path / name), tmp_path / "chain").run())
    assert isinstance(caught.value, ConfigurationError | ModelFileError)
    assert not (tmp_path / "chain").exists()


def test_wrong_data_leave_the_folder_as_it_was(base: Path, tmp_path: Path) -> None:
    plan = first_round(base, data=DataPlan(folder=str(tmp_path / "nowhere")))
    with pytest.raises(FogGenError, match=r"finance\.train\.jsonl"):
        list(Chain(plan, tmp_path / "chain").run())
    assert not (tmp_path / "chain").exists()
    (tmp_path / "chain").mkdir()
    with pytest.raises(FogGenError, match=r"finance\.train\.jsonl"):
        list(Chain(plan, tmp_path / "chain").run())
    assert not list((tmp_path / "chain").iterdir())
