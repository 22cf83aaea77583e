"""The facade: ask the edge model, then perhaps the cloud, and say which it was.

    from foggen import Router
    with Router.open() as router:
        reply = router.ask("2 + 2 = ?\nA. 3\nB. 4")

What a question becomes is the engine's business, where it goes is `routing.decide`'s, and the way
there is `routing/answering.py`'s. How a call waits, in its thread or in an event loop, is settled here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from .calls.cancelling import CancelToken
from .calls.clock import milliseconds_since
from .calls.workers import Workers
from .config import Settings, load_settings
from .engine.engine import Assessment, Engine
from .errors import CancelledError, FogGenError, NoQuestionError
from .question.question import Question, clean
from .reply import Reply
from .routing.answering import Answering, Asked, Pending
from .routing.cloud import Cloud, CloudFailed, CloudLink
from .routing.multiple_choice import Choice
from .routing.open_ended import OpenQuestion
from .routing.rule import Mode, parse_mode, parse_tau
from .store.models import ModelInfo, checked

T = TypeVar("T")


class Router:
    """Answers questions; safe to share between threads and event loops; a context manager.

    Make one with `Router.open`. Refuses use in a forked child. Every call takes `cancel`, a
    `CancelToken` that ends it from outside, whatever it is doing.
    """

    def __init__(
        self, engine: Engine, info: ModelInfo, settings: Settings, link: CloudLink
    ) -> None:
        tau = engine.contract.tau if settings.tau is None else settings.tau
        self.engine, self.info, self.settings, self.tau = engine, info, settings, tau
        self._link = link
        self._flow = Answering(engine, link, settings, info, tau)
        self._worker = Workers("foggen-edge", 1)  # for event loops; starts at the first `aask`
        self._calls: set[CancelToken] = set()

    @classmethod
    def open(
        cls,
        model: str | None = None,
        tau: float | str | None = None,
        mode: Mode | str | None = None,
        cloud: Cloud | None = None,
        trusted: bool = False,
        **options: Any,
    ) -> Router:
        """A router with a loaded model: the one in the box, unless `model` or the settings name one.

        model: "starter" or a GGUF file. tau: in [0, 1], the model's own if not given. mode: see
        `Mode`. cloud: in place of the settings' one; it is not closed with the router. trusted: the
        caller vouches for the file, which is then not loaded in a child process first. options:
        further fields of `Settings`.

        Raises ConfigurationError, ModelFileError, UsageError.
        """
        flags = dict(
            options,
            model=model,
            tau=None if tau is None else parse_tau(tau),
            mode=None if mode is None else parse_mode(mode),
        )
        settings = load_settings(flags)
        link = CloudLink(settings, cloud)
        name, path, digest = checked(settings.model, settings.home, trusted=trusted)
        engine = Engine(path, context=settings.context, threads=settings.threads)
        info = ModelInfo(name, digest, engine.contract.round)
        return cls(engine, info, settings, link)

    def __enter__(self) -> Router:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the calls under way, free the model and close the cloud's connections; twice is fine.

        Returns within seconds, also from a signal handler and while other threads ask: their calls
        raise.
        """
        self.engine.close()
        self._worker.close()
        self._link.close()

    def cancel(self) -> None:
        """End every call that is under way or waiting in this router: each raises CancelledError.

        To end a single one, give it a token: `ask(question, cancel=token)`, then `token.cancel()`.
        """
        for token in list(self._calls):
            token.cancel()

    def ask(
        self,
        question: str | bytes | Question,
        *,
        truncate: bool = False,
        cancel: CancelToken | None = None,
    ) -> Reply:
        """Answer a multiple-choice question.

        truncate: cut a stem that does not fit the context, never an option.

        Raises QuestionError, NoQuestionError; CloudRequiredError or KeyRefusedError where only the
        cloud may answer and does not; DeadlineError if the edge was too slow and nothing else is
        allowed to answer; CancelledError.
        """
        return self._answer(lambda: self._choice(question, truncate), cancel)

    async def aask(
        self,
        question: str | bytes | Question,
        *,
        truncate: bool = False,
        cancel: CancelToken | None = None,
    ) -> Reply:
        """`ask` without blocking the event loop. Cancelling the task ends the call at once, and the
        model is free for the next one.

        The model works in one thread of the router's own; the cloud is awaited, in none.
        """
        started = time.monotonic()
        with self._call(cancel) as call:
            try:
                step = await self._in_worker(
                    lambda: self._flow.edge(self._choice(question, truncate), call), call
                )
                if isinstance(step, Reply):
                    return _timed(step, started)
                try:
                    sent = await self._link.asent(step.asked.start(self._link), call)
                    return _timed(self._flow.answered(step, sent), started)
                except CloudFailed as error:
                    failure = error
                reply = await self._in_worker(
                    lambda: self._flow.degraded(step, failure, call), call
                )
                return _timed(reply, started)
            except BaseException:  # also asyncio's CancelledError
                call.cancel()
                raise

    def assess(
        self, question: str | bytes | Question, *, cancel: CancelToken | None = None
    ) -> Assessment:
        """The edge model's confidence and answer; no routing, nothing is sent."""
        with self._call(cancel) as call:
            deadline_s = self.settings.edge_deadline_s
            return self.engine.assess(_parsed(question), deadline_s=deadline_s, cancel=call)

    def ask_open(
        self, question: str | bytes, *, limit: int = 256, cancel: CancelToken | None = None
    ) -> Reply:
        """Answer a question without options, in at most `limit` tokens. Raises as `ask` does."""
        text, notes = clean(question)
        if not text.strip():
            raise NoQuestionError("no question", hint="the text is empty")
        return self._answer(lambda: OpenQuestion(text.strip(), limit, notes), cancel)

    def batch(
        self, rows: Iterable[Mapping[str, object]], *, cancel: CancelToken | None = None
    ) -> Iterator[dict[str, Any]]:
        """One result for each row ({"id", "question", "options"?}), in order: the reply's JSON with
        the row's id, or {"id", "error", "exit_code"} for a row that cannot be answered. Raises
        CancelledError."""
        for row in rows:
            try:
                result = self.ask(Question.from_row(row), cancel=cancel).as_dict()
            except CancelledError:
                raise
            except FogGenError as error:
                result = {"error": str(error), "exit_code": error.exit_code}
            yield {"id": row.get("id"), **result}

    def _answer(self, asked: Callable[[], Asked], cancel: CancelToken | None) -> Reply:
        started = time.monotonic()
        with self._call(cancel) as call:
            step = self._flow.edge(asked(), call)
            return _timed(step if isinstance(step, Reply) else self._by_cloud(step, call), started)

    def _by_cloud(self, step: Pending, call: CancelToken) -> Reply:
        try:
            sent = self._link.sent(step.asked.start(self._link), call)
            return self._flow.answered(step, sent)
        except CloudFailed as failure:
            return self._flow.degraded(step, failure, call)

    def _choice(self, question: str | bytes | Question, truncate: bool) -> Choice:
        parsed = _parsed(question)
        return Choice(self.engine.fitted(parsed) if truncate else parsed)

    @contextmanager
    def _call(self, cancel: CancelToken | None) -> Iterator[CancelToken]:
        """A token of this call alone, which the caller's and `Router.cancel` reach."""
        call = CancelToken()
        self._calls.add(call)
        try:
            if cancel is None:
                yield call
            else:
                with cancel.calling(call.cancel):
                    yield call
        finally:
            self._calls.discard(call)

    async def _in_worker(self, work: Callable[[], T], call: CancelToken) -> T:
        return await call.aresult(lambda: self._worker.submit(work))


def _parsed(question: str | bytes | Question) -> Question:
    return question if isinstance(question, Question) else Question.parse(question)


def _timed(reply: Reply, started: float) -> Reply:
    total = milliseconds_since(started)
    return replace(reply, timings_ms=replace(reply.timings_ms, total=total))
