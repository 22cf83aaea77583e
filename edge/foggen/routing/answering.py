"""The flow of a question: the edge's assessment, the rule, and the cloud if it is needed.

Both kinds of question (`multiple_choice.Choice`, `open_ended.OpenQuestion`) follow it, and
implement the steps in which they differ. `running.py` waits for the cloud, in a thread or in an
event loop:

    step = flow.edge(asked, call)                     # a Reply, or Pending if the cloud is needed
    sent = link.sent(step.asked.start(link), call)    # or CloudFailed
    flow.answered(step, sent)                         # or flow.degraded(step, failure, call)

Whatever the cloud does, the edge's own answer is not lost: it is returned, marked as degraded.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ..calls.call import Call
from ..calls.clock import milliseconds_since
from ..config import Settings
from ..errors import CloudRequiredError, DeadlineError, ModelFileError
from ..reply import Reply, Timings
from ..store.models import ModelInfo
from .cloud import CloudFailed, CloudLink, Sent, Start
from .edge import Edge
from .rule import Decision, Mode, Route, decide

if TYPE_CHECKING:
    from foggen_cloud import CloudAnswer

    from ..engine.contract import Contract


CUT_OFF = "answer cut off at the limit"
NOTHING_SENT = "dry run: nothing was sent"


@dataclass(frozen=True)
class Found:
    """The edge model's findings. label, text: None until they are decoded. problem: why something
    is missing. cut_off: whether the limit cut off the text. p_right: the calibrated probability that
    the answer is right; None without a calibration, or before the answer is decoded. compared: the
    number that is compared with tau, None if there is none. letter_probability: of the edge's best letter
    among the offered ones, and coverage: the share of all probability that is on the offered letters; None
    before the answer is decoded. assessment: the engine's record of the
    question. Times are in milliseconds."""

    confidence: float | None = None
    expected_confidence: float | None = None
    label: str | None = None
    text: str | None = None
    problem: str = ""
    cut_off: bool = False
    decision_ms: float = 0.0
    edge_ms: float = 0.0
    p_right: float | None = None
    compared: float | None = None
    letter_probability: float | None = None
    coverage: float | None = None
    assessment: object = None


class Asked(Protocol):
    """A question of either kind."""

    @property
    def options(self) -> int:
        """The number of options, 0 for an open-ended question."""

    @property
    def notes(self) -> tuple[str, ...]: ...

    @property
    def is_streamed(self) -> bool:
        """Whether the answer is delivered piece by piece, and so cannot be taken back."""

    @property
    def calibrated_on(self) -> int | None:
        """The number of questions of the calibration, None without one."""

    @property
    def measure(self) -> str:
        """The name of the number that is compared with tau."""

    def threshold(self, given: float | None, own: float) -> float:
        """The tau in force. given: by the user; own: of the model's contract."""

    def unsuited(self, contract: Contract) -> str:
        """Why a model of this contract cannot answer; empty if it can."""

    def assess(self, edge: Edge, tau: float, always: bool, deadline_s: float, call: Call) -> Found:
        """Ask the edge for its confidence, and for its answer if that may be kept at `tau`, or
        `always`."""

    def finish(self, edge: Edge, found: Found, deadline_s: float, call: Call) -> Found:
        """Decode the answer, unless `found` already has it."""

    def start(self, link: CloudLink) -> Start:
        """A function that sends the question. Raises CloudFailed if there is no cloud."""

    def chosen(self, answer: CloudAnswer) -> tuple[str | None, str]:
        """The label and text of the cloud's answer. Raises CloudFailed if it is not usable."""


@dataclass(frozen=True)
class Pending:
    """A question for the cloud. found: None if the edge was not asked or was too slow. reply: the
    reply as far as it is known."""

    asked: Asked
    found: Found | None
    reply: Reply


