"""Export a checkpoint as GGUF files: lossless floats first, and every quantization from those.

Every file appears whole.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from math import prod
from pathlib import Path

from foggen.engine.contract import Contract
from foggen.errors import UsageError
from foggen.store.known_models import manifest_path, sha256_of

from .checkpoint import Checkpoint
from .gguf_file import FLOATS, write_floats
from .provenance import Provenance
from .quantize import QUANTS, Importance, quantize

Progress = Callable[[str, int, int], None]  # name of the step, done, total (0 if unknown)
KNOWN_QUANTS = (*FLOATS, *QUANTS)


@dataclass(frozen=True)
class Source:
    """The source of all files: a checkpoint, its contract, and its weights as a lossless GGUF.

    name: general.name of the files. floats: path of that GGUF, whose type is `kind`. provenance: as in
    `write_floats`."""

    checkpoint: Checkpoint
    contract: Contract
    name: str
    floats: Path
    kind: str
    provenance: Provenance | None = None

    def make(self, quant: str, output: Path, importance: Importance | None = None) -> None:
        """Write a quantization to the file `output`, which appears whole."""
        partial = output.with_name(output.name + ".partial")
        try:
            if quant in QUANTS:
                quantize(self.floats, partial, quant, importance)
            else:
                write_floats(
                    self.checkpoint,
                    self.contract,
                    quant,
                    partial,
                    name=self.name,
                    provenance=self.provenance,
                )
            partial.replace(output)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def opened(
    checkpoint: Checkpoint,
    contract: Contract,
    name: str,
    folder: Path,
    progress: Progress = lambda *_: None,
    kind: str = "",
    provenance: Provenance | None = None,
) -> Iterator[Source]:
    """Open the source of a checkpoint; its floats are in a temporary file, deleted at the end.

    folder: the output folder; the temporary file goes there too, since the folder needs the room anyway.
    kind: type of the floats; "" means the smallest type that loses nothing.
    """
    kind = kind or exact_kind(checkpoint)
    with tempfile.TemporaryDirectory(prefix=".foggen-export-", dir=folder) as temporary:
        floats = Path(temporary) / f"{kind}.gguf"
        write_floats(
            checkpoint,
            contract,
            kind,
            floats,
            name=name,
            provenance=provenance,
            progress=lambda done, total: progress("reading", done, total),
        )
        yield Source(checkpoint, contract, name, floats, kind, provenance)


def export(
    checkpoint: Checkpoint,
    contract: Contract,
    quant: str,
    output: Path,
    *,
    name: str,
    progress: Progress = lambda *_: None,
    provenance: Provenance | None = None,
) -> Path:
    """Write one quantization of a checkpoint to the file `output`, with a manifest, without verification.

    provenance: as in `write_floats`. Raises UsageError for an unknown quantization, ModelFileError for a
    checkpoint that cannot be exported; `output` is then unchanged.
    """
    check_quants([quant])
    with opened(
        checkpoint, contract, name, output.parent, progress, provenance=provenance
    ) as source:
        source.make(quant, output)
    write_manifest(output, quant, checkpoint)
    return output


def check_quants(quants: Sequence[str]) -> None:
    for quant in quants:
        if quant not in KNOWN_QUANTS:
            raise UsageError(
                f"unknown quantization {quant!r}", hint=f"known: {', '.join(KNOWN_QUANTS)}"
            )


def exact_kind(checkpoint: Checkpoint) -> str:
    """The smallest type that holds the checkpoint's weights without loss: "f16", "bf16" or "f32"."""
    elements: Counter[str] = Counter()
    for tensor in checkpoint.tensors():
        elements[tensor.kind] += prod(tensor.shape)
    half = {"f16", "bf16"} & set(elements)
    return "f32" if "f32" in elements or len(half) != 1 else half.pop()


def write_manifest(output: Path, quant: str, checkpoint: Checkpoint) -> None:
    """Write the manifest of a file: what it is, and what made it."""
    manifest = {
        "file": output.name,
        "size": output.stat().st_size,
        "sha256": sha256_of(output),
        "quant": quant,
        "source": checkpoint.source,
        "commit": checkpoint.commit,
        "tools": {name: version(name) for name in ("foggen", "gguf", "llama-cpp-python")},
    }
    manifest_path(output).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
