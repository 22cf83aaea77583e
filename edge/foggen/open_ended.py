"""The way of an open-ended question: the confidence line under the grammar, then free text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .cloud_side import CloudFailed
from .contract import ANSWER_PREFIX
from .grammar import confidence_grammar, decode
from .reply import Reply, Timings
from .reply_parser import read_confidence
from .routing import Decision, Mode, Route, decide
from .sides import Sides

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


def answer_openly(sides: Sides, text: str, limit: int) -> Reply:
    """One question's reply, its own text of at most `limit` tokens. Raises as `Router.ask` does."""
    if sides.settings.mode is Mode.CLOUD_ONLY:
        nothing = OpenAssessment(None, None, "stop", 0.0, 0.0)
        try:
            return sides.cloud.answer_openly(
                text, _reply(sides, nothing, Decision(Route.CLOUD, "cloud-only"))
            )
        except CloudFailed as failure:
            raise failure.as_required() from failure.__cause__
    found = assess_open(
        sides.engine, text, limit=limit, deadline_s=sides.settings.edge_deadline_s,
        wants_text=lambda confidence: sides.keeps(confidence, sides.tau),
    )  # fmt: skip
    decision = _decide(sides, found)
    reply = _reply(sides, found, decision)
    if decision.route is Route.EDGE:
        return reply
    if sides.settings.mode is Mode.DRY_RUN:
        return replace(reply, reason=f"{decision.reason}, dry run: nothing was sent")
    try:
        return sides.cloud.answer_openly(text, reply)
    except CloudFailed as failure:
        return _degraded(sides, text, reply, limit, failure)


def _decide(sides: Sides, found: OpenAssessment) -> Decision:
    """The rule; an answer that the limit cut off is not kept where the cloud may be asked."""
    cut_off = found.text is not None and found.stop_reason == "length"
    if cut_off and sides.settings.mode is not Mode.EDGE_ONLY:
        return Decision(Route.CLOUD, "answer cut off at the limit")
    return decide(found.confidence, sides.tau, sides.settings.mode)


def _degraded(sides: Sides, text: str, reply: Reply, limit: int, failure: CloudFailed) -> Reply:
    """The edge's own text, marked; it was unsure, and the cloud failed."""
    if reply.text is None:
        deadline_s = sides.settings.edge_deadline_s
        found = assess_open(sides.engine, text, limit=limit, deadline_s=deadline_s)
        reply = replace(reply, text=found.text)
    timings = replace(reply.timings_ms, cloud=failure.spent_ms)
    reason = f"{reply.reason}, {failure.reason}"
    return replace(reply, route=Route.EDGE, degraded=True, reason=reason, timings_ms=timings,
                   hint=failure.hint)  # fmt: skip


def _reply(sides: Sides, found: OpenAssessment, decision: Decision) -> Reply:
    timings = Timings(found.decision_ms, found.edge_ms)
    return Reply(None, found.text, decision.route, found.confidence, None, sides.tau, False,
                 decision.reason, None, sides.info, timings_ms=timings)  # fmt: skip
