"""The alarm fires where a score ranks the wrong way round, and rarely where it says nothing."""

from __future__ import annotations

import numpy as np

from foggen.confidence.alarm import WHOLE, alarms, p_value


def test_the_alarm_names_the_domain_where_a_higher_score_was_right_less_often() -> None:
    random = np.random.default_rng(0)
    scores = random.random(600)
    domains = ["math"] * 300 + ["culture"] * 300
    chance = np.concatenate([scores[:300], 1 - scores[300:]])
    right = (random.random(600) < chance).astype(float)
    (found,) = alarms(scores, right, domains)
    assert (found.domain, found.n) == ("culture", 300)
    assert found.auroc < 0.4
    assert "in culture, a higher score was right less often" in found.text()


def test_the_whole_has_an_alarm_of_its_own() -> None:
    scores = np.linspace(0, 1, 100)
    (found,) = alarms(scores, (scores < 0.5).astype(float), ["one"] * 100)
    assert (found.domain, found.auroc) == (WHOLE, 0.0)
    assert found.text().startswith("over all rows")


def test_scores_that_say_nothing_set_off_one_calibration_in_forty_at_most() -> None:
    random = np.random.default_rng(1)
    scores, right = random.random(300), (random.random(300) < 0.6).astype(float)
    domains = [f"domain {n % 6}" for n in range(300)]
    fired = sum(bool(alarms(scores, random.permutation(right), domains)) for _ in range(200))
    assert fired <= 10  # of 200


def test_a_test_of_rows_that_are_all_alike_says_nothing() -> None:
    assert p_value(np.array([0.1, 0.2]), np.ones(2)) == 1.0
    assert p_value(np.full(10, 0.5), np.arange(10) % 2.0) == 1.0
    assert alarms(np.zeros(0), np.zeros(0), []) == []
