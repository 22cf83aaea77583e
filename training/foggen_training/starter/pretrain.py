"""Pretraining from nothing: a short loop over freshly generated questions.

The rows depend only on the seed and the pool's number, and a checkpoint stores the step, so a run that was
killed resumes with the rows that it would have seen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from ..checkpoints import best_device, multiplies_in_half
from ..tuning.state import load_state, save_state
from .questions import PRETRAINING_MIX
from .rows import Batch, collate, pretraining_rows, tokenize
from .worlds import stream

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

    from .supervision import Readers

BATCHES_PER_POOL = 16  # a pool is sorted by length, so that batches have little padding
LONGEST_ROW = 224  # tokens; the few longer rows would cost more than all others
TEXT_WEIGHT = 0.1  # weight of the loss on prompts; that of replies has weight 1
Progress = Callable[[int, int, float], None]  # step, steps, smoothed loss


@dataclass(frozen=True)
class PretrainingPlan:
    """Length and learning rate of pretraining. batch: rows per step. learning_rate: Muon's peak; AdamW's
    is half of it, and both decay along a cosine to a twentieth. warmup: share of the steps."""

    steps: int
    batch: int = 64
    learning_rate: float = 3e-3
    warmup: float = 0.03
    weight_decay: float = 0.1
    checkpoint_every: int = 250
    seed: int = 1


def pool(tokenizer: Tokenizer, plan: PretrainingPlan, number: int) -> list[Batch]:
    """The batches of one pool, in random order."""
    random = Random(f"pool-{plan.seed}-{number}")
    questions = stream(random.getrandbits(48), "train", PRETRAINING_MIX)
    texts = pretraining_rows(questions, random)
    count = plan.batch * BATCHES_PER_POOL
    rows = tokenize(tokenizer, [next(texts) for _ in range(count + count // 8)])
    rows = [row for row in rows if len(row.ids) <= LONGEST_ROW][:count]
    rows.sort(key=lambda row: len(row.ids))
    batches = [collate(rows[start : start + plan.batch]) for start in range(0, count, plan.batch)]
    random.shuffle(batches)
    return batches


def batches(tokenizer: Tokenizer, plan: PretrainingPlan, start: int) -> Iterator[Batch]:
    """Batches from step `start` on; with an accelerator they are made by worker processes."""
    from torch.utils.data import DataLoader

    class Pools:
        def __len__(self) -> int:
            return -(-plan.steps // BATCHES_PER_POOL) - start // BATCHES_PER_POOL

        def __getitem__(self, index: int) -> list[Batch]:
            return pool(tokenizer, plan, index + start // BATCHES_PER_POOL)

    workers = 0 if best_device().type == "cpu" else max(1, (os.cpu_count() or 2) - 2)
    loader = DataLoader(Pools(), batch_size=None, shuffle=False, num_workers=workers)
    skip = start % BATCHES_PER_POOL
    for made in loader:
        yield from made[skip:]
        skip = 0


def pretraining_loss(model: PreTrainedModel, readers: Readers, batch: Batch) -> torch.Tensor:
    """The mean loss of the replies, a tenth of the mean loss of the text, and the readers' loss.

    They are separate means because a row has about 65 tokens of text, most of them unpredictable numbers,
    whose gradient would drown that of the answer. Products are in bf16 where the device can, sums in fp32.
    """
    import torch

    half = multiplies_in_half(model.device)
    with torch.autocast(model.device.type, torch.bfloat16, half):
        out = model(batch.ids[:, :-1], use_cache=False, output_hidden_states=True)
        losses = token_losses(out.logits, batch.ids)
        read = readers.loss(out.hidden_states, batch.without_last())
    replies = batch.replies[:, 1:]
    texts = (batch.ids[:, 1:] != 0).float() - replies
    reply = ((losses * replies).sum(1) / replies.sum(1)).mean()
    return reply + TEXT_WEIGHT * (losses * texts).sum() / texts.sum() + read


def token_losses(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """Cross entropy of every next token, (B, T-1), in fp32. logits: (B, T-1, V); ids: (B, T)."""
    from torch.nn.functional import cross_entropy

    losses = cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
    return losses.view(len(ids), -1)


def make_optimizers(
    model: PreTrainedModel, readers: Readers, plan: PretrainingPlan
) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of layers, AdamW for everything else."""
    import torch

    from .muon import Muon

    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    chosen = {id(p) for p in matrices}
    others = [p for p in [*model.parameters(), *readers.parameters()] if id(p) not in chosen]
    return [
        Muon(
            matrices,
            plan.learning_rate,
            plan.weight_decay,
            half=multiplies_in_half(model.device),
        ),
        torch.optim.AdamW(
            others,
            lr=plan.learning_rate / 2,
            betas=(0.9, 0.99),
            weight_decay=0.0,
            capturable=model.device.type == "cuda",
        ),
    ]


def rate(step: int, plan: PretrainingPlan) -> float:
    """The share of the peak learning rate: linear warm-up, cosine down to a twentieth."""
    import math

    warmup = round(plan.warmup * plan.steps)
    if step < warmup:
        return (step + 1) / warmup
    done = (step - warmup) / max(1, plan.steps - warmup)
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done))


def pretrain(
    model: PreTrainedModel,
    tokenizer: Tokenizer,
    plan: PretrainingPlan,
    checkpoint: Path,
    progress: Progress,
) -> None:
    """Train `model` in place; the state is saved to `checkpoint`, and resumed from it if it exists."""
    import torch

    from .steps import steps_for
    from .supervision import Readers

    model.train()
    readers = Readers(model.config.hidden_size, model.config.num_hidden_layers).to(model.device)
    learners = torch.nn.ModuleList([model, readers])
    optimizers = make_optimizers(model, readers, plan)
    peaks = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
    start = 0
    if state := load_state(checkpoint, optimizers):
        learners.load_state_dict(state["learners"])
        start = int(state["step"])
    steps = steps_for(model, readers, optimizers)
    smoothed = 0.0
    for step, batch in zip(range(start, plan.steps), batches(tokenizer, plan, start), strict=False):
        share = rate(step - step % steps.hold, plan)
        loss = steps.step(batch, [peak * share for peak in peaks])
        if step % 10 == 0:
            smoothed = loss.item() if step == start else 0.9 * smoothed + 0.1 * loss.item()
            progress(step, plan.steps, smoothed)
        if (step + 1) % plan.checkpoint_every == 0 or step + 1 == plan.steps:
            save_state(checkpoint, step + 1, learners.state_dict(), optimizers)
