"""One round's SFT: low-rank adapters on every linear layer, then the merge into the fp32 weights.

A short loop in plain torch and peft. It runs in this process, or on several under
`accelerate launch` (`fine_tuning_worker.py`): a batch is cut into as many parts as there are
processes, and the gradient is that of the whole batch.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .buffer import Row, TrainingRow, batches, training_rows
from .master import padded
from .prompts import Prompts
from .recipe import BufferPlan, LabelPlan, TuningPlan

if TYPE_CHECKING:
    import torch
    from accelerate import Accelerator
    from peft import PeftModel
    from transformers import PreTrainedModel

Progress = Callable[[int, int, float], None]  # step, steps, loss
SMALLEST_RATE = 0.05  # of the peak, where the cosine ends


@dataclass(frozen=True)
class Tuning:
    """What one round's SFT is made of: the plans of the recipe, the round's rate, epochs, seed."""

    labels: LabelPlan
    buffer: BufferPlan
    tuning: TuningPlan
    learning_rate: float
    epochs: int
    seed: str


def epochs_of_batches(
    prompts: Prompts, rows: Sequence[Row], plan: Tuning
) -> list[list[TrainingRow]]:
    """All batches of all epochs in order; buckets are drawn anew at each epoch."""
    out: list[list[TrainingRow]] = []
    for epoch in range(plan.epochs):
        seed = f"{plan.seed}-{epoch}"
        drawn = training_rows(prompts, rows, plan.labels, plan.buffer, seed)
        out += batches(drawn, plan.tuning, seed)
    return out


def with_adapters(model: PreTrainedModel, plan: TuningPlan, new_tokens: Sequence[int]) -> PeftModel:
    """The model with fresh adapters. new_tokens: ids whose embeddings are learnt too."""
    from peft import LoraConfig, get_peft_model

    warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)  # peft's own
    config = LoraConfig(
        r=plan.rank, lora_alpha=plan.alpha, target_modules="all-linear",
        trainable_token_indices=list(new_tokens) or None, task_type="CAUSAL_LM",
    )  # fmt: skip
    return get_peft_model(model, config)


def fine_tune(
    model: PeftModel, prompts: Prompts, rows: Sequence[Row], plan: Tuning,
    accelerator: Accelerator, progress: Progress,
) -> None:  # fmt: skip
    """Train the adapters in place."""
    import torch

    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        parameters, lr=plan.learning_rate, betas=(0.9, 0.99), weight_decay=plan.tuning.weight_decay
    )
    learner, optimizer = accelerator.prepare(model, optimizer)
    learner.train()
    steps = epochs_of_batches(prompts, rows, plan)
    for step, batch in enumerate(steps):
        rate = plan.learning_rate * rate_at(step, len(steps), plan.tuning.warmup)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = batch_loss(learner, batch, accelerator)
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress(step, len(steps), loss.item())


def batch_loss(
    learner: Any, batch: Sequence[TrainingRow], accelerator: Accelerator
) -> torch.Tensor:
    """Mean loss of the batch's reply tokens, of which this process computes its part.

    Processes' gradients are averaged, so a part is scaled by their number: the mean is then that of
    the whole batch, whatever its parts' lengths.
    """
    import torch

    total = sum(row.reply for row in batch)
    part = batch[accelerator.process_index :: accelerator.num_processes] or batch[:1]
    counted = accelerator.process_index < len(batch)
    ids, replies = collate(part)
    ids, replies = ids.to(accelerator.device), replies.to(accelerator.device)
    with torch.autocast(accelerator.device.type, dtype=torch.bfloat16):
        logits = learner(ids[:, :-1], use_cache=False).logits  # (B, T-1, V)
    losses = token_losses(logits, ids)
    summed: torch.Tensor = (losses * replies[:, 1:]).sum()
    return summed * accelerator.num_processes * counted / total


def token_losses(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """Cross entropy of every next token, (B, T-1), in fp32. logits: (B, T-1, V); ids: (B, T)."""
    from torch.nn.functional import cross_entropy

    losses = cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
    return losses.view(len(ids), -1)


def collate(rows: Sequence[TrainingRow]) -> tuple[torch.Tensor, torch.Tensor]:
    """ids (B, T), padded on the right with 0, and 1.0 on the replies' tokens (B, T)."""
    import torch

    length = padded(max(len(row.ids) for row in rows))
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    replies = torch.zeros(len(rows), length)
    for index, row in enumerate(rows):
        ids[index, : len(row.ids)] = torch.tensor(row.ids)
        replies[index, len(row.ids) - row.reply : len(row.ids)] = 1.0
    return ids, replies


def rate_at(step: int, steps: int, warmup: int) -> float:
    """The share of the peak learning rate: linear warm-up, then a cosine."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / max(1, steps - warmup)
    return SMALLEST_RATE + (1 - SMALLEST_RATE) * 0.5 * (1 + math.cos(math.pi * done))
