"""Which calibration a model is used with: the user's own, the one in its file, or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foggen.confidence import stored
from foggen.confidence.calibrating import Target, calibrate
from foggen.confidence.calibration import Calibration, ModelIdentity
from foggen.errors import ConfigurationError, ModelFileError
from simulated_passes import passes

MODEL = ModelIdentity("ab" * 32, "q8_0", "cd" * 32)


def made(model: ModelIdentity, rows: int = 200) -> Calibration:
    return calibrate(passes(rows, seed=1), model, Target()).calibration


def carried(model: ModelIdentity = MODEL) -> dict[str, object]:
    return {"buckets": {}, stored.EMBEDDED: made(replace(model, sha256="")).as_dict()}


def test_a_file_brings_its_calibration_and_the_users_own_goes_before_it(tmp_path: Path) -> None:
    found = stored.calibration_of(tmp_path, MODEL, carried(), "model")
    assert found == made(MODEL)
    own = made(MODEL, rows=120)
    stored.save(tmp_path, own)
    assert stored.calibration_of(tmp_path, MODEL, carried(), "model") == own
    assert stored.calibration_of(tmp_path, replace(MODEL, sha256="ef" * 32), {}, "model") is None


@pytest.mark.parametrize("other", [{"quant": "q4_k_m"}, {"prompt": "ef" * 32}])
def test_a_calibration_of_another_quantization_or_prompt_is_not_used(
    tmp_path: Path, other: dict[str, str]
) -> None:
    """A file that was quantized again keeps its metadata."""
    assert stored.calibration_of(tmp_path, replace(MODEL, **other), carried(), "model") is None


def test_the_users_own_calibration_of_another_prompt_is_refused(tmp_path: Path) -> None:
    stored.save(tmp_path, made(MODEL))
    with pytest.raises(ConfigurationError, match="for another prompt"):
        stored.calibration_of(tmp_path, replace(MODEL, prompt="ef" * 32), {}, "model")


@pytest.mark.parametrize("damage", [{"version": 9}, {"score": "luck"}, {"tau": "high"}, {"map": 3}])
def test_a_damaged_calibration_in_a_file_is_named(
    tmp_path: Path, damage: dict[str, object]
) -> None:
    row = carried()
    row[stored.EMBEDDED] = {**made(MODEL).as_dict(), **damage}
    with pytest.raises(ModelFileError, match="the model's calibration is damaged"):
        stored.calibration_of(tmp_path, MODEL, row, "model")
