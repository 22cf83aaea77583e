"""Adapters merged into the fp32 checkpoint that they were trained on."""

from __future__ import annotations

from pathlib import Path

from foggen_export.adapters import with_adapter

from ..checkpoints import load_checkpoint, save_checkpoint
from ..recipe import ModelPlan


def merge(start: str, adapter: Path, output: Path, plan: ModelPlan) -> None:
    """Write the checkpoint `start` with an adapter merged in, in fp32, to the folder `output`.

    Raises ModelFileError, and writes nothing, if the merged model differs from the adapted one.
    """
    save_checkpoint(with_adapter(load_checkpoint(start), adapter), start, output, plan)
