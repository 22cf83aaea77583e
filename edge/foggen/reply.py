"""The reply to a question: the answer, where it came from, and how sure the edge model was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .routing.rule import Route
from .store.models import ModelInfo

SCHEMA = 1


@dataclass(frozen=True)
class Timings:
    """Wall times in milliseconds. decision: until the confidence was known. edge: all work of the
    edge model. cloud: the request. total: the whole call."""

    decision: float = 0.0
    edge: float = 0.0
    cloud: float = 0.0
    total: float = 0.0

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 1) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Reply:
    """The answer to one question.

    label: as the user wrote it. It is None for an open-ended question, whose answer is `text`, and
    for a dry run in which the edge model gave no answer. p_right: the calibrated probability that the
    edge's answer is right, and calibrated_on: the number of questions that it was measured on; None
    without a calibration, and p_right before the answer is decoded. letter_probability: of the edge's best
    letter among the offered ones, and coverage: the share of all probability that is on the offered letters;
    None before the answer is decoded. sure: whether the number that is compared with tau is at least `tau`, in
    any mode; False if the edge was not asked. That number is p_right if there is a calibration, else the
    confidence, or the letter_probability of a model that says no confidence. degraded: the cloud was wanted but
    could not be used, and the answer is the edge's own although it was unsure. edge_answer: the
    edge's label, if it was decoded. model: None if only the cloud was asked. cloud: {"model",
    "latency_ms", "usage"} of the request, or None. notes: peculiarities of the question, as
    machine-readable words. hint: how to get a surer answer than a degraded one. cloud_error: the
    exception of the cloud's client, a `foggen_cloud.CloudError` if the client is ours.
    """

    label: str | None
    text: str | None
    route: Route
    confidence: float | None
    expected_confidence: float | None
    tau: float
    sure: bool
    degraded: bool
    reason: str
    edge_answer: str | None
    model: ModelInfo | None
    cloud: Mapping[str, Any] | None = None
    timings_ms: Timings = Timings()
    notes: tuple[str, ...] = ()
    p_right: float | None = None
    calibrated_on: int | None = None
    letter_probability: float | None = None
    coverage: float | None = None
    hint: str = field(default="", compare=False)
    cloud_error: Exception | None = field(default=None, compare=False, repr=False)

    @property
    def doubtful(self) -> bool:
        """Whether the answer is degraded, or is the edge's own and unsure."""
        return self.degraded or (self.cloud is None and not self.sure)

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that the command line prints, schema 1."""
        return {
            "label": self.label,
            "text": self.text,
            "route": self.route,
            "confidence": self.confidence,
            "expected_confidence": _rounded(self.expected_confidence),
            "p_right": _rounded(self.p_right),
            "calibrated_on": self.calibrated_on,
            "letter_probability": _rounded(self.letter_probability),
            "coverage": _rounded(self.coverage),
            "tau": self.tau,
            "sure": self.sure,
            "degraded": self.degraded,
            "reason": self.reason,
            "edge_answer": self.edge_answer,
            "model": None if self.model is None else self.model.as_dict(),
            "cloud": None if self.cloud is None else dict(self.cloud),
            "timings_ms": self.timings_ms.as_dict(),
            "notes": list(self.notes),
            "schema": SCHEMA,
        }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
