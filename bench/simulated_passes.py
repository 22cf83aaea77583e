"""Simulated passes of a model whose signals say something of whether it is right."""

from __future__ import annotations

import numpy as np

from foggen.confidence.fitting import Labelled
from foggen.confidence.scores import Signals, sigmoid
from foggen.engine.contract import BUCKETS

OPTIONS = 4


def passes(count: int, seed: int, *, skill: float = 1.5, favourite: float = 0.0) -> list[Labelled]:
    """Rows of three domains. skill: how much the signals say, 0 for nothing. favourite: log odds by which
    the model prefers the first letter, whatever the question."""
    random = np.random.default_rng(seed)
    return [_row(number, random, skill, favourite) for number in range(count)]


def _row(number: int, random: np.random.Generator, skill: float, favourite: float) -> Labelled:
    ease = random.normal()
    right = random.random() < sigmoid(0.5 + 1.5 * ease)
    key = int(random.integers(OPTIONS))
    best = key if right else int((key + random.integers(1, OPTIONS)) % OPTIONS)
    sure = sigmoid(0.5 + skill * ease + 0.7 * random.normal())
    buckets = np.exp(-((np.array(BUCKETS) - sure) ** 2) / 0.05)
    buckets /= buckets.sum()
    logits = np.zeros(OPTIONS)
    logits[best] = max(0.2, 2 + skill * ease + 0.7 * random.normal())
    logits[0] += favourite
    letters = np.exp(logits) / np.exp(logits).sum()
    said = BUCKETS[int(buckets.argmax())]
    expected = float(buckets @ np.array(BUCKETS))
    signals = Signals(said, expected, tuple(map(float, buckets)), tuple(map(float, letters)))
    return Labelled(signals, key, f"domain {number % 3}")
