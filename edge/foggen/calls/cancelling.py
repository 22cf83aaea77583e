"""Cancelling a call from outside, whatever it is doing at that moment.

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
    """Cancels the calls that it was passed to. A token cannot be reset.

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
        """Cancel the calls that use this token. Calling it again has no effect."""
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
        """Call `callback` if the token is cancelled within the block or already was."""
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
        """Call `start` and wait for the result of the future that it returns. Raises CancelledError
        as soon as the token is cancelled: the future is then cancelled, or never started. Raises
        TimeoutError after `limit_s` seconds."""
        future = self._started(start)
        with self.calling(future.cancel):
            try:
                return future.result(limit_s)
            except FutureCancelledError:
                self.check()
                raise
            finally:
                future.cancel()  # has no effect once it is done

    async def aresult(self, start: Callable[[], Future[T]], limit_s: float | None = None) -> T:
        """Like `result`, without blocking the event loop. Cancelling the task cancels the future."""
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
