"""Daemon threads for work that must not block its caller; at most a fixed number, each used again.

Unlike those of `concurrent.futures.ThreadPoolExecutor` they never hold up the end of the process, and
cancelling a future abandons its work even when it has begun: whoever waits for it goes on at once.
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
    """Start a daemon thread. Raises ConfigurationError if the system allows no more of them."""
    try:
        threading.Thread(target=work, name=name, daemon=True).start()
    except RuntimeError as exc:
        raise ConfigurationError(
            f"no thread can be started: {exc}",
            hint="raise the limit on processes and threads (ulimit -u)",
        ) from exc


class Workers:
    """Runs what is submitted, in order, in at most `most` threads that start when they are needed."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._changed = threading.Condition(threading.RLock())
        self._waiting: deque[Callable[[], None]] = deque()
        self._threads = self._idle = 0
        self._closed = False

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """The future of `work()`. Raises ConfigurationError if no thread is there and none can be
        started."""
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
        """Let the threads end once they have run what was submitted."""
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
        with suppress(InvalidStateError):  # it was abandoned
            future.set_exception(error)
    else:
        with suppress(InvalidStateError):
            future.set_result(result)
