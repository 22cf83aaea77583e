"""AutoMix's self-verification (Aggarwal et al. 2024), the baseline of the published cards.

The model answers once; then it sees its own answer and is asked k = 8 times at T = 1 whether it is correct.
p = correct / valid, or 0 if no sample is valid, and a question is routed if p <= t. This takes nine passes
per question. As in the authors' repository (automix-llm/automix, Step2_SelfVerify), there are four shots,
two of them right; a decision is the sentence "The AI generated answer is Correct." or "... Incorrect.", and
a sample that has this sentence is valid, whatever its last word.

There are two differences, which every table mentions. The shots and questions of the paper have a context to
verify against, and these have none. The paper's samples write an evaluation before the decision; here the
decision comes at once. A sample is then one word, so eight samples are eight draws from one row of
probabilities, which is read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.labelled import Keyed
from foggen.errors import QuestionError
from foggen.question.question import MODEL_LABELS

from ..labels.label import seed_of
from ..labels.reading import Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 8
PASSES = 1 + SAMPLES
NAME = "AutoMix"
NOTE = (
    "AutoMix verifies without a context, which its paper's questions have, and without writing an "
    "evaluation first"
)
SYSTEM_PROMPT = "Verify the answer."
DECISION = "Verification Decision:"

# The paper's instruction, without its mention of a context and of reasoning.
INSTRUCTION = (
    "Instruction: Your task is to evaluate if the AI Generated Answer is correct, based on the "
    "provided question. Choose between Correct or Incorrect."
)
# Right and wrong shots, in the paper's order.
SHOTS = (
    ("What is 7 + 5?\nA. 11\nB. 12\nC. 13\nD. 14", "B. 12", "Correct"),
    (
        "Which planet is nearest to the sun?\nA. Venus\nB. Mars\nC. Mercury\nD. Earth",
        "A. Venus",
        "Incorrect",
    ),
    ("How many sides has a hexagon?\nA. 5\nB. 6\nC. 7\nD. 8", "D. 8", "Incorrect"),
    (
        "Which gas do plants take in?\nA. Carbon dioxide\nB. Helium\nC. Argon\nD. Neon",
        "A. Carbon dioxide",
        "Correct",
    ),
)


@dataclass(frozen=True)
class Verification:
    """The verification of one question. right: probability that a valid sample says "correct". valid:
    probability that a sample is valid."""

    right: float
    valid: float

    def sampled(self, seed: int) -> float:
        """The paper's p: share of "correct" among the valid ones of eight samples; 0 if none is valid."""
        random = np.random.default_rng(seed)
        valid = int(random.binomial(SAMPLES, self.valid))
        return float(random.binomial(valid, self.right)) / valid if valid else 0.0


def verify(
    model: Reader, items: Sequence[Keyed], answers: Sequence[int], *, shots: bool
) -> list[Verification]:
    """Let a model judge its answers, given by position.

    shots: use the paper's wording and its shots; otherwise the wording that the starter's base learnt.
    Raises QuestionError if an answer is missing.
    """
    ask = _as_published if shots else _as_taught
    return ask(model, items, [_named(item, n) for item, n in zip(items, answers, strict=True)])


def _as_published(
    model: Reader, items: Sequence[Keyed], answers: Sequence[str]
) -> list[Verification]:
    """The start of the sentence is forced, so every sample is valid; upper and lower case are equal."""
    texts = [published_prompt(item, text) for item, text in zip(items, answers, strict=True)]
    words = (" Correct", " correct", " Incorrect", " incorrect")
    start = f"{DECISION} The AI generated answer is"
    weights = model.weigh(SYSTEM_PROMPT, texts, start, words)
    return [Verification(float(row[0] + row[1]), 1.0) for row in weights]


def _as_taught(model: Reader, items: Sequence[Keyed], answers: Sequence[str]) -> list[Verification]:
    """The decision is one word (`starter/rows.py`); any other word is not valid."""
    texts = [
        f"{item.question.text()}\nProposed answer: {text}"
        for item, text in zip(items, answers, strict=True)
    ]
    weights = model.weigh(SYSTEM_PROMPT, texts, DECISION, (" correct", " incorrect"))
    return [
        Verification(float(right / (right + wrong)), float(right + wrong))
        for right, wrong in weights
    ]


def published_prompt(item: Keyed, answer: str) -> str:
    """Four shots, then the question with its answer, up to the decision."""
    decided = (
        f"{_judged(question, given)}\n\n{DECISION} The AI generated answer is {word}.\n\n---\n\n"
        for question, given, word in SHOTS
    )
    return "".join(decided) + _judged(item.question.text(), answer)


def _judged(question: str, answer: str) -> str:
    return f"Question: {question}\n\nAI Generated Answer: {answer}\n\n{INSTRUCTION}"


def _named(item: Keyed, answer: int) -> str:
    if not 0 <= answer < len(item.question.options):
        raise QuestionError(
            f"{item.id} has no answer to verify", hint="leave AutoMix out of this comparison"
        )
    return f"{MODEL_LABELS[answer]}. {item.question.options[answer]}"


def scores(
    items: Sequence[Keyed], verifications: Sequence[Verification], seed: int
) -> NDArray[np.float64]:
    """(n,) The paper's p of every question, drawn by its id."""
    pairs = zip(items, verifications, strict=True)
    return np.array([one.sampled(seed_of("automix", seed, item.id)) for item, one in pairs])
