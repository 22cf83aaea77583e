"""Steps of pretraining: plain ones, and on an NVIDIA GPU ones that are recorded once and replayed.

A step of so small a model launches some thousand tiny kernels, and a GPU would wait for the launches most of
the time. A CUDA graph launches all of them at once. It holds the addresses of its inputs and the learning
rate, so every length of batch has a graph of its own, and the rate is held for some steps (Ng and others 2021,
Accelerating PyTorch with CUDA Graphs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import torch

from .pretrain import pretraining_loss
from .rows import Batch

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from .supervision import Readers

LARGEST_GRADIENT = 1.0  # norm
EAGER = 3  # first steps on a GPU: they make the optimizers' states, which a graph cannot
HOLD = 50  # steps on a GPU with the same learning rate


class Steps:
    """Plain steps. hold: number of steps with the same learning rate."""

    hold = 1

    def __init__(
        self,
        model: PreTrainedModel,
        readers: Readers,
        optimizers: Sequence[torch.optim.Optimizer],
    ) -> None:
        self.model, self.readers, self.optimizers = model, readers, optimizers
        self.parameters = [*model.parameters(), *readers.parameters()]

    def step(self, batch: Batch, rates: Sequence[float]) -> torch.Tensor:
        """Update the model with a batch; returns the loss. rates: of each optimizer."""
        self.set_rates(rates)
        loss = self.gradients(batch.to(self.model.device))
        self.update()
        return loss

    def set_rates(self, rates: Sequence[float]) -> None:
        """Set the learning rates."""
        for optimizer, value in zip(self.optimizers, rates, strict=True):
            optimizer.param_groups[0]["lr"] = value

    def gradients(self, batch: Batch) -> torch.Tensor:
        """Compute the gradients of a batch; returns the loss."""
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.zero_()
        loss = pretraining_loss(self.model, self.readers, batch)
        loss.backward()
        return loss.detach()

    def update(self) -> None:
        """Clip the gradients and step the optimizers."""
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), LARGEST_GRADIENT)
        for optimizer in self.optimizers:
            optimizer.step()


class GraphSteps(Steps):
    """Steps that are replayed as CUDA graphs: one for the gradients of each length, one for the update."""

    hold = HOLD

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pool = torch.cuda.graph_pool_handle()
        self.stream = torch.cuda.Stream()
        self.recorded: dict[torch.Size, tuple[torch.cuda.CUDAGraph, Batch, torch.Tensor]] = {}
        self.updating: torch.cuda.CUDAGraph | None = None
        self.rates: list[float] = []
        self.done = 0

    def step(self, batch: Batch, rates: Sequence[float]) -> torch.Tensor:
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            loss = self._step(batch, rates)
        torch.cuda.current_stream().wait_stream(self.stream)
        return loss

    def _step(self, batch: Batch, rates: Sequence[float]) -> torch.Tensor:
        self.done += 1
        if self.done <= EAGER:
            return super().step(batch, rates)
        graph, inputs, loss = self._recorded_gradients(batch)
        copy_into(batch, inputs)
        graph.replay()
        self._recorded_update(rates).replay()
        return loss

    def _recorded_gradients(self, batch: Batch) -> tuple[torch.cuda.CUDAGraph, Batch, torch.Tensor]:
        """The graph of the gradients for a batch's shape, its inputs, and the loss that it computes."""
        shape = batch.ids.shape
        if shape not in self.recorded:
            inputs, graph = batch.to(self.model.device), torch.cuda.CUDAGraph()
            torch.cuda.synchronize()
            with torch.cuda.graph(graph, pool=self.pool, stream=self.stream):
                loss = self.gradients(inputs)
            self.recorded[shape] = graph, inputs, loss
        return self.recorded[shape]

    def _recorded_update(self, rates: Sequence[float]) -> torch.cuda.CUDAGraph:
        """The graph of the update at these learning rates."""
        if self.updating is None or self.rates != list(rates):
            self.rates = list(rates)
            self.set_rates(rates)
            torch.cuda.synchronize()
            self.updating = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.updating, pool=self.pool, stream=self.stream):
                self.update()
        return self.updating


def copy_into(batch: Batch, inputs: Batch) -> None:
    """Copy a batch into tensors of the same shapes."""
    for item in fields(Batch):
        getattr(inputs, item.name).copy_(getattr(batch, item.name))


def steps_for(
    model: PreTrainedModel, readers: Readers, optimizers: Sequence[torch.optim.Optimizer]
) -> Steps:
    """The fastest kind of steps for the model's device."""
    kind = GraphSteps if model.device.type == "cuda" else Steps
    return kind(model, readers, optimizers)
