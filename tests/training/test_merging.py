"""`foggen_training.tuning.merge`: a round's checkpoint is its adapted model, or there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from foggen.errors import ModelFileError
from foggen_training.recipe import ModelPlan
from foggen_training.tuning.merge import merge

from ..edge.nano_model import NANO, write_checkpoint
from ..export.adapters import difference, edit_weights, load, logits, write_adapter


@pytest.fixture
def start(tmp_path: Path) -> Path:
    write_checkpoint(tmp_path / "start", NANO)
    return tmp_path / "start"


def test_case_45_a_tied_start_with_a_trained_head_becomes_the_adapted_model(
    start: Path, tmp_path: Path
) -> None:
    adapter, output = tmp_path / "adapter", tmp_path / "checkpoint"
    expected = write_adapter(start, adapter, target_modules=["q_proj", "lm_head"])
    merge(str(start), adapter, output, ModelPlan(str(start), "qwen3"))
    assert difference(logits(load(output)), expected) < 1e-4


def test_case_26_an_adapter_that_does_not_fit_makes_no_checkpoint(
    start: Path, tmp_path: Path
) -> None:
    adapter, output = tmp_path / "adapter", tmp_path / "checkpoint"
    write_adapter(start, adapter)
    edit_weights(adapter, lambda w: {name.replace("layers.3", "layers.7"): w[name] for name in w})
    with pytest.raises(ModelFileError, match="18 of 24 tensors fit"):
        merge(str(start), adapter, output, ModelPlan(str(start), "qwen3"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter", "start"]
