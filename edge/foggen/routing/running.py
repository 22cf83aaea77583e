"""Running calls in the caller's thread or from an event loop, with tokens, deadlines and stages.

The logger "foggen" records where answers come from, and never what was asked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from ..calls.call import Call
from ..calls.cancelling import CancelToken
from ..calls.clock import milliseconds_since
from ..calls.workers import Workers
from ..errors import CancelledError, FogGenError
from ..reply import Reply
from ..stages import AskingCloud, Assessed, OnStage, Replied
from .answering import Answering, Asked, Pending
from .cloud import CloudFailed, CloudLink, Start

T = TypeVar("T")
log = logging.getLogger("foggen")
log.addHandler(logging.NullHandler())  # silent unless the application sets up logging


@dataclass(frozen=True)
class Options:
    """The options of every call; see `Router`."""

    cancel: CancelToken | None = None
    deadline_s: float | None = None
    on_stage: OnStage | None = None


class Calls:
    """The calls of one router."""

    def __init__(self, flow: Answering, link: CloudLink) -> None:
        self._flow, self._link = flow, link
        self._worker = Workers("foggen-edge", 1)  # for event loops; starts at the first call
        self._tokens: set[CancelToken] = set()
        self._ended: set[CancelToken] = set()  # of the calls that closing the router ended
        self.closed = False

    def check_open(self) -> None:
        """Raise FogGenError if the router was closed."""
        if self.closed:
            raise FogGenError("this router was closed", hint="open a new one")

    def cancel(self) -> None:
        """Cancel every call that is running or waiting."""
        for token in list(self._tokens):
            token.cancel()

    def close(self) -> None:
        """Cancel every call, and end the thread."""
        self._ended.update(token for token in list(self._tokens) if not token.cancelled)
        self.cancel()
        self._worker.close()

    def answer(self, asked: Callable[[], Asked], options: Options) -> Reply:
        """Answer a question in the caller's thread."""
        with self.call(options) as call:
            step = self._flow.edge(asked(), call)
            _tell_assessed(step, options.on_stage)
            if isinstance(step, Reply):
                return _finished(step, call, options.on_stage)
            try:
                start = self._start(step, options.on_stage)
                reply = self._flow.answered(step, self._link.sent(start, call))
            except CloudFailed as failure:
                _log_failure(failure)
                reply = self._flow.degraded(step, failure, call)
            return _finished(reply, call, options.on_stage)

    async def aanswer(self, asked: Callable[[], Asked], options: Options) -> Reply:
        """Answer a question from an event loop: the model runs in a thread, the cloud is awaited."""
        with self.call(options) as call:
            try:
                step = await self._in_worker(lambda: self._flow.edge(asked(), call), call)
                _tell_assessed(step, options.on_stage)
                if isinstance(step, Reply):
                    return _finished(step, call, options.on_stage)
                try:
                    start = self._start(step, options.on_stage)
                    sent = await self._link.asent(start, call)
                    return _finished(self._flow.answered(step, sent), call, options.on_stage)
                except CloudFailed as error:
                    failure = error
                _log_failure(failure)
                reply = await self._in_worker(
                    lambda: self._flow.degraded(step, failure, call), call
                )
                return _finished(reply, call, options.on_stage)
            except BaseException:  # also asyncio's CancelledError
                call.token.cancel()
                raise

    @contextmanager
    def call(self, options: Options) -> Iterator[Call]:
        """A call with a token of its own, which the caller's token and `cancel` cancel."""
        call = Call(CancelToken(), options.deadline_s)
        self._tokens.add(call.token)
        try:
            self.check_open()  # after the token is known, so that closing misses no call
            if options.cancel is None:
                yield call
            else:
                with options.cancel.calling(call.token.cancel):
                    yield call
        except CancelledError:
            if call.token in self._ended:
                self.check_open()
            raise
        finally:
            self._tokens.discard(call.token)
            self._ended.discard(call.token)

    def _start(self, step: Pending, on_stage: OnStage | None) -> Start:
        """A function that sends the question. Raises CloudFailed if there is no cloud."""
        start = step.asked.start(self._link)
        if on_stage is not None:
            on_stage(AskingCloud(step.reply.reason))
        return start

    async def _in_worker(self, work: Callable[[], T], call: Call) -> T:
        return await call.token.aresult(lambda: self._worker.submit(work))


def _tell_assessed(step: Reply | Pending, on_stage: OnStage | None) -> None:
    """Report the edge model's confidence, unless it was not asked or was too slow."""
    if on_stage is None or (isinstance(step, Pending) and step.found is None):
        return
    reply = step if isinstance(step, Reply) else step.reply
    expected, decision_ms = reply.expected_confidence, reply.timings_ms.decision
    on_stage(Assessed(reply.confidence, expected, reply.edge_answer, decision_ms))


def _finished(reply: Reply, call: Call, on_stage: OnStage | None) -> Reply:
    """The reply, completed with the time of the whole call."""
    total = milliseconds_since(call.started)
    reply = replace(reply, timings_ms=replace(reply.timings_ms, total=total))
    log.debug(
        "%s: %s; confidence %s, tau %s", reply.route, reply.reason, reply.confidence, reply.tau
    )
    if on_stage is not None:
        on_stage(Replied(reply))
    return reply


def _log_failure(failure: CloudFailed) -> None:
    # A missing cloud is not a failure.
    level = logging.INFO if failure.error is None else logging.WARNING
    log.log(level, "%s; %s", failure.reason, failure.hint)
    if detail := getattr(failure.error, "detail", ""):
        log.debug("%s: %s", failure.reason, detail)
