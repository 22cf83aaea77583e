"""What a user interface can show while a question is being answered.

    def show(stage: Stage) -> None:
        if isinstance(stage, AskingCloud):
            print("asking the cloud ...")

    router.ask(question, on_stage=show)

Stages come in this order, each at most once: `Assessed`, `AskingCloud`, `Replied`. They are given to the
callback in the caller's thread, or in the event loop's. What the callback raises ends the call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .reply import Reply


@dataclass(frozen=True)
class Assessed:
    """The edge model has said how sure it is. label: its answer, None if it was not decoded or is an
    open-ended one. decision_ms: milliseconds of wall time."""

    confidence: float | None
    expected_confidence: float | None
    label: str | None
    decision_ms: float


@dataclass(frozen=True)
class AskingCloud:
    """The question goes to the cloud. reason: why, as in `Reply.reason`."""

    reason: str


@dataclass(frozen=True)
class Replied:
    """The call is over."""

    reply: Reply


Stage = Assessed | AskingCloud | Replied
OnStage = Callable[[Stage], object]