@dataclass(frozen=True)
class Answering:
    """The flow of one router. model, info: None if only the cloud is asked. own_tau: the tau of the
    model's contract."""

    model: Edge | None
    info: ModelInfo | None
    link: CloudLink
    settings: Settings
    own_tau: float

    def edge(self, asked: Asked, call: Call) -> Reply | Pending:
        """Ask the edge. Returns a reply, or the work left for the cloud. Raises as `Router.ask`."""
        started, mode = time.monotonic(), self.settings.mode
        tau = asked.threshold(self.settings.tau, self.own_tau)
        if self.model is None or mode is Mode.CLOUD_ONLY:
            return self._without_edge(asked, tau, "cloud-only")
        if problem := asked.unsuited(self.model.contract):
            return self._unsuited(asked, tau, problem)
        try:
            found = asked.assess(
                self.model,
                tau,
                self._always_wants_answer(),
                call.within(self.settings.edge_deadline_s),
                call,
            )
        except DeadlineError as error:
            if mode is not Mode.AUTO or self.link.client is None:
                error.hint = "allow more time, or configure a cloud"
                raise
            return self._without_edge(asked, tau, "edge deadline", milliseconds_since(started))
        return self._routed(asked, found, tau)

    def _routed(self, asked: Asked, found: Found, tau: float) -> Reply | Pending:
        """The edge's answer, unless the rule prefers the cloud's."""
        decision = self._decide(asked, found, tau)
        reply = self._reply(asked, found, decision, tau)
        if decision.route is Route.CLOUD and self.settings.mode is not Mode.DRY_RUN:
            return Pending(asked, found, reply)
        if decision.route is Route.CLOUD:
            return replace(reply, reason=f"{decision.reason}, {NOTHING_SENT}")
        if found.text is None:
            raise ModelFileError(
                f"the edge model gave no answer ({found.problem})",
                hint="pull the model again, or allow the cloud",
            )
        return reply

    def answered(self, pending: Pending, sent: Sent) -> Reply:
        """The reply with the cloud's answer. Raises CloudFailed if the answer is not usable."""
        try:
            label, text = pending.asked.chosen(sent.answer)
            described = sent.described()
        except CloudFailed as failure:
            failure.spent_ms = sent.spent_ms
            raise
        except Exception as error:  # the client returned something else
            hint = f"the cloud's client returned {type(sent.answer).__name__}"
            raise CloudFailed("cloud: unreadable", hint, sent.spent_ms) from error
        timings = replace(pending.reply.timings_ms, cloud=sent.spent_ms)
        return replace(pending.reply, label=label, text=text, cloud=described, timings_ms=timings)

    def degraded(self, pending: Pending, failure: CloudFailed, call: Call) -> Reply:
        """The edge's own answer, marked as degraded because the cloud failed. Raises
        CloudRequiredError or KeyRefusedError if the edge has no answer."""
        if self.model is None or pending.found is None:
            raise failure.as_required() from failure.__cause__
        found = pending.found
        if found.text is None:
            deadline_s = call.within(self.settings.edge_deadline_s)
            found = pending.asked.finish(self.model, found, deadline_s, call)
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
            cloud_error=failure.error,
        )

    def _always_wants_answer(self) -> bool:
        """Whether the edge's answer is needed even if it is not kept: it is shown, or nothing else can
        answer."""
        return self.settings.mode in (Mode.EDGE_ONLY, Mode.DRY_RUN) or self.link.client is None

    def _decide(self, asked: Asked, found: Found, tau: float) -> Decision:
        """Apply the rule. If the cloud may be asked, an answer that the limit cut off is not kept,
        unless it was already streamed."""
        if found.cut_off and self.settings.mode is not Mode.EDGE_ONLY and not asked.is_streamed:
            return Decision(Route.CLOUD, CUT_OFF)
        decision = decide(found.compared, tau, self.settings.mode, asked.measure)
        problem = found.problem or (CUT_OFF if found.cut_off else "")
        reason = f"{decision.reason} ({problem})" if problem else decision.reason
        return replace(decision, reason=reason)

    def _unsuited(self, asked: Asked, tau: float, problem: str) -> Reply | Pending:
        """Leave a question that the model cannot answer to the cloud. Raises CloudRequiredError if it may
        not be asked."""
        mode, pending = self.settings.mode, self._without_edge(asked, tau, problem)
        if mode is Mode.DRY_RUN:
            return replace(pending.reply, reason=f"{problem}, {NOTHING_SENT}")
        if mode is Mode.EDGE_ONLY or self.link.client is None:
            raise CloudRequiredError(problem, hint="give its options, or let a cloud answer")
        return pending

    def _without_edge(
        self, asked: Asked, tau: float, reason: str, spent_ms: float = 0.0
    ) -> Pending:
        decision = Decision(Route.CLOUD, reason)
        return Pending(asked, None, self._reply(asked, Found(edge_ms=spent_ms), decision, tau))

    def _reply(self, asked: Asked, found: Found, decision: Decision, tau: float) -> Reply:
        return Reply(
            label=found.label,
            text=found.text,
            route=decision.route,
            confidence=found.confidence,
            expected_confidence=found.expected_confidence,
            tau=tau,
            p_right=found.p_right,
            calibrated_on=asked.calibrated_on,
            letter_probability=found.letter_probability,
            coverage=found.coverage,
            sure=found.compared is not None and found.compared >= tau,
            degraded=False,
            reason=decision.reason,
            edge_answer=found.label,
            model=self.info,
            timings_ms=Timings(found.decision_ms, found.edge_ms),
            notes=asked.notes,
        )
