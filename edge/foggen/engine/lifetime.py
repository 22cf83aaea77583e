"""When native objects may be freed: never under a call that uses them, and not after the process began to end.

llama.cpp crashes the process if a context is freed, or the program's libraries are torn down, while
another thread decodes. So every use is counted. Closing an object that is in use stops the use and
frees the object when it has ended; the end of the process waits for the uses that are under way.
"""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import CancelledError, FogGenError

EXIT_WAIT_S = 5.0  # the end of the process does not wait longer for a native call to stop
AFTER_FORK = "start processes with 'spawn', or fork before a Router is opened"


class Process:
    """The native calls of this process that are under way, and whether it is ending."""

    def __init__(self) -> None:
        # A signal handler may close what its own thread is using, so every lock here is reentrant.
        self.changed = threading.Condition(threading.RLock())
        self.ending = False
        self.owner: int | None = None  # the process that first used the library
        self._users = 0
        self._lifetimes: weakref.WeakSet[Lifetime] = weakref.WeakSet()

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that first used the library, not a forked child of it."""
        return self.owner in (None, os.getpid())

    def begin(self, lifetime: Lifetime | None = None) -> None:
        """To be called before the first native call; raises FogGenError in a forked child.

        OpenMP's threads do not survive a fork: a child of a process that has decoded would hang.
        """
        if not self.is_ours:
            raise FogGenError("a model was opened before the process forked", hint=AFTER_FORK)
        with self.changed:
            if self.owner is None:
                self.owner = os.getpid()
                atexit.register(self._end)
            if lifetime is not None:
                self._lifetimes.add(lifetime)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around a native call that the end of the process must wait for."""
        with self.changed:
            if self.ending:
                raise CancelledError("the program is ending")
            self._users += 1
        try:
            yield
        finally:
            with self.changed:
                self._users -= 1
                self.changed.notify_all()

    def _end(self) -> None:
        """Stop what is under way and wait for it, but not for ever."""
        if not self.is_ours:
            return
        with self.changed:
            self.ending = True
            for lifetime in list(self._lifetimes):
                lifetime.stop()
            self.changed.wait_for(lambda: self._users == 0, EXIT_WAIT_S)


process = Process()


class Lifetime:
    """One native object: its uses, and its one freeing.

    free: frees the object. stop: ends a use that is under way, from another thread.
    """

    def __init__(
        self, name: str, free: Callable[[], None], stop: Callable[[], None] = lambda: None
    ) -> None:
        self._name, self._free, self.stop = name, free, stop
        self._users = 0
        self._closed = self._freed = False
        process.begin(self)

    @property
    def closed(self) -> bool:
        return self._closed

    def check(self) -> None:
        """Raise FogGenError if the object was closed, or is another process's."""
        if not process.is_ours:
            raise FogGenError("this model was opened before the process forked", hint=AFTER_FORK)
        if self._closed:
            raise FogGenError(f"this {self._name} was closed", hint="open a new Router")

    @contextmanager
    def using(self) -> Iterator[None]:
        """The object cannot be freed inside. Raises FogGenError if it was closed before."""
        self.check()  # before any lock: a forked child may have inherited one that is held
        with process.call():
            self.hold()
            try:
                yield
            finally:
                self.release()

    def hold(self) -> None:
        """Keep the object until `release`. Raises FogGenError if it was closed before."""
        with process.changed:
            self.check()
            self._users += 1

    def release(self) -> None:
        with process.changed:
            self._users -= 1
            self._free_if_unused()

    def close(self) -> None:
        """Free the object now, or, if it is in use, stop the use and free it at its end."""
        if not process.is_ours:  # the child shares the pointers, not the right to free them
            return
        with process.changed:
            self._closed = True
            if self._users:
                self.stop()
            self._free_if_unused()

    def _free_if_unused(self) -> None:
        if self._closed and not self._users and not self._freed:
            self._freed = True
            self._free()
