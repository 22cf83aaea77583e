"""The self-evolving chain, whole and small, on both architectures; killed, refused, distilled."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")

import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from foggen.errors import ConfigurationError, FogGenError, NoQuestionError
from foggen_training.chain import Chain, history, last_passed
from foggen_training.cli import app
from foggen_training.recipe import DistillPlan, GatePlan, LabelPlan, Recipe
from foggen_training.tuning.buffer import load_buffer

from . import small_chain
from .small_chain import ARCHITECTURES, recipe, run, write_base

pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
ROOT = Path(__file__).parents[2]
ROUNDS = ("R00", "R01", "R02")


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bases")
    return {name: write_base(folder / name, name) for name in ARCHITECTURES}


@pytest.fixture(scope="module", params=ARCHITECTURES)
def chain(
    request: pytest.FixtureRequest, bases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("chain") / request.param
    return request.param, folder, run(bases[request.param], request.param, folder)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_round_leaves_what_it_is_made_of(
    chain: tuple[str, Path, list[dict[str, Any]]],
) -> None:
    _, folder, found = chain
    assert [line["round"] for line in found] == list(ROUNDS)
    assert [line["domains"] for line in found] == [["math", "law"], ["math"], ["law"]]
    assert all(line["passed"] for line in found)
    for name in ROUNDS:
        for file in ("config.json", "new.jsonl", "buffer.jsonl", "adapter", "checkpoint",
                     "table.json", "metrics.json", "verdict.json"):  # fmt: skip
            assert (folder / name / file).exists(), (name, file)
        assert not list((folder / name).glob("*.partial"))
    assert history(recipe(Path(), chain[0]), folder) == found


def test_a_round_trains_on_new_questions_and_on_earlier_ones_labelled_anew(
    chain: tuple[str, Path, list[dict[str, Any]]],
) -> None:
    _, folder, _ = chain
    buffers = [load_buffer(folder / name / "buffer.jsonl") for name in ROUNDS]
    fresh = [{row.item.id for row in rows if not row.replayed} for rows in buffers]
    assert [len(ids) for ids in fresh] == [64, 32, 32]
    assert not fresh[0] & fresh[1]
    assert not fresh[1] & fresh[2]
    assert {row.item.domain for row in buffers[2] if not row.replayed} == {"law"}
    again = [row for row in buffers[2] if row.replayed]
    assert len(again) == 32
    assert {row.item.id for row in again} <= fresh[0] | fresh[1]
    before = {row.item.id: row.success for row in [*buffers[0], *buffers[1]]}
    assert any(row.success != before[row.item.id] for row in again)


def test_a_checkpoint_is_the_one_before_with_the_adapter_merged_in(
    chain: tuple[str, Path, list[dict[str, Any]]],
) -> None:
    _, folder, _ = chain
    first, second = (
        load_file(folder / name / "checkpoint" / "model.safetensors") for name in ("R00", "R01")
    )
    adapter = load_file(folder / "R01" / "adapter" / "adapter_model.safetensors")
    name = "layers.0.mlp.down_proj"
    found = {key.rsplit(".", 2)[-2]: value for key, value in adapter.items() if name in key}
    change = 32 / 16 * found["lora_B"] @ found["lora_A"]
    key = next(key for key in first if name in key)
    assert first[key].dtype == torch.float32
    assert torch.allclose(second[key] - first[key], change, atol=1e-6)
    assert change.abs().max() > 1e-5


def test_the_words_of_the_contract_are_learnt(
    chain: tuple[str, Path, list[dict[str, Any]]], bases: dict[str, Path]
) -> None:
    """Before R0 the format has hardly any probability; a few steps on, much more."""
    from foggen_training.labels.models import ModelReference
    from foggen_training.pools import open_pool

    layout, folder, _ = chain
    plan = recipe(bases[layout], layout)
    items = open_pool(plan).validation()
    illegal = []
    for place in (bases[layout], folder / "R02" / "checkpoint"):
        with ModelReference(str(place), plan.model, threads=1).open() as model:
            illegal.append(np.mean([found.illegal for found in model.read(items)]))
    assert illegal[0] > 0.95
    assert illegal[1] < illegal[0] - {"qwen3": 0.3, "gemma3": 0.02}[layout]


def test_a_killed_chain_goes_on_to_the_same_buffers_byte_for_byte(
    bases: dict[str, Path], tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run(bases["qwen3"], "qwen3", whole)
    for step, done in (("label new", 16), ("train", 2), ("validate", 16)):
        kill_at(bases["qwen3"], killed, step, done)
    assert (killed / "R01" / "new.jsonl").exists()
    run(bases["qwen3"], "qwen3", killed)
    for name in ROUNDS:
        for file in ("new.jsonl", "buffer.jsonl", "metrics.json", "table.json"):
            expected = (whole / name / file).read_bytes()
            assert (killed / name / file).read_bytes() == expected, (name, file)


def kill_at(base: Path, folder: Path, step: str, done: int) -> None:
    """Run the chain in another process, and kill -9 it at a step of R01."""
    command = [sys.executable, "-m", "tests.training.small_chain", str(base), str(folder), step,
               str(done)]  # fmt: skip
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout
        for line in process.stdout:
            name, _, now = line.decode().strip().rpartition(" ")
            if (folder / "R01").exists() and name == step and int(now) >= done:
                break
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_a_half_written_line_of_labels_is_done_again(
    bases: dict[str, Path], tmp_path: Path, chain: tuple[str, Path, list[dict[str, Any]]]
) -> None:
    layout, folder, _ = chain
    copy = tmp_path / "copy"
    (copy / "R00").mkdir(parents=True)
    data = (folder / "R00" / "new.jsonl").read_bytes()
    (copy / "R00" / "new.jsonl").write_bytes(data[: len(data) // 2])
    run(bases[layout], layout, copy, passes=0)
    assert (copy / "R00" / "new.jsonl").read_bytes() == data


# --- the gate ------------------------------------------------------------------------------------


def test_a_refused_round_is_tried_at_half_the_rate_and_then_ends_the_chain(
    bases: dict[str, Path], tmp_path: Path
) -> None:
    plan = replace(recipe(bases["qwen3"], "qwen3"), passes=0)
    shut = replace(plan, gate=GatePlan(least_entropy=1.0, retries=1))
    found = list(Chain(shut, tmp_path / "shut").run())
    assert [line["passed"] for line in found] == [False]
    rates = [attempt["learning_rate"] for attempt in found[0]["attempts"]]
    assert rates == [1e-2, 5e-3]
    assert all("entropy" in attempt["losses"][0] for attempt in found[0]["attempts"])
    assert (tmp_path / "shut" / "R00" / "metrics.attempt1.json").exists()
    assert last_passed(shut, tmp_path / "shut") is None


def test_a_chain_goes_on_with_more_passes_and_with_nothing_else(
    bases: dict[str, Path], tmp_path: Path
) -> None:
    plan = recipe(bases["qwen3"], "qwen3")
    folder = tmp_path / "chain"
    assert len(list(Chain(replace(plan, passes=0), folder).run())) == 1
    assert len(list(Chain(plan, folder).run())) == 3
    with pytest.raises(ConfigurationError, match=r"seed was 1, is 2"):
        list(Chain(replace(plan, seed=2), folder).run())


def test_a_model_that_does_not_know_the_format_stops_the_round(
    bases: dict[str, Path], tmp_path: Path
) -> None:
    plan = replace(
        recipe(bases["qwen3"], "qwen3"),
        labels=LabelPlan(mode="sampled", samples=2, batch=16), passes=0,
    )  # fmt: skip
    with small_chain.one_thread(), pytest.raises(FogGenError, match="could not be read") as caught:
        list(Chain(plan, tmp_path / "mute").run())
    assert "distil" in caught.value.hint


def test_a_full_disk_in_the_middle_of_a_round_loses_nothing(
    bases: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(recipe(bases["qwen3"], "qwen3"), passes=0)
    folder = tmp_path / "full"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("foggen_training.round.save_buffer", full)
        with small_chain.one_thread(), pytest.raises(OSError, match="No space left"):
            list(Chain(plan, folder).run())
    labels = (folder / "R00" / "new.jsonl").read_bytes()
    assert labels.count(b"\n") == 64
    run(bases["qwen3"], "qwen3", folder, passes=0)
    assert (folder / "R00" / "new.jsonl").read_bytes() == labels


# --- distillation --------------------------------------------------------------------------------


def test_a_sibling_is_distilled_from_a_buffer(
    bases: dict[str, Path], tmp_path: Path, chain: tuple[str, Path, list[dict[str, Any]]]
) -> None:
    layout, folder, _ = chain
    buffer = folder / "R00" / "buffer.jsonl"
    plan = replace(
        recipe(bases[layout], layout), distill=DistillPlan(str(buffer), rows=40), passes=1
    )
    found = list(Chain(plan, tmp_path / "sibling").run())
    assert [line["round"] for line in found] == list(ROUNDS)
    taken = tmp_path / "sibling" / "R00" / "buffer.jsonl"
    assert load_buffer(taken) == load_buffer(buffer)[:40]
    assert not (tmp_path / "sibling" / "R00" / "new.jsonl").exists()


def test_what_cannot_be_distilled_is_said(bases: dict[str, Path], tmp_path: Path) -> None:
    plan = replace(recipe(bases["qwen3"], "qwen3"), distill=DistillPlan("nowhere.jsonl"))
    with pytest.raises(NoQuestionError, match=r"nowhere\.jsonl"):
        list(Chain(plan, tmp_path / "sibling").run())


# --- several processes ---------------------------------------------------------------------------


def test_two_processes_learn_what_one_learns(bases: dict[str, Path], tmp_path: Path) -> None:
    from foggen_training.tuning.worker import tune, write_order

    plan = replace(recipe(bases["qwen3"], "qwen3"), passes=0)
    run(bases["qwen3"], "qwen3", tmp_path / "one", passes=0)
    two = tmp_path / "two"
    two.mkdir()
    shutil.copy2(tmp_path / "one" / "R00" / "buffer.jsonl", two)
    write_order(two, plan, str(bases["qwen3"]), "R00", 1e-2, 1)
    tune(two, 2, lambda *_: None)
    one, other = (
        load_file(folder / "adapter" / "adapter_model.safetensors")
        for folder in (tmp_path / "one" / "R00", two)
    )
    assert one.keys() == other.keys()
    changes = torch.cat([(value - other[key]).flatten() for key, value in one.items()])
    size = torch.cat([value.flatten() for value in one.values()])
    assert changes.norm() / size.norm() < 0.05  # bf16 products, added in another order


# --- the commands --------------------------------------------------------------------------------


def test_status_shows_the_rounds(chain: tuple[str, Path, list[dict[str, Any]]]) -> None:
    result = CliRunner().invoke(app, ["status", str(chain[1])])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["round", *ROUNDS]


def test_a_folder_without_a_chain_has_no_status(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["status", str(tmp_path)])
    assert result.exit_code == 78
    assert "no chain" in result.stderr


def test_the_recipe_of_a_chain_is_written_down_whole(
    chain: tuple[str, Path, list[dict[str, Any]]], bases: dict[str, Path]
) -> None:
    from foggen_training.recipe_file import recipe_from

    layout, folder, _ = chain
    table = json.loads((folder / "recipe.json").read_text("utf-8"))
    found: Recipe = recipe_from(table, folder / "recipe.json")
    assert found == recipe(bases[layout], layout)


def test_the_first_round_must_not_fall_behind_the_raw_base(
    chain: tuple[str, Path, list[dict[str, Any]]],
) -> None:
    _, folder, _ = chain
    start = json.loads((folder / "R00" / "start.json").read_text("utf-8"))
    assert set(start["accuracy"]) == {"math", "law", "mean"}
    assert start["auroc"] is None


def test_the_gate_names_what_was_lost() -> None:
    from foggen_training.gate import losses

    def figures(accuracy: float, auroc: float | None, entropy: float = 0.8) -> dict[str, Any]:
        return {"accuracy": {"law": accuracy, "mean": 0.1}, "auroc": auroc, "entropy": entropy}

    plan = GatePlan()
    before = figures(0.7, 0.8)
    assert losses(figures(0.69, 0.79), before, plan) == []
    assert "law fell by 0.030" in losses(figures(0.67, 0.8), before, plan)[0]
    assert "from 0.800 to 0.770" in losses(figures(0.7, 0.77), before, plan)[0]
    assert losses(figures(0.7, 0.1), figures(0.7, None), plan) == []
    assert "entropy" in losses(figures(0.7, 0.8, 0.2), before, plan)[0]
