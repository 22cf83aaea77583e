"""Ending a call from outside: one token for each call, whatever the call is doing at that moment.

token = CancelToken()
thread = threading.Thread(target=router.ask, args=(question,), kwargs={"cancel": token})
...
token.cancel()      # from any thread or a signal handler; `ask` raises CancelledError
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError as FutureCancelledError
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from ..errors import CancelledError

T = TypeVar("T")


class CancelToken:
    """Ends the calls that were given it, once and for all.

    A call that waits for the model stops waiting, a call that decodes stops decoding, and a request
    to the cloud is aborted. Nothing is sent after `cancel` has returned.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()  # reentrant, as a signal handler may cancel its own thread
        self._cancelled = False
        self._callbacks: dict[object, Callable[[], object]] = {}

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        """End the calls that have this token; a second time does nothing."""
        with self._lock:
            self._cancelled = True
            callbacks = list(self._callbacks.values())
            for callback in callbacks:
                callback()

    def check(self) -> None:
        """Raise CancelledError if the token was cancelled."""
        if self._cancelled:
            raise CancelledError("the call was cancelled")

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """`callback` is called if the token is cancelled inside, or was cancelled before."""
        key = object()
        with self._lock:
            self._callbacks[key] = callback
            if self._cancelled:
                callback()
        try:
            yield
        finally:
            with self._lock:
                del self._callbacks[key]

    def result(self, start: Callable[[], Future[T]], limit_s: float | None = None) -> T:
        """The result of the future that `start` returns. Raises CancelledError as soon as the token
        is cancelled: nothing is started after that, and what was started is cancelled. Raises
        TimeoutError after `limit_s` seconds."""
        future = self._started(start)
        with self.calling(future.cancel):
            try:
                return future.result(limit_s)
            except FutureCancelledError:
                self.check()
                raise
            finally:
                future.cancel()  # does nothing to one that is done

    async def aresult(self, start: Callable[[], Future[T]], limit_s: float | None = None) -> T:
        """`result` without blocking the event loop; cancelling the task cancels the future."""
        import asyncio

        future = self._started(start)
        with self.calling(future.cancel):
            try:
                return await asyncio.wait_for(asyncio.wrap_future(future), limit_s)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if self._cancelled and not (task and task.cancelling()):
                    self.check()
                raise

    def _started(self, start: Callable[[], Future[T]]) -> Future[T]:
        with self._lock:
            self.check()
            return start()
