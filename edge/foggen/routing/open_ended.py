"""Open-ended questions in the flow of `answering.py`: how to ask the edge and the cloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..calls.call import Call
from ..engine.contract import Contract
from ..engine.open_answers import OpenAssessment
from .answering import Found
from .cloud import CloudFailed, CloudLink, Start
from .edge import Edge, OnText
from .rule import CONFIDENCE

if TYPE_CHECKING:
    from foggen_cloud import CloudAnswer

NOT_TRAINED = "the edge model only answers questions with options"


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

    @property
    def calibrated_on(self) -> None:
        return None

    @property
    def measure(self) -> str:
        return CONFIDENCE

    def threshold(self, given: float | None, own: float) -> float:
        return own if given is None else given

    def unsuited(self, contract: Contract) -> str:
        return "" if contract.answers_open else NOT_TRAINED

    def assess(self, edge: Edge, tau: float, always: bool, deadline_s: float, call: Call) -> Found:
        def wants_answer(assessed: OpenAssessment) -> bool:
            return always or (assessed.confidence is not None and assessed.confidence >= tau)

        return _found(
            edge.assess_open(
                self.text,
                self.limit,
                wants_answer=wants_answer,
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
        compared=assessed.confidence,
        text=assessed.text,
        cut_off=assessed.cut_off,
        decision_ms=assessed.decision_ms,
        edge_ms=assessed.edge_ms,
        assessment=assessed,
    )
