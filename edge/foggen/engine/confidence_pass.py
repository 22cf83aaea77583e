"""The pass of a model that was trained to the contract: its confidence, then its answer.

A question is prefilled in one call together with the forced `Confidence: ` and a speculative `0.`; two rows
of its logits give the bucket. Where the answer is wanted, the bucket's tail up to the label is decoded in a
second call, and the label is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..calls.clock import milliseconds_since
from ..question.question import Question
from .assessment import NON_FINITE, UNKNOWN_FORMAT, Assessment
from .contract import MOST_ILLEGAL_MASS
from .plan import TokenPlan
from .readings import legal, read_bucket

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .engine import Engine


def decide(engine: Engine, plan: TokenPlan, user: Sequence[int], started: float) -> Assessment:
    """The confidence, without the answer. Call it under the engine's turn.

    user: the question's tokens. started: the monotonic clock's reading from which times count.
    """
    tokens = [*user, *plan.opening, *plan.speculation]
    position = len(plan.prefix)
    engine.context.cut(position)
    ticket = engine.new_ticket()
    end = len(tokens) - len(plan.speculation) - 1  # the row that chooses between `0` and `1`
    rows = engine.context.decode(tokens, position, [end, len(tokens) - 1])
    total, elapsed = position + len(tokens), milliseconds_since(started)
    if not np.isfinite(rows).all():
        return Assessment(None, None, (), 1.0, total, elapsed, problem=NON_FINITE, ticket=ticket)
    reading = read_bucket(rows, plan.first, plan.second)
    buckets = engine.contract.buckets
    known = reading.illegal <= MOST_ILLEGAL_MASS
    return Assessment(
        confidence=buckets[reading.bucket] if known else None,
        expected_confidence=float(np.dot(reading.probabilities, buckets)) if known else None,
        bucket_probabilities=reading.probabilities,
        illegal_mass=reading.illegal,
        prompt_tokens=total,
        decision_ms=elapsed,
        problem="" if known else UNKNOWN_FORMAT,
        bucket=reading.bucket,
        ticket=ticket,
    )


def read_answer(
    engine: Engine, plan: TokenPlan, question: Question, assessment: Assessment
) -> Assessment:
    """The assessment with its answer, while the context still holds the question."""
    row = _decode_tail(engine, plan, assessment)
    if not np.isfinite(row).all():
        return replace(assessment, confidence=None, expected_confidence=None, problem=NON_FINITE)
    probabilities, others = legal(row, plan.labels[: len(question.options)])
    return replace(
        assessment,
        answer=int(probabilities.argmax()),
        answer_probabilities=tuple(float(p) for p in probabilities),
        coverage=1.0 - others,
    )


def _decode_tail(engine: Engine, plan: TokenPlan, assessment: Assessment) -> NDArray[np.float32]:
    """The logits where the label is due, after the rest of the reply up to there."""
    speculation, tail = plan.speculation, plan.tails[assessment.bucket]
    position = assessment.prompt_tokens
    if tail[: len(speculation)] == speculation:  # it is in the context already
        rest = tail[len(speculation) :]
    else:  # the bucket is 1.0
        rest, position = tail, position - len(speculation)
        engine.context.cut(position)
    rows = engine.context.decode(rest, position, [len(rest) - 1])
    engine.drop_ticket()  # the context now holds more than the question
    return rows.reshape(-1)
