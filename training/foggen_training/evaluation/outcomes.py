"""What a GGUF is worth: every question through the engine that ships, then the tables.

    foggen-train evaluate starter                          generated questions never seen
    foggen-train evaluate MODEL.gguf --data FILE.jsonl ... questions with answers

Figures are per domain; a mean is the mean of the domains. Who the cloud is, is `clouds.py`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foggen.contract import BUCKETS, MOST_ILLEGAL_MASS
from foggen.labelled import Keyed

from ..labels.gguf_reader import GgufReader
from ..labels.label import Labeller
from ..labels.labelling import Batch, Job
from ..labels.reading import Reading
from .clouds import AnswerKey, Cloud

if TYPE_CHECKING:
    from foggen.engine import Engine

CARD = AnswerKey()  # the cloud where none is given


@dataclass(frozen=True)
class Outcome:
    """What the edge said of one question. Where it said no confidence, both are -1: below every
    tau, and 0 where a figure needs a probability. answer: by position, -1 if not known."""

    id: str
    domain: str
    tier: int
    confidence: float
    expected: float
    edge: int
    cloud: int
    answer: int = -1


def outcome(item: Keyed, found: Reading, cloud: Cloud = CARD) -> Outcome:
    """What a reading says, as the engine would have said it."""
    known = found.illegal <= MOST_ILLEGAL_MASS
    said, expected = (BUCKETS[found.said], found.expected) if known else (-1.0, -1.0)
    right = int(found.answer == item.answer)
    return Outcome(
        item.id, item.domain, item.tier, said, expected, right, cloud.is_right(item), found.answer
    )


def measure(
    engine: Engine, questions: Iterable[Keyed], progress: Callable[[], None] = lambda: None,
    cloud: Cloud = CARD,
) -> list[Outcome]:  # fmt: skip
    """Every question once through the one pass, answer included."""
    outcomes = []
    for item in questions:
        found = engine.assess(engine.fitted(item.question))
        outcomes.append(
            Outcome(
                item.id,
                item.domain,
                item.tier,
                -1.0 if found.confidence is None else found.confidence,
                -1.0 if found.expected_confidence is None else found.expected_confidence,
                int(found.answer == item.answer),
                cloud.is_right(item),
                -1 if found.answer is None else found.answer,
            )
        )
        progress()
    return outcomes


@dataclass(frozen=True)
class MeasureJob(Job):
    """Measuring, as a job of an executor: the outcomes of batches of questions."""

    def do(self, model: Labeller, batch: Batch) -> list[Outcome]:
        """The outcomes of a batch; a GGUF is measured through the engine that ships."""
        if isinstance(model, GgufReader):
            return measure(model.engine, batch.items)
        readings = model.read(batch.items)
        return [outcome(item, one) for item, one in zip(batch.items, readings, strict=True)]
