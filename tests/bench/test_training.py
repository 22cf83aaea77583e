"""bench/training.py: its parts do what they are named for, on a model of a few thousand weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")

import torch

from foggen_export.loading import load_tokenizer
from foggen_training.checkpoints import load_checkpoint
from foggen_training.prompts import Prompts
from foggen_training.recipe import ModelPlan, Recipe
from foggen_training.speed import sample_rows
from foggen_training.tuning.gradients import reply_loss
from random_checkpoint import write_checkpoint
from training import PARTS, compared, parser, table
from training_parts import loss_on_all, made_up_questions, measured

pytestmark = pytest.mark.filterwarnings("ignore")
SHAPES = ("nano", "gemma3-nano")


@pytest.fixture(scope="module", params=SHAPES)
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("shape") / request.param
    write_checkpoint(folder, request.param, torch.float32)
    return folder


@pytest.fixture
def options() -> Iterator[argparse.Namespace]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield parser().parse_args(["--seconds", "0.2"])
    torch.set_num_threads(threads)


def test_the_step_on_all_logits_learns_the_same(checkpoint: Path) -> None:
    rows = sample_rows(checkpoint, Recipe("x", ModelPlan(str(checkpoint))), made_up_questions()[:4])
    model = load_checkpoint(checkpoint)
    assert float(loss_on_all(model, rows)) == pytest.approx(
        float(reply_loss(model, rows)), rel=1e-4
    )


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_a_rate_and_a_memory(
    part: str, checkpoint: Path, options: argparse.Namespace
) -> None:
    figures = measured(part, checkpoint, None, options)
    assert figures["rate"] > 0
    if sys.platform != "win32":
        assert figures["memory_bytes"] > 1e7


def test_questions_are_as_long_as_real_ones(checkpoint: Path) -> None:
    model = ModelPlan(str(checkpoint))
    prompts = Prompts.of(load_tokenizer(checkpoint), model.contract(), model.raw_contract())
    lengths = [len(prompts.question(item)) for item in made_up_questions()]
    assert np.mean(lengths) == pytest.approx(240, rel=0.1)
    assert np.quantile(lengths, 0.99) == pytest.approx(637, rel=0.25)


def test_the_ratios_are_of_the_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"reply": 4.0, "all": 2.0, "exact": 10.0, "sampled": 1.0}
    monkeypatch.setattr(
        "training.run",
        lambda part, *_: {"rate": rates[part], "memory_bytes": 1, "tokens_per_row": 9},
    )
    shape = compared(Path("x"), parser().parse_args(["--rounds", "3"]))
    assert (shape["reply_to_all"], shape["exact_to_sampled"]) == (2.0, 10.0)
    assert shape["round_seconds"]["exact"] == pytest.approx(3600 / 4 + 1400 / 10 + 1800 / 10)
    assert "2.0 times as fast as all" in "\n".join(table({"x": shape}))
