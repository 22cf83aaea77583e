"""P(right) of a published model: fitted on questions kept apart, and measured on the test questions.

What is fitted is the same as in `foggen-edge calibrate`, and travels in the file's contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.calibrating import Target, calibrate, calibration_error
from foggen.confidence.calibration import Calibration, ModelIdentity, prompt_hash
from foggen.confidence.fitting import Labelled
from foggen.confidence.labelled import Keyed
from foggen.confidence.metrics import auroc
from foggen.confidence.scores import Signals
from foggen.engine.contract import Contract

from .baselines import P_RIGHT, Baseline
from .outcomes import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

APART = "{count:,} questions kept apart for it"


@dataclass(frozen=True)
class Calibrated:
    """A calibration and what it says of some questions. p_right: (n,), 0 without an answer. edge: (n,), 1
    where the calibrated answer is right; taking out a letter prior may change an answer. kept: (n,), whether
    the answer is kept at the calibration's own tau."""

    calibration: Calibration
    p_right: Array
    edge: Array
    kept: NDArray[np.bool_]

    @property
    def error(self) -> float:
        """The expected calibration error of P(right)."""
        return calibration_error(self.p_right, self.edge)

    @property
    def auroc(self) -> float:
        """How well P(right) ranks the right answers above the wrong ones; of all domains together."""
        return auroc(self.p_right, self.edge)

    def baseline(self) -> Baseline:
        """The row of the comparison, in which P(right) decides what goes to the cloud."""
        return Baseline(P_RIGHT, self.p_right, self.edge, 1)


def fitted(
    items: Sequence[Keyed], outcomes: Sequence[Outcome], contract: Contract, quant: str
) -> Calibration | None:
    """Fit a calibration to outcomes of questions that are used for nothing else.

    Answers are kept where they are likelier right than wrong. None if no reply was in the format.
    """
    rows = labelled_of(items, outcomes)
    if not rows:
        return None
    model = ModelIdentity("", quant, prompt_hash(contract.prompt("")))
    return calibrate(rows, model, Target(), data=APART.format(count=len(items))).calibration


def labelled_of(items: Sequence[Keyed], outcomes: Sequence[Outcome]) -> list[Labelled]:
    """The rows of a calibration; replies that were not in the format are left out."""
    return [
        Labelled(signals_of(one), item.answer, item.domain)
        for item, one in zip(items, outcomes, strict=True)
        if has_signals(one)
    ]


def judged(
    calibration: Calibration, items: Sequence[Keyed], outcomes: Sequence[Outcome]
) -> Calibrated:
    """What a calibration says of outcomes, as the product would."""
    p_right, edge = np.zeros((2, len(items)))
    kept = np.zeros(len(items), dtype=bool)
    for place, (item, one) in enumerate(zip(items, outcomes, strict=True)):
        if has_signals(one):
            signals = signals_of(one)
            p_right[place] = calibration.p_right(signals)
            edge[place] = calibration.answer(signals) == item.answer
            kept[place] = calibration.keeps(signals)
    return Calibrated(calibration, p_right, edge, kept)


def has_signals(outcome: Outcome) -> bool:
    """Whether a reply was in the format and has its probabilities."""
    return outcome.confidence >= 0 and bool(outcome.letters) and bool(outcome.buckets)


def signals_of(outcome: Outcome) -> Signals:
    """The signals of a measured pass, for the calibration."""
    return Signals(outcome.confidence, outcome.expected, outcome.buckets, outcome.letters)
