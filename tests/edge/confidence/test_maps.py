"""Maps to P(right): monotone, true where the scores are, and written and read again."""

from __future__ import annotations

import numpy as np
import pytest

from foggen.confidence.fitting import folds_of
from foggen.confidence.logistic import fit_logistic
from foggen.confidence.map_choice import best_map
from foggen.confidence.map_fits import FITS, fit_isotonic, fit_line, fit_temperature
from foggen.confidence.maps import ISOTONIC, LINE, TEMPERATURE, ProbabilityMap


def outcomes(chance: np.ndarray, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random(len(chance)) < chance).astype(float)


@pytest.mark.parametrize("kind", FITS)
def test_a_map_rises(kind: str) -> None:
    scores = np.random.default_rng(1).random(500)
    fitted = FITS[kind](scores, outcomes(scores**2))
    values = [fitted(score) for score in np.linspace(0, 1, 50)]
    assert values == sorted(values)
    assert all(0 < value < 1 for value in values)


@pytest.mark.parametrize("kind", FITS)
def test_a_score_that_ranks_the_wrong_way_is_worth_no_more_than_chance(kind: str) -> None:
    scores = np.random.default_rng(1).random(2000)
    right = outcomes(0.8 - 0.6 * scores)
    fitted = FITS[kind](scores, right)
    values = [fitted(score) for score in (0.05, 0.5, 0.95)]
    assert values == sorted(values)
    assert max(values) - min(values) < 0.05


def test_a_temperature_undoes_overconfidence() -> None:
    chance = np.random.default_rng(2).random(5000)
    odds = np.log(chance / (1 - chance))
    said = 1 / (1 + np.exp(-3 * odds))
    fitted = fit_temperature(said, outcomes(chance))
    assert fitted.kind == TEMPERATURE
    assert fitted.slope == pytest.approx(1 / 3, abs=0.05)


def test_a_line_finds_slope_and_offset() -> None:
    said = np.random.default_rng(3).uniform(0.05, 0.95, 5000)
    odds = np.log(said / (1 - said))
    fitted = fit_line(said, outcomes(1 / (1 + np.exp(-(0.5 * odds - 1)))))
    assert fitted.kind == LINE
    assert (fitted.slope, fitted.offset) == (
        pytest.approx(0.5, abs=0.1),
        pytest.approx(-1, abs=0.1),
    )


def test_the_map_that_is_taken_is_right_on_average_where_a_temperature_is_not() -> None:
    off = []
    for seed in range(20):
        scores = np.random.default_rng(seed).uniform(0.2, 0.6, 420)
        right = outcomes(1 / (1 + np.exp(0.3) * (1 - scores) / scores), seed + 100)
        _, held_out = best_map(scores, right, folds_of(len(right), seed))
        off.append(abs(held_out.mean() - right.mean()))
    assert max(off) < 0.025  # by the loss alone, eight of twenty are 3 to 5 points off


def test_scores_that_are_true_keep_the_temperature() -> None:
    taken = []
    for seed in range(20):
        scores = np.random.default_rng(seed).uniform(0.05, 0.95, 420)
        right = outcomes(scores, seed)
        taken.append(best_map(scores, right, folds_of(len(right), seed))[0])
    assert taken.count(TEMPERATURE) >= 10


def test_isotonic_steps_pool_what_falls() -> None:
    scores = np.repeat([0.1, 0.2, 0.3, 0.4], 100)
    right = np.concatenate([np.arange(100) < share for share in (20, 60, 40, 90)]).astype(float)
    fitted = fit_isotonic(scores, right)
    assert [start for start, _ in fitted.steps] == [0.1, 0.2, 0.4]
    assert [value for _, value in fitted.steps] == pytest.approx([0.2, 0.5, 0.9], abs=0.005)
    assert fitted(0.0) == fitted(0.1) == fitted(0.19)
    assert fitted(0.35) == fitted(0.2)
    assert fitted(1.0) == fitted(0.4)


@pytest.mark.parametrize("kind", FITS)
@pytest.mark.parametrize("right", [0.0, 1.0])
def test_rows_that_are_all_alike_have_a_map(kind: str, right: float) -> None:
    scores = np.linspace(0, 1, 30)
    value = FITS[kind](scores, np.full(30, right))(0.7)
    assert value >= 0.5 if right else value <= 0.5


@pytest.mark.parametrize("kind", FITS)
def test_a_map_is_read_as_it_was_written(kind: str) -> None:
    scores = np.random.default_rng(4).random(100)
    fitted = FITS[kind](scores, outcomes(scores))
    assert ProbabilityMap.from_dict(fitted.as_dict()) == fitted


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "magic"},
        {"kind": ISOTONIC, "steps": []},
        {"kind": ISOTONIC, "steps": [[0.5, 0.2], [0.1, 0.4]]},
    ],
)
def test_a_map_of_another_kind_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"map|rise"):
        ProbabilityMap.from_dict(row)


def test_separated_rows_have_finite_weights() -> None:
    rows = np.column_stack([np.linspace(-1, 1, 20), np.ones(20)])
    weights = fit_logistic(rows, (rows[:, 0] > 0).astype(float), penalty=0.0)
    assert np.isfinite(weights).all()
    assert weights[0] > 0
