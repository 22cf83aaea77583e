"""Metrics against the published cards, against identities, and against what was worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foggen.confidence.metrics import auroc, lift, macro, random_accuracy
from foggen_training.evaluation.metrics import (
    GRID,
    LEAST_GAP,
    augrc,
    aurc,
    average_gap_recovered,
    call_share_for,
    coverage_risk,
    ibc_lift,
    missed_routes,
    needless_routes,
    performance_gap_recovered,
    routing_curve,
)

# The cards of issai/foggen and issai/foggen-gemma3-270m, in percent:
# cloud only, edge ("R14 raw"), random at tau 0.5, FogGen at tau 0.5, cloud routed.
CARD_06B = {
    "finance": (69.5, 57.0, 59.9, 65.8, 23.3),
    "science": (72.7, 56.9, 60.1, 64.5, 20.4),
    "coding": (74.2, 61.8, 64.2, 69.5, 19.7),
    "law": (70.7, 55.3, 58.4, 62.4, 20.1),
    "math": (60.1, 42.2, 50.8, 58.1, 47.7),
    "kazakh_culture": (95.8, 91.3, 91.4, 91.9, 1.0),
    "medical": (74.0, 52.6, 57.1, 62.2, 20.9),
}
MEAN_06B = (73.9, 59.6, 63.1, 67.8, 21.9)
CARD_270M = {
    "finance": (69.5, 32.2, 58.2, 60.2, 69.5),
    "science": (72.7, 30.4, 58.2, 59.5, 65.6),
    "coding": (74.2, 34.3, 64.7, 65.7, 76.3),
    "law": (70.7, 31.7, 58.5, 59.7, 68.7),
    "math": (60.1, 24.5, 58.3, 58.5, 94.9),
    "kazakh_culture": (95.8, 43.7, 60.3, 59.3, 31.9),
    "medical": (74.0, 32.2, 59.8, 60.8, 65.9),
}
MEAN_270M = (73.9, 32.7, 59.7, 60.5, 67.5)
ROWS = [*CARD_06B.values(), *CARD_270M.values()]
ROUNDED = 0.11  # percent: a random accuracy made of figures that were themselves rounded


def arrays(accuracy: float, size: int = 1000) -> np.ndarray:
    """0/1 outcomes with an accuracy in percent, exact to a tenth."""
    return (np.arange(size) < round(accuracy * size / 100)).astype(float)


@pytest.mark.parametrize("row", ROWS)
def test_random_routing_is_what_every_row_of_the_cards_says(row: tuple[float, ...]) -> None:
    cloud, edge, random, _, share = row
    found = random_accuracy(share / 100, arrays(edge), arrays(cloud))
    assert 100 * found == pytest.approx(random, abs=ROUNDED)


@pytest.mark.parametrize(
    ("card", "mean", "published"), [(CARD_06B, MEAN_06B, 4.6), (CARD_270M, MEAN_270M, 0.8)]
)
def test_the_cards_means_are_means_of_rows(
    card: dict[str, tuple[float, ...]], mean: tuple[float, ...], published: float
) -> None:
    columns = list(zip(*card.values(), strict=True))
    for values, expected in zip(columns, mean, strict=True):
        assert macro(values) == pytest.approx(expected, abs=0.06)
    lifts = macro(np.array(columns[3]) - np.array(columns[2]))
    assert lifts == pytest.approx(published, abs=0.06)


def test_the_mean_rows_random_is_not_the_formula_of_the_means() -> None:
    """0.6B: 63.1 is the mean of the rows; the formula on the means gives 62.7."""
    cloud, edge, random, _, share = MEAN_06B
    pooled = 100 * random_accuracy(share / 100, arrays(edge), arrays(cloud))
    assert pooled == pytest.approx(62.7, abs=0.06)
    assert random - pooled > 0.3


@pytest.mark.parametrize("seed", range(20))
def test_augrc_is_what_auroc_and_accuracy_make_of_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(0, 2 + seed, 150) / 10  # with many ties
    right = (random.random(150) < 0.2 + 0.6 * scores / (scores.max() + 0.1)).astype(float)
    accuracy = right.mean()
    expected = (1 - auroc(scores, right)) * accuracy * (1 - accuracy) + (1 - accuracy) ** 2 / 2
    assert augrc(scores, right) == pytest.approx(expected + (1 - accuracy) / 300, abs=1e-12)


def test_confidence_that_is_always_the_same_is_worth_nothing() -> None:
    edge, cloud = arrays(60, 10), np.ones(10)
    same = np.full(10, 0.75)
    assert auroc(same, edge) == 0.5
    for routed in (np.zeros(10), np.ones(10)):
        assert lift(routed, edge, cloud) == pytest.approx(0)
    assert aurc(same, edge) == pytest.approx(0.4)
    curve = routing_curve(same, edge, cloud)
    assert curve == pytest.approx(0.6 + 0.4 * GRID)


def test_risk_and_coverage_are_those_worked_out_by_hand() -> None:
    coverage, risk = coverage_risk([0.9, 0.1, 0.5, 0.5], [1, 1, 0, 1])
    assert coverage == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert risk == pytest.approx([0, 0.25, 1 / 3, 0.25])  # inside the tie half a mistake each
    assert aurc([0.9, 0.1, 0.5, 0.5], [1, 1, 0, 1]) == pytest.approx((0.25 + 1 / 3 + 0.25) / 4)


EDGE, CLOUD, SURE = (
    np.array([1, 1, 0, 0.0]),
    np.array([1, 0, 1, 0.0]),
    np.array([0.9, 0.8, 0.2, 0.1]),
)


def test_routing_curves_begin_at_the_edge_and_end_at_the_cloud() -> None:
    curve = routing_curve(SURE, EDGE, CLOUD)
    assert (curve[0], curve[-1]) == (EDGE.mean(), CLOUD.mean())
    assert curve[25] == 0.5  # the least sure: neither is right
    assert curve[50] == 0.75  # then the one that only the cloud knows
    assert curve[100] == 0.5


def test_gaps_are_shares_of_the_way_to_the_cloud() -> None:
    assert performance_gap_recovered(0.7, 0.6, 0.8) == pytest.approx(0.5)
    straight = 0.6 + 0.2 * GRID
    assert average_gap_recovered(straight, 0.6, 0.8) == pytest.approx(0.5)
    assert call_share_for(0.5, straight, 0.6, 0.8) == pytest.approx(0.5)
    assert call_share_for(0.5, np.minimum(1, 2 * GRID), 0, 1) == pytest.approx(0.25)
    assert math.isnan(call_share_for(0.5, np.zeros(101), 0, 1))


def test_routes_that_were_needless_or_missed() -> None:
    routed = np.array([1, 0, 0, 1.0])
    assert needless_routes(routed, EDGE) == 0.25
    assert missed_routes(routed, EDGE, CLOUD) == 0.25
    gained = (np.array([1, 1, 0, 0]).mean() - 0.5) / 0.5
    better = np.array([1, 1, 1, 1.0])
    assert ibc_lift(routed, EDGE, better) == pytest.approx((0.25 / 0.5) / 0.5 - 1)
    assert gained == 0
    assert math.isnan(ibc_lift(np.zeros(4), EDGE, better))


@pytest.mark.parametrize("gap", [-0.1, 0.0, 0.012, 0.049])
def test_where_the_cloud_is_hardly_better_there_is_no_share_of_the_way(gap: float) -> None:
    """A published card had a PGR of 8.464 and an IBC lift of 27.382: divisions by 1.2 points."""
    edge, cloud = arrays(60), arrays(60 + 100 * gap)
    low, high = float(edge.mean()), float(cloud.mean())
    assert math.isnan(performance_gap_recovered(0.8, low, high))
    assert math.isnan(average_gap_recovered(low + gap * GRID, low, high))
    assert math.isnan(call_share_for(0.5, low + gap * GRID, low, high))
    assert math.isnan(ibc_lift(np.arange(1000) % 2, edge, cloud))


def test_five_points_are_enough() -> None:
    edge, cloud = arrays(60), arrays(60 + 100 * LEAST_GAP)
    low, high = float(edge.mean()), float(cloud.mean())
    assert performance_gap_recovered(0.63, low, high) == pytest.approx(0.6)
    assert not math.isnan(average_gap_recovered(low + LEAST_GAP * GRID, low, high))
    assert call_share_for(0.5, low + LEAST_GAP * GRID, low, high) == pytest.approx(0.5)
    assert not math.isnan(ibc_lift(np.arange(1000) % 2, edge, cloud))


def test_a_curve_counts_each_question_by_its_weight() -> None:
    curve = routing_curve(SURE, EDGE, CLOUD, weights=[1, 1, 2, 4])
    assert (curve[0], curve[-1]) == (0.25, 0.375)
    assert curve[50] == 0.25  # the least sure is half of everything, and neither is right
    assert curve[75] == 0.5
