"""The seam to the cloud: asks a client one question, and explains a failure in the user's terms.

`foggen_cloud.CloudClient` is one client; an application may bring its own. A client may raise
anything, answer nonsense or never return, and the edge's answer is still not lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ..calls.call import Call
from ..calls.clock import milliseconds_since
from ..calls.workers import Workers
from ..config import ENVIRONMENT, Settings
from ..errors import (
    CancelledError,
    CloudRequiredError,
    ConfigurationError,
    DeadlineError,
    FogGenError,
    KeyRefusedError,
)
from .rule import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foggen_cloud import CloudAnswer, CloudError, CloudSettings

NO_CLOUD = "no cloud configured"
OFFLINE = "offline"
MOST_REQUESTS = 8  # at the same time, by a client that blocks
GRACE_S = 1.0  # beyond the deadline, for a client that enforces it by itself
Start = Callable[[float], "Future[CloudAnswer]"]  # sends a question, with a deadline in seconds


class Cloud(Protocol):
    """The methods that the router needs of a client. If one raises, the edge's answer remains.

    A client may also have `submit` and `submit_open`, which return a `concurrent.futures.Future`
    that can be cancelled. Otherwise the router calls the client in threads of its own, and abandons
    the call if the question is cancelled.
    """

    def ask(
        self,
        question_text: str,
        labels: Sequence[str],
        options: Sequence[str],
        *,
        deadline_s: float | None = None,
    ) -> CloudAnswer: ...

    def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer: ...

    def close(self) -> None: ...


class CloudFailed(Exception):
    """The cloud did not answer. The router turns this into a reply or an error."""

    def __init__(
        self, reason: str, hint: str, spent_ms: float = 0.0, error: Exception | None = None
    ) -> None:
        """error: the exception that the client raised."""
        super().__init__(reason)
        self.reason, self.hint = reason, hint
        self.spent_ms, self.error = spent_ms, error

    def as_required(self) -> FogGenError:
        """The error to raise if only the cloud may answer."""
        if getattr(self.error, "kind", "") == "auth":
            return KeyRefusedError("the cloud refused the key", hint=self.hint)
        return CloudRequiredError(f"the cloud's answer is required ({self.reason})", hint=self.hint)


@dataclass(frozen=True)
class Sent:
    """The answer to a request. spent_ms: from sending the question to reading the answer."""

    answer: CloudAnswer
    spent_ms: float

    def described(self) -> dict[str, Any]:
        """The request as `Reply.cloud` describes it."""
        return {
            "model": self.answer.model,
            "latency_ms": round(self.answer.latency_ms, 1),
            "usage": dict(self.answer.usage),
        }


class CloudLink:
    """The client that may be asked, or none. Closes the client only if it created it."""

    def __init__(self, settings: Settings, given: Cloud | None = None) -> None:
        """Raises ConfigurationError if the cloud in the settings cannot be used."""
        self._settings = settings
        self._made = None if settings.offline or given is not None else _from_settings(settings)
        self.client = None if settings.offline else given if given is not None else self._made
        self._workers = Workers("foggen-cloud-call", MOST_REQUESTS)

    def close(self) -> None:
        self._workers.close()
        if self._made is not None:
            self._made.close()

    def choose(self, text: str, labels: Sequence[str], options: Sequence[str]) -> Start:
        """A function that sends a question with options. Raises CloudFailed without a client."""
        return self._starter("ask", "submit", text, labels, options)

    def answer_openly(self, text: str) -> Start:
        """A function that sends an open-ended question. Raises CloudFailed without a client."""
        return self._starter("ask_open", "submit_open", text)

    def sent(self, start: Start, call: Call) -> Sent:
        """Call `start` and wait for the answer. Raises CloudFailed, CancelledError."""
        started, limit_s = time.monotonic(), self._limit_s(call)
        try:
            answer = call.token.result(lambda: start(limit_s), limit_s + GRACE_S)
            return Sent(answer, milliseconds_since(started))
        except Exception as error:
            raise _failure(error, milliseconds_since(started)) from error

    async def asent(self, start: Start, call: Call) -> Sent:
        """Like `sent`, without blocking the event loop."""
        started, limit_s = time.monotonic(), self._limit_s(call)
        try:
            answer = await call.token.aresult(lambda: start(limit_s), limit_s + GRACE_S)
            return Sent(answer, milliseconds_since(started))
        except Exception as error:
            raise _failure(error, milliseconds_since(started)) from error

    def _limit_s(self, call: Call) -> float:
        try:
            return call.within(self._settings.cloud_deadline_s)
        except DeadlineError as error:
            raise CloudFailed("no time left for the cloud", error.hint) from error

    def _starter(self, call: str, submit: str, *question: Any) -> Start:
        client = self.client
        if client is None:
            raise self._no_client()
        if hasattr(client, submit):
            send = getattr(client, submit)
            return lambda deadline_s: send(*question, deadline_s=deadline_s)
        work = getattr(client, call)
        return lambda deadline_s: self._workers.submit(
            lambda: _guarded(lambda: work(*question, deadline_s=deadline_s))
        )

    def _no_client(self) -> CloudFailed:
        if self._settings.offline:
            return CloudFailed(OFFLINE, "turn off offline (FOGGEN_OFFLINE, or the config file)")
        return CloudFailed(NO_CLOUD, "set FOGGEN_CLOUD_URL and FOGGEN_CLOUD_MODEL")


def _guarded(work: Callable[[], CloudAnswer]) -> CloudAnswer:
    """Run `work`. An error that is not an Exception, such as asyncio's CancelledError, counts as
    the client's failure too."""
    try:
        return work()
    except Exception:
        raise
    except BaseException as error:
        raise RuntimeError(type(error).__name__) from error


