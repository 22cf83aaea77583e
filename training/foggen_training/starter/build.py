"""Builds the base of the model in the box from nothing, in resumable stages.

    tokenizer -> base (pretrained) -> about.md (what it is and how it was made)

A stage whose result exists is skipped, and results appear whole or not at all, so a run that was killed
resumes where it stopped. The rounds (`chain.py`) start from the base.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from ..checkpoints import best_device, machine
from ..files import read_seconds, timed
from .families import BASE, ROUNDS
from .families import EVERYDAY as DAILY
from .model import VOCABULARY, new_model
from .pretrain import PretrainingPlan, Progress, pretrain
from .questions import TIER_MIX
from .rows import CONTRACT, confident_row, pretraining_rows
from .tokenizer import load_tokenizer, save_tokenizer, train_tokenizer
from .validation.families import FAMILIES as UNSEEN
from .worlds import stream

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

TOKENIZER_ROWS = 20_000
# Makes every label a single token, even those that generated questions rarely use.
LABEL_TEXTS = [f" {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] * 3000

ABOUT = """# FogGen starter: the model in the box

A capability-floor model of the FogGen recipe, trained from nothing by this repository. It has Qwen3's
architecture and chat format, reads a multiple-choice question, says first how sure it is and then
answers. It knows graded skills of seven domains (ratios, units, a few lines of code, deadlines,
arithmetic, Kazakh words, doses) and simple everyday facts (days, colours, opposites, sums in words), in
English and a little Kazakh. It is meant to show the whole path on any machine, and to doubt what it has not
learnt; it passes no exam, and it answers no question without options. License: Apache-2.0.

Training data: generated only, by seed. No exam, no data set. To make it again:

    foggen-train starter -o build/starter

## The base

Made on {machine}, in {minutes:.0f} min.

1. A byte-level BPE tokenizer of {vocabulary} ids (Qwen2's split pattern, digits single), trained on
   generated questions.
2. A Qwen3 model of size `{size}` (`training/foggen_training/starter/model.py`), pretrained on
   fresh generated questions: {steps:,} steps of {batch} rows, Muon (embeddings and norms: AdamW), peak
   rate {rate:g}, cosine, seed {seed}. Two linear readers inside the model, thrown away afterwards,
   teach it which option a token stands in and which one is right (`supervision.py`). No question is
   shown twice on purpose; easy tiers are frequent and hard ones rare.

## Three worlds

Pretraining has the graded skills and {base} families of everyday questions. The rounds ask them in other
words, and ask what the base never met: {rounds} other families, {everyday} kinds of everyday questions, and
near misses, a known template with another question at its end. There its measured success is near
chance, which teaches it to doubt the unfamiliar. A quarter of those families is kept for the gate and the
calibration. What it is judged by was written apart from all of them, and frozen before training: {unseen}
families, other wordings of the known skills, and 200 everyday questions.

Test questions of its own templates have tiers 40/20/20/20, the last unknowable: another seed, wordings that
training never drew, and operands that it never drew either, but for tables of few entries (one-digit
products, weekdays), which are learnt by heart like facts.
"""
LICENSE = "---\nlicense: apache-2.0\n---\n"


@dataclass(frozen=True)
class StarterPlan:
    """Size (a key of `model.SIZES`) and seeds of a starter's base."""

    size: str = "mid"
    seed: int = 1
    pretraining: PretrainingPlan = field(default_factory=lambda: PretrainingPlan(steps=5000))


def build(plan: StarterPlan, folder: Path, progress: Progress) -> Path:
    """Run every stage that has no result yet; returns the path of the base's checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(plan, folder / "tokenizer")
    make_base(plan, tokenizer, folder, progress)
    write_about(plan, tokenizer, folder)
    return folder / "base"


def make_tokenizer(plan: StarterPlan, folder: Path) -> Tokenizer:
    """Load the tokenizer of the run; it is trained first, on rows of every format, if necessary."""
    if not (folder / "tokenizer.json").exists():
        random = Random(f"tokenizer-{plan.seed}")
        questions = stream(random.getrandbits(48), "train", TIER_MIX)
        rows = pretraining_rows(questions, random)
        texts = []
        for _ in range(TOKENIZER_ROWS):
            row, question = next(rows), next(questions)
            confident = confident_row(question, random.choice(CONTRACT.buckets))
            texts += [row.prompt + row.opening + row.target, confident.target]
        partial = folder.with_name(folder.name + ".partial")
        save_tokenizer(train_tokenizer(texts + LABEL_TEXTS, VOCABULARY[plan.size]), partial)
        partial.rename(folder)
    return load_tokenizer(folder)


def make_base(plan: StarterPlan, tokenizer: Tokenizer, folder: Path, progress: Progress) -> None:
    """Pretrain the base model; the checkpoint goes to `folder`/base, with its tokenizer."""
    base = folder / "base"
    if (base / "config.json").exists():
        return
    with timed(folder, "pretraining"):
        model = new_model(plan.size, tokenizer.get_vocab_size(), plan.seed).to(best_device())
        pretrain(model, tokenizer, plan.pretraining, folder / "pretraining.pt", progress)
        save_base(model, tokenizer, base)


def write_about(plan: StarterPlan, tokenizer: Tokenizer, folder: Path) -> None:
    """Write `folder`/about.md, which opens the card: what the model is and how its base was made."""
    path, training = folder / "about.md", plan.pretraining
    if path.exists():
        return
    path.write_text(
        ABOUT.format(
            machine=machine(),
            minutes=read_seconds(folder)["pretraining"] / 60,
            size=plan.size,
            vocabulary=tokenizer.get_vocab_size(),
            steps=training.steps,
            batch=training.batch,
            rate=training.learning_rate,
            seed=plan.seed,
            base=len(BASE),
            rounds=len(ROUNDS),
            everyday=len(DAILY),
            unseen=len(UNSEEN),
        ),
        "utf-8",
    )


def save_base(model: PreTrainedModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Save weights, config and tokenizer for transformers; the folder appears whole."""
    partial = folder.with_name(folder.name + ".partial")
    model.save_pretrained(partial)
    save_tokenizer(tokenizer, partial)
    (partial / "README.md").write_text(LICENSE, "utf-8")  # the card takes it from there
    partial.rename(folder)
