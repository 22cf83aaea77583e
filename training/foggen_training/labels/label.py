"""Labels: how often a model answers a question correctly, measured on the model itself.

`sampled` generates N free replies and parses them, as the published recipe does. `exact` is its closed
form, the sum over buckets of q_b p_b(key), from one reading: no sampling noise, and a fraction of the work.
Questions are labelled in batches, and each batch has its own seed, so it gets the same labels in one
process or in many, in the first run or after a kill.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import parse
from foggen.errors import ConfigurationError
from foggen.question.question import MODEL_LABELS

from ..recipe import LabelPlan
from .reading import Reader, Reading

REPLY_LIMIT = 24  # tokens of a sampled reply; a well-formed one has 13


@dataclass(frozen=True)
class Label:
    """One question's label. success: share of the readable replies that give the key's answer.
    expected: mean confidence of the replies, in [0, 1]. failures: share of the replies that could not
    be read. answer: position of the most frequent answer. tokens: number of tokens processed."""

    id: str
    success: float
    expected: float
    failures: float
    answer: int
    tokens: int


@dataclass(frozen=True)
class Replies:
    """Free replies to one question. tokens: number of tokens processed for them, prompt included."""

    texts: tuple[str, ...]
    tokens: int


class Sampler(Protocol):
    """A model that can be sampled."""

    def generate(
        self, items: Sequence[Keyed], temperature: float, count: int, seed: int, *, raw: bool
    ) -> list[Replies]:
        """`count` free replies to each question, of at most REPLY_LIMIT tokens.

        raw: in the raw format, for the answer alone.
        """
        ...


class Writer(Protocol):
    """A model that can answer open-ended questions."""

    def write(
        self, texts: Sequence[str], temperature: float, count: int, limit: int, seed: int
    ) -> list[Replies]:
        """`count` free replies to each text in the contract's format; greedy at temperature 0."""
        ...


class Labeller(Reader, Sampler, Writer, Protocol):
    """A model whose success can be measured in both modes."""


def label_batch(
    model: Labeller, items: Sequence[Keyed], plan: LabelPlan, seed: int, *, raw: bool
) -> list[Label]:
    """Label one batch. raw: ask for the answer alone, since the model is a raw base."""
    if plan.mode == "exact":
        read = model.read_raw if raw else model.read
        readings = read(items, plan.temperature)
        return [exact_label(item, reading) for item, reading in zip(items, readings, strict=True)]
    replies = model.generate(items, plan.temperature, plan.samples, seed, raw=raw)
    return [sampled_label(item, texts, raw) for item, texts in zip(items, replies, strict=True)]


def exact_label(item: Keyed, reading: Reading) -> Label:
    return Label(
        id=item.id,
        success=reading.chance(item.answer),
        expected=reading.expected,
        failures=reading.illegal,
        answer=reading.likeliest,
        tokens=reading.tokens,
    )


def sampled_label(item: Keyed, replies: Replies, raw: bool) -> Label:
    """The label from sampled replies; one without an answer, or without a required confidence, is a
    failure."""
    labels = MODEL_LABELS[: len(item.question.options)]
    parsed = [parse(text, labels, item.question.options) for text in replies.texts]
    readable = [
        (reply.answer, reply.confidence or 0.0)
        for reply in parsed
        if reply.answer is not None and (raw or reply.confidence is not None)
    ]
    failures = 1 - len(readable) / len(parsed)
    if not readable:
        return Label(item.id, 0.0, 0.0, failures, 0, replies.tokens)
    answers, confidences = zip(*readable, strict=True)
    success = answers.count(item.answer) / len(answers)
    expected = sum(confidences) / len(confidences)
    answer = Counter(answers).most_common(1)[0][0]
    return Label(item.id, success, expected, failures, answer, replies.tokens)


def unaided_labels(model: Reader, items: Sequence[Keyed], plan: LabelPlan) -> list[Label]:
    """Label questions asked without their options, by the probability of the key's text as a raw reply.

    This is always the closed form; the plan's mode does not matter.
    """
    chances = model.chance_of_text(items, plan.temperature)
    return [
        Label(item.id, chance, chance, 0.0, item.answer, 0)
        for item, chance in zip(items, chances, strict=True)
    ]


def check_failures(failures: Sequence[float], plan: LabelPlan) -> float:
    """The share of unreadable replies; raises ConfigurationError if it exceeds the recipe's limit.

    failures: for each question, the share of its replies that could not be read.
    """
    share = sum(failures) / max(1, len(failures))
    if share > plan.most_failures:
        raise ConfigurationError(
            f"{share:.1%} of the replies could not be read; at most {plan.most_failures:.0%} are allowed",
            hint="the model does not know the format: distill it from a sibling first, or raise "
            "labels.most_failures",
        )
    return share


def has_label(label: Label) -> bool:
    """Whether at least one reply could be read."""
    return label.failures < 1


def seed_of(*parts: object) -> int:
    """A seed made from names and numbers, the same on every machine."""
    text = "|".join(map(str, parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "big")
