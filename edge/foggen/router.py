"""The facade: ask the edge model, then perhaps the cloud, and say which it was.

    from foggen import Router
    with Router.open() as router:
        reply = router.ask("2 + 2 = ?\\nA. 3\\nB. 4")

What a question becomes is the engine's business, where it goes is `routing.decide`'s; here the two
are put together, and whatever the cloud does, the edge's own answer is not lost.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from .config import Settings, load_settings
from .engine import Assessment, Engine
from .errors import (
    CloudRequiredError,
    DeadlineError,
    FogGenError,
    KeyRefusedError,
    ModelFileError,
    NoQuestionError,
    QuestionError,
)
from .models import ModelInfo, checked
from .open_ended import OpenAssessment, assess_open
from .question import Question, clean
from .reply import Reply, Timings
from .routing import Decision, Mode, Route, decide, effective_tau, parse_mode, parse_tau

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foggen_cloud import CloudAnswer, CloudError

NO_CLOUD = "no cloud configured"
OFFLINE = "offline"


class Cloud(Protocol):
    """What the router needs of a cloud; `foggen_cloud.CloudClient` is one, tests bring their own."""

    def ask(
        self, question_text: str, labels: Sequence[str], options: Sequence[str], *,
        deadline_s: float | None = None,
    ) -> CloudAnswer: ...  # fmt: skip

    def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer: ...

    def close(self) -> None: ...


class Router:
    """Answers questions; safe to share between threads; a context manager.

    Make one with `Router.open`. Refuses use in a forked child.
    """

    def __init__(
        self, engine: Engine, info: ModelInfo, settings: Settings, cloud: Cloud | None
    ) -> None:
        self.engine, self.info, self.settings = engine, info, settings
        self.tau = engine.contract.tau if settings.tau is None else settings.tau
        self._cloud = cloud

    @classmethod
    def open(
        cls, model: str | None = None, tau: float | str | None = None, mode: Mode | str | None = None,
        cloud: Cloud | None = None, **options: Any,
    ) -> Router:  # fmt: skip
        """A router with a loaded model: the one in the box, unless `model` or the settings name one.

        model: "starter" or a GGUF file. tau: in [0, 1], the model's own if not given. mode: see
        `Mode`. cloud: in place of the settings' one. options: further fields of `Settings`.

        Raises ConfigurationError, ModelFileError, UsageError.
        """
        flags = dict(options, model=model, tau=None if tau is None else parse_tau(tau),
                     mode=None if mode is None else parse_mode(mode))  # fmt: skip
        settings = load_settings(flags)
        name, path, digest = checked(settings.model, settings.home)
        engine = Engine(path, context=settings.context, threads=settings.threads)
        info = ModelInfo(name, digest, engine.contract.round)
        chosen = None if settings.offline else cloud or _cloud_of(settings)
        return cls(engine, info, settings, chosen)

    def __enter__(self) -> Router:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the model and close the cloud's connections."""
        self.engine.close()
        if self._cloud is not None:
            self._cloud.close()

    def cancel(self) -> None:
        """End the edge's part of a call under way in another thread; that call raises."""
        self.engine.cancel()

    def ask(self, question: str | bytes | Question, *, truncate: bool = False) -> Reply:
        """Answer a multiple-choice question.

        truncate: cut a stem that does not fit the context, never an option.

        Raises QuestionError, NoQuestionError; CloudRequiredError or KeyRefusedError where only the
        cloud may answer and does not; DeadlineError if the edge was too slow and nothing else is
        allowed to answer.
        """
        started = time.monotonic()
        asked = question if isinstance(question, Question) else Question.parse(question)
        if truncate:
            asked = self.engine.fitted(asked)
        if self.settings.mode is Mode.CLOUD_ONLY:
            return _timed(self._ask_cloud_only(asked), started)
        tau = effective_tau(self.tau, len(asked.options))
        return _timed(self._ask_edge_first(asked, tau), started)

    async def aask(self, question: str | bytes | Question, *, truncate: bool = False) -> Reply:
        """`ask` without blocking the event loop; the work is done in a thread."""
        return await asyncio.to_thread(self.ask, question, truncate=truncate)

    def assess(self, question: str | bytes | Question) -> Assessment:
        """The edge model's confidence and answer; no routing, nothing is sent."""
        asked = question if isinstance(question, Question) else Question.parse(question)
        return self.engine.assess(asked, deadline_s=self.settings.edge_deadline_s)

    def ask_open(self, question: str | bytes, *, limit: int = 256) -> Reply:
        """Answer a question without options, in at most `limit` tokens. Raises as `ask` does."""
        started = time.monotonic()
        text, notes = clean(question)
        if not text.strip():
            raise NoQuestionError("no question", hint="the text is empty")
        return _timed(replace(self._ask_open(text.strip(), limit), notes=notes), started)

    def batch(self, rows: Iterable[Mapping[str, object]]) -> Iterator[dict[str, Any]]:
        """One result for each row ({"id", "question", "options"?}), in order: the reply's JSON with
        the row's id, or {"id", "error", "exit_code"} for a row that cannot be answered."""
        for row in rows:
            try:
                result = self.ask(Question.from_row(row)).as_dict()
            except FogGenError as error:
                result = {"error": str(error), "exit_code": error.exit_code}
            yield {"id": row.get("id"), **result}

    # The way of a multiple-choice question

    def _ask_edge_first(self, asked: Question, tau: float) -> Reply:
        try:
            assessment = self.engine.assess(
                asked,
                wants_answer=lambda found: self._keeps(found.confidence, tau),
                deadline_s=self.settings.edge_deadline_s,
            )
        except DeadlineError as error:
            return self._after_deadline(asked, tau, error)
        decision = decide(assessment.confidence, tau, self.settings.mode)
        reply = self._edge_reply(asked, assessment, decision, tau)
        if decision.route is Route.EDGE:
            if assessment.answer is None:
                raise ModelFileError(f"the edge model gave no answer ({assessment.problem})",
                                     hint="get the model again, or allow the cloud")  # fmt: skip
            return reply
        if self.settings.mode is Mode.DRY_RUN:
            return replace(reply, reason=f"{decision.reason}, dry run: nothing was sent")
        return self._ask_cloud(asked, assessment, reply)

    def _keeps(self, confidence: float | None, tau: float) -> bool:
        """Whether the edge's answer will be needed: it is kept, shown, or nothing else can answer."""
        mode = self.settings.mode
        kept = decide(confidence, tau, mode).route is Route.EDGE
        return kept or mode is Mode.DRY_RUN or self._cloud is None

    def _ask_cloud(self, asked: Question, assessment: Assessment, reply: Reply) -> Reply:
        try:
            answer, spent_ms = self._send(asked)
        except _CloudFailed as failure:
            return self._degraded(asked, assessment, reply, failure)
        return _from_cloud(reply, asked, answer, spent_ms)

    def _degraded(
        self, asked: Question, assessment: Assessment, reply: Reply, failure: _CloudFailed
    ) -> Reply:
        """The edge's own answer, marked; it was unsure, and the cloud failed."""
        assessment = self.engine.answer(asked, assessment, deadline_s=self.settings.edge_deadline_s)
        if assessment.answer is None:
            raise CloudRequiredError(f"no answer from the edge ({assessment.problem}) or the cloud"
                                     f" ({failure.reason})", hint=failure.hint)  # fmt: skip
        edge = self._edge_reply(asked, assessment, Decision(Route.EDGE, ""), reply.tau)
        reason = f"{reply.reason}, {failure.reason}"
        timings = replace(edge.timings_ms, cloud=failure.spent_ms)
        return replace(edge, degraded=True, reason=reason, timings_ms=timings, hint=failure.hint)

    def _after_deadline(self, asked: Question, tau: float, error: DeadlineError) -> Reply:
        """The edge was too slow: the cloud if it may be asked, else the error."""
        if self.settings.mode is not Mode.AUTO or self._cloud is None:
            raise DeadlineError(
                f"the edge model needed more than {self.settings.edge_deadline_s} s",
                hint="allow more time, or configure a cloud",
            ) from error
        return self._cloud_alone(asked, tau, "edge deadline")

    def _ask_cloud_only(self, asked: Question) -> Reply:
        return self._cloud_alone(asked, self.tau, "cloud-only")

    def _cloud_alone(self, asked: Question, tau: float, reason: str) -> Reply:
        try:
            answer, spent_ms = self._send(asked)
        except _CloudFailed as failure:
            raise failure.as_required() from failure.__cause__
        empty = Reply(
            None,
            None,
            Route.CLOUD,
            None,
            None,
            tau,
            False,
            reason,
            None,
            self.info,
            notes=asked.notes,
        )
        return _from_cloud(empty, asked, answer, spent_ms)

    def _send(self, asked: Question) -> tuple[CloudAnswer, float]:
        from .plan import MODEL_LABELS

        labels = MODEL_LABELS[: len(asked.options)]
        return self._sent(lambda cloud, deadline_s: cloud.ask(
            asked.text(), labels, asked.options, deadline_s=deadline_s))  # fmt: skip

    def _sent(self, request: Any) -> tuple[CloudAnswer, float]:
        """One request's answer and its milliseconds; _CloudFailed whatever goes wrong."""
        if self._cloud is None:
            if self.settings.offline:
                raise _CloudFailed(OFFLINE, "unset FOGGEN_OFFLINE", 0.0)
            raise _CloudFailed(NO_CLOUD, "set FOGGEN_CLOUD_URL and FOGGEN_CLOUD_MODEL", 0.0)
        from foggen_cloud import CloudError

        started = time.monotonic()
        try:
            answer = request(self._cloud, self.settings.cloud_deadline_s)
        except CloudError as error:
            raise _CloudFailed.of(error, 1000 * (time.monotonic() - started)) from error
        return answer, 1000 * (time.monotonic() - started)

    def _edge_reply(
        self, asked: Question, assessment: Assessment, decision: Decision, tau: float
    ) -> Reply:
        index = assessment.answer
        label = None if index is None else asked.labels[index]
        reason = (
            f"{decision.reason} ({assessment.problem})" if assessment.problem else decision.reason
        )
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
            model=self.info,
            timings_ms=Timings(assessment.decision_ms, assessment.edge_ms),
            notes=asked.notes,
        )

    # The way of an open-ended question

    def _ask_open(self, text: str, limit: int) -> Reply:
        if self.settings.mode is Mode.CLOUD_ONLY:
            return self._open_cloud(text, self._open_reply(OpenAssessment(None, None, "stop", 0.0, 0.0),
                                                           Decision(Route.CLOUD, "cloud-only")), None)  # fmt: skip
        found = assess_open(
            self.engine, text, limit=limit, deadline_s=self.settings.edge_deadline_s,
            wants_text=lambda confidence: self._keeps(confidence, self.tau),
        )  # fmt: skip
        decision = decide(found.confidence, self.tau, self.settings.mode)
        cut_off = found.text is not None and found.stop_reason == "length"
        if cut_off and self.settings.mode is not Mode.EDGE_ONLY:
            decision = Decision(Route.CLOUD, "answer cut off at the limit")
        reply = self._open_reply(found, decision)
        if decision.route is Route.EDGE:
            return reply
        if self.settings.mode is Mode.DRY_RUN:
            return replace(reply, reason=f"{decision.reason}, dry run: nothing was sent")
        return self._open_cloud(text, reply, limit)

    def _open_cloud(self, text: str, reply: Reply, limit: int | None) -> Reply:
        try:
            answer, spent_ms = self._sent(lambda cloud, s: cloud.ask_open(text, deadline_s=s))
        except _CloudFailed as failure:
            if limit is None:
                raise failure.as_required() from failure.__cause__
            return self._open_degraded(text, reply, limit, failure)
        timings = replace(reply.timings_ms, cloud=spent_ms)
        return replace(reply, text=answer.text, cloud=_cloud_dict(answer), timings_ms=timings)

    def _open_degraded(self, text: str, reply: Reply, limit: int, failure: _CloudFailed) -> Reply:
        if reply.text is None:
            found = assess_open(
                self.engine, text, limit=limit, deadline_s=self.settings.edge_deadline_s
            )
            reply = replace(reply, text=found.text)
        timings = replace(reply.timings_ms, cloud=failure.spent_ms)
        reason = f"{reply.reason}, {failure.reason}"
        return replace(reply, route=Route.EDGE, degraded=True, reason=reason, timings_ms=timings,
                       hint=failure.hint)  # fmt: skip

    def _open_reply(self, found: OpenAssessment, decision: Decision) -> Reply:
        timings = Timings(found.decision_ms, found.edge_ms)
        return Reply(None, found.text, decision.route, found.confidence, None, self.tau, False,
                     decision.reason, None, self.info, timings_ms=timings)  # fmt: skip


