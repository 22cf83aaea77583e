"""A reference to a model for labelling and reading: its path, and how to open it.

A reference is small and can be sent to another process, which opens the model itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from foggen_export.loading import load_tokenizer

from ..checkpoints import halve_frozen, load_checkpoint, multiplies_in_half
from ..prompts import Prompts
from ..recipe import ModelPlan
from .checkpoint_reader import CheckpointReader
from .gguf_reader import GgufReader
from .label import Labeller


@dataclass(frozen=True)
class ModelReference:
    """A checkpoint's folder or hub id, or the path of a .gguf file.

    threads: threads per worker; 0 means all cores. half: compute products in bf16 where the device can;
    no effect on a GGUF.
    """

    place: str
    plan: ModelPlan
    threads: int = 0
    half: bool = True

    @contextmanager
    def open(self) -> Iterator[Labeller]:
        if self.place.endswith(".gguf"):
            with self._gguf() as reader:
                yield reader
        else:
            yield self._checkpoint()

    @contextmanager
    def _gguf(self) -> Iterator[GgufReader]:
        from foggen.engine.engine import Engine
        from foggen.store.models import layout_for

        path = Path(self.place)
        with Engine(path, threads=self.threads or None, layout=layout_for(path)) as engine:
            yield GgufReader(engine, self.plan.raw_contract())

    def _checkpoint(self) -> CheckpointReader:
        import torch

        if self.threads:
            torch.set_num_threads(self.threads)
        prompts = Prompts.of(
            load_tokenizer(self.place), self.plan.contract(), self.plan.raw_contract()
        )
        model = load_checkpoint(self.place).eval()
        half = self.half and multiplies_in_half(model.device)
        if half:
            halve_frozen(model.requires_grad_(False))
        return CheckpointReader(model, prompts, half)
