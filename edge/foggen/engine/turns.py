"""Turns at one context: one caller at a time, in the order of arrival, each with its own deadline and token.

A turn ends early when its token is cancelled, when its deadline passes, or when the model is closed,
and only that turn does: what ends one call never reaches the next one.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from ..calls.cancelling import CancelToken
from ..calls.workers import start_thread
from ..errors import CancelledError, DeadlineError, FogGenError
from .lifetime import process
from .native import Context, DecodingStopped

CLOSE_WAIT_S = 5.0


class End(StrEnum):
    """Why a call ended before it was done."""

    CANCELLED = "cancelled"
    DEADLINE = "deadline"


@dataclass(eq=False)
class Call:
    """One caller. expires: on the monotonic clock."""

    deadline_s: float | None
    expires: float
    thread: int = field(default_factory=threading.get_ident)
    end: End | None = None

    @classmethod
    def within(cls, deadline_s: float | None) -> Call:
        return cls(deadline_s, inf if deadline_s is None else time.monotonic() + deadline_s)


class Turns:
    """Lends a context to its callers. Raises ConfigurationError if no thread can be started."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # Reentrant: a signal handler may close the model that its own thread is using.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._watched = threading.Condition(self._lock)
        self._waiting: deque[Call] = deque()
        self._holder: Call | None = None
        self._closed = False
        self._wakes = inf  # when the watchdog looks again
        start_thread(self._watch, "foggen-deadline")

    @contextmanager
    def turn(
        self, deadline_s: float | None = None, cancel: CancelToken | None = None
    ) -> Iterator[None]:
        """The context for one caller, within a deadline that counts the waiting.

        Raises CancelledError, DeadlineError, and FogGenError if the model was closed meanwhile.
        """
        call = Call.within(deadline_s)
        token = cancel or CancelToken()
        with token.calling(lambda: self._end(call, End.CANCELLED)):
            try:
                self._begin(call)
                with self._context.lifetime.using():
                    yield
            except DecodingStopped:
                raise self._error(call) from None
            finally:
                self._finish(call)

    @property
    def busy(self) -> bool:
        return self._holder is not None

    @property
    def waiting(self) -> int:
        """How many callers wait for their turn."""
        return len(self._waiting)

    def close(self) -> None:
        """Stop the turn under way and let nobody else begin; waits for its end, but not for ever.

        From a signal handler in the thread whose turn it is, it does not wait: the turn ends when
        the handler returns.
        """
        with self._lock:
            self._closed = True
            self._changed.notify_all()
            self._watched.notify_all()
            own = self._holder is not None and self._holder.thread == threading.get_ident()
            if self._holder is not None:
                self._context.stop()
            if not own:
                self._changed.wait_for(lambda: self._holder is None, CLOSE_WAIT_S)

    def _begin(self, call: Call) -> None:
        """Wait for the call's turn."""
        with self._lock:
            if any(call.thread == other.thread for other in self._callers()):
                raise FogGenError(
                    "this thread is already in the middle of a question",
                    hint="ask again when it has been answered",
                )
            self._waiting.append(call)
            try:
                while self._holder is not None or self._waiting[0] is not call:
                    self._refuse(call)
                    if not self._changed.wait(_seconds_until(call.expires)):
                        call.end = call.end or End.DEADLINE
                self._refuse(call)
            finally:
                self._waiting.remove(call)
                self._changed.notify_all()
            self._context.clear_stop()
            self._holder = call
            if self._closed:  # by a signal handler, between the last two lines
                self._context.stop()
            if call.expires < self._wakes:
                self._watched.notify_all()

    def _callers(self) -> list[Call]:
        return [*self._waiting, *([self._holder] if self._holder else [])]

    def _refuse(self, call: Call) -> None:
        """Raise if the call was ended while it waited."""
        if call.end or self._closed:
            raise self._error(call, waiting=True)

    def _finish(self, call: Call) -> None:
        with self._lock:
            if self._holder is call:
                self._holder = None
                self._changed.notify_all()

    def _end(self, call: Call, end: End) -> None:
        """End one call, whether it waits or decodes."""
        with self._lock:
            call.end = call.end or end
            if self._holder is call:
                self._context.stop()
            self._changed.notify_all()

    def _error(self, call: Call, waiting: bool = False) -> FogGenError:
        if call.end is End.CANCELLED:
            return CancelledError("the call was cancelled")
        if process.ending:
            return CancelledError("the program is ending")
        if call.end is End.DEADLINE:
            what = "was busy for" if waiting else "needed more than"
            return DeadlineError(
                f"the edge model {what} {call.deadline_s} s", hint="allow more time"
            )
        return FogGenError("this model was closed", hint="open a new Router")

    def _watch(self) -> None:
        """The watchdog: ends the turn under way when its deadline passes."""
        with self._lock:
            while not self._closed:
                holder = self._holder
                if holder is not None and holder.expires <= time.monotonic():
                    self._end(holder, End.DEADLINE)
                    holder = None
                self._wakes = inf if holder is None else holder.expires
                self._watched.wait(_seconds_until(self._wakes))


def _seconds_until(moment: float) -> float | None:
    seconds = max(0.0, moment - time.monotonic())
    return seconds if seconds <= threading.TIMEOUT_MAX else None
