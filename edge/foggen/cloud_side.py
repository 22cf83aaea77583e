"""The router's side of the cloud: one request, its time, and in the user's words why it failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from .config import Settings
from .errors import CloudRequiredError, ConfigurationError, FogGenError, KeyRefusedError
from .plan import MODEL_LABELS
from .question import Question
from .reply import Reply
from .routing import Mode, Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foggen_cloud import CloudAnswer, CloudError

NO_CLOUD = "no cloud configured"
OFFLINE = "offline"


class Cloud(Protocol):
    """What the router needs of a cloud; `foggen_cloud.CloudClient` is one, tests bring their own."""

    def ask(
        self, question_text: str, labels: Sequence[str], options: Sequence[str], *,
        deadline_s: float | None = None,
    ) -> CloudAnswer: ...  # fmt: skip

    def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer: ...

    def close(self) -> None: ...


class CloudFailed(Exception):
    """Why the cloud's answer is not there; the router turns it into a reply or an error."""

    def __init__(self, reason: str, hint: str, spent_ms: float, key_refused: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint
        self.spent_ms, self.key_refused = spent_ms, key_refused

    @classmethod
    def of(cls, error: CloudError, spent_ms: float) -> CloudFailed:
        return cls(f"cloud: {error.kind}", error.hint, spent_ms, key_refused=error.kind == "auth")

    def as_required(self) -> FogGenError:
        """The error where only the cloud may answer."""
        if self.key_refused:
            return KeyRefusedError("the cloud refused the key", hint=self.hint)
        return CloudRequiredError(f"the cloud's answer is required ({self.reason})", hint=self.hint)


@dataclass(frozen=True)
class CloudSide:
    """The cloud that may be asked, or None, and how long it may take."""

    cloud: Cloud | None
    settings: Settings

    @classmethod
    def of(cls, settings: Settings, given: Cloud | None) -> CloudSide:
        """The given cloud, or the settings' one; none offline. Raises ConfigurationError."""
        if settings.offline:
            return cls(None, settings)
        return cls(given or _from_settings(settings), settings)

    def choose(self, asked: Question, reply: Reply) -> Reply:
        """The reply with the cloud's choice in it; CloudFailed whatever goes wrong."""
        labels = MODEL_LABELS[: len(asked.options)]
        answer, spent_ms = self._sent(lambda cloud: cloud.ask(
            asked.text(), labels, asked.options, deadline_s=self.settings.cloud_deadline_s))  # fmt: skip
        if answer.label_index is None:
            raise CloudFailed("cloud: unreadable", "the cloud named no option", spent_ms)
        reply = replace(reply, label=asked.labels[answer.label_index],
                        text=asked.options[answer.label_index])  # fmt: skip
        return _marked(reply, answer, spent_ms)

    def answer_openly(self, text: str, reply: Reply) -> Reply:
        """The reply with the cloud's own words in it; CloudFailed whatever goes wrong."""
        answer, spent_ms = self._sent(
            lambda cloud: cloud.ask_open(text, deadline_s=self.settings.cloud_deadline_s)
        )
        return _marked(replace(reply, text=answer.text), answer, spent_ms)

    def close(self) -> None:
        if self.cloud is not None:
            self.cloud.close()

    def _sent(self, request: Callable[[Cloud], CloudAnswer]) -> tuple[CloudAnswer, float]:
        """One request's answer, and its milliseconds."""
        if self.cloud is None:
            if self.settings.offline:
                raise CloudFailed(OFFLINE, "unset FOGGEN_OFFLINE", 0.0)
            raise CloudFailed(NO_CLOUD, "set FOGGEN_CLOUD_URL and FOGGEN_CLOUD_MODEL", 0.0)
        from foggen_cloud import CloudError

        started = time.monotonic()
        try:
            answer = request(self.cloud)
        except CloudError as error:
            raise CloudFailed.of(error, 1000 * (time.monotonic() - started)) from error
        return answer, 1000 * (time.monotonic() - started)


def _marked(reply: Reply, answer: CloudAnswer, spent_ms: float) -> Reply:
    described: dict[str, Any] = {
        "model": answer.model,
        "latency_ms": round(answer.latency_ms, 1),
        "usage": dict(answer.usage),
    }
    timings = replace(reply.timings_ms, cloud=spent_ms)
    return replace(reply, route=Route.CLOUD, cloud=described, timings_ms=timings)


def _from_settings(settings: Settings) -> Cloud | None:
    """The settings' cloud; no HTTP client is imported where none may be used."""
    if not settings.has_cloud or settings.mode in (Mode.EDGE_ONLY, Mode.DRY_RUN):
        return None
    from foggen_cloud import CloudClient, CloudSettings, ConfigError

    try:
        return CloudClient(
            CloudSettings(settings.cloud_url, settings.cloud_model, settings.cloud_key)
        )
    except ConfigError as error:
        raise ConfigurationError(str(error)) from error
