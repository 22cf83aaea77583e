"""Open-ended questions: the confidence line under the grammar, then free text to a limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .contract import ANSWER_PREFIX
from .grammar import confidence_grammar, decode
from .reply_parser import read_confidence

if TYPE_CHECKING:
    from .engine import Engine

CONFIDENCE_TOKENS = 32  # far more than the line needs in any tokenization


@dataclass(frozen=True)
class OpenAssessment:
    """An open-ended answer. text: None until decoded. stop_reason: "stop", or "length" when the
    limit cut the text off. Times in milliseconds."""

    confidence: float | None
    text: str | None
    stop_reason: str
    decision_ms: float
    edge_ms: float


def assess_open(
    engine: Engine, text: str, *, wants_text: Callable[[float | None], bool] = lambda _: True,
    limit: int = 256, deadline_s: float | None = None,
) -> OpenAssessment:  # fmt: skip
    """Confidence in an answer to `text`, and the answer, of at most `limit` tokens, if it is wanted.

    Raises QuestionError if the question and the limit do not fit the context, DeadlineError.
    """
    user = engine.user_tokens(
        text, reply_tokens=limit + len(engine.plan.opening) + CONFIDENCE_TOKENS
    )
    with engine.turn(deadline_s):
        started = time.monotonic()
        grammar = confidence_grammar(engine.contract)
        line = decode(engine, user, grammar, limit=CONFIDENCE_TOKENS)
        confidence = read_confidence(line.text.partition(":")[2].strip())
        decision_ms = 1000 * (time.monotonic() - started)
        if not wants_text(confidence):
            return OpenAssessment(confidence, None, "stop", decision_ms, decision_ms)
        answer = decode(engine, user, None, limit=limit, reply=line.tokens)
        edge_ms = 1000 * (time.monotonic() - started)
    shown = answer.text.strip().removeprefix(ANSWER_PREFIX.strip()).strip()
    return OpenAssessment(confidence, shown, answer.stop_reason, decision_ms, edge_ms)
