"""`foggen.confidence.metrics`: the metrics against their definitions."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foggen.confidence import metrics as calibration
from foggen.engine.contract import BUCKETS

from ..conftest import RandomModel
from ..helpers import cli
from ..nano_model import CONTRACT

bits = st.integers(0, 1)
routings = st.lists(st.tuples(bits, bits, bits), min_size=1, max_size=60)
scored = st.lists(st.tuples(st.sampled_from(BUCKETS), bits), min_size=1, max_size=40)


@given(routings)
def test_lift_is_a_covariance(rows: list[tuple[int, int, int]]) -> None:
    routed, edge, cloud = np.array(rows, dtype=float).T
    gain = cloud - edge
    covariance = np.mean(routed * gain) - routed.mean() * gain.mean()
    assert calibration.lift(routed, edge, cloud) == pytest.approx(covariance, abs=1e-12)


def test_lift_of_a_case_worked_by_hand() -> None:
    edge, cloud, routed = [1, 1, 0, 0], [1, 0, 1, 1], [0, 0, 1, 1]
    assert calibration.system_accuracy(routed, edge, cloud) == 1.0
    assert calibration.random_accuracy(0.5, edge, cloud) == 0.625
    assert calibration.lift(routed, edge, cloud) == 0.375


@given(st.lists(st.tuples(bits, bits), min_size=1, max_size=40), st.floats(0, 1))
def test_one_confidence_for_all_has_no_lift(rows: list[tuple[int, int]], tau: float) -> None:
    edge, cloud = np.array(rows).T
    routed = np.full(len(rows), 0.5) < tau
    assert calibration.lift(routed, edge, cloud) == pytest.approx(0, abs=1e-12)


@given(st.lists(bits, min_size=2).filter(lambda right: 0 < sum(right) < len(right)))
def test_one_confidence_for_all_has_auroc_one_half(right: list[int]) -> None:
    assert calibration.auroc([0.75] * len(right), right) == 0.5


@given(scored)
def test_auroc_counts_pairs(rows: list[tuple[float, int]]) -> None:
    right = [score for score, correct in rows if correct]
    wrong = [score for score, correct in rows if not correct]
    found = calibration.auroc(*zip(*rows, strict=True))
    if not right or not wrong:
        assert math.isnan(found)
    else:
        wins = [(a > b) + (a == b) / 2 for a, b in product(right, wrong)]
        assert found == pytest.approx(np.mean(wins))


def test_auroc_has_a_direction() -> None:
    assert calibration.auroc([0.0, 0.5, 1.0], [0, 0, 1]) == 1.0
    assert calibration.auroc([0.0, 0.5, 1.0], [1, 0, 0]) == 0.0


def test_calibration_error_is_weighted_by_share() -> None:
    said, right = [1.0, 1.0, 0.25, 0.25], [1, 1, 1, 0]
    assert calibration.expected_calibration_error(said, right) == pytest.approx(0.125)
    assert calibration.expected_calibration_error([0.5, 0.5], [1, 0]) == 0.0


@given(scored)
def test_a_perfect_confidence_has_no_error(rows: list[tuple[float, int]]) -> None:
    right = [float(correct) for _, correct in rows]
    assert calibration.brier(right, right) == 0.0
    assert calibration.expected_calibration_error(right, right) == 0.0


def test_brier() -> None:
    assert calibration.brier([1.0, 0.5], [0, 1]) == pytest.approx(0.625)


def test_the_bucket_table_leaves_out_what_was_not_said() -> None:
    table = calibration.bucket_table([0.75, 0.75, 1.0], [1, 0, 1], BUCKETS)
    assert table == {"0.75": {"n": 2, "accuracy": 0.5}, "1.0": {"n": 1, "accuracy": 1.0}}


@pytest.mark.parametrize(
    ("values", "mean"),
    [({"law": 0.2, "math": 0.4}, 0.3), ([0.2, float("nan"), 0.4], 0.3), ([1.0], 1.0)],
)
def test_macro_is_the_mean_of_the_domains(values: Any, mean: float) -> None:
    assert calibration.macro(values) == pytest.approx(mean)


@pytest.mark.parametrize("values", [[], {}, [float("nan")]])
def test_macro_of_nothing_is_not_a_number(values: Any) -> None:
    assert math.isnan(calibration.macro(values))


def test_a_calibration_travels_through_the_export(nano: RandomModel) -> None:
    shown = cli("models", "show", nano.path, "--json").json
    assert shown["calibration"] == CONTRACT.calibration
    assert (shown["tau"], shown["round"]) == (CONTRACT.tau, CONTRACT.round)
    assert nano.engine.contract == CONTRACT
