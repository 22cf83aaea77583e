"""One daemon thread with one event loop, which does all of a client's I/O.

An event loop is used instead of blocking sockets because only a loop can keep one deadline over
everything: a blocking name lookup cannot be stopped, a blocking read is timed read by read, and a
blocking connect waits for a dead IPv6 address before it tries IPv4. With its own loop, the client
can also serve any thread and any event loop from one connection pool.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from .errors import closed_error

Result = TypeVar("Result")

STOP_WAIT_S = 2.0


class BackgroundLoop:
    """An event loop in a daemon thread; `submit` and `stop` may be called from any thread."""

    def __init__(self, at_stop: Callable[[], Awaitable[None]]) -> None:
        """Start the thread. `at_stop` is awaited on the loop once, after all work has ended."""
        self._process_id = os.getpid()
        self._at_stop = at_stop
        self._loop = LookupLoop()
        self._stop_asked = asyncio.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._main, name="foggen-cloud", daemon=True)
        self._thread.start()

    @property
    def usable(self) -> bool:
        """False after `stop`, and in a forked child, which inherits no threads."""
        return not self._stopping and self._process_id == os.getpid()

    def submit(
        self, work: Callable[[], Coroutine[Any, Any, Result]]
    ) -> concurrent.futures.Future[Result]:
        """Run `work()` on the loop; cancelling the future cancels the work."""
        return asyncio.run_coroutine_threadsafe(self._guard(work), self._loop)

    def stop(self) -> None:
        """Cancel the running work, which fails with CloudError, and end the thread."""
        if not self.usable:
            return
        self._stopping = True
        with contextlib.suppress(RuntimeError):  # the loop has already ended
            self._loop.call_soon_threadsafe(self._stop_asked.set)
        if threading.current_thread() is not self._thread:
            self._thread.join(STOP_WAIT_S)

    async def _guard(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        try:
            return await work()
        except asyncio.CancelledError:
            if self._stopping:
                raise closed_error() from None
            raise

    def _main(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        await self._stop_asked.wait()
        work = asyncio.all_tasks() - {asyncio.current_task()}
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await self._at_stop()


class LookupLoop(asyncio.SelectorEventLoop):
    """An event loop whose name lookups run in daemon threads.

    asyncio runs them in a pool that Python joins at exit, so a dead name server would delay the end
    of the program for many seconds after the deadline.
    """

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        found: asyncio.Future[Any] = self.create_future()

        def settle(result: Any, error: Exception | None) -> None:
            if found.done():
                return
            if error is None:
                found.set_result(result)
            else:
                found.set_exception(error)

        def look_up() -> None:
            result, error = None, None
            try:
                result = socket.getaddrinfo(host, port, **options)
            except Exception as exc:
                error = exc
            with contextlib.suppress(RuntimeError):  # the loop is closed and nobody waits
                self.call_soon_threadsafe(settle, result, error)

        threading.Thread(target=look_up, name="foggen-cloud-lookup", daemon=True).start()
        return await found
