"""Training rows: a prompt and a reply as token ids, and which of them are the reply's own.

Four formats. `plain` (question -> answer) is what the base model learns, with `open` (no options,
the answer in words), `verify` (is this proposed answer correct?) and `match` (which option is this
text?) beside it; `confident` is the contract's format, which round R0 installs. One home for what
each of them looks like.
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

# Short prompts: in a model that reads 60 tokens of question, the published 60 would double the cost.
CONTRACT = Contract("qwen3", "Say your confidence, then answer.", round="R0")
PLAIN = CONTRACT.with_system_prompt("Answer.")
VERIFY = CONTRACT.with_system_prompt("Verify the answer.")

FORMATS = {"plain": 0.75, "open": 0.09, "verify": 0.08, "match": 0.08}  # shares in pretraining


@dataclass(frozen=True)
class TextRow:
    """One row before tokenization: prompt, forced opening of the reply, and what is to be learnt.

    correct: the number of the right option, from 1; 0 where there is none to judge."""

    prompt: str
    opening: str
    target: str
    correct: int = 0


@dataclass(frozen=True)
class TokenRow:
    """ids: token ids; the last `reply` of them are what is to be learnt. options: for every token the
    number of the option that it stands in, from 1; 0 outside. correct: as in `TextRow`."""

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
    """Which option the model is told is right: none where nobody can know."""
    return LABELS.index(question.answer) + 1 if question.tier < 4 else 0


def confident_row(question: GradedQuestion, bucket: float) -> TextRow:
    """The contract's format; the target holds the confidence line and the answer line."""
    prompt = CONTRACT.prompt(question.question.text())
    return TextRow(prompt, "", reply_text(bucket, question.answer))


def pretraining_rows(questions: Iterator[GradedQuestion], random: Random) -> Iterator[TextRow]:
    """An endless mix of the base's formats; an unknowable question is never asked openly."""
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
    """Rows as ids; the reply includes the token that ends it."""
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
    """For every token of a prompt the number of the option around it, from 1; 0 outside.

    An option begins at the next label after a line's end, and the last one ends with its message.
    tokens: in the byte-level alphabet, where a newline is "Ċ".
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
    """ids: (B, T) padded on the right with 0; replies: (B, T), 1.0 on the replies' tokens; options:
    (B, T) and correct: (B), as in `TokenRow`."""

    ids: torch.Tensor
    replies: torch.Tensor
    options: torch.Tensor
    correct: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(getattr(self, item.name).to(device) for item in fields(self)))

    def without_last(self) -> Batch:
        """The positions that predict a next token: all but the last."""
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
