"""The model in the box, from nothing to a GGUF: every stage in order, each resumable.

    foggen-train starter --output build/starter

    tokenizer -> base (pretrained) -> labels (self-sampled) -> R0 (confidence first) -> GGUF -> tables

A stage that has its result on disk is not run again. The recipe's words are in `plan`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from .model import VOCABULARY, best_device, new_model
from .pretrain import PretrainingPlan, Progress, pretrain
from .questions import TIER_MIX, generate
from .rows import CONTRACT, confident_row, pretraining_rows
from .tokenizer import load_tokenizer, save_tokenizer, train_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER_ROWS = 20_000
# Every label that a question can have is one token, also those that generated questions rarely use.
LABEL_TEXTS = [f" {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] * 3000


@dataclass(frozen=True)
class StarterPlan:
    """Size and seeds of a starter. The sizes are those of `model.SIZES`."""

    size: str = "small"
    seed: int = 1
    pretraining: PretrainingPlan = field(default_factory=lambda: PretrainingPlan(steps=9000))


def make_tokenizer(plan: StarterPlan, folder: Path) -> Tokenizer:
    """The tokenizer of the run, trained on rows of every format."""
    if not (folder / "tokenizer.json").exists():
        random = Random(f"tokenizer-{plan.seed}")
        questions = generate(random.getrandbits(48), "train", TIER_MIX)
        stream = pretraining_rows(questions, random)
        texts = []
        for _ in range(TOKENIZER_ROWS):
            row, question = next(stream), next(questions)
            confident = confident_row(question, random.choice(CONTRACT.buckets))
            texts += [row.prompt + row.opening + row.target, confident.target]
        save_tokenizer(train_tokenizer(texts + LABEL_TEXTS, VOCABULARY[plan.size]), folder)
    return load_tokenizer(folder)


def make_base(plan: StarterPlan, tokenizer: Tokenizer, folder: Path, progress: Progress) -> None:
    """Pretrain the base model; the checkpoint goes to `folder`/base, with its tokenizer."""
    base = folder / "base"
    if (base / "config.json").exists():
        return
    model = new_model(plan.size, tokenizer.get_vocab_size(), plan.seed).to(best_device())
    pretrain(model, tokenizer, plan.pretraining, folder / "pretraining.pt", progress)
    partial = folder / "base.partial"
    model.save_pretrained(partial)
    save_tokenizer(tokenizer, partial)
    partial.rename(base)
