"""Muon (Jordan et al. 2024): momentum whose update of every matrix is made nearly orthogonal.

torch's own rounds to bf16, which a CPU without such instructions has to emulate, and handles one matrix at a
time. This one multiplies in the precision that the device is fast in, and all matrices of a shape at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

# Of the quintic polynomial that pulls singular values towards one; steps of its iteration.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


class Muon(torch.optim.Optimizer):  # type: ignore[misc]  # torch is not analysed
    """Updates matrices. lr is scaled so that an update is as large as AdamW's (Liu et al. 2025, Muon is
    Scalable for LLM Training). half: multiply in bf16 instead of fp32."""

    def __init__(
        self,
        matrices: Iterable[torch.nn.Parameter],
        lr: float,
        weight_decay: float,
        momentum: float = 0.95,
        *,
        half: bool,
    ) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})
        self.dtype = torch.bfloat16 if half else torch.float32

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, closure: Any = None) -> None:
        """Update every matrix that has a gradient."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[torch.nn.Parameter]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    shapes.setdefault(matrix.shape, []).append(matrix)
            for matrices in shapes.values():
                self._update(matrices, group["lr"], group["weight_decay"], group["momentum"])

    def _update(
        self, matrices: list[torch.nn.Parameter], lr: float, decay: float, momentum: float
    ) -> None:
        """Update matrices of one shape."""
        averages = [self._average(matrix) for matrix in matrices]
        gradients = [matrix.grad for matrix in matrices]
        torch._foreach_lerp_(averages, gradients, 1 - momentum)
        ahead = torch._foreach_lerp(gradients, averages, momentum)
        updates = orthogonal(torch.stack(ahead).to(self.dtype)).float()
        torch._foreach_mul_(matrices, 1 - lr * decay)
        scale = 0.2 * max(matrices[0].shape) ** 0.5
        torch._foreach_add_(matrices, list(updates.unbind()), alpha=-lr * scale)

    def _average(self, matrix: torch.nn.Parameter) -> torch.Tensor:
        state = self.state[matrix]
        if "average" not in state:
            state["average"] = torch.zeros_like(matrix)
        average: torch.Tensor = state["average"]
        return average


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """The nearest orthogonal matrices, roughly: all singular values come near one. matrices: (N, rows, columns)."""
    if matrices.shape[1] > matrices.shape[2]:
        return orthogonal(matrices.mT).mT
    a, b, c = COEFFICIENTS
    x = matrices / matrices.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    for _ in range(ITERATIONS):
        products = x @ x.mT
        x = a * x + (b * products + c * products @ products) @ x
    return x
