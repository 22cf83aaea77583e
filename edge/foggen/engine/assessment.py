"""What the edge model says of one question."""

from __future__ import annotations

from dataclasses import dataclass, field

# What `Assessment.problem` can say. An answer can still be read where the format is unknown.
NON_FINITE, UNKNOWN_FORMAT = "non_finite", "unknown_format"


@dataclass(frozen=True)
class Assessment:
    """What the edge model says of one question. Probabilities and confidences are in [0, 1].

    confidence: the bucket of step-by-step decoding, None if the pass gave nothing usable
    (`problem` then says why). bucket_probabilities: joint, over the five buckets, summing to 1;
    expected_confidence is their mean. illegal_mass: probability outside the format at the worse of
    the two places. answer: position of the option, None until decoded. answer_probabilities: over
    the question's labels; coverage: their share of the whole probability where the label is due, None
    until decoded. A model that answers by its letters says no confidence, and has no buckets. Times are in
    milliseconds of wall time.
    """

    confidence: float | None
    expected_confidence: float | None
    bucket_probabilities: tuple[float, ...]
    illegal_mass: float
    prompt_tokens: int
    decision_ms: float
    answer: int | None = None
    answer_probabilities: tuple[float, ...] = ()
    coverage: float | None = None
    edge_ms: float = 0.0
    problem: str = ""
    bucket: int = 0
    ticket: object = field(default=None, repr=False, compare=False)
