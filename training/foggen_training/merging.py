"""Adapters into the fp32 master, and the master into a GGUF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foggen_export.adapters import with_adapter

from .master import load_master, save_master
from .recipe import ModelPlan

if TYPE_CHECKING:
    from foggen.contract import Contract


def merge(start: str, adapter: Path, output: Path, plan: ModelPlan) -> None:
    """The checkpoint `start` with an adapter merged in, in fp32, to the folder `output`.

    Raises ModelFileError, and writes no folder, where the merge is not the adapted model.
    """
    save_master(with_adapter(load_master(start), adapter), start, output, plan)


def to_gguf(
    checkpoint: str, contract: Contract, quant: str, output: Path, title: str,
    table: dict[str, Any] | None = None, data: str = "",
) -> Path:  # fmt: skip
    """A checkpoint as a GGUF with its contract, calibrated by a bucket table if there is one."""
    from foggen_export.checkpoint import Checkpoint
    from foggen_export.exporting import export

    if table is not None:
        calibration = {"buckets": table, "score": "bucket", "data": data, "quant": quant}
        contract = replace(contract, calibration=calibration)
    return export(Checkpoint.open(Path(checkpoint)), contract, quant, output, name=title)
