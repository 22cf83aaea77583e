"""The way of a multiple-choice question: the edge's assessment, the rule, perhaps the cloud.

Whatever the cloud does, the edge's own answer is not lost: it comes back marked as degraded.
"""

from __future__ import annotations

from dataclasses import replace

from .cloud_side import CloudFailed
from .engine import Assessment
from .errors import CloudRequiredError, DeadlineError, ModelFileError
from .question import Question
from .reply import Reply, Timings
from .routing import Decision, Mode, Route, decide, effective_tau
from .sides import Sides


def answer_choice(sides: Sides, asked: Question) -> Reply:
    """One question's reply. Raises as `Router.ask` does."""
    if sides.settings.mode is Mode.CLOUD_ONLY:
        return _cloud_alone(sides, asked, sides.tau, "cloud-only")
    tau = effective_tau(sides.tau, len(asked.options))
    try:
        assessment = sides.engine.assess(
            asked,
            wants_answer=lambda found: sides.keeps(found.confidence, tau),
            deadline_s=sides.settings.edge_deadline_s,
        )
    except DeadlineError as error:
        return _after_deadline(sides, asked, tau, error)
    decision = decide(assessment.confidence, tau, sides.settings.mode)
    reply = _edge_reply(sides, asked, assessment, decision, tau)
    if decision.route is Route.EDGE:
        if assessment.answer is None:
            raise ModelFileError(f"the edge model gave no answer ({assessment.problem})",
                                 hint="get the model again, or allow the cloud")  # fmt: skip
        return reply
    if sides.settings.mode is Mode.DRY_RUN:
        return replace(reply, reason=f"{decision.reason}, dry run: nothing was sent")
    try:
        return sides.cloud.choose(asked, reply)
    except CloudFailed as failure:
        return _degraded(sides, asked, assessment, reply, failure)


def _degraded(
    sides: Sides, asked: Question, assessment: Assessment, reply: Reply, failure: CloudFailed
) -> Reply:
    """The edge's own answer, marked; it was unsure, and the cloud failed."""
    assessment = sides.engine.answer(asked, assessment, deadline_s=sides.settings.edge_deadline_s)
    if assessment.answer is None:
        raise CloudRequiredError(f"no answer from the edge ({assessment.problem}) or the cloud"
                                 f" ({failure.reason})", hint=failure.hint)  # fmt: skip
    edge = _edge_reply(sides, asked, assessment, Decision(Route.EDGE, ""), reply.tau)
    reason = f"{reply.reason}, {failure.reason}"
    timings = replace(edge.timings_ms, cloud=failure.spent_ms)
    return replace(edge, degraded=True, reason=reason, timings_ms=timings, hint=failure.hint)


def _after_deadline(sides: Sides, asked: Question, tau: float, error: DeadlineError) -> Reply:
    """The edge was too slow: the cloud if it may be asked, else the error."""
    if sides.settings.mode is not Mode.AUTO or sides.cloud.cloud is None:
        raise DeadlineError(
            f"the edge model needed more than {sides.settings.edge_deadline_s} s",
            hint="allow more time, or configure a cloud",
        ) from error
    return _cloud_alone(sides, asked, tau, "edge deadline")


def _cloud_alone(sides: Sides, asked: Question, tau: float, reason: str) -> Reply:
    empty = Reply(None, None, Route.CLOUD, None, None, tau, False, reason, None, sides.info,
                  notes=asked.notes)  # fmt: skip
    try:
        return sides.cloud.choose(asked, empty)
    except CloudFailed as failure:
        raise failure.as_required() from failure.__cause__


def _edge_reply(
    sides: Sides, asked: Question, assessment: Assessment, decision: Decision, tau: float
) -> Reply:
    index = assessment.answer
    label = None if index is None else asked.labels[index]
    reason = f"{decision.reason} ({assessment.problem})" if assessment.problem else decision.reason
    return Reply(
        label=label,
        text=None if index is None else asked.options[index],
        route=decision.route,
        confidence=assessment.confidence,
        expected_confidence=assessment.expected_confidence,
        tau=tau,
        degraded=False,
        reason=reason,
        edge_answer=label,
        model=sides.info,
        timings_ms=Timings(assessment.decision_ms, assessment.edge_ms),
        notes=asked.notes,
    )
