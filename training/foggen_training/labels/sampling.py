"""Free replies of a transformers checkpoint, token by token; each prompt is read once for all its replies.

Every prompt has its own seed, so its replies do not depend on the other prompts of its batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .branches import HEAD, Branches, Tokens, hidden_states, row_of

if TYPE_CHECKING:
    import torch
    from transformers import DynamicCache, PreTrainedModel


@dataclass(frozen=True)
class Sampling:
    """How replies are drawn. count: replies per prompt. limit: most tokens of a reply. stop: the token
    that ends a reply."""

    count: int
    temperature: float
    limit: int
    stop: int


def sampled_tokens(
    model: PreTrainedModel,
    cache: DynamicCache,
    start: int,
    prompts: Sequence[Sequence[int]],
    seeds: Sequence[int],
    plan: Sampling,
) -> list[list[int]]:
    """The tokens of each reply up to and including its stop token, in the order of the prompts.

    cache: one row per prompt, holding the first `start` tokens, which all prompts share; it is modified.
    """
    import torch

    branches = Branches.of(prompts, (), start)
    states = hidden_states(model, branches.ids, branches.tokens, row_of(start), cache)
    states = states[torch.arange(len(prompts)), branches.lengths - 1]  # (B, D)
    states = states.repeat_interleave(plan.count, 0)
    cache.batch_repeat_interleave(plan.count)
    seen = branches.tokens.after(row_of(start)).repeated(plan.count)
    position = (branches.lengths + start).repeat_interleave(plan.count)[:, None]  # (B * count, 1)
    chances = draws(seeds, plan)
    replies = torch.full((len(states), plan.limit), plan.stop)
    ended = torch.zeros(len(states), dtype=torch.bool)
    for step in range(plan.limit):
        tokens = chosen_tokens(model.lm_head(states), plan.temperature, chances[:, step])
        replies[:, step] = torch.where(ended, plan.stop, tokens)
        ended |= tokens == plan.stop
        if ended.all():
            break
        asking = Tokens(position + step, torch.full_like(position, HEAD))
        states = hidden_states(model, replies[:, step : step + 1], asking, seen, cache)[:, 0]
        seen = asking.after(seen)
    return [up_to(reply, plan.stop) for reply in replies.tolist()]


def draws(seeds: Sequence[int], plan: Sampling) -> torch.Tensor:
    """A uniform number in [0, 1) for every token of every reply, (prompts * count, limit)."""
    import torch

    shape = (plan.count, plan.limit)
    return torch.tensor(np.concatenate([np.random.default_rng(s).random(shape) for s in seeds]))


def chosen_tokens(logits: torch.Tensor, temperature: float, chances: torch.Tensor) -> torch.Tensor:
    """A token for each row of logits (B, V), on the CPU: drawn from the whole distribution, or the
    best one at temperature 0.

    chances: (B,), where to cut each row's cumulative distribution.
    """
    import torch

    if temperature == 0:
        return logits.argmax(-1).cpu()
    exact = torch.float32 if logits.device.type == "mps" else torch.float64
    shares = (logits.float() / temperature).softmax(-1).cumsum(-1, dtype=exact)
    cuts = chances.to(shares.device, exact)[:, None] * shares[:, -1:]
    return torch.searchsorted(shares, cuts, right=True)[:, 0].clamp(max=logits.shape[-1] - 1).cpu()


def up_to(reply: list[int], stop: int) -> list[int]:
    """A reply's tokens up to and including the first stop."""
    return reply[: reply.index(stop) + 1] if stop in reply else reply