class _CloudFailed(Exception):
    """Why the cloud's answer is not there; never leaves this module."""

    def __init__(self, reason: str, hint: str, spent_ms: float, key_refused: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.hint, self.spent_ms, self.key_refused = (
            reason,
            hint,
            spent_ms,
            key_refused,
        )

    @classmethod
    def of(cls, error: CloudError, spent_ms: float) -> _CloudFailed:
        return cls(f"cloud: {error.kind}", error.hint, spent_ms, key_refused=error.kind == "auth")

    def as_required(self) -> FogGenError:
        """The error where only the cloud may answer."""
        if self.key_refused:
            return KeyRefusedError("the cloud refused the key", hint=self.hint)
        return CloudRequiredError(f"the cloud's answer is required ({self.reason})", hint=self.hint)


def _from_cloud(reply: Reply, asked: Question, answer: CloudAnswer, spent_ms: float) -> Reply:
    index = answer.label_index
    if index is None:  # the client promises one for a multiple-choice question
        raise QuestionError("the cloud named no option")
    return replace(
        reply, label=asked.labels[index], text=asked.options[index], route=Route.CLOUD,
        cloud=_cloud_dict(answer), timings_ms=replace(reply.timings_ms, cloud=spent_ms),
    )  # fmt: skip


def _cloud_dict(answer: CloudAnswer) -> dict[str, Any]:
    return {
        "model": answer.model,
        "latency_ms": round(answer.latency_ms, 1),
        "usage": dict(answer.usage),
    }


def _timed(reply: Reply, started: float) -> Reply:
    total = 1000 * (time.monotonic() - started)
    return replace(reply, timings_ms=replace(reply.timings_ms, total=total))


def _cloud_of(settings: Settings) -> Cloud | None:
    """The settings' cloud; no HTTP client is imported where none may be used."""
    if not settings.has_cloud or settings.mode in (Mode.EDGE_ONLY, Mode.DRY_RUN):
        return None
    from foggen_cloud import CloudClient, CloudSettings, ConfigError

    from .errors import ConfigurationError

    try:
        return CloudClient(
            CloudSettings(settings.cloud_url, settings.cloud_model, settings.cloud_key)
        )
    except ConfigError as error:
        raise ConfigurationError(str(error)) from error
