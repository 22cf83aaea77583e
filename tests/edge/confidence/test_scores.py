"""Scores of one pass: what each is, and the letters without what a model prefers anyway."""

from __future__ import annotations

import math

import pytest

from foggen.confidence.scores import (
    FUSED,
    HEAD,
    SCORES,
    Signals,
    entropy,
    features,
    log_odds,
    score_of,
    sigmoid,
)

PASS = Signals(0.75, 0.6, (0.1, 0.1, 0.2, 0.5, 0.1), (0.5, 0.3, 0.1, 0.1))


def test_the_single_scores_are_what_the_pass_says() -> None:
    assert [score_of(name, PASS) for name in SCORES if name != FUSED] == [0.75, 0.6, 0.5]


def test_a_head_weighs_every_feature() -> None:
    assert len(features(PASS)) == len(HEAD) <= 10
    for place in range(len(HEAD)):
        weights = [float(place == other) for other in range(len(HEAD))]
        assert score_of(FUSED, PASS, weights) == pytest.approx(sigmoid(features(PASS)[place]))


@pytest.mark.parametrize("letters", [(1.0, 0.0), (1.0,), (0.5, 0.5), (0.2,) * 5])
def test_features_are_finite_for_any_probabilities(letters: tuple[float, ...]) -> None:
    signals = Signals(1.0, 1.0, (0.0, 0.0, 0.0, 0.0, 1.0), letters)
    assert all(math.isfinite(value) for value in features(signals))
    assert all(abs(value) <= 2.5 for value in features(signals))


def test_without_a_prior_the_letters_may_name_another_answer() -> None:
    prior = (math.log(4), 0.0)  # the first letter is four times as likely whatever the question
    plain = Signals(0.5, 0.5, (0.2,) * 5, (0.6, 0.4))
    adjusted = plain.without_prior(prior)
    assert (plain.answer, adjusted.answer) == (0, 1)
    assert adjusted.letters == pytest.approx((0.15 / 0.55, 0.4 / 0.55))
    assert plain.without_prior(()) is plain


def test_a_prior_has_nothing_to_say_of_places_beyond_it() -> None:
    signals = Signals(0.5, 0.5, (0.2,) * 5, (0.25, 0.25, 0.25, 0.25))
    letters = signals.without_prior((math.log(2),)).letters
    assert letters == pytest.approx((1 / 7, 2 / 7, 2 / 7, 2 / 7))
    assert sum(signals.without_prior((0.1,) * 9).letters) == pytest.approx(1)


def test_entropy_is_a_share_of_its_maximum() -> None:
    assert entropy((0.25,) * 4) == pytest.approx(1)
    assert entropy((1.0, 0.0)) == entropy((1.0,)) == 0.0


def test_log_odds_and_sigmoid_are_inverse_and_finite() -> None:
    assert sigmoid(log_odds(0.3)) == pytest.approx(0.3)
    assert log_odds(0.0) == pytest.approx(-log_odds(1.0))
    assert (sigmoid(800.0), sigmoid(-800.0)) == (1.0, 0.0)
