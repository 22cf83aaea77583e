"""Muon, compared with torch's own, which rounds to bf16 and handles one matrix at a time."""

from __future__ import annotations

import pytest
import torch

from foggen_training.starter.muon import Muon, orthogonal

SHAPES = [(32, 64), (32, 64), (96, 32), (48, 48)]


def trained(kind: str, *, half: bool = True) -> list[torch.Tensor]:
    """Matrices after five steps along the same random gradients."""
    torch.manual_seed(0)
    matrices = [torch.nn.Parameter(torch.randn(shape)) for shape in SHAPES]
    optimizer = (
        Muon(matrices, 1e-2, 0.1, half=half)
        if kind == "own"
        else torch.optim.Muon(matrices, lr=1e-2, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    )
    for _ in range(5):
        for matrix in matrices:
            matrix.grad = torch.randn(matrix.shape)
        optimizer.step()
    return [matrix.detach() for matrix in matrices]


@pytest.mark.parametrize("half", [True, False])
def test_it_moves_matrices_as_torchs_own_does(half: bool) -> None:
    for own, theirs in zip(trained("own", half=half), trained("torch"), strict=True):
        assert (
            float((own - theirs).norm() / theirs.norm()) < 1e-3
        )  # bf16 rounds to 4e-3 of an update


@pytest.mark.parametrize("shape", SHAPES)
def test_singular_values_come_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    values = torch.linalg.svdvals(orthogonal(torch.randn(3, *shape)))
    assert float(values.median()) > 0.4 and float(values.max()) < 1.4


def test_a_matrix_without_a_gradient_stays() -> None:
    matrices = [torch.nn.Parameter(torch.ones(4, 4)) for _ in range(2)]
    matrices[0].grad = torch.eye(4)
    Muon(matrices, 1e-2, 0.1, half=False).step()
    assert torch.equal(matrices[1].detach(), torch.ones(4, 4))
    assert not torch.equal(matrices[0].detach(), torch.ones(4, 4))
