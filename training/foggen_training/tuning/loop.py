"""One round's SFT: low-rank adapters on every linear layer, trained on the replies alone.

A short loop over torch and peft. It runs in one process, or in several under `accelerate launch`
(`worker.py`): the rows of a batch are distributed among the processes, and the gradient is that of the
whole batch (`gradients.py`).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..checkpoints import halve_frozen, multiplies_in_half
from ..prompts import Prompts
from ..recipe import BufferPlan, LabelPlan, TuningPlan
from .buffer import Row, batches, training_rows
from .gradients import TrainingRow, add_gradients
from .state import load_state, save_state

if TYPE_CHECKING:
    import torch
    from accelerate import Accelerator
    from peft import PeftModel
    from transformers import PreTrainedModel

Progress = Callable[[int, int, float], None]  # step, steps, loss
SMALLEST_RATE = 0.05  # of the peak, where the cosine ends
STEPS_BETWEEN_STATES = 20


@dataclass(frozen=True)
class Tuning:
    """The settings of one round's SFT: sections of the recipe, and the round's rate, epochs and seed."""

    labels: LabelPlan
    buffer: BufferPlan
    tuning: TuningPlan
    learning_rate: float
    epochs: int
    seed: str


def epochs_of_batches(
    prompts: Prompts, rows: Sequence[Row], plan: Tuning
) -> list[list[TrainingRow]]:
    """All batches of all epochs, in order; buckets are drawn again for each epoch."""
    steps: list[list[TrainingRow]] = []
    for epoch in range(plan.epochs):
        seed = f"{plan.seed}-{epoch}"
        drawn = training_rows(prompts, rows, plan.labels, plan.buffer, seed)
        steps += batches(drawn, plan.tuning, seed)
    return steps


def with_adapters(model: PreTrainedModel, plan: TuningPlan, new_tokens: Sequence[int]) -> PeftModel:
    """The model with new adapters. new_tokens: ids whose embeddings are trained as well."""
    from peft import LoraConfig, get_peft_model

    warnings.filterwarnings(
        "ignore", ".*is_gradient_checkpointing", FutureWarning
    )  # from inside peft
    config = LoraConfig(
        r=plan.rank,
        lora_alpha=plan.alpha,
        target_modules="all-linear",
        trainable_token_indices=list(new_tokens) or None,
        task_type="CAUSAL_LM",
    )
    adapted = get_peft_model(model, config)
    if multiplies_in_half(model.device):
        halve_frozen(adapted.get_base_model())
    return adapted


def fine_tune(
    model: PeftModel,
    prompts: Prompts,
    rows: Sequence[Row],
    plan: Tuning,
    accelerator: Accelerator,
    progress: Progress,
    state_path: Path,
) -> None:
    """Train the adapters in place.

    state_path: file of the state from which a killed run resumes. All processes have the same state, and
    the main one writes it.
    """
    import torch

    model.to(accelerator.device).train()
    learnt = {name: p for name, p in model.named_parameters() if p.requires_grad}
    parameters = list(learnt.values())
    optimizer = torch.optim.AdamW(
        parameters, lr=plan.learning_rate, betas=(0.9, 0.99), weight_decay=plan.tuning.weight_decay
    )
    steps = epochs_of_batches(prompts, rows, plan)
    start, budget = 0, plan.tuning.micro_batch
    if state := load_state(state_path, [optimizer]):
        start, budget = state["step"], state["budget"]
        model.load_state_dict(state["learners"], strict=False)
    for step, batch in enumerate(steps[start:], start):
        rate = plan.learning_rate * rate_at(step, len(steps), plan.tuning.warmup)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss, budget = batch_gradients(model, batch, accelerator, budget)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress(step, len(steps), loss)
        if (step + 1) % STEPS_BETWEEN_STATES == 0 and accelerator.is_main_process:
            save_state(state_path, step + 1, learnt, [optimizer], budget=budget)


def batch_gradients(
    model: PeftModel, batch: Sequence[TrainingRow], accelerator: Accelerator, budget: int
) -> tuple[float, int]:
    """Leave the gradient of a batch's mean loss over its reply tokens in the parameters.

    Each process computes a part, and the parts are added. Returns the loss, and the budget that fitted
    into memory.
    """
    total = sum(row.reply for row in batch)
    part = batch[accelerator.process_index :: accelerator.num_processes]
    loss, budget = add_gradients(model.get_base_model(), part, total, budget)
    if accelerator.num_processes > 1:
        loss = float(accelerator.reduce(_tensor(loss, accelerator)))
        for parameter in (p for p in model.parameters() if p.requires_grad):
            empty = parameter.grad is None
            grad = parameter.new_zeros(parameter.shape) if empty else parameter.grad
            parameter.grad = accelerator.reduce(grad)
    return loss, budget


def _tensor(value: float, accelerator: Accelerator) -> torch.Tensor:
    import torch

    return torch.tensor(value, device=accelerator.device)


def rate_at(step: int, steps: int, warmup: int) -> float:
    """The share of the peak learning rate: linear warm-up, then a cosine."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / max(1, steps - warmup)
    return SMALLEST_RATE + (1 - SMALLEST_RATE) * 0.5 * (1 + math.cos(math.pi * done))
