"""What a user gets back: the answer, where it came from, and how sure the edge model was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .routing.rule import Route
from .store.models import ModelInfo

SCHEMA = 1


@dataclass(frozen=True)
class Timings:
    """Milliseconds of wall time. decision: until the confidence was known; edge: the edge model's
    whole part; cloud: the request; total: all of it."""

    decision: float = 0.0
    edge: float = 0.0
    cloud: float = 0.0
    total: float = 0.0

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 1) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Reply:
    """One question's answer.

    label: as the user wrote it, None for an open-ended answer (`text` then holds it), or when a dry
    run's edge model gave none. sure: the edge's confidence is at or above `tau`, whatever the mode;
    never true of a question that the edge was not asked. degraded: the cloud was wanted and could not
    be used; the answer is then the edge's own, though it was unsure. edge_answer: the edge's label, if
    it was decoded. model: None where only the cloud was asked. cloud: {"model", "latency_ms", "usage"}
    of the request, None if there was none. notes: what was odd about the question, as words for
    machines. hint: what would make a degraded answer a surer one. cloud_error: what the cloud's client
    raised, a `foggen_cloud.CloudError` if it is ours.
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
    hint: str = field(default="", compare=False)
    cloud_error: Exception | None = field(default=None, compare=False, repr=False)

    @property
    def doubtful(self) -> bool:
        """The answer is the edge's own and it is not sure of it, or wanted the cloud's instead."""
        return self.degraded or (self.cloud is None and not self.sure)

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of the command line, schema 1."""
        expected = self.expected_confidence
        return {
            "label": self.label,
            "text": self.text,
            "route": self.route,
            "confidence": self.confidence,
            "expected_confidence": None if expected is None else round(expected, 4),
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
