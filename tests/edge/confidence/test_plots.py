"""The picture of a calibration's report: what its curves say, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from foggen.confidence.plots import _surest_first, save_plot


def test_a_picture_is_saved_of_any_sample(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    for count in (1, 7, 500):
        p_right = random.random(count)
        right = (random.random(count) < p_right).astype(float)
        path = save_plot(p_right, right, 0.5, tmp_path / f"{count}.png")
        assert path.read_bytes().startswith(b"\x89PNG")


def test_answers_of_the_same_probability_have_no_order() -> None:
    p_right = np.array([0.2, 0.9, 0.9, 0.5])
    right = np.array([0.0, 1.0, 0.0, 1.0])
    assert _surest_first(p_right, right).tolist() == [0.5, 0.5, 1.0, 0.0]
