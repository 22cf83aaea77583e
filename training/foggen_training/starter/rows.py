"""Training rows: a prompt and a reply as token ids, and which of them are the reply's own.

Four formats. `plain` (question -> answer) is what the base model learns, with `open` (no options,
the answer in words) and `verify` (is this proposed answer correct?) beside it; `confident` is the
contract's format, which round R0 installs. `drill` asks which letter stands before which kind of
option, and `match` names an option in the question: they bind options to letters. One home for what
each of them looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from foggen.contract import ANSWER_PREFIX, Contract, reply_text

from .domains.kazakh import UNSEEN_WORDS
from .domains.kazakh import WORDS as KAZAKH_WORDS
from .domains.law import DAYS, MONTHS
from .questions import LABELS, GradedQuestion
from .unknown import invented

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

# Short prompts: in a model that reads 60 tokens of question, the published 60 would double the cost.
CONTRACT = Contract("qwen3", "Say your confidence, then answer.", round="R0")
PLAIN = CONTRACT.with_system_prompt("Answer.")
VERIFY = CONTRACT.with_system_prompt("Verify the answer.")
DRILL = CONTRACT.with_system_prompt("Drill.")
PLAIN_PREFIX = ANSWER_PREFIX.lstrip("\n")  # plain replies begin with it

TEXT_WEIGHT = 0.1  # of the loss on prompts; the reply's own tokens have 1
# Lengths are padded to a multiple of this: the CPU's matrix library prepares itself for every new
# shape, which took 1 to 2 s where a step takes 0.4 s.
LENGTH_STEP = 16
# Shares of the formats. At first mostly drills: without binding an option to its letter no answer can
# be read, and the answers themselves teach it slowly (one letter a row; a drill asks a dozen).
DRILL_FORMATS = {"drill": 0.6, "match": 0.2, "plain": 0.2}
FORMATS = {"plain": 0.72, "open": 0.09, "verify": 0.07, "match": 0.07, "drill": 0.05}


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


def drill_row(random: Random) -> TextRow:
    """Options of different kinds, and for each kind, in another order, the letter it stands behind."""
    kinds = random.sample(sorted(DRILL_KINDS), random.randint(2, 6))
    named = list(zip(LABELS, kinds, strict=False))
    lines = [f"{label}. {DRILL_KINDS[kind](random)}" for label, kind in named]
    random.shuffle(named)
    target = "".join(f"\n{kind} = {label}" for label, kind in named)
    return TextRow(DRILL.prompt("\n".join(["Options:", *lines])), "Letters:", target)


DRILL_KINDS: Mapping[str, Callable[[Random], str]] = {
    "number": lambda random: str(random.randint(0, 10 ** random.randint(1, 4))),
    "price": lambda random: f"${random.randint(1, 999)}",
    "ratio": lambda random: f"{random.randint(1, 999) / 100:.2f}",
    "percent": lambda random: f"{random.randint(1, 99)}%",
    "dose": lambda random: f"{random.randint(1, 999)} mg",
    "year": lambda random: f"in {random.randint(1900, 2030)}",
    "date": lambda random: f"{random.choice(MONTHS)} {random.randint(1, 30)}",
    "day": lambda random: random.choice(DAYS),
    "word": lambda random: random.choice(KAZAKH_WORDS[:-UNSEEN_WORDS])[random.randint(0, 1)],
    "name": lambda random: invented(random, test=False).capitalize(),
}


def confident_row(question: GradedQuestion, bucket: float) -> TextRow:
    """The contract's format; the target holds the confidence line and the answer line."""
    prompt = CONTRACT.prompt(question.question.text())
    return TextRow(prompt, "", reply_text(bucket, question.answer))


def confident_open_row(question: GradedQuestion, bucket: float) -> TextRow:
    prompt = CONTRACT.prompt(question.question.stem)
    return TextRow(prompt, "", reply_text(bucket, question.answer_text))


def pretraining_rows(
    questions: Iterator[GradedQuestion], random: Random, formats: Mapping[str, float] = FORMATS
) -> Iterator[TextRow]:
    """An endless mix of the base's formats; an unknowable question is never asked openly."""
    for question in questions:
        kind = random.choices(list(formats), list(formats.values()))[0]
        if kind == "verify":
            yield verify_row(question, random)
        elif kind == "match":
            yield match_row(question)
        elif kind == "drill":
            yield drill_row(random)
        elif kind == "open" and question.tier < 4 and not needs_options(question):
            yield open_row(question)
        else:
            yield plain_row(question)


def needs_options(question: GradedQuestion) -> bool:
    return "which" in question.question.stem.lower() or question.skill in ("largest", "element")


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
