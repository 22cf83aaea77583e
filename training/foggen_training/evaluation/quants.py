"""What quantization costs: the size of the file, and its figures on the same questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gguf import QK_K

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import Contract
from foggen.engine.engine import Engine
from foggen_export.checkpoint import Checkpoint

from ..checkpoints import to_gguf
from .clouds import Cloud
from .keeping import keep_in, key_of
from .outcomes import Outcome, beside, measure
from .tables import summarize

MEASURED = "measured"  # folder of the results by question
QUANTS = ("f16", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "q4_0", "iq4_nl")


@dataclass(frozen=True)
class QuantFigures:
    """size: bytes. mean: figures of `tables.summarize`, as means over domains."""

    quant: str
    size: int
    mean: Mapping[str, float]


def answered(
    checkpoint: Path,
    contract: Contract,
    quant: str,
    questions: Sequence[Keyed],
    scratch: Path,
    name: str,
) -> tuple[list[Outcome], int]:
    """Measure a checkpoint as a temporary quantized file; returns the outcomes and the file's bytes.

    scratch: folder for the file, and for the outcomes, which are saved in `MEASURED` under this name.
    """
    key = key_of(checkpoint, contract, quant, name)
    with TemporaryDirectory(prefix=".foggen-draft-", dir=scratch) as folder:
        path = to_gguf(str(checkpoint), contract, quant, Path(folder) / "draft.gguf", quant)
        ask = keep_in(scratch / MEASURED, f"{name}.jsonl", key)
        with Engine(path) as engine:
            outcomes = ask(name, lambda part: measure(engine, part), questions)
        return outcomes, path.stat().st_size


def quant_figures(
    checkpoint: Path,
    contract: Contract,
    questions: Sequence[Keyed],
    scratch: Path,
    known: QuantFigures,
    cloud: Cloud,
    wanted: Sequence[str],
) -> Iterator[QuantFigures]:
    """Measure a checkpoint in each wanted quantization. known: figures that were already measured."""
    for quant in wanted:
        if quant == known.quant:
            yield known
            continue
        outcomes, size = answered(checkpoint, contract, quant, questions, scratch, quant)
        table = summarize(beside(cloud, questions, outcomes), contract.tau)
        yield QuantFigures(quant, size, table["mean"])


def quants_of(checkpoint: Checkpoint, wanted: Sequence[str] = QUANTS) -> list[str]:
    """The wanted quantizations that fit the checkpoint: K-quants need rows in multiples of 256 weights;
    otherwise llama.cpp would write another type."""
    heads = checkpoint.whole("num_attention_heads") * checkpoint.whole("head_dim")
    rows = (heads, checkpoint.whole("hidden_size"), checkpoint.whole("intermediate_size"))
    whole = all(length % QK_K == 0 for length in rows)
    return [quant for quant in wanted if whole or "_k" not in quant]


def as_table(rows: Sequence[QuantFigures]) -> str:
    lines = [
        "| Quant | MB | Right | AUROC | ECE | Cloud routed | Lift |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        mean = row.mean
        lines.append(
            f"| {row.quant.upper()} | {row.size / 1e6:.2f} | {mean['edge']:.1%} | {mean['auroc']:.3f} | "
            f"{mean['ece']:.3f} | {mean['cloud_share']:.1%} | {100 * mean['lift']:+z.1f} |"
        )
    return "\n".join(lines)
