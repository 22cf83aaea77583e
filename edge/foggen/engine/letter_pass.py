"""The pass of a model that was not trained to the contract: the question once, and its letter.

No confidence is said. What the letter's probability is worth is a calibration's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..calls.clock import milliseconds_since
from .assessment import NON_FINITE, UNKNOWN_FORMAT, Assessment
from .contract import MOST_ILLEGAL_MASS
from .readings import legal

if TYPE_CHECKING:
    from .engine import Engine


def read_letters(engine: Engine, user: Sequence[int], options: int, started: float) -> Assessment:
    """The assessment of a question by its letters, with the answer. Call it under the engine's turn.

    user: the question's tokens. options: how many letters are offered. started: the monotonic clock's
    reading from which times count.
    """
    plan, context = engine.plan, engine.context
    tokens, position = [*user, *plan.opening], len(plan.prefix)
    context.cut(position)
    ticket = engine.new_ticket()
    row = context.decode(tokens, position, [len(tokens) - 1])[0]
    total, elapsed = position + len(tokens), milliseconds_since(started)
    if not np.isfinite(row).all():
        return Assessment(None, None, (), 1.0, total, elapsed, problem=NON_FINITE, ticket=ticket)
    probabilities, others = legal(row, plan.labels[:options])
    return Assessment(
        confidence=None,
        expected_confidence=None,
        bucket_probabilities=(),
        illegal_mass=others,
        prompt_tokens=total,
        decision_ms=elapsed,
        answer=int(probabilities.argmax()),
        answer_probabilities=tuple(float(p) for p in probabilities),
        coverage=1.0 - others,
        problem=UNKNOWN_FORMAT if others > MOST_ILLEGAL_MASS else "",
        ticket=ticket,
    )
