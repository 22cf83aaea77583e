"""Multiple-choice questions in the flow of `answering.py`: how to ask the edge and the cloud."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..calls.call import Call
from ..confidence.calibration import NOT_KEPT, Calibration
from ..confidence.scores import signals_of
from ..engine.assessment import NON_FINITE, Assessment
from ..question.question import MODEL_LABELS, Question
from .answering import Found
from .cloud import CloudFailed, CloudLink, Start
from .edge import Edge
from .rule import CONFIDENCE, LETTER, P_RIGHT, effective_tau

if TYPE_CHECKING:
    from foggen_cloud import CloudAnswer

    from ..engine.contract import Contract


NOT_CALIBRATED = "not_calibrated"  # a note: what the model's letters are worth was not measured
# No letter is certain: a probability that is rounded to 1 is below a tau of 1, which so keeps nothing.
BELOW_ONE = math.nextafter(1.0, 0.0)


@dataclass(frozen=True)
class Choice:
    """A question with options. says_confidence: whether the model was trained to say one; the probability of
    its letter is compared with tau otherwise, until there is a calibration."""

    question: Question
    calibration: Calibration | None = None
    is_streamed: bool = False
    says_confidence: bool = True

    @property
    def options(self) -> int:
        return len(self.question.options)

    @property
    def notes(self) -> tuple[str, ...]:
        by_letters = self.calibration is None and not self.says_confidence
        return (*self.question.notes, NOT_CALIBRATED) if by_letters else self.question.notes

    @property
    def calibrated_on(self) -> int | None:
        return None if self.calibration is None else self.calibration.rows

    @property
    def measure(self) -> str:
        if self.calibration is not None:
            return P_RIGHT
        return CONFIDENCE if self.says_confidence else LETTER

    def threshold(self, given: float | None, own: float) -> float:
        if self.calibration is not None:
            return self.calibration.tau if given is None else given
        return effective_tau(own if given is None else given, self.options)

    def unsuited(self, contract: Contract) -> str:
        return ""

    def assess(self, edge: Edge, tau: float, always: bool, deadline_s: float, call: Call) -> Found:
        assessed = edge.assess(
            self.question,
            wants_answer=lambda assessed: always or self._may_keep(assessed, tau),
            deadline_s=deadline_s,
            cancel=call.token,
        )
        return self._found(assessed)

    def finish(self, edge: Edge, found: Found, deadline_s: float, call: Call) -> Found:
        assessed = found.assessment
        assert isinstance(assessed, Assessment)
        return self._found(
            edge.answer(self.question, assessed, deadline_s=deadline_s, cancel=call.token)
        )

    def _may_keep(self, assessed: Assessment, tau: float) -> bool:
        if self.calibration is None:
            return assessed.confidence is not None and assessed.confidence >= tau
        signals = signals_of(assessed)
        return self.calibration.may_keep(signals.bucket, signals.expected, tau)

    def start(self, link: CloudLink) -> Start:
        labels = MODEL_LABELS[: self.options]
        return link.choose(self.question.text(), labels, self.question.options)

    def chosen(self, answer: CloudAnswer) -> tuple[str, str]:
        index = answer.label_index
        if type(index) is not int or not 0 <= index < self.options:
            raise CloudFailed("cloud: unreadable", "the cloud named none of the options")
        return self.question.labels[index], self.question.options[index]

    def _found(self, assessed: Assessment) -> Found:
        letter = max(assessed.answer_probabilities, default=None)
        index, p_right, compared = assessed.answer, None, assessed.confidence
        if not self.says_confidence and letter is not None and not assessed.problem:
            compared = min(letter, BELOW_ONE)
        if self.calibration is not None:
            index, p_right, compared = _judged(self.calibration, assessed)
        return Found(
            confidence=assessed.confidence,
            expected_confidence=assessed.expected_confidence,
            label=None if index is None else self.question.labels[index],
            text=None if index is None else self.question.options[index],
            problem=assessed.problem,
            decision_ms=assessed.decision_ms,
            edge_ms=assessed.edge_ms,
            p_right=p_right,
            compared=compared,
            letter_probability=letter,
            coverage=assessed.coverage,
            assessment=assessed,
        )


def _judged(
    calibration: Calibration, assessed: Assessment
) -> tuple[int | None, float | None, float | None]:
    """The answer's position, P(right), and the number that is compared with tau; the first two are None
    if the answer was not decoded, and all three if the model gave no numbers."""
    if assessed.problem == NON_FINITE:
        return None, None, None
    signals = signals_of(assessed)
    if not signals.letters:
        return None, None, NOT_KEPT
    p_right = calibration.p_right(signals)
    return calibration.answer(signals), p_right, calibration.compared(signals, p_right)
