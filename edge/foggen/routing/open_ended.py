"""Open-ended questions in the flow of `answering.py`: how to ask the edge and the cloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..calls.call import Call
from ..engine.open_answers import OpenAssessment
from .answering import Found
from .cloud import CloudFailed, CloudLink, Start
from .edge import Edge, OnText

if TYPE_CHECKING:
    from foggen_cloud import CloudAnswer


@dataclass(frozen=True)
class OpenQuestion:
    """A question without options, to be answered in at most `limit` tokens.

    on_text: called with each piece of the answer.
    """

    text: str
    limit: int
    notes: tuple[str, ...] = ()
    on_text: OnText | None = None
    options: int = 0

    @property
    def is_streamed(self) -> bool:
        return self.on_text is not None

    def assess(
        self,
        edge: Edge,
        wants_answer: Callable[[float | None], bool],
        deadline_s: float,
        call: Call,
    ) -> Found:
        return _found(
            edge.assess_open(
                self.text,
                self.limit,
                wants_answer=lambda assessed: wants_answer(assessed.confidence),
                on_text=self.on_text,
                deadline_s=deadline_s,
                cancel=call.token,
            )
        )

    def finish(self, edge: Edge, found: Found, deadline_s: float, call: Call) -> Found:
        assessed = found.assessment
        assert isinstance(assessed, OpenAssessment)
        return _found(
            edge.answer_open(
                self.text,
                self.limit,
                assessed,
                on_text=self.on_text,
                deadline_s=deadline_s,
                cancel=call.token,
            )
        )

    def start(self, link: CloudLink) -> Start:
        return link.answer_openly(self.text)

    def chosen(self, answer: CloudAnswer) -> tuple[None, str]:
        if not isinstance(answer.text, str) or not answer.text.strip():
            raise CloudFailed("cloud: unreadable", "the cloud's answer is empty")
        if self.on_text is not None:
            self.on_text(answer.text)
        return None, answer.text


def _found(assessed: OpenAssessment) -> Found:
    return Found(
        confidence=assessed.confidence,
        text=assessed.text,
        cut_off=assessed.cut_off,
        decision_ms=assessed.decision_ms,
        edge_ms=assessed.edge_ms,
        assessment=assessed,
    )
