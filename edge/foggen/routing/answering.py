"""The way of a question: the edge's assessment, the rule, perhaps the cloud. One flow for both kinds.

The kinds (`multiple_choice.Choice`, `open_ended.OpenQuestion`) bring what differs between them. Waiting
for the cloud is the router's part, as it may wait in a thread or in an event loop:

    step = flow.edge(asked, cancel)             # a Reply, or Pending where the cloud is to be asked
    sent = link.sent(step.start, cancel)        # or CloudFailed
    flow.answered(step, sent)                   # or flow.degraded(step, failure, cancel)

Whatever the cloud does, the edge's own answer is not lost: it comes back marked as degraded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ..calls.cancelling import CancelToken
from ..calls.clock import milliseconds_since
from ..config import Settings
from ..engine.engine import Engine
from ..errors import CloudRequiredError, DeadlineError, ModelFileError
from ..reply import Reply, Timings
from ..store.models import ModelInfo
from .cloud import CloudFailed, CloudLink, Sent
from .rule import Decision, Mode, Route, decide, effective_tau

if TYPE_CHECKING:
    from foggen_cloud import CloudAnswer

Start = Callable[[], "Future[CloudAnswer]"]


@dataclass(frozen=True)
class Found:
    """What the edge model found. label, text: None until they are decoded. problem: why something
    is missing. cut_off: the text ends where its limit was. assessment: the kind's own record.
    Times in milliseconds."""

    confidence: float | None
    expected_confidence: float | None
    label: str | None
    text: str | None
    problem: str
    cut_off: bool
    decision_ms: float
    edge_ms: float
    assessment: object


class Asked(Protocol):
    """A question of one kind."""

    @property
    def options(self) -> int:
        """How many there are, 0 for an open question."""

    @property
    def notes(self) -> tuple[str, ...]: ...

    def assess(
        self,
        engine: Engine,
        wants_answer: Callable[[float | None], bool],
        deadline_s: float,
        cancel: CancelToken,
    ) -> Found:
        """The edge's confidence, and its answer if that is wanted."""

    def finish(self, engine: Engine, found: Found, deadline_s: float, cancel: CancelToken) -> Found:
        """What was found, with the answer, decoded now if it was not."""

    def start(self, link: CloudLink) -> Start:
        """What sends the question. Raises CloudFailed if there is no cloud."""

    def chosen(self, answer: CloudAnswer) -> tuple[str | None, str]:
        """Label and text of the cloud's answer. Raises CloudFailed if it is none."""


@dataclass(frozen=True)
class Pending:
    """A question that the cloud is to answer. found: None if the edge was not asked, or too slow.
    reply: what is known of the reply so far."""

    asked: Asked
    found: Found | None
    reply: Reply


@dataclass(frozen=True)
class Answering:
    """The flow, with the settings in force."""

    engine: Engine
    link: CloudLink
    settings: Settings
    info: ModelInfo
    tau: float

    def edge(self, asked: Asked, cancel: CancelToken) -> Reply | Pending:
        """The edge's part: a reply, or what the cloud is to answer. Raises as `Router.ask` does."""
        started, mode = time.monotonic(), self.settings.mode
        tau = effective_tau(self.tau, asked.options)
        if mode is Mode.CLOUD_ONLY:
            return Pending(asked, None, self._without_edge(asked, tau, "cloud-only"))
        try:
            found = asked.assess(
                self.engine,
                lambda confidence: self._wants_answer(confidence, tau),
                self.settings.edge_deadline_s,
                cancel,
            )
        except DeadlineError as error:
            if mode is not Mode.AUTO or self.link.client is None:
                error.hint = "allow more time, or configure a cloud"
                raise
            spent_ms = milliseconds_since(started)
            return Pending(asked, None, self._without_edge(asked, tau, "edge deadline", spent_ms))
        decision = self._decide(found, tau)
        reply = self._reply(asked, found, decision, tau)
        if decision.route is Route.CLOUD and mode is not Mode.DRY_RUN:
            return Pending(asked, found, reply)
        if decision.route is Route.CLOUD:
            return replace(reply, reason=f"{decision.reason}, dry run: nothing was sent")
        if found.text is None:
            raise ModelFileError(
                f"the edge model gave no answer ({found.problem})",
                hint="get the model again, or allow the cloud",
            )
        return reply

    def answered(self, pending: Pending, sent: Sent) -> Reply:
        """The reply with the cloud's answer in it. Raises CloudFailed if that is no answer."""
        try:
            label, text = pending.asked.chosen(sent.answer)
            described = sent.described()
        except CloudFailed as failure:
            failure.spent_ms = sent.spent_ms
            raise
        except Exception as error:  # a client that returns something else
            hint = f"the cloud's client returned {type(sent.answer).__name__}"
            raise CloudFailed("cloud: unreadable", hint, sent.spent_ms) from error
        timings = replace(pending.reply.timings_ms, cloud=sent.spent_ms)
        return replace(pending.reply, label=label, text=text, cloud=described, timings_ms=timings)

    def degraded(self, pending: Pending, failure: CloudFailed, cancel: CancelToken) -> Reply:
        """The edge's own answer, marked: it was unsure, and the cloud failed. Raises
        CloudRequiredError or KeyRefusedError if the edge has no answer."""
        if pending.found is None:
            raise failure.as_required() from failure.__cause__
        found = pending.asked.finish(
            self.engine, pending.found, self.settings.edge_deadline_s, cancel
        )
        if found.text is None:
            raise CloudRequiredError(
                f"no answer from the edge ({found.problem}) or the cloud ({failure.reason})",
                hint=failure.hint,
            )
        decision = Decision(Route.EDGE, pending.reply.reason)
        reply = self._reply(pending.asked, found, decision, pending.reply.tau)
        return replace(
            reply,
            degraded=True,
            reason=f"{pending.reply.reason}, {failure.reason}",
            timings_ms=replace(reply.timings_ms, cloud=failure.spent_ms),
            hint=failure.hint,
        )

    def _wants_answer(self, confidence: float | None, tau: float) -> bool:
        """Whether the edge's answer will be needed: it is kept, shown, or nothing else can answer."""
        mode = self.settings.mode
        kept = decide(confidence, tau, mode).route is Route.EDGE
        return kept or mode is Mode.DRY_RUN or self.link.client is None

    def _decide(self, found: Found, tau: float) -> Decision:
        """The rule; an answer that the limit cut off is not kept where the cloud may be asked."""
        if found.cut_off and self.settings.mode is not Mode.EDGE_ONLY:
            return Decision(Route.CLOUD, "answer cut off at the limit")
        decision = decide(found.confidence, tau, self.settings.mode)
        reason = f"{decision.reason} ({found.problem})" if found.problem else decision.reason
        return replace(decision, reason=reason)

    def _without_edge(self, asked: Asked, tau: float, reason: str, spent_ms: float = 0.0) -> Reply:
        nothing = Found(None, None, None, None, "", False, 0.0, spent_ms, None)
        return self._reply(asked, nothing, Decision(Route.CLOUD, reason), tau)

    def _reply(self, asked: Asked, found: Found, decision: Decision, tau: float) -> Reply:
        return Reply(
            label=found.label,
            text=found.text,
            route=decision.route,
            confidence=found.confidence,
            expected_confidence=found.expected_confidence,
            tau=tau,
            sure=found.confidence is not None and found.confidence >= tau,
            degraded=False,
            reason=decision.reason,
            edge_answer=found.label,
            model=self.info,
            timings_ms=Timings(found.decision_ms, found.edge_ms),
            notes=asked.notes,
        )
