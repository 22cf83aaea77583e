"""Asks an OpenAI-compatible server one question, within one deadline.

Retries, a budget, a circuit breaker, and what to do without an answer are left to the caller.
"""

from __future__ import annotations

import math
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from .completing import Completions
from .errors import CloudError, ConfigError, closed_error
from .final_text import final_text
from .letters import extract_label
from .request import CHOICE_PROMPT, OPEN_PROMPT
from .response import Completion, cut_short
from .settings import CloudSettings

if TYPE_CHECKING:  # asyncio and HTTP are loaded by the first question
    from concurrent.futures import Future

    import httpx2

    from .background import BackgroundLoop

LONGEST_TEXT = 16_000


@dataclass(frozen=True)
class CloudAnswer:
    """An answer from the cloud.

    label_index: index of the chosen option, None for an open-ended question. text: the final text
    without the thinking, at most 16,000 characters. model: the name in the server's reply, or else
    the requested name. latency_ms: from the call until the answer was read. usage: prompt_tokens
    and completion_tokens, if the server reports them.
    """

    label_index: int | None
    text: str
    model: str
    latency_ms: float
    usage: Mapping[str, int]


class CloudClient:
    """Asks a cloud model. It can be shared between threads, event loops and concurrent questions.

    Nothing is imported or opened before the first question. Use it in a `with` block, or `close`
    it. A forked child may go on using its copy, which opens its own connections.

    transport: replaces the network with an `httpx2.AsyncBaseTransport`, such as
    `testing.FakeCloud`.
    """

    def __init__(
        self, settings: CloudSettings, *, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._completions = Completions(settings)
        self._transport = transport
        self._lock = threading.Lock()
        self._closed = False
        self._background: BackgroundLoop | None = None
        self._http: httpx2.AsyncClient | None = None
        self._stop: Callable[[], object] | None = None

    def ask(
        self,
        question_text: str,
        labels: Sequence[str],
        options: Sequence[str],
        *,
        deadline_s: float | None = None,
    ) -> CloudAnswer:
        """Ask a multiple-choice question and wait for the answer.

        question_text: the rendered question with its `A. ...` lines. labels: the letters of these
        lines, in order. options: their texts, in the same order. deadline_s: seconds for this
        question, or None for those of the settings; at 0 or below nothing is sent.

        Raises CloudError, of kind "bad_answer" if the reply does not name exactly one option.
        """
        return _wait(self.submit(question_text, labels, options, deadline_s=deadline_s))

    async def aask(
        self,
        question_text: str,
        labels: Sequence[str],
        options: Sequence[str],
        *,
        deadline_s: float | None = None,
    ) -> CloudAnswer:
        """Like `ask`, without blocking the caller's event loop. Cancelling it aborts the request.

        The first question of a process still blocks for about 0.1 s, to load the HTTP client.
        """
        import asyncio

        future = self.submit(question_text, labels, options, deadline_s=deadline_s)
        return await asyncio.wrap_future(future)

    def submit(
        self,
        question_text: str,
        labels: Sequence[str],
        options: Sequence[str],
        *,
        deadline_s: float | None = None,
    ) -> Future[CloudAnswer]:
        """Like `ask`, without waiting. Returns a future whose `cancel` aborts the request.

        Errors that are known before anything is sent are raised at once.
        """
        _check_options(labels, options)

        def read(completion: Completion) -> int | None:
            return _chosen(completion, labels, options)

        return self._start(CHOICE_PROMPT, question_text, deadline_s, read)

    def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer:
        """Ask an open-ended question and wait for the answer, whose `label_index` is None."""
        return _wait(self.submit_open(question_text, deadline_s=deadline_s))

    def submit_open(
        self, question_text: str, *, deadline_s: float | None = None
    ) -> Future[CloudAnswer]:
        """Like `ask_open`, without waiting; see `submit`."""
        return self._start(OPEN_PROMPT, question_text, deadline_s, _not_empty)

    def close(self) -> None:
        """Close the connections. Questions that are still being asked fail with CloudError."""
        with self._lock:
            self._closed = True
            stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"CloudClient({self._settings!r})"

    def _start(
        self,
        prompt: str,
        question_text: str,
        deadline_s: float | None,
        read: Callable[[Completion], int | None],
    ) -> Future[CloudAnswer]:
        """Send the question on the background loop. `read` finds the chosen option in the reply."""
        started = time.monotonic()
        settings, completions = self._settings, self._completions
        deadline = started + _remaining(settings.deadline_s if deadline_s is None else deadline_s)

        async def work(http: httpx2.AsyncClient) -> CloudAnswer:
            completion = await completions.get(http, prompt, question_text, deadline)
            return _answer(read(completion), completion, settings, started)

        with self._lock:
            background, http = self._open()
            return background.submit(lambda: work(http))

    def _open(self) -> tuple[BackgroundLoop, httpx2.AsyncClient]:
        """The loop and its connection pool, created if missing. The caller holds the lock."""
        from .background import BackgroundLoop
        from .transfer import make_client

        if self._closed:
            raise closed_error()
        if self._background is None or self._http is None or not self._background.usable:
            self._http = make_client(self._settings, self._transport)
            self._background = BackgroundLoop(at_stop=self._http.aclose)
            self._stop = weakref.finalize(self, self._background.stop)
        return self._background, self._http


def _chosen(completion: Completion, labels: Sequence[str], options: Sequence[str]) -> int:
    index = extract_label(completion.text, labels, options, truncated=completion.truncated)
    if index is None and completion.truncated:
        raise cut_short("the model's answer was cut off before it named an option")
    if index is None:
        raise CloudError("the model's answer does not name exactly one option", kind="bad_answer")
    return index


def _not_empty(completion: Completion) -> None:
    if not completion.text.strip():
        raise CloudError("the model's answer is empty", kind="bad_answer")


def _answer(
    index: int | None, completion: Completion, settings: CloudSettings, started: float
) -> CloudAnswer:
    final = final_text(completion.text)
    return CloudAnswer(
        label_index=index,
        text=(final.text if final else "").strip()[:LONGEST_TEXT],
        model=completion.model or settings.model,
        latency_ms=(time.monotonic() - started) * 1000,
        usage=completion.usage,
    )


def _wait(future: Future[CloudAnswer]) -> CloudAnswer:
    """The result of the future. An interruption, such as Ctrl-C, aborts the request."""
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def _remaining(deadline_s: float) -> float:
    """Check a deadline. Raises ConfigError if it is not a number, CloudError if no time is left."""
    if not isinstance(deadline_s, (int, float)) or not math.isfinite(deadline_s):
        raise ConfigError(f"deadline_s must be a number of seconds, not {deadline_s!r}")
    if deadline_s <= 0:
        raise CloudError("no time was left to ask the cloud", kind="timeout")
    return deadline_s


def _check_options(labels: Sequence[str], options: Sequence[str]) -> None:
    if not labels or len(labels) != len(options) or len(set(labels)) != len(labels):
        raise ValueError(
            f"labels must be distinct and as many as options, not {labels!r} for {len(options)}"
        )
