"""Labels: how often a model answers a question rightly, measured on itself.

`sampled` generates N replies freely and reads them, as the published recipe does. `exact` is its
closed form, the sum over buckets of q_b p_b(key), from one reading: no sampling noise, a fraction of
the tokens. The unit of work is a batch with a seed of its own, so that a batch gives the same labels
in one process or many, in the first run or after a kill.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from foggen.contract import parse
from foggen.errors import ConfigurationError
from foggen.labelled import Keyed
from foggen.plan import MODEL_LABELS

from ..recipe import LabelPlan
from .reading import Reader, Reading

REPLY_LIMIT = 24  # tokens of a sampled reply; a well-formed one has 13


@dataclass(frozen=True)
class Label:
    """One question's label. success: share of readable replies with the key's answer. failures:
    share of replies that could not be read. own: the model's most frequent answer. tokens: that it
    took. expected: the confidence that the model itself expected, in [0, 1]."""

    id: str
    success: float
    expected: float
    failures: float
    own: int
    tokens: int


@dataclass(frozen=True)
class Replies:
    """Free replies to one question. tokens: processed for them, prompts included."""

    texts: tuple[str, ...]
    tokens: int


class Sampler(Protocol):
    """A model that can be sampled."""

    def generate(
        self, items: Sequence[Keyed], temperature: float, count: int, seed: int, *, plain: bool
    ) -> list[Replies]:
        """`count` free replies to each question, of at most REPLY_LIMIT tokens."""
        ...


class Writer(Protocol):
    """A model that can answer open-ended questions."""

    def write(
        self, texts: Sequence[str], temperature: float, count: int, limit: int, seed: int
    ) -> list[Replies]:
        """`count` free replies to each text in the contract's format, greedy at temperature 0."""
        ...


class Labeller(Reader, Sampler, Writer, Protocol):
    """A model that can label its own success in both modes."""


def label_batch(
    model: Labeller, items: Sequence[Keyed], plan: LabelPlan, seed: int, *, plain: bool
) -> list[Label]:
    """Labels of one batch. plain: the raw base, which is asked for the answer alone."""
    if plan.mode == "exact":
        read = model.read_plain if plain else model.read
        return [
            exact_label(item, found)
            for item, found in zip(items, read(items, plan.temperature), strict=True)
        ]
    replies = model.generate(items, plan.temperature, plan.samples, seed, plain=plain)
    return [sampled_label(item, found, plain) for item, found in zip(items, replies, strict=True)]


def exact_label(item: Keyed, found: Reading) -> Label:
    return Label(
        item.id,
        found.chance(item.answer),
        found.expected,
        found.illegal,
        found.likeliest,
        found.tokens,
    )


def sampled_label(item: Keyed, replies: Replies, plain: bool) -> Label:
    """A reply without an answer, or without a confidence where one is due, is a failure."""
    labels = MODEL_LABELS[: len(item.question.options)]
    parsed = [parse(text, labels, item.question.options) for text in replies.texts]
    readable = [
        (found.answer, found.confidence)
        for found in parsed
        if found.answer is not None and (plain or found.confidence is not None)
    ]
    failures = 1 - len(readable) / len(parsed)
    if not readable:
        return Label(item.id, 0.0, 0.0, failures, 0, replies.tokens)
    answers = [answer for answer, _ in readable]
    own = Counter(answers).most_common(1)[0][0]
    success = answers.count(item.answer) / len(answers)
    expected = sum(confidence or 0.0 for _, confidence in readable) / len(readable)
    return Label(item.id, success, expected, failures, own, replies.tokens)


def unaided_labels(model: Reader, items: Sequence[Keyed], plan: LabelPlan) -> list[Label]:
    """Labels of questions asked without their options, always in closed form: the probability of the
    key's text as a plain answer."""
    chances = model.chance_of_text(items, plan.temperature)
    return [
        Label(item.id, chance, chance, 0.0, item.answer, 0)
        for item, chance in zip(items, chances, strict=True)
    ]


def check_failures(failures: Sequence[float], plan: LabelPlan) -> float:
    """The share of unreadable replies; ConfigurationError if it is more than the recipe allows.

    failures: of each question, the share of its replies that could not be read.
    """
    share = sum(failures) / max(1, len(failures))
    if share > plan.most_failures:
        raise ConfigurationError(
            f"{share:.1%} of the replies could not be read, {plan.most_failures:.0%} are allowed",
            hint="the model does not know the format: distill it from a sibling first, or raise "
            "labels.most_failures",
        )
    return share


def has_label(label: Label) -> bool:
    """Whether anything was measured: where every reply was unreadable, nothing was."""
    return label.failures < 1


def seed_of(*parts: object) -> int:
    """A seed from names and numbers, the same on every machine."""
    text = "|".join(map(str, parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "big")
