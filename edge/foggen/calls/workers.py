"""A small pool of daemon threads for work that must not block its caller.

Unlike the threads of `concurrent.futures.ThreadPoolExecutor`, these never delay the end of the
process. Cancelling a future abandons its work even after it has started, so the waiting caller
continues at once.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import TypeVar

from ..errors import ConfigurationError

T = TypeVar("T")


def start_thread(work: Callable[[], object], name: str) -> None:
    """Start a daemon thread. Raises ConfigurationError if the system refuses another one."""
    try:
        threading.Thread(target=work, name=name, daemon=True).start()
    except RuntimeError as exc:
        raise ConfigurationError(
            f"no thread can be started: {exc}",
            hint="raise the limit on processes and threads (ulimit -u)",
        ) from exc


class Workers:
    """Runs submitted work in order, in at most `most` threads that are started on demand."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._changed = threading.Condition(threading.RLock())
        self._waiting: deque[Callable[[], None]] = deque()
        self._threads = self._idle = 0
        self._closed = False

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Schedule `work` and return its future. Raises ConfigurationError if no thread is running
        and none can be started."""
        future: Future[T] = Future()
        with self._changed:
            self._waiting.append(lambda: _run(work, future))
            try:
                self._start_if_needed()
            except ConfigurationError:
                if not self._threads:
                    self._waiting.pop()
                    raise
            self._changed.notify()
        return future

    def close(self) -> None:
        """End the threads once all submitted work is done."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _start_if_needed(self) -> None:
        if len(self._waiting) > self._idle and self._threads < self._most:
            start_thread(self._work, self._name)
            self._threads += 1

    def _work(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                self._changed.wait_for(lambda: self._waiting or self._closed)
                self._idle -= 1
                if not self._waiting:
                    self._threads -= 1
                    return
                work = self._waiting.popleft()
            work()


def _run(work: Callable[[], T], future: Future[T]) -> None:
    if future.cancelled():
        return
    try:
        result = work()
    except BaseException as error:
        with suppress(InvalidStateError):  # the future was cancelled
            future.set_exception(error)
    else:
        with suppress(InvalidStateError):
            future.set_result(result)