def _failure(error: Exception, spent_ms: float) -> Exception:
    """A client's exception as CloudFailed. CancelledError is returned as it is."""
    from foggen_cloud import CloudError

    if isinstance(error, CancelledError):
        return error
    if isinstance(error, CloudError):
        return CloudFailed(f"cloud: {error.kind}", _hint(error), spent_ms, error)
    if isinstance(error, TimeoutError):
        return CloudFailed("cloud: timeout", "allow the cloud more time", spent_ms, error)
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    return CloudFailed("cloud: failed", f"the cloud's client raised {said}", spent_ms, error)


def _hint(error: CloudError) -> str:
    """The client's hint, in which a setting has the name that it has here."""
    name = f"cloud_{error.setting}"
    return error.hint_naming(f"{name} ({ENVIRONMENT[name]})" if name in ENVIRONMENT else name)


def _from_settings(settings: Settings) -> Cloud | None:
    """The client for the cloud in the settings. No HTTP client is imported if none may be used."""
    if not settings.has_cloud or settings.mode in (Mode.EDGE_ONLY, Mode.DRY_RUN):
        return None
    from foggen_cloud import CloudClient

    return CloudClient(cloud_settings(settings))


def cloud_settings(settings: Settings) -> CloudSettings:
    """The client's settings, from those of the runtime. Raises ConfigurationError."""
    if settings.cloud_url and not settings.cloud_model:
        raise ConfigurationError(
            "a cloud URL is set, but no cloud model",
            hint="set FOGGEN_CLOUD_MODEL or cloud_model in the config file",
        )
    from foggen_cloud import CloudSettings, ConfigError

    try:
        return CloudSettings(
            settings.cloud_url,
            settings.cloud_model,
            settings.cloud_key,
            deadline_s=settings.cloud_deadline_s,
            connect_s=settings.cloud_connect_s,
            max_tokens=settings.cloud_max_tokens,
            headers=settings.cloud_headers,
        )
    except ConfigError as error:
        raise ConfigurationError(error.args[0], hint=error.hint) from error
