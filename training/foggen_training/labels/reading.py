"""The distribution of a model's replies to a question, without sampling: buckets, and answers after each.

A reading takes one prefill of the question and five short branches, one for each bucket, which end just
before the label. It is the closed form of what sampling estimates. There are two readers:
`CheckpointReader` for transformers (`checkpoint_reader.py`) and `GgufReader` for llama.cpp
(`gguf_reader.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import BUCKETS
from foggen.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from foggen.engine.letter_plan import LetterPlan
    from foggen.engine.plan import TokenPlan


@dataclass(frozen=True)
class Reading:
    """One question's distribution at one temperature.

    buckets: (5,), sums to 1. labels: (5, options), the answer after each bucket; each row sums to 1.
    bucket: position of the greedily decoded bucket. expected: expected confidence in [0, 1], always at
    temperature 1. illegal: largest probability mass outside the format, over the two tokens that choose
    the bucket. tokens: number of tokens processed.
    """

    buckets: NDArray[np.float64]
    labels: NDArray[np.float64]
    bucket: int
    expected: float
    illegal: float
    tokens: int

    def chance(self, answer: int) -> float:
        """The probability that a sampled reply gives this answer: the sum over buckets of q_b p_b."""
        return float(self.buckets @ self.labels[:, answer])

    @property
    def answer(self) -> int:
        """The answer of greedy decoding, by position: the best label after the greedy bucket."""
        return int(self.labels[self.bucket].argmax())

    @property
    def likeliest(self) -> int:
        """The answer that sampled replies give most often, by position."""
        return int((self.buckets @ self.labels).argmax())


class Reader(Protocol):
    """A model whose distributions can be read, in the contract's format or in the raw one."""

    def read(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        """A reading of each question in the contract's format."""
        ...

    def read_raw(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        """A reading of each question in the raw format; its buckets are uniform and mean nothing."""
        ...

    def chance_of_text(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[float]:
        """The probability that a raw reply to each question, asked without its options, is the key's text."""
        ...

    def weigh(
        self, system_prompt: str, texts: Sequence[str], start: str, words: Sequence[str]
    ) -> NDArray[np.float64]:
        """The probability of each word after each text and a forced start of the reply, (texts, words).

        Only a word's first token counts; UsageError if two words begin with the same one.
        """
        ...


def reading(
    plan: TokenPlan,
    first: ArrayLike,
    second: ArrayLike,
    labels: ArrayLike,
    options: int,
    temperature: float,
    tokens: int,
) -> Reading:
    """A reading from logits: (V,) for the token `0` or `1`, (V,) after `0.`, (5, V) for the labels."""
    buckets, bucket, illegal = _buckets(plan, first, second, temperature)
    expected = float(_buckets(plan, first, second, 1.0)[0] @ np.array(BUCKETS))
    shares = [
        legal_shares(row, plan.labels[:options], temperature)[0] for row in np.asarray(labels)
    ]
    return Reading(buckets, np.array(shares), bucket, expected, illegal, tokens)


def _buckets(
    plan: TokenPlan, first: ArrayLike, second: ArrayLike, temperature: float
) -> tuple[NDArray[np.float64], int, float]:
    """The buckets' distribution, the bucket of greedy decoding, and the mass outside the format."""
    ones, first_illegal = legal_shares(first, plan.first, temperature)
    digits, second_illegal = legal_shares(second, plan.second, temperature)
    bucket = len(digits) if ones[1] > ones[0] else int(digits.argmax())
    illegal = max(first_illegal, second_illegal if bucket < len(digits) else 0.0)
    return np.array([*(ones[0] * digits), ones[1]]), bucket, illegal


def raw_reading(
    plan: TokenPlan | LetterPlan, labels: ArrayLike, options: int, temperature: float, tokens: int
) -> Reading:
    """A reading in the raw format, from the logits (V,) for the label."""
    shares, illegal = legal_shares(labels, plan.labels[:options], temperature)
    even = np.full(len(BUCKETS), 1 / len(BUCKETS))
    return Reading(even, np.tile(shares, (len(BUCKETS), 1)), 0, 0.5, illegal, tokens)


def legal_shares(
    logits: ArrayLike, tokens: Sequence[int], temperature: float
) -> tuple[NDArray[np.float64], float]:
    """The probabilities of the legal tokens, scaled to sum to 1, and the mass of all other tokens."""
    scores = np.asarray(logits, dtype=np.float32)
    best = scores.max()
    total = np.exp((scores - best) / np.float32(temperature)).sum(dtype=np.float64)
    chosen = scores[list(tokens)].astype(np.float64)
    mass = np.exp((chosen - best) / temperature).sum() / total
    legal = np.exp((chosen - chosen.max()) / temperature)
    return legal / legal.sum(), max(0.0, 1.0 - float(mass))


def word_ids(tokenize: Callable[[str], list[int]], start: str, words: Sequence[str]) -> list[int]:
    """The first token of each word after `start`; UsageError if two words have the same one."""
    begun = len(tokenize(start))
    ids = [tokenize(start + word)[begun] for word in words]
    if len(set(ids)) < len(ids):
        raise UsageError(
            f"in this model's vocabulary {' and '.join(map(repr, words))} begin with the same token",
            hint="leave this baseline out",
        )
    return ids


def word_shares(logits: ArrayLike, ids: Sequence[int]) -> NDArray[np.float64]:
    """The probabilities of some tokens, from a row of logits, (V,)."""
    scores = np.asarray(logits, dtype=np.float64)
    shares = np.exp(scores - scores.max())
    return np.asarray(shares[list(ids)] / shares.sum())


def text_chance(logits: ArrayLike, tokens: Sequence[int], temperature: float) -> float:
    """The probability of a sequence of tokens, each from its row of logits, (tokens, V)."""
    chance = 1.0
    for row, token in zip(np.asarray(logits), tokens, strict=True):
        chance *= float(word_shares(row / temperature, [token])[0])
    return chance
