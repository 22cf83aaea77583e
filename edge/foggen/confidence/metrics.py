"""Metrics of accuracy, ranking, calibration and routing.

Every function takes the arrays of one domain. A figure over several domains is the mean of theirs
(`macro`), never a pooled one. Confidences are in [0, 1]; `correct`, `edge`, `cloud` are 0/1 arrays;
`routed` is 1 where the cloud was asked. All functions return fractions, not percentages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


def auroc(scores: ArrayLike, correct: ArrayLike) -> float:
    """The chance that a right answer scores higher than a wrong one, with ties counting one half.

    It is nan if all answers are right, or all are wrong (Mann-Whitney U by mid-ranks).
    """
    values, right = _array(scores), _array(correct) > 0
    positives, negatives = int(right.sum()), int((~right).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inverse]
    return float((ranks[right].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def expected_calibration_error(
    confidence: ArrayLike, correct: ArrayLike, bins: ArrayLike | None = None
) -> float:
    """The mean distance between a bin's confidence and its accuracy, weighted by the bin's share.

    bins: (n,) the bin of each value. Without them, every value is its own bin: `confidence` is then the
    bucket that the model stated.
    """
    stated, right = _array(confidence), _array(correct)
    bin_of = stated if bins is None else _array(bins)
    gaps = [
        abs(stated[chosen].mean() - right[chosen].mean()) * chosen.mean()
        for chosen in (bin_of == value for value in np.unique(bin_of))
    ]
    return float(np.sum(gaps))


def brier(confidence: ArrayLike, correct: ArrayLike) -> float:
    """Mean squared distance between confidence and outcome."""
    return float(np.mean((_array(confidence) - _array(correct)) ** 2))


def system_accuracy(routed: ArrayLike, edge: ArrayLike, cloud: ArrayLike) -> float:
    """Accuracy if the routed questions get the cloud's answer: mean(r c + (1 - r) e)."""
    asked = _array(routed)
    return float(np.mean(asked * _array(cloud) + (1 - asked) * _array(edge)))


def random_accuracy(share: float, edge: ArrayLike, cloud: ArrayLike) -> float:
    """Accuracy if a random `share` of the questions goes to the cloud: (1 - f) e + f c."""
    return float((1 - share) * _array(edge).mean() + share * _array(cloud).mean())


def lift(routed: ArrayLike, edge: ArrayLike, cloud: ArrayLike) -> float:
    """System accuracy minus that of random routing at the same share; equals Cov(r, c - e)."""
    share = float(_array(routed).mean())
    return system_accuracy(routed, edge, cloud) - random_accuracy(share, edge, cloud)


def bucket_table(
    confidence: ArrayLike, correct: ArrayLike, buckets: Sequence[float]
) -> dict[str, dict[str, float]]:
    """For each bucket that occurs: its number of answers, and their accuracy."""
    said, right = _array(confidence), _array(correct)
    return {
        str(bucket): {
            "n": int((said == bucket).sum()),
            "accuracy": round(float(right[said == bucket].mean()), 4),
        }
        for bucket in buckets
        if (said == bucket).any()
    }


def macro(values: Mapping[str, float] | Iterable[float]) -> float:
    """The mean over domains, without those that have no value (nan)."""
    numbers = _array(list(values.values() if isinstance(values, Mapping) else values))
    known = numbers[~np.isnan(numbers)]
    return float(known.mean()) if known.size else float("nan")


def _array(values: ArrayLike) -> Array:
    return np.asarray(values, dtype=np.float64)


def share_interval(right: ArrayLike) -> tuple[float, float]:
    """The 95% interval of the share of ones in (n,) values of 0 or 1, n at least 1 (Wilson 1927)."""
    values = np.asarray(right, dtype=np.float64)
    count, mean, z = len(values), float(values.mean()), 1.96
    middle = (mean + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(mean * (1 - mean) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return float(middle - half), float(middle + half)
