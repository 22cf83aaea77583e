"""`foggen_training.starter`: the base in small, a run that is killed, and the rounds upon it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

import torch
from safetensors.torch import load_file

from foggen.cli.border import reported
from foggen.engine.engine import Engine
from foggen.store.known_models import check_model
from foggen.store.models import describe
from foggen_training.checkpoints import load_checkpoint
from foggen_training.files import read_seconds
from foggen_training.recipe_file import read_recipe
from foggen_training.starter import build as stages
from foggen_training.starter.build import build
from foggen_training.starter.command import StarterOptions, finish, run_starter
from foggen_training.starter.pretrain import batches, rate
from foggen_training.starter.rows import CONTRACT, PLAIN
from foggen_training.starter.tokenizer import load_tokenizer

from .small_chain import RECIPE
from .small_starter import CHECKPOINT_EVERY, PLAN, STEPS, one_thread_of_the_cpu

# peft asks transformers for a name that transformers is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT_S = 600
Steps = list[tuple[int, int]]


@dataclass(frozen=True)
class Built:
    """A finished run: its folder, its base, and the (step, steps) of which it told."""

    folder: Path
    base: Path
    steps: Steps

    @property
    def tokenizer(self) -> Any:
        return load_tokenizer(self.folder / "tokenizer")


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    with one_thread_of_the_cpu():
        yield


def run(folder: Path) -> Built:
    steps: Steps = []
    base = build(PLAN, folder, lambda step, of, _: steps.append((step, of)))
    return Built(folder, base, steps)


@pytest.fixture(scope="module")
def built(_small: None, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One run from nothing, never disturbed."""
    return run(tmp_path_factory.mktemp("built"))


# --- the stream of batches ----------------------------------------------------------------------


def test_batches_from_a_step_on_are_those_that_come_after_it(built: Built) -> None:
    whole = list(batches(built.tokenizer, PLAN.pretraining, 0))
    assert len(whole) >= STEPS
    for start in (7, 16, 37):
        rest = list(batches(built.tokenizer, PLAN.pretraining, start))
        assert len(rest) == len(whole) - start
        for found, expected in zip(rest, whole[start:], strict=True):
            assert torch.equal(found.ids, expected.ids)
            assert torch.equal(found.replies, expected.replies)


def test_the_rate_warms_up_and_falls() -> None:
    plan = replace(PLAN.pretraining, steps=1000, warmup=0.1)
    rates = [rate(step, plan) for step in range(1000)]
    assert rates[0] == pytest.approx(0.01)
    assert max(rates) == rates[99] == rates[100] == 1.0
    assert all(later < earlier for earlier, later in pairwise(rates[100:]))
    assert 0 < rates[-1] < 0.1


# --- every stage, in small ----------------------------------------------------------------------


def test_every_stage_leaves_its_result_and_its_time(built: Built) -> None:
    assert built.base == built.folder / "base"
    for name in ("tokenizer/tokenizer.json", "base/tokenizer.json", "base/config.json"):
        assert (built.folder / name).is_file()
    assert not list(built.folder.glob("**/*.partial"))
    assert read_seconds(built.folder)["pretraining"] > 0
    assert built.steps == [(step, STEPS) for step in range(0, STEPS, 10)]
    weights = load_file(built.base / "model.safetensors")
    assert {str(value.dtype) for value in weights.values()} == {"torch.float32"}


def test_what_it_is_and_how_it_was_made_is_written_down(built: Built) -> None:
    text = (built.folder / "about.md").read_text("utf-8")
    assert "{" not in text
    assert "size `nano`" in text
    assert f"{STEPS} steps of 8 rows" in text
    assert "no accelerator" in text


