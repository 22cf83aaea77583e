"""The gradient of one batch of rows, within a budget of memory.

Three things make a step fit, and none changes the gradient:

- Logits are computed for the tokens of the reply alone. With a vocabulary of 262k, the logits of one
  token take 1 MB, and those of the prompt are not used.
- The tokens that all rows of a micro-batch begin with (the system prompt) are read once, and the rows
  share their keys and values.
- A batch is cut into micro-batches within a budget of tokens. Their gradients add up to that of the
  whole batch. If a micro-batch does not fit into memory, the budget is halved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foggen.errors import FogGenError

from ..batching import (
    common_start,
    is_out_of_memory,
    padded,
    parts_by_length,
    release_memory,
)
from ..checkpoints import multiplies_in_half

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class TrainingRow:
    """ids: tokens of prompt and reply. reply: how many of the last ones are the reply, to be learnt."""

    ids: tuple[int, ...]
    reply: int


def micro_batches(rows: Sequence[TrainingRow], budget: int) -> list[list[TrainingRow]]:
    """The rows, sorted by length, in parts of at most `budget` tokens.

    The tokens that all rows begin with count once, the rest with padding. A row that is longer than the
    budget is a part by itself.
    """
    shared = shared_length(rows)
    parts = parts_by_length([len(row.ids) - shared - 1 for row in rows], budget - shared)
    return [[rows[place] for place in part] for part in parts]


def add_gradients(
    model: PreTrainedModel, rows: Sequence[TrainingRow], total: int, budget: int
) -> tuple[float, int]:
    """Accumulate the gradient of the rows' reply losses, summed and divided by `total`.

    model: the base model with peft's adapters in it. total: reply tokens of the whole batch, of which
    these rows may be a part. budget: padded tokens at once.

    Returns the loss, and the budget that fitted into memory. Raises FogGenError if a single row does
    not fit.
    """
    while True:
        try:
            return sum(
                _backward(model, part, total) for part in micro_batches(rows, budget)
            ), budget
        except RuntimeError as exc:
            if not is_out_of_memory(exc):
                raise
        longest = max(len(row.ids) for row in rows)
        if budget <= longest:
            raise FogGenError(
                f"a row of {longest} tokens does not fit into memory",
                hint="lower tuning.longest, or train on a device with more memory",
            )
        budget = max(budget // 2, longest)
        model.zero_grad(set_to_none=True)  # drop what was added before memory ran out
        release_memory()


def _backward(model: PreTrainedModel, part: Sequence[TrainingRow], total: int) -> float:
    loss = reply_loss(model, part) / total
    loss.backward()
    return float(loss.detach())


def reply_loss(model: PreTrainedModel, rows: Sequence[TrainingRow]) -> torch.Tensor:
    """The sum of the cross entropies of the rows' reply tokens.

    In fp32, with products in bf16 where the device can.
    """
    import torch
    from torch.nn.functional import cross_entropy

    device = model.device
    shared = shared_length(rows)
    batch = collate(rows, shared)
    with torch.autocast(device.type, torch.bfloat16, multiplies_in_half(device)):
        start = torch.tensor([rows[0].ids[:shared]], device=device)
        hidden = model.model(
            batch.ids.to(device), **after_start(model, start, len(rows))
        ).last_hidden_state  # (B, T, D)
        chosen = hidden[batch.rows.to(device), batch.columns.to(device)]  # (R, D)
        logits = model.lm_head(chosen)  # (R, V)
    return cross_entropy(logits.float(), batch.targets.to(device), reduction="sum")


def after_start(model: PreTrainedModel, start: torch.Tensor, rows: int) -> dict[str, Any]:
    """Arguments of a forward pass over `rows` rows that all follow the tokens `start`, (1, T)."""
    if not start.numel():
        return {"use_cache": False}
    from transformers import DynamicCache

    cache = DynamicCache(config=model.config)
    model.model(start, past_key_values=cache, use_cache=True)
    cache.batch_repeat_interleave(rows)
    return {"past_key_values": cache, "use_cache": True}


def shared_length(rows: Sequence[TrainingRow]) -> int:
    """How many tokens all rows begin with, at most up to the token before a reply; 0 for a single row."""
    if len(rows) == 1:
        return 0
    return common_start([row.ids for row in rows], min(len(r.ids) - r.reply - 1 for r in rows))


@dataclass(frozen=True)
class Collated:
    """ids: (B, T), the tokens after the shared ones, padded on the right with 0; a row's last token, after
    which nothing is predicted, is left out. rows, columns: (R,), where each of the R reply tokens is
    predicted. targets: (R,), those tokens."""

    ids: torch.Tensor
    rows: torch.Tensor
    columns: torch.Tensor
    targets: torch.Tensor


def collate(rows: Sequence[TrainingRow], shared: int) -> Collated:
    """Tensors of some rows, without their first `shared` tokens."""
    import torch

    ids = torch.zeros(
        len(rows), padded(max(len(row.ids) for row in rows) - shared - 1), dtype=torch.long
    )
    numbers: list[int] = []
    columns: list[int] = []
    targets: list[int] = []
    for number, row in enumerate(rows):
        length = len(row.ids) - shared - 1
        ids[number, :length] = torch.tensor(row.ids[shared:-1])
        numbers += [number] * row.reply
        columns += range(length - row.reply, length)
        targets += row.ids[-row.reply :]
    return Collated(ids, torch.tensor(numbers), torch.tensor(columns), torch.tensor(targets))
