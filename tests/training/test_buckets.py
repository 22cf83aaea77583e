"""From a success to a bucket: right on average, and never Python's round."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from foggen.engine.contract import BUCKETS
from foggen_training.tuning.buckets import bucket_of

EIGHTHS = [k / 8 for k in range(9)]


@pytest.mark.parametrize("success", [*EIGHTHS, 0.1, 0.333, 0.99, 1 - 1e-12, 1e-12])
def test_two_hot_is_right_on_average_and_uses_neighbours_only(success: float) -> None:
    random = Random(1)
    drawn = [bucket_of(success, "two_hot", random) for _ in range(20_000)]
    assert np.mean(drawn) == pytest.approx(success, abs=0.005)
    assert all(abs(bucket - success) < 0.25 for bucket in set(drawn))
    assert set(drawn) <= set(BUCKETS)


@pytest.mark.parametrize("success", BUCKETS)
@pytest.mark.parametrize("rounding", ["two_hot", "half_down", "half_up", "half_even"])
def test_a_success_that_is_a_bucket_stays_what_it_is(success: float, rounding: str) -> None:
    assert {bucket_of(success, rounding, Random(n)) for n in range(50)} == {success}


def test_the_trap_of_rounding_half_to_even() -> None:
    """1/8, chance's most frequent result among four options, becomes 0.0; 7/8 becomes 1.0."""
    even = [bucket_of(success, "half_even", Random(1)) for success in EIGHTHS]
    assert even == [0.0, 0.0, 0.25, 0.5, 0.5, 0.5, 0.75, 1.0, 1.0]
    assert even == [round(success * 4) / 4 for success in EIGHTHS]
    down = [bucket_of(success, "half_down", Random(1)) for success in EIGHTHS]
    assert down == [0.0, 0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0]
    up = [bucket_of(success, "half_up", Random(1)) for success in EIGHTHS]
    assert up == [0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0]


def test_two_hot_is_the_only_one_that_is_right_on_average() -> None:
    """Over all nine results; the others lean one way in the middle of every step."""
    random = Random(2)
    for success in (1 / 8, 3 / 8, 5 / 8, 7 / 8):
        two_hot = np.mean([bucket_of(success, "two_hot", random) for _ in range(4000)])
        assert two_hot == pytest.approx(success, abs=0.01)
        for rounding in ("half_down", "half_up", "half_even"):
            assert abs(bucket_of(success, rounding, random) - success) == 1 / 8
