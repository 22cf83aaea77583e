"""What the router needs of an edge model.

`foggen.engine.engine.Engine` is one; `foggen.testing.ScriptedEdge` is another, for tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ..calls.cancelling import CancelToken
from ..engine.contract import Contract
from ..question.question import Question

if TYPE_CHECKING:
    from ..engine.assessment import Assessment
    from ..engine.open_answers import OpenAssessment

OnText = Callable[[str], object]  # called with each piece of an open-ended answer


class Edge(Protocol):
    """A model that says how sure it is. Deadlines are in seconds; None means no deadline.

    Its methods raise QuestionError, DeadlineError and CancelledError.
    """

    @property
    def contract(self) -> Contract: ...

    def fitted(self, question: Question) -> Question:
        """The question, with its stem cut if it does not fit the context."""

    def assess(
        self,
        question: Question,
        *,
        wants_answer: Callable[[Assessment], bool],
        deadline_s: float | None,
        cancel: CancelToken | None,
    ) -> Assessment:
        """The confidence, and the answer if `wants_answer` says so once the confidence is known."""

    def answer(
        self,
        question: Question,
        assessment: Assessment,
        *,
        deadline_s: float | None,
        cancel: CancelToken | None,
    ) -> Assessment:
        """The assessment with its answer."""

    def assess_open(
        self,
        text: str,
        limit: int,
        *,
        wants_answer: Callable[[OpenAssessment], bool],
        on_text: OnText | None,
        deadline_s: float | None,
        cancel: CancelToken | None,
    ) -> OpenAssessment:
        """The same for a question without options. limit: the most tokens of the answer."""

    def answer_open(
        self,
        text: str,
        limit: int,
        assessment: OpenAssessment,
        *,
        on_text: OnText | None,
        deadline_s: float | None,
        cancel: CancelToken | None,
    ) -> OpenAssessment:
        """The assessment with its answer."""

    def close(self) -> None:
        """Stop the running calls and free the model. Closing again has no effect."""
