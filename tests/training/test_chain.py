"""The self-evolving chain, whole and small, on both architectures; killed, refused, distilled."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
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

from foggen.engine.contract import BUCKETS
from foggen.errors import ConfigurationError, NoQuestionError
from foggen_training.chain import Chain
from foggen_training.cli import app
from foggen_training.history import history
from foggen_training.pools import open_pool
from foggen_training.recipe import BufferPlan, DistillPlan, LabelPlan, Recipe
from foggen_training.round import Round
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
Outcome = tuple[str, Path, list[dict[str, Any]]]  # architecture, folder, history


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bases")
    return {name: write_base(folder / name, name) for name in ARCHITECTURES}


@pytest.fixture(scope="module")
def chain_of(
    bases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Outcome]:
    """The chain of an architecture, run when it is first asked for."""
    folder = tmp_path_factory.mktemp("chains")
    return cache(lambda name: (name, folder / name, run(bases[name], name, folder / name)))


@pytest.fixture(params=ARCHITECTURES)
def chain(request: pytest.FixtureRequest, chain_of: Callable[[str], Outcome]) -> Outcome:
    return chain_of(request.param)


@pytest.fixture
def qwen_chain(chain_of: Callable[[str], Outcome]) -> Path:
    return chain_of("qwen3")[1]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def beginning(chain: Path, folder: Path, rounds: int) -> Path:
    """The first rounds of a chain, in another folder."""
    folder.mkdir()
    shutil.copy2(chain / "recipe.json", folder)
    for name in ROUNDS[:rounds]:
        shutil.copytree(chain / name, folder / name)
    return folder


def test_every_round_leaves_what_it_is_made_of(
    chain: Outcome,
) -> None:
    _, folder, rounds = chain
    assert [line["round"] for line in rounds] == list(ROUNDS)
    assert [line["domains"] for line in rounds] == [["math", "law"], ["math"], ["law"]]
    assert all(line["passed"] for line in rounds)
    for name in ROUNDS:
        for file in (
            "config.json",
            "new.jsonl",
            "labelled.json",
            "buffer.jsonl",
            "trained.json",
            "adapter",
            "table.json",
            "outcomes.jsonl",
            "metrics.json",
            "verdict.json",
        ):
            assert (folder / name / file).exists(), (name, file)
        assert not list((folder / name).glob("*.partial"))
    assert history(recipe(Path(), chain[0]), folder) == rounds
    for line, asked in zip(rounds, (64, 64, 64), strict=True):
        rows = line["rows"]
        assert (rows["questions"], rows["unlabelled"]) == (asked, 0)
        assert rows["trained"] + rows["too_long"] == asked


def test_the_outcomes_of_a_round_are_kept_by_question_and_without_its_text(
    chain: Outcome, bases: dict[str, Path]
) -> None:
    layout, folder, _ = chain
    items = open_pool(recipe(bases[layout], layout)).validation()
    for name in (*ROUNDS, "start"):
        path = (
            folder / "R00" / "start.outcomes.jsonl"
            if name == "start"
            else (folder / name / "outcomes.jsonl")
        )
        rows = lines(path)
        assert [row["id"] for row in rows] == [item.id for item in items]
        assert set(rows[0]) == {
            "id",
            "domain",
            "tier",
            "confidence",
            "expected",
            "edge",
            "cloud",
            "answer",
            "letter",
            "letters",
            "buckets",
            "options",
        }
        assert {row["confidence"] for row in rows} <= (
            {-1.0} if name == "start" else {-1.0, *BUCKETS}
        )
        right = [row["edge"] for row in rows]
        assert right == [
            int(row["answer"] == item.answer) for row, item in zip(rows, items, strict=True)
        ]
        if name != "start":
            table = json.loads((folder / name / "metrics.json").read_text("utf-8"))["table"]
            assert table["mean"]["edge"] == pytest.approx(np.mean(right))


def test_a_round_is_compared_with_the_best_one_before_it(
    chain: Outcome,
) -> None:
    _, folder, rounds = chain
    right = {
        name: np.mean([row["edge"] for row in lines(folder / name / "outcomes.jsonl")])
        for name in ROUNDS
    }
    best = max(ROUNDS[:2], key=lambda name: right[name])
    assert [line["attempts"][0]["against"] for line in rounds] == ["the start", "R00", best]
    changes = rounds[1]["attempts"][0]["changes"]
    assert set(changes) == {"math", "law"}
    assert all(change["questions"] == 16 for change in changes.values())
    net = sum(change["gained"] - change["lost"] for change in changes.values())
    assert net / 32 == pytest.approx(right["R01"] - right["R00"])


def test_a_round_trains_on_new_questions_and_on_earlier_ones_labelled_anew(
    chain: Outcome,
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
    chain: Outcome, bases: dict[str, Path]
) -> None:
    layout, folder, _ = chain
    places = (bases[layout], folder / "R00" / "checkpoint")
    first, second = (load_file(place / "model.safetensors") for place in places)
    adapter = load_file(folder / "R00" / "adapter" / "adapter_model.safetensors")
    name = "layers.0.mlp.down_proj"
    factors = {key.rsplit(".", 2)[-2]: value for key, value in adapter.items() if name in key}
    change = 32 / 16 * factors["lora_B"] @ factors["lora_A"]
    key = next(key for key in first if name in key)
    assert first[key].dtype == torch.float32
    assert torch.allclose(second[key] - first[key], change, atol=1e-6)
    assert change.abs().max() > 1e-5


def test_the_words_of_the_contract_are_learnt(chain: Outcome, bases: dict[str, Path]) -> None:
    """Before R0 the format has hardly any probability; a few steps on, much more."""
    from foggen_training.labels.models import ModelReference

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
    bases: dict[str, Path], qwen_chain: Path, tmp_path: Path
) -> None:
    killed = beginning(qwen_chain, tmp_path / "killed", 1)
    for step, done in (("label new", 16), ("train", 2), ("validate", 16)):
        kill_at(bases["qwen3"], killed, step, done)
    assert (killed / "R01" / "new.jsonl").exists()
    run(bases["qwen3"], "qwen3", killed)
    for name in ROUNDS:
        for file in ("new.jsonl", "buffer.jsonl", "outcomes.jsonl", "metrics.json", "table.json"):
            expected = (qwen_chain / name / file).read_bytes()
            assert (killed / name / file).read_bytes() == expected, (name, file)


def kill_at(base: Path, folder: Path, step: str, done: int) -> None:
    """Run the chain in another process, and kill -9 it at a step of R01."""
    command = [
        sys.executable,
        "-m",
        "tests.training.small_chain",
        str(base),
        str(folder),
        step,
        str(done),
    ]
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
    bases: dict[str, Path], tmp_path: Path, chain: Outcome
) -> None:
    layout, folder, _ = chain
    plan = recipe(bases[layout], layout)
    first = Round(plan, open_pool(plan), 0, bases[layout], tmp_path / "R00")
    first.begin()
    data = (folder / "R00" / "new.jsonl").read_bytes()
    (first.folder / "new.jsonl").write_bytes(data[: len(data) // 2])
    with small_chain.one_thread():
        first.label()
    assert (first.folder / "new.jsonl").read_bytes() == data


# --- how far ---------------------------------------------------------------------------------------


def test_a_chain_goes_on_with_more_rounds_and_keeps_what_it_needs(
    bases: dict[str, Path], qwen_chain: Path, tmp_path: Path
) -> None:
    """Five rounds; the third and the fourth start from checkpoints that must still be there."""
    folder = beginning(qwen_chain, tmp_path / "chain", 3)
    plan = replace(recipe(bases["qwen3"], "qwen3"), passes=2)
    with small_chain.one_thread():
        assert [line["round"] for line in Chain(plan, folder).run(4)] == [*ROUNDS, "R03"]
        assert not (folder / "R04").exists()
        assert [line["round"] for line in Chain(plan, folder).run()] == [*ROUNDS, "R03", "R04"]
    right = {
        name: np.mean([row["edge"] for row in lines(folder / name / "outcomes.jsonl")])
        for name in (*ROUNDS, "R03", "R04")
    }
    best = max(right, key=lambda name: right[name])
    kept = {path.parts[-3] for path in folder.glob("R*/checkpoint/model.safetensors")}
    assert kept == {"R00", best, "R04"}
    with pytest.raises(ConfigurationError, match=r"seed was 1 and is now 2"):
        list(Chain(replace(plan, seed=2), folder).run())
    with pytest.raises(ConfigurationError, match=r"tuning.epochs was 1 and is now 2"):
        list(Chain(replace(plan, tuning=replace(plan.tuning, epochs=2)), folder).run())


@pytest.mark.parametrize(
    ("number", "best", "kept"),
    [
        (0, "R00", ["R00"]),
        (1, "R00", ["R00", "R01"]),
        (3, "R00", ["R00", "R03"]),
        (4, "R02", ["R00", "R02", "R04"]),
        (4, "R04", ["R00", "R04"]),
    ],
)
def test_the_checkpoints_of_the_first_the_best_and_the_last_round_are_kept(
    tmp_path: Path, number: int, best: str, kept: list[str]
) -> None:
    chain = Chain(replace(recipe(Path("base"), "qwen3"), passes=2), tmp_path)
    for name in [f"R{n:02d}" for n in range(number + 1)]:
        (tmp_path / name / "checkpoint").mkdir(parents=True)
        (tmp_path / name / "adapter").mkdir()
        (tmp_path / name / "model.gguf").touch()
    chain._forget(number, best)
    assert sorted(path.parent.name for path in tmp_path.glob("R*/checkpoint")) == kept
    assert sorted(path.parent.name for path in tmp_path.glob("R*/model.gguf")) == kept
    assert len(list(tmp_path.glob("R*/adapter"))) == number + 1


def test_a_chain_without_its_outcomes_does_not_go_on(
    qwen_chain: Path, bases: dict[str, Path], tmp_path: Path
) -> None:
    folder = beginning(qwen_chain, tmp_path / "chain", 2)
    (folder / "R01" / "outcomes.jsonl").unlink()
    with pytest.raises(ConfigurationError, match=r"R01/outcomes\.jsonl is missing"):
        list(Chain(recipe(bases["qwen3"], "qwen3"), folder).run())


# --- rows ------------------------------------------------------------------------------------------


def test_rows_that_are_left_out_are_counted(
    bases: dict[str, Path], qwen_chain: Path, tmp_path: Path
) -> None:
    """Three questions without a readable reply, and some rows that are too long."""
    plan = recipe(bases["qwen3"], "qwen3")
    folder = tmp_path / "chain"
    (folder / "R00").mkdir(parents=True)
    labels = lines(qwen_chain / "R00" / "new.jsonl")
    for label in labels[:3]:
        label["failures"] = 1.0
    text = "".join(json.dumps(label) + "\n" for label in labels)
    (folder / "R00" / "new.jsonl").write_text(text, "utf-8")
    plan = replace(plan, passes=0, tuning=replace(plan.tuning, longest=90))
    with small_chain.one_thread():
        (line,) = Chain(plan, folder).run()
    rows = line["rows"]
    assert (rows["questions"], rows["unlabelled"]) == (64, 3)
    assert rows["too_long"] > 3
    assert rows["trained"] == 64 - 3 - rows["too_long"] > 3
    result = CliRunner().invoke(app, ["status", str(folder)])
    assert f" {rows['trained']} of 64 " in result.stdout


def test_a_buffer_of_which_every_row_is_too_long_is_an_error(
    bases: dict[str, Path], qwen_chain: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "chain"
    (folder / "R00").mkdir(parents=True)
    for name in ("new.jsonl", "start.outcomes.jsonl", "labelled.json", "buffer.jsonl"):
        shutil.copy2(qwen_chain / "R00" / name, folder / "R00")
    plan = recipe(bases["qwen3"], "qwen3")
    plan = replace(plan, tuning=replace(plan.tuning, longest=20))
    with pytest.raises(
        ConfigurationError, match=r"every row has more tokens than tuning.longest, 20"
    ):
        list(Chain(plan, folder).run())


def test_a_buffer_without_a_row_is_an_error(bases: dict[str, Path], tmp_path: Path) -> None:
    plan = replace(
        recipe(bases["qwen3"], "qwen3"),
        labels=LabelPlan(mode="sampled", samples=2, batch=16, most_failures=1.0),
        buffer=BufferPlan(first=8),
    )
    first = Round(plan, open_pool(plan), 0, bases["qwen3"], tmp_path / "R00")
    first.begin()
    with small_chain.one_thread(), pytest.raises(ConfigurationError) as caught:
        first.label()
    assert caught.value.message == (
        "R00 has no rows to train on: 8 questions were asked, and 100% of the replies could not be read"
    )
    assert not (first.folder / "buffer.jsonl").exists()


def test_a_model_that_does_not_know_the_format_stops_the_round(
    bases: dict[str, Path], tmp_path: Path
) -> None:
    plan = replace(
        recipe(bases["qwen3"], "qwen3"),
        labels=LabelPlan(mode="sampled", samples=2, batch=16),
        passes=0,
        buffer=BufferPlan(first=16),
    )
    with (
        small_chain.one_thread(),
        pytest.raises(ConfigurationError, match="could not be read") as caught,
    ):
        list(Chain(plan, tmp_path / "mute").run())
    assert "distill" in caught.value.hint


def test_a_full_disk_in_the_middle_of_a_round_loses_nothing(
    bases: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = recipe(bases["qwen3"], "qwen3")
    first = Round(plan, open_pool(plan), 0, bases["qwen3"], tmp_path / "R00")
    first.begin()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with small_chain.one_thread():
        with monkeypatch.context() as patch:
            patch.setattr("foggen_training.round.save_buffer", full)
            with pytest.raises(OSError, match="No space left"):
                first.label()
        labels = (first.folder / "new.jsonl").read_bytes()
        assert labels.count(b"\n") == 64
        first.label()
    assert (first.folder / "new.jsonl").read_bytes() == labels
    assert len(load_buffer(first.folder / "buffer.jsonl")) == 64


# --- distillation --------------------------------------------------------------------------------


def test_a_sibling_is_distilled_from_a_buffer(
    bases: dict[str, Path], tmp_path: Path, chain: Outcome
) -> None:
    layout, folder, _ = chain
    buffer = folder / "R00" / "buffer.jsonl"
    plan = replace(
        recipe(bases[layout], layout), distill=DistillPlan(str(buffer), rows=40), passes=0
    )
    (line,) = Chain(plan, tmp_path / "sibling").run()
    assert (line["passed"], line["rows"]["questions"]) == (True, 40)
    taken = tmp_path / "sibling" / "R00" / "buffer.jsonl"
    assert load_buffer(taken) == load_buffer(buffer)[:40]
    assert not (tmp_path / "sibling" / "R00" / "new.jsonl").exists()


def test_what_cannot_be_distilled_is_said(bases: dict[str, Path], tmp_path: Path) -> None:
    plan = replace(recipe(bases["qwen3"], "qwen3"), distill=DistillPlan("nowhere.jsonl"))
    with pytest.raises(NoQuestionError, match=r"nowhere\.jsonl"):
        list(Chain(plan, tmp_path / "sibling").run())


# --- several processes ---------------------------------------------------------------------------


def test_two_processes_learn_what_one_learns(
    bases: dict[str, Path], qwen_chain: Path, tmp_path: Path
) -> None:
    from foggen_training.tuning.worker import tune, write_order

    plan = replace(recipe(bases["qwen3"], "qwen3"), passes=0)
    two = tmp_path / "two"
    two.mkdir()
    shutil.copy2(qwen_chain / "R00" / "buffer.jsonl", two)
    write_order(two, plan, str(bases["qwen3"]), "R00", 1e-2, 1)
    tune(two, 2, lambda *_: None)
    one, other = (
        load_file(folder / "adapter" / "adapter_model.safetensors")
        for folder in (qwen_chain / "R00", two)
    )
    assert one.keys() == other.keys()
    changes = torch.cat([(value - other[key]).flatten() for key, value in one.items()])
    size = torch.cat([value.flatten() for value in one.values()])
    assert changes.norm() / size.norm() < 0.05  # bf16 products, added in another order


# --- the commands --------------------------------------------------------------------------------


def test_status_shows_the_rounds(chain: Outcome) -> None:
    result = CliRunner().invoke(app, ["status", str(chain[1])])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["round", *ROUNDS]


def test_a_folder_without_a_chain_has_no_status(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["status", str(tmp_path)])
    assert result.exit_code == 78
    assert "no chain" in result.stderr


def test_the_recipe_of_a_chain_is_written_down_whole(
    chain: Outcome, bases: dict[str, Path]
) -> None:
    from foggen_training.recipe_file import recipe_from

    layout, folder, _ = chain
    table = json.loads((folder / "recipe.json").read_text("utf-8"))
    written: Recipe = recipe_from(table, folder / "recipe.json")
    assert written == recipe(bases[layout], layout)
