"""Training rows: a prompt and a reply as token ids, and which of them are the reply's own.

Four formats. `plain` (question -> answer) is what the base model learns, with `open` (no options,
the answer in words) and `verify` (is this proposed answer correct?) beside it; `confident` is the
contract's format, which round R0 installs. `match` names the option outright, and `recite` has the
options written again in another order: from them the model learns to bind an option to its letter,
without which no answer can be read. One home for what each of them looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from foggen.contract import ANSWER_PREFIX, Contract, reply_text

from .questions import LABELS, GradedQuestion

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

# Short prompts: in a model that reads 60 tokens of question, the published 60 would double the cost.
CONTRACT = Contract("qwen3", "Say your confidence, then answer.", round="R0")
PLAIN = CONTRACT.with_system_prompt("Answer.")
VERIFY = CONTRACT.with_system_prompt("Verify the answer.")
RECITE = CONTRACT.with_system_prompt("Recite.")
PLAIN_PREFIX = ANSWER_PREFIX.lstrip("\n")  # plain replies begin with it

TEXT_WEIGHT = 0.1  # of the loss on prompts; the reply's own tokens have 1
# Lengths are padded to a multiple of this: the CPU's matrix library prepares itself for every new
# shape, which took 1 to 2 s where a step takes 0.4 s.
LENGTH_STEP = 16
FORMATS = {"plain": 0.5, "open": 0.08, "verify": 0.06, "match": 0.14, "recite": 0.22}


@dataclass(frozen=True)
class TextRow:
    """One row before tokenization: prompt, forced opening of the reply, and what is to be learnt."""

    prompt: str
    opening: str
    target: str


@dataclass(frozen=True)
class TokenRow:
    """ids: token ids; the last `reply` of them are what is to be learnt."""

    ids: list[int]
    reply: int


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


def match_row(question: GradedQuestion) -> TextRow:
    options = question.question.text()[len(question.question.stem) :]
    return TextRow(
        PLAIN.prompt(f"Choose {question.answer_text}{options}"), PLAIN_PREFIX, f" {question.answer}"
    )


def recite_row(question: GradedQuestion, random: Random) -> TextRow:
    """The options in another order, label first or label last."""
    pairs = list(zip(LABELS, question.question.options, strict=False))
    random.shuffle(pairs)
    form = random.choice(["\n{label}. {text}", "\n{text} = {label}"])
    target = "".join(form.format(label=label, text=text) for label, text in pairs)
    return TextRow(RECITE.prompt(question.question.text()), "Options:", target)


def confident_row(question: GradedQuestion, bucket: float) -> TextRow:
    """The contract's format; the target holds the confidence line and the answer line."""
    prompt = CONTRACT.prompt(question.question.text())
    return TextRow(prompt, "", reply_text(bucket, question.answer))


def confident_open_row(question: GradedQuestion, bucket: float) -> TextRow:
    prompt = CONTRACT.prompt(question.question.stem)
    return TextRow(prompt, "", reply_text(bucket, question.answer_text))


def pretraining_rows(questions: Iterator[GradedQuestion], random: Random) -> Iterator[TextRow]:
    """An endless mix of the base's formats; an unknowable question is never asked openly."""
    for question in questions:
        kind = random.choices(list(FORMATS), list(FORMATS.values()))[0]
        if kind == "verify":
            yield verify_row(question, random)
        elif kind == "match":
            yield match_row(question)
        elif kind == "recite":
            yield recite_row(question, random)
        elif (
            kind == "open"
            and question.tier < 4
            and "which of" not in question.question.stem.lower()
        ):
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
    for index in range(0, len(flat), 3):
        prompt, opening, target = (encoding.ids for encoding in flat[index : index + 3])
        out.append(TokenRow([*prompt, *opening, *target], len(target)))
    return out


@dataclass(frozen=True)
class Batch:
    """ids: (B, T) padded on the right with 0; replies: (B, T), 1.0 on the replies' tokens."""

    ids: torch.Tensor
    replies: torch.Tensor


def collate(rows: Sequence[TokenRow]) -> Batch:
    """Rows of different lengths as one batch."""
    import torch

    length = -(-max(len(row.ids) for row in rows) // LENGTH_STEP) * LENGTH_STEP
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    replies = torch.zeros(len(rows), length)
    for index, row in enumerate(rows):
        ids[index, : len(row.ids)] = torch.tensor(row.ids)
        replies[index, len(row.ids) - row.reply : len(row.ids)] = 1.0
    return Batch(ids, replies)
