"""Pretraining from nothing: fresh generated questions at every step, one short loop.

The stream of rows is a function of the seed and of the pool's number, and a checkpoint holds the
step: a run that was killed goes on with the rows that it would have seen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from .model import best_device
from .questions import PRETRAINING_MIX, generate
from .rows import DRILL_FORMATS, FORMATS, TEXT_WEIGHT, Batch, collate, pretraining_rows, tokenize

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

BATCHES_PER_POOL = 16  # a pool is sorted by length, so that batches hold little padding
LONGEST_ROW = 224  # tokens; the few longer rows would cost more than all the others
Progress = Callable[[int, int, float], None]  # step, steps, smoothed loss


@dataclass(frozen=True)
class PretrainingPlan:
    """How long and how fast. `batch` is in rows; `drill_pools` of 16 batches come first, mostly drills; `learning_rate` is Muon's peak; AdamW's is half of
    it, and both fall along a cosine to a twentieth."""

    steps: int
    batch: int = 64
    learning_rate: float = 5e-3
    warmup: int = 100
    weight_decay: float = 0.1
    drill_pools: int = 30
    checkpoint_every: int = 250
    seed: int = 1


def pool(tokenizer: Tokenizer, plan: PretrainingPlan, number: int) -> list[Batch]:
    """The batches of one pool, in random order."""
    random = Random(f"pool-{plan.seed}-{number}")
    questions = generate(random.getrandbits(48), "train", PRETRAINING_MIX)
    formats = DRILL_FORMATS if number < plan.drill_pools else FORMATS
    stream = pretraining_rows(questions, random, formats)
    count = plan.batch * BATCHES_PER_POOL
    rows = tokenize(tokenizer, [next(stream) for _ in range(count + count // 8)])
    rows = [row for row in rows if len(row.ids) <= LONGEST_ROW][:count]
    rows.sort(key=lambda row: len(row.ids))
    batches = [collate(rows[start : start + plan.batch]) for start in range(0, count, plan.batch)]
    random.shuffle(batches)
    return batches


def batches(tokenizer: Tokenizer, plan: PretrainingPlan, start: int) -> Iterator[Batch]:
    """Batches from step `start` on; made by worker processes where an accelerator waits for them."""
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


def weighted_loss(model: PreTrainedModel, batch: Batch) -> torch.Tensor:
    """Cross entropy of the next token: the mean over replies, and a tenth of the mean over text.

    Two means, not one weighted one: a row has some 65 tokens of text, most of them numbers that
    cannot be foreseen, and their gradient would drown the answer's. bf16 products, fp32 sums.
    """
    import torch
    from torch.nn.functional import cross_entropy

    device = model.device
    ids, replies = batch.ids.to(device), batch.replies.to(device)[:, 1:]  # (B, T), (B, T-1)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        logits = model(ids[:, :-1], use_cache=False).logits  # (B, T-1, V)
    losses = cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
    losses = losses.view_as(replies)
    texts = (ids[:, 1:] != 0).float() - replies
    reply, text = (losses * replies).sum() / replies.sum(), (losses * texts).sum() / texts.sum()
    return reply + TEXT_WEIGHT * text


def make_optimizers(model: PreTrainedModel, plan: PretrainingPlan) -> list[torch.optim.Optimizer]:
    """Muon for the layers' matrices, AdamW for the embedding and the norms.

    Muon (Jordan et al. 2024) bound options to letters in a third of AdamW's steps here.
    """
    import torch

    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    chosen = {id(p) for p in matrices}
    others = [p for p in model.parameters() if id(p) not in chosen]
    return [
        torch.optim.Muon(
            matrices,
            lr=plan.learning_rate,
            weight_decay=plan.weight_decay,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(others, lr=plan.learning_rate / 2, betas=(0.9, 0.99), weight_decay=0.0),
    ]


def rate(step: int, plan: PretrainingPlan) -> float:
    """The share of the peak learning rate: linear warm-up, cosine down to a twentieth."""
    import math

    if step < plan.warmup:
        return (step + 1) / plan.warmup
    done = (step - plan.warmup) / max(1, plan.steps - plan.warmup)
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done))


def pretrain(
    model: PreTrainedModel, tokenizer: Tokenizer, plan: PretrainingPlan, checkpoint: Path,
    progress: Progress,
) -> None:  # fmt: skip
    """Train `model` in place; `checkpoint` is read if it is there, and written as it goes."""
    import torch

    model.train()
    optimizers = make_optimizers(model, plan)
    peaks = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
    start = _restore(model, optimizers, checkpoint)
    smoothed = 0.0
    for step, batch in zip(range(start, plan.steps), batches(tokenizer, plan, start), strict=False):
        for optimizer, peak in zip(optimizers, peaks, strict=True):
            optimizer.param_groups[0]["lr"] = peak * rate(step, plan)
        loss = weighted_loss(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        if step % 10 == 0:
            smoothed = loss.item() if step == start else 0.9 * smoothed + 0.1 * loss.item()
            progress(step, plan.steps, smoothed)
        if (step + 1) % plan.checkpoint_every == 0 or step + 1 == plan.steps:
            _save(model, optimizers, step + 1, checkpoint)


def _save(model: PreTrainedModel, optimizers: list[Any], step: int, path: Path) -> None:
    import torch

    states = [optimizer.state_dict() for optimizer in optimizers]
    state = {"step": step, "model": model.state_dict(), "optimizers": states}
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)  # a kill leaves the previous checkpoint whole


def _restore(model: PreTrainedModel, optimizers: list[Any], path: Path) -> int:
    import torch

    if not path.exists():
        return 0
    state = torch.load(path, map_location=model.device, weights_only=True)
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return int(state["step"])
