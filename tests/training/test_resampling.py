"""Resamples of questions: figures of many at once against the plain formulas on each one drawn out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foggen.confidence.metrics import (
    auroc,
    expected_calibration_error,
    lift,
    macro,
    system_accuracy,
)
from foggen_training.evaluation.intervals import Columns, mean_figures, mean_intervals
from foggen_training.evaluation.metrics import GRID, routing_curve
from foggen_training.evaluation.outcomes import Outcome
from foggen_training.evaluation.resampling import (
    PART,
    Domains,
    Ranking,
    interval,
    mean_auroc,
    system_accuracy_at,
)
from foggen_training.evaluation.tables import summarize

SIZES = {"law": 60, "math": 100, "coding": 33}
NAMES = [name for name, size in SIZES.items() for _ in range(size)]


def outcomes(seed: int, names: list[str] = NAMES) -> list[Outcome]:
    random = np.random.default_rng(seed)
    found = []
    for number, name in enumerate(names):
        sure = random.random()
        bucket = round(4 * sure) / 4 if random.random() < 0.95 else -1.0
        edge, cloud = random.random() < 0.2 + 0.6 * sure, random.random() < 0.7
        expected = sure if bucket >= 0 else -1.0
        found.append(Outcome(str(number), name, 0, bucket, expected, int(edge), int(cloud)))
    return found


def drawn(counts: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The positions of one resample in one domain, written out."""
    return np.repeat(place, counts[place].astype(int))


def test_every_domain_is_drawn_anew_and_keeps_its_size() -> None:
    domains = Domains.of(NAMES)
    (first, *_), (again, *_) = (list(domains.resamples(2 * PART + 3)) for _ in range(2))
    assert (first == again).all()
    assert sum(part.shape[1] for part in domains.resamples(2 * PART + 3)) == 2 * PART + 3
    for places, size in zip(domains.places, SIZES.values(), strict=True):
        assert (first[places].sum(axis=0) == size).all()
        missing = (first[places] == 0).mean()
        assert missing == pytest.approx(1 / math.e, abs=0.03)
    assert domains.weights.sum() == pytest.approx(1)


def figures(found: list[Outcome], counts: np.ndarray) -> dict[str, np.ndarray]:
    domains, columns = Domains.of([o.domain for o in found]), Columns(found, 0.5)
    return mean_figures(columns, domains, domains.rankings(columns.expected), counts)


def test_all_figures_of_a_resample_are_those_of_its_questions() -> None:
    """Each of 20 resamples is written out, and measured by the formulas of `foggen.confidence.metrics`."""
    found = outcomes(1)
    domains = Domains.of(NAMES)
    counts = next(domains.resamples(20))
    resampled = figures(found, counts)
    for number in range(20):
        parts = [drawn(counts[:, number], place) for place in domains.places]
        plain = [Columns([found[i] for i in part], 0.5) for part in parts]
        expected = {
            "edge": macro(float(c.edge.mean()) for c in plain),
            "system": macro(system_accuracy(c.routed, c.edge, c.cloud) for c in plain),
            "lift": macro(lift(c.routed, c.edge, c.cloud) for c in plain),
            "cloud_share": macro(float(c.routed.mean()) for c in plain),
            "auroc": macro(auroc(c.expected, c.edge) for c in plain),
            "ece": macro(expected_calibration_error(c.confidence.clip(0), c.edge) for c in plain),
        }
        assert {key: values[number] for key, values in resampled.items()} == pytest.approx(expected)


def test_the_questions_as_they_are_have_the_tables_figures() -> None:
    found = outcomes(2)
    table = summarize(found, 0.5)["mean"]
    for key, values in figures(found, Domains.of(NAMES).once).items():
        assert values[0] == pytest.approx(table[key]), key


def test_an_interval_is_as_wide_as_the_number_of_questions_makes_it() -> None:
    """Of an accuracy: 1.96 sqrt(p q / n) each way. An interval that ignores what was drawn has none."""
    found = [Outcome(str(n), "law", 0, 1.0, 1.0, int(n % 10 < 7), 1) for n in range(1000)]
    low, high = mean_intervals(found, 0.5)["edge"]
    assert (high + low) / 2 == pytest.approx(0.7, abs=0.005)
    assert (high - low) / 2 == pytest.approx(1.96 * math.sqrt(0.21 / 1000), rel=0.1)
    wider = mean_intervals(outcomes(3), 0.5)
    assert all(high - low > 0.02 for low, high in wider.values()), wider


def test_an_interval_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    inside = 0
    domains = Domains.of(["law"] * 200 + ["math"] * 100)
    for trial in range(60):
        right = np.concatenate([random.random(200) < 0.7, random.random(100) < 0.5]).astype(float)
        draws = [domains.mean(right, counts) for counts in domains.resamples(300, seed=trial)]
        low, high = interval(np.concatenate(draws))
        inside += low <= 0.6 <= high
    assert 50 <= inside < 60


@pytest.mark.parametrize("levels", [2, 5, 1000])
def test_the_cloud_gets_the_lowest_scores_up_to_its_share(levels: int) -> None:
    """In one domain it is the routing curve, ties or none."""
    random = np.random.default_rng(levels)
    scores = random.integers(0, levels, 200) / levels
    edge, cloud = (random.integers(0, 2, 200).astype(float) for _ in range(2))
    domains = Domains.of(["law"] * 200)
    curve = routing_curve(scores, edge, cloud)
    for share, expected in zip(GRID[::10], curve[::10], strict=True):
        (found,) = system_accuracy_at(
            share, Ranking(scores), edge, cloud, domains.weights, domains.once
        )
        assert found == pytest.approx(expected)


def test_one_threshold_holds_for_all_domains() -> None:
    """Law is unsure and wrong, math sure and right: half of all to the cloud is all of law."""
    domains = Domains.of(["law"] * 10 + ["math"] * 30)
    scores = edge = np.array([0.0] * 10 + [1.0] * 30)
    (found,) = system_accuracy_at(
        0.5, Ranking(scores), edge, np.ones(40), domains.weights, domains.once
    )
    assert found == 1.0
    weighted = routing_curve(scores, edge, np.ones(40), domains.weights)
    assert (weighted[0], weighted[50]) == pytest.approx((0.5, 1.0))


def test_a_figure_that_does_not_exist_in_a_resample_does_not_count() -> None:
    assert interval(np.array([float("nan"), 1.0, 1.0])) == (1.0, 1.0)
    assert all(map(math.isnan, interval(np.array([float("nan")]))))
    domains = Domains.of(["law", "law", "math", "math"])
    edge = np.array([1.0, 0.0, 1.0, 1.0])  # math has no AUROC
    scores = np.array([0.9, 0.1, 0.5, 0.5])
    assert mean_auroc(domains.rankings(scores), edge, domains.once) == [1.0]
    assert np.isnan(mean_auroc(domains.rankings(scores), np.ones(4), domains.once)).all()