def test_a_finished_run_is_not_run_again(built: Built) -> None:
    files = [path for path in built.folder.rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}
    again = run(built.folder)
    assert again.steps == []
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_rounds_and_the_card_follow_the_base(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(built.folder, folder)
    text = RECIPE.replace("passes = 1", "passes = 0")
    for key, few, enough in (
        ("first", "64", "320"),
        ("batch", "8", "4"),
        ("first_learning_rate", "1e-2", "2e-2"),
    ):
        assert f"\n{key} = {few}\n" in text
        text = text.replace(f"\n{key} = {few}\n", f"\n{key} = {enough}\n")
    (tmp_path / "recipe.toml").write_text(text, "utf-8")
    options = StarterOptions(folder, tmp_path / "recipe.toml", "nano", STEPS, 8, 3, ())
    gguf, card = finish(options, folder / "base")
    assert (gguf, card) == (folder / "small-q8_0.gguf", folder / "README.md")
    with Engine(gguf) as engine:
        assert engine.contract.round == "R00"
        said = sum(row["n"] for row in engine.contract.calibration["buckets"].values())
    assert said > 16, "R00 did not install the format"  # of the 32 calibration questions
    shown = describe(str(gguf), tmp_path).as_dict()
    assert shown["sha256"] == check_model(gguf, tmp_path)
    text = card.read_text("utf-8")
    assert "\n# FogGen starter: the model in the box\n" in text
    assert hashlib.sha256(gguf.read_bytes()).hexdigest() in text


def test_the_bases_formats_are_those_of_the_shipped_recipe() -> None:
    """The base is taught two prompts; the rounds must go on with the same."""
    model = read_recipe(REPOSITORY / "training/foggen_training/recipes/foggen-starter.toml").model
    assert model.contract("R00").system_prompt == CONTRACT.system_prompt
    assert model.raw_contract().system_prompt == PLAIN.system_prompt
    assert model.chat_layout == CONTRACT.chat_layout


# --- a run that is killed -----------------------------------------------------------------------


def test_a_killed_run_goes_on_at_its_checkpoint_and_ends_the_same(
    built: Built, tmp_path: Path
) -> None:
    folder, killed_at = tmp_path / "killed", 30
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.training.small_starter", str(folder), str(killed_at)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=REPOSITORY,
    )
    try:
        assert process.stdout is not None
        told = [int(line) for line in islice(process.stdout, 4)]
    finally:
        process.kill()
        process.wait(60)
        process.communicate()
    assert told == [0, 10, 20, 30]
    state = torch.load(folder / "pretraining.pt", weights_only=True)
    assert state["step"] == CHECKPOINT_EVERY
    assert not (folder / "base").exists()
    (folder / "pretraining.partial").write_bytes(b"half a checkpoint")

    resumed = run(folder)
    pretraining = [step for step, of in resumed.steps if of == STEPS]
    assert pretraining == [20, 30, 40, 50]
    for name in ("tokenizer/tokenizer.json", "base/model.safetensors"):
        assert (folder / name).read_bytes() == (built.folder / name).read_bytes(), name


def test_a_stage_that_is_cut_off_leaves_nothing_that_looks_whole(
    built: Built, tmp_path: Path
) -> None:
    """What a kill left half written is written anew, not taken."""
    model = load_checkpoint(built.folder / "base")
    for work in (
        lambda: stages.save_base(model, built.tokenizer, tmp_path / "base"),
        lambda: stages.make_tokenizer(PLAN, tmp_path / "tokenizer"),
    ):
        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(stages, "save_tokenizer", save_half)
            work()
    assert not (tmp_path / "base").exists()
    assert not (tmp_path / "tokenizer").exists()
    stages.save_base(model, built.tokenizer, tmp_path / "base")
    stages.make_tokenizer(PLAN, tmp_path / "tokenizer")
    for name in ("base", "tokenizer"):
        whole = (built.folder / name / "tokenizer.json").read_bytes()
        assert (tmp_path / name / "tokenizer.json").read_bytes() == whole


def save_half(_: Any, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text('{"model": {"vo', "utf-8")
    raise KeyboardInterrupt


def test_an_unknown_size_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = StarterOptions(tmp_path / "out", tmp_path / "recipe.toml", "huge", 10, 8, 1, ())
    with pytest.raises(SystemExit) as stopped, reported():
        run_starter(options)
    assert stopped.value.code == 2
    assert "nano, small, mid" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_wrong_recipe_is_told_before_the_base_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = StarterOptions(tmp_path / "out", tmp_path / "none.toml", "nano", 10, 8, 1, ())
    with pytest.raises(SystemExit), reported():
        run_starter(options)
    assert "none.toml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
