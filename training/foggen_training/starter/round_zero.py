"""Round R0: the base model measures itself, and learns to say the result before it answers.

    sample -> bucket -> buffer -> LoRA SFT -> merge

What must not happen is that the answer gets worse (a pilot lost 14 points): so the adapters are low
rank, the questions are many, fresh and seen once, and plain answering is replayed between them.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from foggen.contract import BUCKETS

from ..fine_tuning import token_losses
from .answers import plain_answers, sequence_log_probabilities
from .pretrain import PretrainingPlan, Progress, rate
from .questions import LABELS, TIER_MIX, GradedQuestion, generate
from .rows import (
    Batch,
    TextRow,
    collate,
    confident_open_row,
    confident_row,
    open_row,
    plain_row,
    tokenize,
)

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class RoundZeroPlan:
    """The round's choices. samples, temperature: of the self-sampling, as the cards state. rank,
    alpha: of the adapters. replay: plain rows for each confident row. open_share: of the buffer,
    asked without options. learning_rate is the peak."""

    questions: int = 32_000
    samples: int = 8
    temperature: float = 0.7
    epochs: int = 1
    batch: int = 32
    learning_rate: float = 1.5e-3
    rank: int = 16
    alpha: int = 32
    replay: float = 0.25
    open_share: float = 0.06
    longest_row: int = 448
    seed: int = 100


@dataclass(frozen=True)
class BufferRow:
    """One labelled question: how many of the samples were right. `asked_open`: without options."""

    number: int
    correct: int
    asked_open: bool


def drawn_questions(plan: RoundZeroPlan) -> list[GradedQuestion]:
    """The round's questions: fresh, with operands that pretraining never drew; the same for
    the same seed."""
    stream = generate(plan.seed, "round", TIER_MIX)
    return [next(stream) for _ in range(plan.questions)]


def label(
    model: PreTrainedModel,
    tokenizer: Tokenizer,
    questions: Sequence[GradedQuestion],
    plan: RoundZeroPlan,
) -> list[BufferRow]:
    """Self-sampling: the successes of `plan.samples` answers at the plan's temperature.

    The answer is one label after forced text, so that many generations are that many draws from one
    row of probabilities; an open answer is right with the probability of its tokens.
    """
    random = np.random.default_rng(plan.seed)
    chance = _chance_of_key(plain_answers(model, tokenizer, questions), questions, plan.temperature)
    open_ones = _open_numbers(questions, plan)
    rows = [open_row(questions[number]) for number in open_ones]
    chance[open_ones] = np.exp(sequence_log_probabilities(model, tokenizer, rows, plan.temperature))
    correct = random.binomial(plan.samples, np.clip(chance, 0.0, 1.0))
    asked_open = set(open_ones)
    return [BufferRow(n, int(k), n in asked_open) for n, k in enumerate(correct)]


def _chance_of_key(
    logits: NDArray[np.float32], questions: Sequence[GradedQuestion], temperature: float
) -> NDArray[np.float64]:
    """Probability that a sampled label is the key's, among the question's own labels."""
    out = np.zeros(len(questions))
    for index, question in enumerate(questions):
        row = logits[index, : len(question.question.options)].astype(np.float64) / temperature
        shares = np.exp(row - row.max())
        out[index] = shares[LABELS.index(question.answer)] / shares.sum()
    return out


def _open_numbers(questions: Sequence[GradedQuestion], plan: RoundZeroPlan) -> list[int]:
    random = Random(f"open-{plan.seed}")
    able = [n for n, q in enumerate(questions) if q.stands_alone]
    return sorted(random.sample(able, int(plan.open_share * len(questions))))


def two_hot_bucket(correct: int, samples: int, random: Random) -> float:
    """The success rate as one of the five buckets, right on average.

    A rate between two buckets is drawn as one or the other in proportion, so that nothing is
    rounded; `round(k / 8 * 4)` would round half to even and call a chance item 0.0.
    """
    place = correct / samples * (len(BUCKETS) - 1)
    lower = int(place)
    upper = lower + (random.random() < place - lower)
    return BUCKETS[upper]


def save_buffer(rows: Sequence[BufferRow], path: Path) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows), "utf-8")
    partial.replace(path)


def load_buffer(path: Path) -> list[BufferRow]:
    return [BufferRow(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def epoch_batches(
    tokenizer: Tokenizer, questions: Sequence[GradedQuestion], buffer: Sequence[BufferRow],
    plan: RoundZeroPlan, epoch: int,
) -> list[Batch]:  # fmt: skip
    """One epoch: confident rows with buckets drawn anew, plain rows between them, by length."""
    random = Random(f"epoch-{plan.seed}-{epoch}")
    texts: list[TextRow] = []
    for row in buffer:
        question = questions[row.number]
        bucket = two_hot_bucket(row.correct, plan.samples, random)
        texts.append((confident_open_row if row.asked_open else confident_row)(question, bucket))
        if random.random() < plan.replay:
            texts.append((open_row if row.asked_open else plain_row)(question))
    rows = [row for row in tokenize(tokenizer, texts) if len(row.ids) <= plan.longest_row]
    random.shuffle(rows)
    rows.sort(key=lambda row: len(row.ids) // 32)
    batches = [
        collate(rows[i : i + plan.batch]) for i in range(0, len(rows) - plan.batch + 1, plan.batch)
    ]
    random.shuffle(batches)
    return batches


def reply_loss(model: PreTrainedModel, batch: Batch) -> torch.Tensor:
    """The replies' losses, summed over a row's tokens, as SFT has it; bf16 products, fp32 sums."""
    import torch

    batch = batch.to(model.device)
    with torch.autocast(model.device.type, dtype=torch.bfloat16):
        logits = model(batch.ids[:, :-1], use_cache=False).logits
        losses = token_losses(logits, batch.ids)
    return (losses * batch.replies[:, 1:]).sum(1).mean()


def fine_tune(
    model: PreTrainedModel, tokenizer: Tokenizer, questions: Sequence[GradedQuestion],
    buffer: Sequence[BufferRow], plan: RoundZeroPlan, progress: Progress,
) -> PreTrainedModel:  # fmt: skip
    """SFT of low-rank adapters on every linear layer, then the merge into the fp32 weights."""
    import torch
    from peft import LoraConfig, get_peft_model

    warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)  # peft's own
    torch.manual_seed(plan.seed)
    adapters = LoraConfig(r=plan.rank, lora_alpha=plan.alpha, target_modules="all-linear")
    tuned = get_peft_model(model, adapters)
    tuned.train()
    parameters = [p for p in tuned.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        parameters, lr=plan.learning_rate, betas=(0.9, 0.99), weight_decay=0.0
    )
    batches = [b for epoch in range(plan.epochs)
               for b in epoch_batches(tokenizer, questions, buffer, plan, epoch)]  # fmt: skip
    schedule = PretrainingPlan(steps=len(batches), warmup=30)
    smoothed = 0.0
    for step, batch in enumerate(batches):
        optimizer.param_groups[0]["lr"] = plan.learning_rate * rate(step, schedule)
        loss = reply_loss(tuned, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 10 == 0:
            smoothed = loss.item() if step == 0 else (smoothed + loss.item()) / 2
            progress(step, len(batches), smoothed)
    return tuned.merge_and_unload()
