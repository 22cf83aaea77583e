"""Training rows: a prompt and a reply as token ids, and how many of them are the reply.

The base model learns four formats: `plain` (question -> answer), `open` (no options, the answer in words),
`verify` (is this proposed answer correct?) and `match` (which option has this text?). The fifth,
`confident`, is the contract's format, which round R0 teaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from random import Random
from typing import TYPE_CHECKING

from foggen.engine.contract import Contract, reply_text

from ..batching import padded
from ..prompts import RAW_PREFIX
from .questions import LABELS, GradedQuestion

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

# Short prompts: a question has about 60 tokens, so the 60 of the published prompt would double the cost.
CONTRACT = Contract("qwen3", "Say your confidence, then answer.", round="R0")
PLAIN = CONTRACT.with_system_prompt("Answer.")
VERIFY = CONTRACT.with_system_prompt("Verify the answer.")

FORMATS = {"plain": 0.75, "open": 0.09, "verify": 0.08, "match": 0.08}  # shares in pretraining


@dataclass(frozen=True)
class TextRow:
    """A row before tokenization: prompt, forced start of the reply, and text to learn.

    correct: number of the right option, counted from 1; 0 if there is none."""

    prompt: str
    opening: str
    target: str
    correct: int = 0


@dataclass(frozen=True)
class TokenRow:
    """ids: token ids; the last `reply` of them are learnt. options: for every token the number of its
    option, counted from 1, or 0 outside of options. correct: as in `TextRow`."""

    ids: list[int]
    reply: int
    options: list[int]
    correct: int


def plain_row(question: GradedQuestion) -> TextRow:
    prompt = PLAIN.prompt(question.question.text())
    return TextRow(prompt, RAW_PREFIX, f" {question.answer}", _correct(question))


def open_row(question: GradedQuestion) -> TextRow:
    return TextRow(PLAIN.prompt(question.question.stem), RAW_PREFIX, f" {question.answer_text}")


def verify_row(question: GradedQuestion, random: Random) -> TextRow:
    wrong = random.random() < 0.5
    text = random.choice(question.question.options) if wrong else question.answer_text
    index = question.question.options.index(text)
    proposed = f"{question.question.text()}\nProposed answer: {LABELS[index]}. {text}"
    decision = "correct" if text == question.answer_text else "incorrect"
    return TextRow(VERIFY.prompt(proposed), "Verification Decision:", f" {decision}")


def match_row(question: GradedQuestion) -> TextRow:
    options = question.question.text()[len(question.question.stem) :]
    prompt = PLAIN.prompt(f"Choose {question.answer_text}{options}")
    return TextRow(prompt, RAW_PREFIX, f" {question.answer}", LABELS.index(question.answer) + 1)


def _correct(question: GradedQuestion) -> int:
    """The number of the right option, counted from 1; 0 for a question that cannot be known."""
    return LABELS.index(question.answer) + 1 if question.tier < 4 else 0


def confident_row(question: GradedQuestion, bucket: float) -> TextRow:
    """A row in the contract's format; the target holds the confidence line and the answer line."""
    prompt = CONTRACT.prompt(question.question.text())
    return TextRow(prompt, "", reply_text(bucket, question.answer))


def pretraining_rows(questions: Iterator[GradedQuestion], random: Random) -> Iterator[TextRow]:
    """An endless mix of the base's formats; unknowable questions are never asked without options."""
    for question in questions:
        kind = random.choices(list(FORMATS), list(FORMATS.values()))[0]
        if kind == "verify":
            yield verify_row(question, random)
        elif kind == "match":
            yield match_row(question)
        elif kind == "open" and question.stands_alone:
            yield open_row(question)
        else:
            yield plain_row(question)


def tokenize(tokenizer: Tokenizer, rows: Sequence[TextRow]) -> list[TokenRow]:
    """Tokenize rows; the reply includes its stop token."""
    stop = CONTRACT.layout.stop
    pieces = [[row.prompt, row.opening, row.target + stop] for row in rows]
    flat = tokenizer.encode_batch(
        [piece for row in pieces for piece in row], add_special_tokens=False
    )
    out = []
    for row, index in zip(rows, range(0, len(flat), 3), strict=True):
        prompt, opening, target = flat[index : index + 3]
        ids = [*prompt.ids, *opening.ids, *target.ids]
        options = options_of_tokens(prompt.tokens) + [0] * (len(ids) - len(prompt.ids))
        out.append(TokenRow(ids, len(target.ids), options, row.correct))
    return out


def options_of_tokens(tokens: Sequence[str]) -> list[int]:
    """For every token of a prompt the number of its option, counted from 1, or 0 outside of options.

    An option begins at the next label after a newline; the last one ends with the message. tokens: in the
    byte-level alphabet, where a newline is "Ċ".
    """
    out, option = [], 0
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        begins = before.endswith("Ċ") and after.startswith(".")
        if begins and token == LABELS[option : option + 1]:
            option += 1
        out.append(option)
        if token == CONTRACT.layout.stop:
            option = 0
    return out


@dataclass(frozen=True)
class Batch:
    """ids: (B, T), padded on the right with 0. replies: (B, T), 1.0 for tokens of replies. options:
    (B, T), and correct: (B), as in `TokenRow`."""

    ids: torch.Tensor
    replies: torch.Tensor
    options: torch.Tensor
    correct: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(getattr(self, item.name).to(device) for item in fields(self)))

    def without_last(self) -> Batch:
        """The batch without its last position, which predicts nothing."""
        return Batch(self.ids[:, :-1], self.replies[:, :-1], self.options[:, :-1], self.correct)


def collate(rows: Sequence[TokenRow]) -> Batch:
    """Rows of different lengths as one batch."""
    import torch

    length = padded(max(len(row.ids) for row in rows))
    ids, options = torch.zeros(2, len(rows), length, dtype=torch.long)
    replies = torch.zeros(len(rows), length)
    for index, row in enumerate(rows):
        count = len(row.ids)
        ids[index, :count] = torch.tensor(row.ids)
        options[index, :count] = torch.tensor(row.options)
        replies[index, count - row.reply : count] = 1.0
    return Batch(ids, replies, options, torch.tensor([row.correct for row in rows]))
