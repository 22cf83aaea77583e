"""Labelled signals in, a calibration and what it is worth out: the work of `foggen-edge calibrate`.

    share     tau is where a share of the questions goes to the cloud; everything is fitted on all rows
    error     tau is certified: one half of the rows fits, and the other, which nothing was fitted on, tests

What is reported of a calibration is measured on rows that it was not fitted on, in both cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .alarm import Alarm, alarms
from .calibration import Calibration, ModelIdentity
from .certificate import Certificate, certify, fewest_rows, tau_for_share
from .fitting import Labelled, fit
from .metrics import expected_calibration_error

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LEAST_ROWS = 20  # below, no map is told from another
BINS = 15  # of equal width, as in Guo et al. 2017
HALF = 0.5  # P(right) at which an answer is kept where nothing else was asked for


@dataclass(frozen=True)
class Target:
    """What tau is for. cloud_share: of the questions that go to the cloud. max_error: of the answers kept,
    with confidence 1 - delta. Neither: answers that are likelier right than wrong are kept."""

    cloud_share: float | None = None
    max_error: float | None = None
    delta: float = 0.1


@dataclass(frozen=True)
class Report:
    """What the rows say. p_right, right: (n,), of rows that nothing was fitted on, by domain `domains`.
    error: the calibration error of p_right on them. certificate: None where no bound was asked for."""

    calibration: Calibration
    p_right: Array
    right: Array
    expected: Array
    domains: tuple[str, ...]
    error: float
    alarms: Sequence[Alarm]
    certificate: Certificate | None

    @property
    def kept(self) -> NDArray[np.bool_]:
        """(n,) Whether each row's answer is kept."""
        calibration = self.calibration
        return (self.p_right >= calibration.tau) & (self.expected >= calibration.floor)


def calibrate(
    rows: Sequence[Labelled],
    model: ModelIdentity,
    target: Target,
    *,
    data: str = "",
    score: str = "",
    seed: int = 0,
) -> Report:
    """A calibration, with what it is worth. score: the one to take, the best if ""."""
    certified = target.max_error is not None
    fitting, testing = _halves(rows, seed) if certified else (list(rows), list(rows))
    fitted = fit(fitting, seed, score)
    if certified:
        p_right = np.array([fitted.p_right(row.signals) for row in testing])
        right = np.array([row.right(fitted.prior) for row in testing], dtype=float)
    else:
        p_right, right = fitted.held_out, fitted.right
    certificate = None
    if target.max_error is not None:
        certificate = certify(p_right, right, target.max_error, target.delta)
        tau = certificate.tau
    elif target.cloud_share is not None:
        tau = tau_for_share(p_right, target.cloud_share)
    else:
        tau = HALF
    expected = np.array([row.signals.expected for row in testing])
    calibration = Calibration(
        score=fitted.score,
        map=fitted.map,
        tau=tau,
        rows=len(rows),
        model=model,
        prior=fitted.prior,
        weights=fitted.weights,
        floor=_floor(p_right, expected, tau),
        data=data,
        promise=_promise(target, certificate, p_right, tau),
    )
    domains = tuple(row.domain for row in testing)
    return Report(
        calibration,
        p_right,
        right,
        expected,
        domains,
        calibration_error(p_right, right),
        alarms(p_right, right, domains),
        certificate,
    )


def _halves(rows: Sequence[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled]]:
    order = np.random.default_rng(seed).permutation(len(rows))
    half = len(rows) // 2
    return [rows[place] for place in order[:half]], [rows[place] for place in order[half:]]


def _floor(p_right: Array, expected: Array, tau: float) -> float:
    """The lowest expected confidence of any answer that is kept: below it, none is worth decoding."""
    kept = p_right >= tau
    return float(expected[kept].min()) if kept.any() else 0.0


def _promise(
    target: Target, certificate: Certificate | None, p_right: Array, tau: float
) -> dict[str, Any]:
    if certificate is not None:
        return certificate.as_dict()
    return {"cloud_share": round(float((p_right < tau).mean()), 4)}


def calibration_error(p_right: Array, right: Array) -> float:
    """The expected calibration error of a probability, over bins of equal width."""
    bins = np.minimum((p_right * BINS).astype(int), BINS - 1)
    return expected_calibration_error(p_right, right, bins)


def least_rows(target: Target) -> int:
    """Rows without which nothing is fitted: for a bound, half of them must be able to certify it."""
    if target.max_error is None:
        return LEAST_ROWS
    return 2 * max(LEAST_ROWS, fewest_rows(target.max_error, target.delta))
