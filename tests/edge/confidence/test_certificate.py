"""The promise: exact tests, an order that the outcomes do not choose, and no more errors than allowed."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from foggen.confidence.certificate import (
    NOTHING_KEPT,
    binomial_tail,
    certify,
    fewest_rows,
    rows_needed,
    tau_for_share,
    thresholds,
)


def test_the_tail_is_the_binomial_sum() -> None:
    for count, wrong, share in ((10, 0, 0.1), (20, 3, 0.25), (50, 49, 0.9)):
        exact = sum(
            comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(wrong + 1)
        )
        assert binomial_tail(wrong, count, share) == pytest.approx(exact)
    assert binomial_tail(5, 5, 0.1) == 1.0


def test_the_fewest_rows_are_those_that_rule_an_error_out_when_all_are_right() -> None:
    for max_error, delta in ((0.1, 0.1), (0.05, 0.05), (0.3, 0.1)):
        rows = fewest_rows(max_error, delta)
        assert binomial_tail(0, rows, max_error) <= delta < binomial_tail(0, rows - 1, max_error)


def test_the_order_of_the_thresholds_does_not_look_at_the_outcomes() -> None:
    p_right = np.random.default_rng(0).random(300)
    tried = thresholds(p_right, 0.1)
    assert tried == thresholds(p_right[::-1], 0.1)
    surest = tried[0]
    assert 0.9 < surest < p_right.max()  # neither the strictest, which keeps one row, nor a lax one


def test_over_many_draws_the_error_is_above_its_bound_no_more_often_than_allowed() -> None:
    """500 calibration sets of a score that is too sure of itself, so that only the test protects."""
    random = np.random.default_rng(1)
    max_error, delta, above, certified = 0.2, 0.1, 0, 0
    for _ in range(500):
        p_right = random.random(800)
        right = (random.random(800) < p_right - 0.05).astype(float)
        found = certify(p_right, right, max_error, delta)
        if found.holds:
            certified += 1
            true_error = 1 - ((found.tau + 1) / 2 - 0.05)  # of uniform scores at or above tau
            above += true_error > max_error
    assert certified > 400
    assert above <= delta * 500


def test_a_bound_that_cannot_be_held_keeps_nothing_and_says_how_many_rows_it_takes() -> None:
    right = np.ones(15)
    few = certify(np.full(15, 0.99), right, 0.1)
    assert (few.holds, few.tau) == (False, NOTHING_KEPT)
    assert few.needed is not None
    assert few.needed >= fewest_rows(0.1, 0.1)
    enough = certify(np.full(few.needed, 0.99), np.ones(few.needed), 0.1)
    assert (enough.holds, enough.kept, enough.wrong) == (True, few.needed, 0)
    hopeless = certify(np.full(500, 0.3), np.arange(500) % 3 < 1, 0.1)
    assert (hopeless.holds, hopeless.needed) == (False, None)


def test_with_the_rows_that_are_asked_for_most_draws_are_certified() -> None:
    random = np.random.default_rng(2)
    small = random.random(60)
    needed = rows_needed(small, 0.1, 0.1)
    assert needed is not None
    held = 0
    for _ in range(50):
        p_right = random.random(needed)
        held += certify(p_right, (random.random(needed) < p_right).astype(float), 0.1).holds
    assert held >= 30


def test_tau_for_a_share_sends_that_share() -> None:
    p_right = np.random.default_rng(3).random(1000)
    tau = tau_for_share(p_right, 0.2)
    assert (p_right < tau).mean() == pytest.approx(0.2, abs=0.002)
    assert (p_right < tau_for_share(p_right, 0.0)).mean() == 0
    assert (p_right < tau_for_share(p_right, 1.0)).mean() == 1


def test_rows_that_are_alike_are_kept_or_sent_together() -> None:
    p_right = np.array([0.3] * 40 + [0.8] * 60)
    assert tau_for_share(p_right, 0.35) == 0.8
    assert tau_for_share(p_right, 0.1) == 0.3
