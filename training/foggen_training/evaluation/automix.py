"""AutoMix's self-verification (Aggarwal et al. 2024), the baseline of the published cards.

The model answers once; then it is shown its own answer and asked k = 8 times at T = 1 whether it is
correct. p = correct / valid, and a question is routed where p <= t. Nine passes a question. For
questions without a context its verifier is weaker than in its paper, which the table says.

A verification is one word after "Verification Decision:", so that eight samples of it are eight draws
from one row of probabilities, which is read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.labelled import Keyed
from foggen.plan import MODEL_LABELS

from ..labels.label import seed_of
from ..labels.reading import Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 8
PASSES = 1 + SAMPLES
DECISION = "Verification Decision:"
WORDS = (" correct", " incorrect")
SYSTEM_PROMPT = "Verify the answer."

# The paper's four shots: two right, two wrong, in the words of its prompt.
SHOTS = (
    ("What is 7 + 5?\nA. 11\nB. 12\nC. 13\nD. 14", "B. 12", "correct"),
    ("Which planet is nearest to the sun?\nA. Venus\nB. Mars\nC. Mercury\nD. Earth", "A. Venus", "incorrect"),
    ("Which gas do plants take in?\nA. Carbon dioxide\nB. Helium\nC. Argon\nD. Neon", "A. Carbon dioxide", "correct"),
    ("How many sides has a hexagon?\nA. 5\nB. 6\nC. 7\nD. 8", "D. 8", "incorrect"),
)  # fmt: skip


@dataclass(frozen=True)
class Verification:
    """One question's verification. right: probability of " correct" among the two words. valid:
    probability that a sample is one of them."""

    right: float
    valid: float

    def sampled(self, seed: int) -> float:
        """p of the paper: correct among the valid of eight samples; one half if none is valid."""
        random = np.random.default_rng(seed)
        valid = int(random.binomial(SAMPLES, self.valid))
        return float(random.binomial(valid, self.right)) / valid if valid else 0.5


def proposal(item: Keyed, answer: int, shots: bool) -> str:
    """The question, the proposed answer, and the four shots before it if the model needs them."""
    text = f"{item.question.text()}\nProposed answer: {_named(item, answer)}"
    if not shots:
        return text
    before = (
        f"{question}\nProposed answer: {answer}\n{DECISION} {word}\n\n"
        for question, answer, word in SHOTS
    )
    return "".join(before) + text


def _named(item: Keyed, answer: int) -> str:
    return f"{MODEL_LABELS[answer]}. {item.question.options[answer]}"


def verify(
    model: Reader, items: Sequence[Keyed], answers: Sequence[int], *, shots: bool
) -> list[Verification]:
    """Let a model judge its answers, given by position."""
    texts = [proposal(item, answer, shots) for item, answer in zip(items, answers, strict=True)]
    weights = model.weigh(SYSTEM_PROMPT, texts, DECISION, WORDS)
    return [
        Verification(float(right / (right + wrong)), float(right + wrong))
        for right, wrong in weights
    ]


def scores(items: Sequence[Keyed], found: Sequence[Verification], seed: int) -> NDArray[np.float64]:
    """p of every question, drawn by its id."""
    return np.array(
        [v.sampled(seed_of("automix", seed, item.id)) for item, v in zip(items, found, strict=True)]
    )
