"""FogGen beside its baselines at one share: figures by hand, differences that are paired, and the words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foggen_training.evaluation.baselines import BUCKET, EXPECTED, Baseline, domain_prior
from foggen_training.evaluation.comparison import (
    Comparison,
    Difference,
    Values,
    as_markdown,
    compare,
    who_wins,
)
from foggen_training.evaluation.resampling import Domains

NUMBER = 700
NAMES = [("law", "math")[n % 2] for n in range(NUMBER)]
RANDOM = np.random.default_rng(2)
SURE = RANDOM.random(NUMBER)
EDGE = (RANDOM.random(NUMBER) < SURE).astype(float)
CLOUD = (RANDOM.random(NUMBER) < 0.7).astype(float)


def method(name: str, scores: np.ndarray, edge: np.ndarray = EDGE, passes: float = 1) -> Baseline:
    return Baseline(name, scores, edge, passes)


def own(noise: float = 0.0, seed: int = 3) -> list[Baseline]:
    """FogGen's two scores, worse than what a rival with SURE knows by some noise."""
    scores = SURE + np.random.default_rng(seed).normal(0, 1, NUMBER) * noise
    return [method(BUCKET, np.round(4 * scores) / 4), method(EXPECTED, scores)]


def compared(*others: Baseline, noise: float = 0.0, share: float = 0.3) -> Comparison:
    return compare(Domains.of(NAMES), [*own(noise), *others], CLOUD, share, draws=300)


def test_rows_stand_between_random_routing_and_the_oracle() -> None:
    found = compared(method("useless", np.zeros(NUMBER), passes=9), method("perfect", EDGE))
    assert list(found.rows) == ["random", BUCKET, EXPECTED, "useless", "perfect", "oracle"]
    useless, random = found.rows["useless"], found.rows["random"]
    assert useless.system == pytest.approx(random.system)
    assert random.system == pytest.approx(0.7 * random.edge + 0.3 * mean(CLOUD))
    assert useless.lift == pytest.approx(0, abs=1e-12)
    assert (useless.auroc, found.rows["perfect"].auroc, useless.passes) == (0.5, 1.0, 9)
    assert found.rows["oracle"].system == pytest.approx(mean(EDGE) + 0.3, abs=0.02)
    assert found.rows["oracle"].system > found.rows["perfect"].system > found.rows[EXPECTED].system


def mean(values: np.ndarray) -> float:
    return float((values[::2].mean() + values[1::2].mean()) / 2)


def test_foggens_own_order_decides_who_goes_first() -> None:
    """A score may rank well and yet not be what routes."""
    routed = Baseline(BUCKET, SURE, EDGE, 1, routed_by=-SURE)
    row = compare(Domains.of(NAMES), [routed], CLOUD, 0.3, draws=10).rows[BUCKET]
    assert row.auroc > 0.7
    assert row.lift < 0


def test_a_domain_prior_can_win_by_sending_a_whole_domain() -> None:
    """Law is hopeless, math is known: with one share for both, no prior could gain anything."""
    edge = np.array([float(name == "math") for name in NAMES])
    blind = method(BUCKET, np.zeros(NUMBER), edge)
    prior = domain_prior_of(edge)
    found = compare(Domains.of(NAMES), [blind, prior], np.ones(NUMBER), 0.5, draws=50)
    assert found.rows["domain prior"].system == pytest.approx(1)
    assert found.rows["domain prior"].lift == pytest.approx(0.25)
    assert found.rows[BUCKET].lift == pytest.approx(0, abs=1e-9)


def domain_prior_of(edge: np.ndarray) -> Baseline:
    from .test_baselines import items

    return domain_prior(items(NUMBER), edge)


def test_a_domain_prior_has_no_bias_on_luck() -> None:
    prior = domain_prior_of(EDGE)
    row = compared(prior).rows["domain prior"]
    assert row.auroc == 0.5
    assert row.lift == pytest.approx(0, abs=0.02)


def test_differences_are_paired_by_question() -> None:
    """A copy differs by nothing at all; a rival that is nearly FogGen has a narrow interval."""
    copy = own()[0]
    rows = compared(method("copy", copy.scores), noise=0.0).rows
    assert rows["copy"].lift_difference == Difference(0, 0, 0)
    assert rows["copy"].auroc_difference == Difference(0, 0, 0)
    near = compared(method("near", SURE + 0.001), noise=0.0).rows["near"]
    alone = compared(method("far", RANDOM.random(NUMBER)), noise=0.0).rows["far"]
    assert width(near.auroc_difference) < 0.3 * width(alone.auroc_difference)


