"""What a model would say to a question, read without sampling: every bucket, every answer after it.

A reading is one prefill of the question and five short branches, one a bucket, each up to where the
label is due. It is the closed form of what sampling estimates. Two readers make it: `CheckpointReader`
(transformers, `checkpoint_reader.py`) and `GgufReader` (llama.cpp, `gguf_reader.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from foggen.contract import BUCKETS
from foggen.errors import UsageError
from foggen.labelled import Keyed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from foggen.plan import TokenPlan


@dataclass(frozen=True)
class Reading:
    """One question's distribution at one temperature.

    buckets: (5,), joint and summing to 1. labels: (5, options), after each bucket, rows summing
    to 1. said: the bucket of step-by-step greedy decoding, by position. expected: the expected
    confidence, in [0, 1], at temperature 1 whatever the reading's. illegal: probability outside
    the format at the worse of the two places. tokens: how many the model processed.
    """

    buckets: NDArray[np.float64]
    labels: NDArray[np.float64]
    said: int
    expected: float
    illegal: float
    tokens: int

    def chance(self, answer: int) -> float:
        """Probability that a sampled reply gives this answer: sum over buckets of q_b p_b."""
        return float(self.buckets @ self.labels[:, answer])

    @property
    def answer(self) -> int:
        """The answer of greedy decoding: the best label after the bucket said."""
        return int(self.labels[self.said].argmax())

    @property
    def likeliest(self) -> int:
        """The answer that sampled replies give most often."""
        return int((self.buckets @ self.labels).argmax())


class Reader(Protocol):
    """A model that can be read: in the contract's format, and asked for the answer alone."""

    def read(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        """A reading of each question."""
        ...

    def read_plain(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        """The same where no confidence is asked for: its buckets are all alike and mean nothing."""
        ...

    def chance_of_text(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[float]:
        """Probability that a plain reply to the question without its options is the key's text."""
        ...

    def weigh(
        self, system_prompt: str, texts: Sequence[str], start: str, words: Sequence[str]
    ) -> NDArray[np.float64]:
        """Probability of each word after each text and the reply's forced start, (texts, words).

        A word counts by its first token; UsageError if two of them begin alike.
        """
        ...


def reading(
    plan: TokenPlan, first: ArrayLike, second: ArrayLike, labels: ArrayLike, options: int,
    temperature: float, tokens: int,
) -> Reading:  # fmt: skip
    """A reading from raw logits: (V,) where `0` or `1` is due, (V,) after `0.`, (5, V) at the labels."""
    joint, said, illegal = _buckets(plan, first, second, temperature)
    expected = float(_buckets(plan, first, second, 1.0)[0] @ np.array(BUCKETS))
    shares = [
        legal_shares(row, plan.labels[:options], temperature)[0] for row in np.asarray(labels)
    ]
    return Reading(joint, np.array(shares), said, expected, illegal, tokens)


def _buckets(
    plan: TokenPlan, first: ArrayLike, second: ArrayLike, temperature: float
) -> tuple[NDArray[np.float64], int, float]:
    """The joint distribution, the bucket of step-by-step decoding, and the mass outside the format."""
    ones, first_illegal = legal_shares(first, plan.first, temperature)
    digits, second_illegal = legal_shares(second, plan.second, temperature)
    said = len(digits) if ones[1] > ones[0] else int(digits.argmax())
    illegal = max(first_illegal, second_illegal if said < len(digits) else 0.0)
    return np.array([*(ones[0] * digits), ones[1]]), said, illegal


def plain_reading(
    plan: TokenPlan, labels: ArrayLike, options: int, temperature: float, tokens: int
) -> Reading:
    """A reading from the labels' logits, (V,), where no confidence was said."""
    shares, illegal = legal_shares(labels, plan.labels[:options], temperature)
    even = np.full(len(BUCKETS), 1 / len(BUCKETS))
    return Reading(even, np.tile(shares, (len(BUCKETS), 1)), 0, 0.5, illegal, tokens)


def legal_shares(
    logits: ArrayLike, tokens: Sequence[int], temperature: float
) -> tuple[NDArray[np.float64], float]:
    """Probabilities of the legal tokens among themselves, and the mass of all the others."""
    scores = np.asarray(logits, dtype=np.float32)
    best = scores.max()
    total = np.exp((scores - best) / np.float32(temperature)).sum(dtype=np.float64)
    chosen = scores[list(tokens)].astype(np.float64)
    mass = np.exp((chosen - best) / temperature).sum() / total
    legal = np.exp((chosen - chosen.max()) / temperature)
    return legal / legal.sum(), max(0.0, 1.0 - float(mass))


def word_ids(tokenize: Callable[[str], list[int]], start: str, words: Sequence[str]) -> list[int]:
    """The first token of each word after `start`; UsageError if two of them begin alike."""
    begun = len(tokenize(start))
    ids = [tokenize(start + word)[begun] for word in words]
    if len(set(ids)) < len(ids):
        raise UsageError(
            f"in this model's vocabulary {' and '.join(map(repr, words))} begin alike",
            hint="leave this baseline out",
        )
    return ids


def word_shares(logits: ArrayLike, ids: Sequence[int]) -> NDArray[np.float64]:
    """Probabilities of some tokens in a row of logits, (V,)."""
    scores = np.asarray(logits, dtype=np.float64)
    shares = np.exp(scores - scores.max())
    return np.asarray(shares[list(ids)] / shares.sum())


def text_chance(logits: ArrayLike, tokens: Sequence[int], temperature: float) -> float:
    """Probability of a sequence of tokens, each from its row of logits, (tokens, V)."""
    chance = 1.0
    for row, token in zip(np.asarray(logits), tokens, strict=True):
        chance *= float(word_shares(row / temperature, [token])[0])
    return chance
