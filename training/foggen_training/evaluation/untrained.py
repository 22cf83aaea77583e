"""Compare a model with its untrained base: accuracy, and how often each keeps the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import MOST_ILLEGAL_MASS

from ..labels.reading import Reading
from .baselines import edge_of, right
from .outcomes import UNKNOWN, Outcome
from .resampling import Domains, Interval, interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMPARED = """\
Mean edge accuracy is {gain:+z.1f} points above the base's (95%, paired by question: {low:+z.1f} to \
{high:+z.1f}). The format holds in {held_now:.1%} of the questions; in the base, which was never taught it, in \
{held:.1%} of {asked:,} others."""


@dataclass(frozen=True)
class Untrained:
    """accuracy: the base's accuracy when asked for the answer alone, by domain and "mean". gain, interval:
    gain of the model's mean accuracy and its 95% interval, paired by question. held: share of `asked`
    questions in which the base kept the format. held_now: the model's share, over all questions."""

    accuracy: Mapping[str, float]
    gain: float
    interval: Interval
    held: float
    asked: int
    held_now: float

    def text(self) -> str:
        """Two sentences that compare the model with its base."""
        low, high = (100 * edge for edge in self.interval)
        return COMPARED.format(
            gain=100 * self.gain,
            low=low,
            high=high,
            held_now=self.held_now,
            held=self.held,
            asked=self.asked,
        )


def untrained(
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    base: Sequence[Reading],
    in_format: Sequence[Reading],
) -> Untrained:
    """Compare a model with its base. base: the base's readings of the questions. in_format: its readings
    of other questions in the contract's format."""
    before = right(questions, base)
    gain, spread = gain_over(questions, edge_of(outcomes), before)
    return Untrained(
        accuracies(questions, before),
        gain,
        spread,
        format_held(in_format),
        len(in_format),
        float(np.mean([one.confidence != UNKNOWN for one in outcomes])),
    )


def accuracies(questions: Sequence[Keyed], correct: NDArray[np.float64]) -> dict[str, float]:
    """The accuracy of every domain, and their mean under "mean"."""
    names = [item.domain for item in questions]
    domains = Domains.of(names)
    shares = domains.means(correct, domains.once)[:, 0]
    rows = zip(dict.fromkeys(names), map(float, shares), strict=True)
    return {**dict(rows), "mean": float(shares.mean())}


def gain_over(
    questions: Sequence[Keyed], now: NDArray[np.float64], before: NDArray[np.float64]
) -> tuple[float, Interval]:
    """The gain in mean accuracy over domains, and its 95% interval, paired by question."""
    domains = Domains.of([item.domain for item in questions])
    change = now - before
    draws = np.concatenate([domains.mean(change, counts) for counts in domains.resamples()])
    return float(domains.mean(change, domains.once)[0]), interval(draws)


def format_held(readings: Sequence[Reading]) -> float:
    """The share of replies in the format; nan without readings."""
    held = [reading.illegal <= MOST_ILLEGAL_MASS for reading in readings]
    return float(np.mean(held)) if held else float("nan")
