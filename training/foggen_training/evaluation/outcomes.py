"""Outcomes: the edge's answer to each question, and whether the edge and a cloud are right.

    foggen-train evaluate starter                          generated questions never seen
    foggen-train evaluate MODEL.gguf --data FILE.jsonl ... questions with answers

A GGUF is measured with the runtime's engine. Clouds are in `clouds.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import BUCKETS, MOST_ILLEGAL_MASS
from foggen.question.question import TRAINED_OPTIONS
from foggen.routing.rule import effective_tau

from ..labels.gguf_reader import GgufReader
from ..labels.jobs import Batch, Job
from ..labels.label import Labeller
from ..labels.reading import Reading
from .clouds import AT_CHANCE, Cloud

if TYPE_CHECKING:
    from foggen.engine.engine import Engine

DIGITS = 4  # digits of stored probabilities
UNKNOWN = -1  # no confidence, no answer, no probability


@dataclass(frozen=True)
class Outcome:
    """The edge's answer to one question, and whether the edge and a cloud are right, 0 or 1.

    confidence, expected: the stated bucket and the mean of the buckets, in [0, 1]; -1 without a
    confidence, which counts as 0 in figures that need a probability. Of a model that was not trained to the
    contract both are the probability of its letter, which the product compares with tau. answer: position of the answer, -1
    if there is none. options: number of options. letter: probability of the best letter after the
    confidence, from the same pass; -1 if unknown. buckets, letters: probabilities of the five buckets and
    of the options' letters, to four digits; () if unknown.
    """

    id: str
    domain: str
    tier: int
    confidence: float
    expected: float
    edge: int
    cloud: int
    answer: int = UNKNOWN
    options: int = TRAINED_OPTIONS
    letter: float = UNKNOWN
    buckets: tuple[float, ...] = ()
    letters: tuple[float, ...] = ()

    @property
    def compared_confidence(self) -> float:
        """The bucket as the product compares it with tau."""
        return as_compared(self.confidence, self.options)

    @property
    def compared_expected(self) -> float:
        """The expected confidence as the product would compare it with tau."""
        return as_compared(self.expected, self.options)


def as_compared(confidence: float, options: int) -> float:
    """A confidence as the product compares it with tau, for any tau.

    With more options than the contract was trained on, only full confidence keeps an answer on the edge
    (`foggen.routing.rule.effective_tau`), so anything less becomes -1, which is below every tau.
    """
    return confidence if confidence >= effective_tau(0.0, options) else float(UNKNOWN)


def outcome(item: Keyed, reading: Reading, cloud: Cloud = AT_CHANCE) -> Outcome:
    """The outcome of a reading, as the engine would give it."""
    knows_format = reading.illegal <= MOST_ILLEGAL_MASS
    return Outcome(
        id=item.id,
        domain=item.domain,
        tier=item.tier,
        confidence=BUCKETS[reading.bucket] if knows_format else UNKNOWN,
        expected=reading.expected if knows_format else UNKNOWN,
        edge=int(reading.answer == item.answer),
        cloud=cloud.is_right(item),
        answer=reading.answer,
        options=len(item.question.options),
        letter=float(reading.labels[reading.bucket].max()),
        buckets=_rounded(reading.buckets),
        letters=_rounded(reading.labels[reading.bucket]),
    )


def measure(
    engine: Engine,
    questions: Iterable[Keyed],
    progress: Callable[[], None] = lambda: None,
    cloud: Cloud = AT_CHANCE,
) -> list[Outcome]:
    """Ask the engine every question once, including the answer."""
    outcomes = []
    for item in questions:
        outcomes.append(_assessed(engine, item, cloud))
        progress()
    return outcomes


def _assessed(engine: Engine, item: Keyed, cloud: Cloud) -> Outcome:
    assessment = engine.assess(engine.fitted(item.question))
    letter = max(assessment.answer_probabilities, default=UNKNOWN)
    said, expected = assessment.confidence, assessment.expected_confidence
    if not engine.contract.says_confidence and not assessment.problem:
        said = expected = letter
    return Outcome(
        id=item.id,
        domain=item.domain,
        tier=item.tier,
        confidence=_or_unknown(said),
        expected=_or_unknown(expected),
        edge=int(assessment.answer == item.answer),
        cloud=cloud.is_right(item),
        answer=UNKNOWN if assessment.answer is None else assessment.answer,
        options=len(item.question.options),
        letter=letter,
        buckets=_rounded(assessment.bucket_probabilities),
        letters=_rounded(assessment.answer_probabilities),
    )


def _rounded(probabilities: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(one), DIGITS) for one in probabilities)


def _or_unknown(value: float | None) -> float:
    return UNKNOWN if value is None else value


def beside(cloud: Cloud, questions: Sequence[Keyed], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same outcomes with another cloud; the edge is not asked again."""
    return [
        replace(one, cloud=cloud.is_right(item))
        for item, one in zip(questions, outcomes, strict=True)
    ]


@dataclass(frozen=True)
class MeasureJob(Job):
    """Measuring as a job of an executor: outcomes of batches of questions."""

    def do(self, model: Labeller, batch: Batch) -> list[Outcome]:
        """The outcomes of a batch; a GGUF is measured with the runtime's engine."""
        if isinstance(model, GgufReader):
            return measure(model.engine, batch.items)
        readings = model.read(batch.items)
        return [outcome(item, one) for item, one in zip(batch.items, readings, strict=True)]
