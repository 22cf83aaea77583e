"""A model that can be labelled and read, described by where it lies: opened here, or by a worker.

The description is small and can be sent to another process, which opens the model for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from foggen_export.loading import load_tokenizer

from .gguf_reader import GgufReader
from .labels import Labeller
from .master import load_master
from .master_reader import MasterReader
from .prompts import Prompts
from .recipe import ModelPlan


@dataclass(frozen=True)
class ModelSource:
    """A checkpoint (folder or hub id), or a GGUF if `place` ends so.

    threads: of one worker, 0 for all cores.
    """

    place: str
    model: ModelPlan
    threads: int = 0

    @contextmanager
    def open(self) -> Iterator[Labeller]:
        if self.place.endswith(".gguf"):
            with self._gguf() as reader:
                yield reader
        else:
            yield self._master()

    @contextmanager
    def _gguf(self) -> Iterator[GgufReader]:
        from foggen.engine import Engine

        with Engine(Path(self.place), threads=self.threads or None) as engine:
            yield GgufReader(engine, self.model.raw_contract())

    def _master(self) -> MasterReader:
        import torch

        if self.threads:
            torch.set_num_threads(self.threads)
        prompts = Prompts.of(
            load_tokenizer(self.place), self.model.contract(), self.model.raw_contract()
        )
        return MasterReader(load_master(self.place), prompts)
