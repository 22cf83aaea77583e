"""Multiple-choice questions in the flow of `answering.py`: how to ask the edge and the cloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..calls.call import Call
from ..engine.assessment import Assessment
from ..question.question import MODEL_LABELS, Question
from .answering import Found
from .cloud import CloudFailed, CloudLink, Start
from .edge import Edge

if TYPE_CHECKING:
    from foggen_cloud import CloudAnswer


@dataclass(frozen=True)
class Choice:
    """A question with options."""

    question: Question
    is_streamed: bool = False

    @property
    def options(self) -> int:
        return len(self.question.options)

    @property
    def notes(self) -> tuple[str, ...]:
        return self.question.notes

    def assess(
        self,
        edge: Edge,
        wants_answer: Callable[[float | None], bool],
        deadline_s: float,
        call: Call,
    ) -> Found:
        return self._found(
            edge.assess(
                self.question,
                wants_answer=lambda assessed: wants_answer(assessed.confidence),
                deadline_s=deadline_s,
                cancel=call.token,
            )
        )

    def finish(self, edge: Edge, found: Found, deadline_s: float, call: Call) -> Found:
        assessed = found.assessment
        assert isinstance(assessed, Assessment)
        return self._found(
            edge.answer(self.question, assessed, deadline_s=deadline_s, cancel=call.token)
        )

    def start(self, link: CloudLink) -> Start:
        labels = MODEL_LABELS[: self.options]
        return link.choose(self.question.text(), labels, self.question.options)

    def chosen(self, answer: CloudAnswer) -> tuple[str, str]:
        index = answer.label_index
        if type(index) is not int or not 0 <= index < self.options:
            raise CloudFailed("cloud: unreadable", "the cloud named none of the options")
        return self.question.labels[index], self.question.options[index]

    def _found(self, assessed: Assessment) -> Found:
        index = assessed.answer
        return Found(
            confidence=assessed.confidence,
            expected_confidence=assessed.expected_confidence,
            label=None if index is None else self.question.labels[index],
            text=None if index is None else self.question.options[index],
            problem=assessed.problem,
            decision_ms=assessed.decision_ms,
            edge_ms=assessed.edge_ms,
            assessment=assessed,
        )
