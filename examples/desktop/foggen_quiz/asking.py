"""Questions in the background: the window stays alive, and collects what happened when it has time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from foggen import CancelledError, CancelToken, Router, Stage


@dataclass(frozen=True)
class Ready:
    """The model is loaded. offline: whether the settings forbid the cloud."""

    offline: bool


@dataclass(frozen=True)
class Cancelled:
    """The question was cancelled, and nothing more is sent."""


@dataclass(frozen=True)
class Failed:
    """There is no answer."""

    error: Exception


Event = Ready | Stage | Cancelled | Failed


class Asking:
    """One model and one thread of its own. No method waits for the model, except `close`.

    Each question ends with one event: `Replied`, `Cancelled` or `Failed`.
    """

    def __init__(self, open_router: Callable[[], Router]) -> None:
        """open_router: opens the router; it is called in the thread, as loading takes a while."""
        self._open_router = open_router
        self._router: Router | None = None
        self._offline: Router | None = None  # the same model without the cloud
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._token = CancelToken()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="foggen-quiz")
        self._start(self._load)

    def ask(self, question: str, *, offline: bool = False) -> None:
        """Ask a question. offline: the cloud is not asked, whatever happens."""
        self._token = token = CancelToken()
        self._start(lambda: self._answer(question, offline, token))

    def cancel(self) -> None:
        """End the question that is being asked, if there is one."""
        self._token.cancel()

    def events(self) -> Iterator[Event]:
        """What has happened since the last call. The window calls it again and again."""
        while True:
            try:
                yield self._events.get_nowait()
            except Empty:
                return

    def close(self) -> None:
        """Cancel what is going on, and free the model."""
        self.cancel()
        self._thread.shutdown(cancel_futures=True)
        for router in (self._offline, self._router):
            if router is not None:
                router.close()

    def _start(self, work: Callable[[], object]) -> None:
        self._thread.submit(self._guarded, work)

    def _guarded(self, work: Callable[[], object]) -> None:
        """Do the work. Whatever it raises becomes an event, or the window would wait forever."""
        try:
            work()
        except CancelledError:
            self._events.put(Cancelled())
        except Exception as error:
            self._events.put(Failed(error))

    def _load(self) -> None:
        """Open the router, unless it is open. After a failure, the next question tries again."""
        if self._router is None:
            self._router = self._open_router()
            self._offline = self._router.sharing(offline=True)
            self._events.put(Ready(self._router.settings.offline))

    def _answer(self, question: str, offline: bool, token: CancelToken) -> None:
        self._load()
        router = self._offline if offline else self._router
        assert router is not None
        router.ask(question, cancel=token, on_stage=self._events.put)
