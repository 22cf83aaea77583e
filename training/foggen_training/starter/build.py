"""The model in the box, from nothing to a GGUF: every stage in order, each resumable.

    foggen-train starter --output build/starter

    tokenizer -> base (pretrained) -> labels (self-sampled) -> R0 (confidence first) -> GGUF -> tables

A stage that has its result on disk is not run again, and each appears whole or not at all, so a run
that was killed goes on where it was. `log.json` keeps how long each stage took, and on what.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from foggen.calibration import bucket_table
from foggen.contract import BUCKETS, Contract
from foggen.engine import Engine
from foggen.machine import processor_name, thread_count
from foggen_export.checkpoint import Checkpoint
from foggen_export.gguf_file import export

from ..evaluate import measure
from ..master import best_device, load_master
from .answers import accuracy_by, plain_answers
from .model import VOCABULARY, new_model
from .pretrain import PretrainingPlan, Progress, pretrain
from .questions import TIER_MIX, GradedQuestion, generate, keyed
from .round_zero import RoundZeroPlan, drawn_questions, fine_tune, label, load_buffer, save_buffer
from .rows import CONTRACT, confident_row, pretraining_rows
from .tokenizer import load_tokenizer, save_tokenizer, train_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

GGUF_NAME = "foggen-starter-q8_0.gguf"
TITLE = "FogGen starter"
TOKENIZER_ROWS = 20_000
CALIBRATION_QUESTIONS = 4200  # fresh, of the rounds' split: the test split stays untouched
CALIBRATION_SEED = 555
TEST_SEED = 2026
# Every label that a question can have is one token, also those that generated questions rarely use.
LABEL_TEXTS = [f" {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] * 3000


@dataclass(frozen=True)
class StarterPlan:
    """Size and seeds of a starter. The sizes are those of `model.SIZES`."""

    size: str = "small"
    seed: int = 1
    pretraining: PretrainingPlan = field(default_factory=lambda: PretrainingPlan(steps=6000))
    round_zero: RoundZeroPlan = field(default_factory=RoundZeroPlan)
    calibration_questions: int = CALIBRATION_QUESTIONS


def build(plan: StarterPlan, folder: Path, progress: Progress) -> Path:
    """Run every stage that has no result yet; the path of the GGUF, its contract calibrated."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(plan, folder / "tokenizer")
    make_base(plan, tokenizer, folder, progress)
    make_buffer(plan, tokenizer, folder)
    make_round_zero(plan, tokenizer, folder, progress)
    return make_gguf(plan, folder)


@contextmanager
def stage(folder: Path, name: str) -> Iterator[None]:
    """Add the wall time of a stage, over all the runs that it took, to `log.json`."""
    started = time.monotonic()
    try:
        yield
    finally:
        path = folder / "log.json"
        log = json.loads(path.read_text("utf-8")) if path.exists() else {"seconds": {}}
        log["seconds"][name] = round(log["seconds"].get(name, 0.0) + time.monotonic() - started, 1)
        log |= {
            "device": str(best_device()),
            "processor": processor_name(),
            "threads": thread_count(),
        }
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(log, indent=1), "utf-8")
        partial.replace(path)


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
        partial = folder.with_name(folder.name + ".partial")
        save_tokenizer(train_tokenizer(texts + LABEL_TEXTS, VOCABULARY[plan.size]), partial)
        partial.rename(folder)
    return load_tokenizer(folder)


def make_base(plan: StarterPlan, tokenizer: Tokenizer, folder: Path, progress: Progress) -> None:
    """Pretrain the base model; the checkpoint goes to `folder`/base, with its tokenizer."""
    base = folder / "base"
    if (base / "config.json").exists():
        return
    with stage(folder, "pretraining"):
        model = new_model(plan.size, tokenizer.get_vocab_size(), plan.seed).to(best_device())
        pretrain(model, tokenizer, plan.pretraining, folder / "pretraining.pt", progress)
        save_checkpoint(model, tokenizer, base)


def make_buffer(plan: StarterPlan, tokenizer: Tokenizer, folder: Path) -> None:
    """The base model's own success on fresh questions, to `folder`/buffer.jsonl."""
    path = folder / "buffer.jsonl"
    if path.exists():
        return
    with stage(folder, "self-sampling"):
        questions = drawn_questions(plan.round_zero)
        save_buffer(
            label(load_master(folder / "base"), tokenizer, questions, plan.round_zero), path
        )


def make_round_zero(
    plan: StarterPlan, tokenizer: Tokenizer, folder: Path, progress: Progress
) -> None:
    """The base with the round's adapters merged in, to `folder`/R0."""
    if (folder / "R0" / "config.json").exists():
        return
    with stage(folder, "round R0"):
        questions = drawn_questions(plan.round_zero)
        buffer = load_buffer(folder / "buffer.jsonl")
        model = fine_tune(
            load_master(folder / "base"), tokenizer, questions, buffer, plan.round_zero, progress
        )
        save_checkpoint(model, tokenizer, folder / "R0")


def make_gguf(plan: StarterPlan, folder: Path) -> Path:
    """R0 as Q8_0, written twice: what its buckets are worth is measured on the first."""
    path = folder / GGUF_NAME
    if path.exists():
        return path
    with stage(folder, "export and calibration"):
        checkpoint = Checkpoint.open(folder / "R0")
        draft = export(checkpoint, CONTRACT, "q8_0", folder / "uncalibrated.gguf", name=TITLE)
        questions = generate(CALIBRATION_SEED, "round", TIER_MIX)
        with Engine(draft) as engine:
            outcomes = measure(engine, map(keyed, islice(questions, plan.calibration_questions)))
        table = bucket_table([o.confidence for o in outcomes], [o.edge for o in outcomes], BUCKETS)
        return export(checkpoint, calibrated(CONTRACT, table), "q8_0", path, name=TITLE)


def calibrated(contract: Contract, table: dict[str, dict[str, float]]) -> Contract:
    calibration = {
        "buckets": table,
        "score": "bucket",
        "data": "generated questions, split round, fresh seed",
        "quant": "q8_0",
    }
    return replace(contract, calibration=calibration)


def held_out_questions(number: int, seed: int = TEST_SEED) -> list[GradedQuestion]:
    """Questions whose operands and wordings training never drew."""
    return list(islice(generate(seed, "test", TIER_MIX), number))


def base_accuracy(folder: Path, questions: list[GradedQuestion]) -> dict[object, float]:
    """Per domain, the base model's accuracy in plain answering: before it said its confidence."""
    logits = plain_answers(
        load_master(folder / "base"), load_tokenizer(folder / "tokenizer"), questions
    )
    return accuracy_by(questions, logits, "domain")


def save_checkpoint(model: PreTrainedModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Weights, config and tokenizer, as transformers reads them; the folder appears whole."""
    partial = folder.with_name(folder.name + ".partial")
    model.save_pretrained(partial)
    save_tokenizer(tokenizer, partial)
    partial.rename(folder)
