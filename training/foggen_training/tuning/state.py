"""Where an optimization stands, on disk: what is learnt, the optimizers, the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def save_state(
    path: Path, step: int, learnt: Mapping[str, Any],
    optimizers: Sequence[torch.optim.Optimizer], **more: Any,
) -> None:  # fmt: skip
    """Write the state after `step` steps; a kill leaves the state before it whole. learnt: a state
    dict. more: plain values to keep beside it."""
    import torch

    states = [optimizer.state_dict() for optimizer in optimizers]
    partial = path.with_suffix(".partial")
    torch.save({"step": step, "learners": learnt, "optimizers": states, **more}, partial)
    partial.replace(path)


def load_state(path: Path, optimizers: Sequence[torch.optim.Optimizer]) -> dict[str, Any] | None:
    """What `save_state` wrote, its optimizers restored; None where nothing was written."""
    import torch

    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, weights_only=True)
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return state