def width(one: Difference) -> float:
    return one.high - one.low


def test_a_difference_is_as_uncertain_as_the_questions_are_few() -> None:
    """Against a normal approximation: lifts of two scores with the same edge differ by w (c - e)."""
    rival = method("rival", np.random.default_rng(5).random(NUMBER))
    row = compare(Domains.of(NAMES), [*own(), rival], CLOUD, 0.3, draws=2000).rows["rival"]
    sent = [scores <= np.quantile(scores, 0.3) for scores in (rival.scores, SURE)]
    spread = np.std((sent[0].astype(float) - sent[1]) * (CLOUD - EDGE)) / math.sqrt(NUMBER)
    assert width(row.lift_difference) == pytest.approx(2 * 1.96 * spread, rel=0.2)
    assert row.lift_difference.low < row.lift_difference.value < row.lift_difference.high


def test_sums_in_another_order_are_no_difference() -> None:
    blind = method("blind", np.zeros(NUMBER))
    rows = compare(Domains.of(NAMES), [*own(), blind], CLOUD, 1.0, draws=100).rows
    for name in ("blind", EXPECTED, "oracle"):  # at a share of 1, all is sent
        assert rows[name].lift_difference == Difference(0, 0, 0), name


# --- who wins ------------------------------------------------------------------------------------


def test_a_win_is_said_with_who_comes_next() -> None:
    words = compared(method("guess", SURE + RANDOM.normal(0, 0.5, NUMBER))).winner
    assert words.startswith("FogGen's bucket, which routes, beats all others (")
    assert '"guess" comes next) by AUROC, +0.' in words
    assert "; its expected confidence beats all others" in words
    assert words.endswith(").")


def test_a_loss_is_said_with_who_wins_and_how_many_do() -> None:
    words = compared(method("better", EDGE), method("good", EDGE + 0.5 * SURE), noise=1.0).winner
    assert 'which routes, loses to "better" and 1 more by lift, -' in words
    assert '" and 1 more by AUROC, -0.' in words
    assert "beats" not in words


def test_a_tie_is_called_one() -> None:
    words = compared(method("twin", SURE + 1e-4 * RANDOM.random(NUMBER))).winner
    assert 'its expected confidence is level with "twin" by lift' in words
    assert 'and is level with "twin" by AUROC' in words


def values(auroc: float, spread: float, seed: int) -> Values:
    drawn = auroc + spread * np.random.default_rng(seed).normal(0, 1, 500)
    return Values(0.8, 0.1, auroc, np.full(500, 0.1), drawn)


def test_a_loss_counts_also_where_another_is_higher_by_luck() -> None:
    """The highest figure may be uncertain, and a lower one surely better than FogGen."""
    methods = {BUCKET: values(0.8, 0.001, 1), "lucky": values(0.9, 0.2, 2)}
    assert 'is level with "lucky" by AUROC' in who_wins(methods)
    methods["steady"] = values(0.82, 0.001, 3)
    assert 'loses to "steady" by AUROC, -0.020' in who_wins(methods)


def test_where_all_answers_are_right_there_is_nothing_to_rank() -> None:
    ones = np.ones(NUMBER)
    found = compare(Domains.of(NAMES), [method(BUCKET, SURE, ones)], CLOUD, 0.3, draws=20)
    assert "cannot be compared by AUROC" in found.winner
    (line,) = [row for row in as_markdown(found).splitlines() if row.startswith(f"| {BUCKET}")]
    assert " nan " not in line


def test_the_table_shows_each_difference_with_its_interval() -> None:
    lines = as_markdown(compared(method("rival", RANDOM.random(NUMBER)))).splitlines()
    cells = {row.split("|")[1].strip(): [c.strip() for c in row.split("|")[2:-1]] for row in lines}
    assert cells["Method"][2:6] == ["Lift", "to FogGen, 95%", "AUROC", "to FogGen, 95%"]
    assert cells[BUCKET][3] == cells[BUCKET][5] == "0"
    assert cells["rival"][3].count(" to ") == 1
    assert cells["rival"][5].startswith("-0.")


def test_a_row_is_json() -> None:
    row = compared(method("rival", SURE)).rows["rival"].as_dict()
    assert set(row) == {
        "edge",
        "system",
        "lift",
        "auroc",
        "passes",
        "lift_difference",
        "auroc_difference",
    }
    value, low, high = row["auroc_difference"]  # type: ignore[misc]
    assert low <= value <= high
