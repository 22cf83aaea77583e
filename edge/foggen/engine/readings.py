"""From rows of logits to a choice: pure functions, without a model.

Two rows give the bucket: the first chooses between `0` and `1`, the second, after a speculative `0.`,
among the digits of the buckets below 1. A third row, after the bucket, gives the label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class BucketReading:
    """bucket: the one of greedy decoding, by position. probabilities: of the buckets, joint, summing to 1.
    illegal: the probability outside the format, the larger of the two choices that led to the bucket."""

    bucket: int
    probabilities: tuple[float, ...]
    illegal: float


def read_bucket(
    rows: NDArray[np.float32], first: Sequence[int], second: Sequence[int]
) -> BucketReading:
    """The bucket of two rows of logits, (2, vocabulary).

    first: the tokens `0` and `1`. second: those of the buckets below 1, in order; the last bucket is 1.
    """
    zero_or_one, first_illegal = legal(rows[0], first)
    digits, second_illegal = legal(rows[1], second)
    joint = (*(zero_or_one[0] * digits), zero_or_one[1])
    is_one = zero_or_one[1] > zero_or_one[0]
    return BucketReading(
        bucket=len(digits) if is_one else int(digits.argmax()),
        probabilities=tuple(float(probability) for probability in joint),
        illegal=first_illegal if is_one else max(first_illegal, second_illegal),
    )


def legal(logits: NDArray[np.float32], tokens: Sequence[int]) -> tuple[Array, float]:
    """Probabilities of the legal tokens among themselves, and the probability of all the others."""
    scores = logits.astype(np.float64)
    shares = np.exp(scores - scores.max())
    chosen = shares[list(tokens)]
    illegal = 1.0 - float(chosen.sum() / shares.sum())
    exact = np.exp(scores[list(tokens)] - scores[list(tokens)].max())
    return exact / exact.sum(), max(0.0, illegal)
