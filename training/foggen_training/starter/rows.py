"""Training rows: a prompt and a reply as token ids, each with the weight of its loss.

Four formats. `plain` (question -> answer) is what the base model learns, with `open` (no options,
the answer in words) and `verify` (is this proposed answer correct?) beside it; `confident` is the
contract's format, which round R0 installs. One home for what each of them looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from foggen.contract import ANSWER_PREFIX, Contract, reply_text

from .questions import LABELS, GradedQuestion

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Short prompts: in a model that reads 60 tokens of question, the published 60 would double the cost.
CONTRACT = Contract("qwen3", "Say your confidence, then answer.", round="R0")
PLAIN = CONTRACT.with_system_prompt("Answer.")
VERIFY = CONTRACT.with_system_prompt("Verify the answer.")
PLAIN_PREFIX = ANSWER_PREFIX.lstrip("\n")  # plain replies begin with it

TEXT_WEIGHT = 0.1  # of the question's and the scaffold's tokens; the reply's own weigh 1
FORMATS = {"plain": 0.82, "open": 0.1, "verify": 0.08}


@dataclass(frozen=True)
class TextRow:
    """One row before tokenization: prompt, forced opening of the reply, and what is to be learnt."""

    prompt: str
    opening: str
    target: str


@dataclass(frozen=True)
class TokenRow:
    """ids: (T,) token ids; weights: (T,) loss weight of predicting that token."""

    ids: list[int]
    weights: list[float]


def plain_row(question: GradedQuestion, label: str | None = None) -> TextRow:
    prompt = PLAIN.prompt(question.question.text())
    return TextRow(prompt, PLAIN_PREFIX, f" {label or question.answer}")


def open_row(question: GradedQuestion) -> TextRow:
    return TextRow(PLAIN.prompt(question.question.stem), PLAIN_PREFIX, f" {question.answer_text}")


def verify_row(question: GradedQuestion, random: Random) -> TextRow:
    wrong = random.random() < 0.5
    text = random.choice(question.question.options) if wrong else question.answer_text
    index = question.question.options.index(text)
    proposed = f"{question.question.text()}\nProposed answer: {LABELS[index]}. {text}"
    decision = "correct" if text == question.answer_text else "incorrect"
    return TextRow(VERIFY.prompt(proposed), "Verification Decision:", f" {decision}")


def confident_row(question: GradedQuestion, bucket: float) -> TextRow:
    """The contract's format; the target holds the confidence line and the answer line."""
    prompt = CONTRACT.prompt(question.question.text())
    return TextRow(prompt, "", reply_text(bucket, question.answer))


def confident_open_row(question: GradedQuestion, bucket: float) -> TextRow:
    prompt = CONTRACT.prompt(question.question.stem)
    return TextRow(prompt, "", reply_text(bucket, question.answer_text))


def pretraining_rows(questions: Iterator[GradedQuestion], random: Random) -> Iterator[TextRow]:
    """An endless mix of the three formats; an unknowable question is never asked openly."""
    for question in questions:
        kind = random.choices(list(FORMATS), list(FORMATS.values()))[0]
        if kind == "verify":
            yield verify_row(question, random)
        elif kind == "open" and question.tier < 4 and "which of" not in question.question.stem.lower():
            yield open_row(question)
        else:
            yield plain_row(question)


def tokenize(tokenizer: Tokenizer, rows: Sequence[TextRow]) -> list[TokenRow]:
    """Rows as ids and weights; the system prompt, always the same, has weight 0."""
    stop = CONTRACT.layout.stop
    pieces = [[row.prompt, row.opening, row.target + stop] for row in rows]
    flat = tokenizer.encode_batch([piece for row in pieces for piece in row], add_special_tokens=False)
    out = []
    for index in range(0, len(flat), 3):
        prompt, opening, target = (encoding.ids for encoding in flat[index : index + 3])
        weights = [TEXT_WEIGHT] * (len(prompt) + len(opening)) + [1.0] * len(target)
        out.append(TokenRow([*prompt, *opening, *target], weights))
    return out
