"""What a quantization costs a round: the file's size, and its words on the same questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gguf import QK_K

from foggen.contract import Contract
from foggen.engine import Engine
from foggen.labelled import Keyed
from foggen_export.checkpoint import Checkpoint

from .evaluate import summarize
from .merging import to_gguf
from .report import measured

QUANTS = ("f16", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "q4_0", "iq4_nl")


@dataclass(frozen=True)
class QuantFigures:
    """size: bytes. mean: the figures of `evaluate.summarize`, the domains' mean."""

    quant: str
    size: int
    mean: Mapping[str, float]


def quant_figures(
    folder: Path, contract: Contract, questions: Sequence[Keyed], scratch: Path
) -> Iterator[QuantFigures]:
    """The checkpoint in `folder` as each quant that its rows allow; `scratch` is left as it was."""
    for quant in quants_of(Checkpoint.open(folder)):
        path = to_gguf(str(folder), contract, quant, scratch / f"draft-{quant}.gguf", quant)
        with Engine(path) as engine:
            found = summarize(measured(engine, questions), contract.tau)
        yield QuantFigures(quant, path.stat().st_size, found["mean"])
        for part in scratch.glob(f"{path.name}*"):
            part.unlink()


def quants_of(checkpoint: Checkpoint) -> list[str]:
    """K-quants are of 256 weights in a row; llama.cpp would write another type where rows are shorter."""
    heads = checkpoint.whole("num_attention_heads") * checkpoint.whole("head_dim")
    rows = (heads, checkpoint.whole("hidden_size"), checkpoint.whole("intermediate_size"))
    whole = all(length % QK_K == 0 for length in rows)
    return [quant for quant in QUANTS if whole or "_k" not in quant]


def as_table(rows: Sequence[QuantFigures]) -> str:
    lines = [
        "| Quant | MB | Right | AUROC | ECE | Cloud routed | Lift |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        mean = row.mean
        lines.append(
            f"| {row.quant.upper()} | {row.size / 1e6:.2f} | {mean['edge']:.1%} | {mean['auroc']:.3f} | "
            f"{mean['ece']:.3f} | {mean['cloud_share']:.1%} | {100 * mean['lift']:+.1f} |"
        )  # fmt: skip
    return "\n".join(lines)
