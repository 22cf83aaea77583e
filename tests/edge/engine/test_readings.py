"""From logits to a bucket and a label, without a model."""

from __future__ import annotations

import numpy as np
import pytest

from foggen.engine.readings import legal, read_bucket

FIRST, SECOND = (0, 1), (2, 3, 4, 5)
VOCABULARY = 10


def rows(first: dict[int, float], second: dict[int, float]) -> np.ndarray:
    """Two rows of logits that give the tokens these probabilities, and the rest to token 9."""
    out = np.full((2, VOCABULARY), -50.0, dtype=np.float32)
    for row, chances in zip(out, (first, second), strict=True):
        for token, chance in {**chances, 9: 1 - sum(chances.values())}.items():
            row[token] = np.log(max(chance, 1e-20))
    return out


def test_the_buckets_probabilities_are_joint() -> None:
    reading = read_bucket(rows({0: 0.75, 1: 0.25}, {2: 0.1, 3: 0.2, 4: 0.3, 5: 0.4}), FIRST, SECOND)
    assert reading.bucket == 3
    assert reading.probabilities == pytest.approx((0.075, 0.15, 0.225, 0.3, 0.25))
    assert reading.illegal == pytest.approx(0, abs=1e-6)


def test_one_is_said_where_it_leads_the_first_choice_whatever_the_second_says() -> None:
    """Greedy decoding: 0.4 for `0` is split among four buckets, but that is not how it comes to 1.0."""
    reading = read_bucket(rows({0: 0.4, 1: 0.6}, {2: 1.0}), FIRST, SECOND)
    assert reading.bucket == 4
    even = read_bucket(rows({0: 0.5, 1: 0.5}, {4: 1.0}), FIRST, SECOND)
    assert even.bucket == 2, "a tie goes to the token that comes first"


def test_what_is_illegal_is_the_worse_of_the_choices_that_were_made() -> None:
    first, second = {0: 0.6, 1: 0.2}, {2: 0.3, 3: 0.1}
    assert read_bucket(rows(first, second), FIRST, SECOND).illegal == pytest.approx(0.6)
    one = read_bucket(rows({0: 0.2, 1: 0.6}, second), FIRST, SECOND)
    assert one.illegal == pytest.approx(0.2), "1.0 has no second choice"


def test_legal_shares_are_exact_where_almost_everything_is_illegal() -> None:
    logits = np.array([0.0, -200.0, -201.0], dtype=np.float32)
    shares, illegal = legal(logits, (1, 2))
    assert shares == pytest.approx((1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))))
    assert illegal == pytest.approx(1)
