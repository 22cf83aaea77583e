"""Scores of an answer, from the signals of the one pass that gave it: the higher, the likelier it is right.

    bucket      the confidence that the model says: the published cards' rule
    expected    the mean of the five buckets under their probabilities
    letters     the probability of the best label, after the confidence
    fused       a logistic head over all of these and the number of options, fitted by `fitting.py`

A score is in [0, 1]. What it is worth, as a probability that the answer is right, is a map's business
(`maps.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..engine.contract import BUCKETS

if TYPE_CHECKING:
    from ..engine.assessment import Assessment

BUCKET, EXPECTED, LETTERS, FUSED = "bucket", "expected", "letters", "fused"
SCORES = (BUCKET, EXPECTED, LETTERS, FUSED)  # the simplest first
LETTER_SCORES = (LETTERS, FUSED)  # those of a model that says no confidence

LEAST = 1e-4  # probabilities are kept to four digits; their log odds stay finite
HEAD = (  # the features that the weights of a head belong to, in their order
    "one",
    "bucket",
    "expected",
    "bucket_entropy",
    "letter_log_odds",
    "letter_margin",
    "letter_entropy",
    "options",
)


@dataclass(frozen=True)
class Signals:
    """What one pass says of its answer.

    bucket, expected: the confidence said and its mean, in [0, 1]. buckets: (5,), letters: (options,),
    probabilities that sum to 1; letters are those after the confidence. A model that says no confidence has
    no buckets, and 0 for the first two.
    """

    bucket: float
    expected: float
    buckets: tuple[float, ...]
    letters: tuple[float, ...]

    @property
    def scores(self) -> tuple[str, ...]:
        """The names of the scores that these signals have."""
        return SCORES if self.buckets else LETTER_SCORES

    @property
    def answer(self) -> int:
        """The position of the best letter."""
        return max(range(len(self.letters)), key=self.letters.__getitem__)

    @property
    def best(self) -> float:
        """The best letter's probability."""
        return max(self.letters)

    def without_prior(self, prior: Sequence[float]) -> Signals:
        """The same with the letters' prior taken out.

        prior: log-probabilities by place that a model prefers whatever the question (`fitting.py`); places
        beyond it have none.
        """
        if not prior:
            return self
        biases = [*prior[: len(self.letters)], *[0.0] * (len(self.letters) - len(prior))]
        shares = [
            max(letter, LEAST) / math.exp(bias)
            for letter, bias in zip(self.letters, biases, strict=True)
        ]
        total = sum(shares)
        letters = tuple(share / total for share in shares)
        return Signals(self.bucket, self.expected, self.buckets, letters)


def signals_of(assessment: Assessment) -> Signals:
    """The signals of an edge model's assessment; without letters if the answer was not decoded."""
    probabilities = assessment.bucket_probabilities
    if not probabilities:
        return Signals(0.0, 0.0, (), assessment.answer_probabilities)
    return Signals(
        bucket=BUCKETS[assessment.bucket],
        expected=sum(p * bucket for p, bucket in zip(probabilities, BUCKETS, strict=True)),
        buckets=probabilities,
        letters=assessment.answer_probabilities,
    )


def features(signals: Signals) -> list[float]:
    """(len(HEAD),) What the head weighs, each of about unit size."""
    ordered = sorted(signals.letters, reverse=True)
    return [
        1.0,
        signals.bucket,
        signals.expected,
        entropy(signals.buckets),
        log_odds(ordered[0]) / 4,
        ordered[0] - ordered[1] if len(ordered) > 1 else 1.0,
        entropy(signals.letters),
        math.log(len(ordered) / 4),
    ]


def fused(signals: Signals, weights: Sequence[float]) -> float:
    """The head's probability, before any map."""
    return sigmoid(sum(w * x for w, x in zip(weights, features(signals), strict=True)))


_SINGLE: Mapping[str, Callable[[Signals], float]] = {
    BUCKET: lambda signals: signals.bucket,
    EXPECTED: lambda signals: signals.expected,
    LETTERS: lambda signals: signals.best,
}


def score_of(name: str, signals: Signals, weights: Sequence[float] = ()) -> float:
    """A score by its name; `fused` needs the head's weights."""
    return fused(signals, weights) if name == FUSED else _SINGLE[name](signals)


def entropy(probabilities: Sequence[float]) -> float:
    """The entropy as a share of its maximum, in [0, 1]."""
    if len(probabilities) < 2:
        return 0.0
    total = -sum(p * math.log(p) for p in probabilities if p > 0)
    return max(0.0, total / math.log(len(probabilities)))


def log_odds(probability: float, least: float = LEAST) -> float:
    """log(p / (1 - p)), with p kept inside [least, 1 - least]."""
    inside = min(max(probability, least), 1 - least)
    return math.log(inside / (1 - inside))


def sigmoid(value: float) -> float:
    """1 / (1 + exp(-x)), for values of any size."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))
