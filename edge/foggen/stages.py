"""What a user interface can show while a question is being answered.

    def show(stage: Stage) -> None:
        if isinstance(stage, AskingCloud):
            print("asking the cloud ...")

    router.ask(question, on_stage=show)

Stages come in this order, each at most once: `Assessed`, `AskingCloud`, `Replied`. The callback
runs in the caller's thread, or in the event loop's. An exception that it raises ends the call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .reply import Reply


@dataclass(frozen=True)
class Assessed:
    """The edge model has given its confidence. label: its answer, or None if that was not decoded
    or is open-ended. decision_ms: wall time in milliseconds."""

    confidence: float | None
    expected_confidence: float | None
    label: str | None
    decision_ms: float


@dataclass(frozen=True)
class AskingCloud:
    """The question goes to the cloud. reason: as in `Reply.reason`."""

    reason: str


@dataclass(frozen=True)
class Replied:
    """The reply is complete."""

    reply: Reply


Stage = Assessed | AskingCloud | Replied
OnStage = Callable[[Stage], object]
