"""The state of an optimization on disk: parameters, optimizers and step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def save_state(
    path: Path,
    step: int,
    learnt: Mapping[str, Any],
    optimizers: Sequence[torch.optim.Optimizer],
    **more: Any,
) -> None:
    """Write the state after `step` steps; a kill leaves the earlier file whole.

    learnt: a state dict. more: numbers and texts to keep with it.
    """
    import torch

    states = [optimizer.state_dict() for optimizer in optimizers]
    partial = path.with_suffix(".partial")
    torch.save({"step": step, "learners": learnt, "optimizers": states, **more}, partial)
    partial.replace(path)


def load_state(path: Path, optimizers: Sequence[torch.optim.Optimizer]) -> dict[str, Any] | None:
    """The state that `save_state` wrote, with the optimizers restored; None if there is no file."""
    import torch

    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return state
