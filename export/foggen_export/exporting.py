"""A checkpoint as GGUF files: floats without loss once, every quant from them, each file appearing whole."""

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

Progress = Callable[[str, int, int], None]  # step's name, done, of how many (0: not known)
KNOWN_QUANTS = (*FLOATS, *QUANTS)


@dataclass(frozen=True)
class Source:
    """What files are made of: a checkpoint, its contract, and its weights as a GGUF without loss.

    name: general.name of the files. floats: that GGUF, of the type `kind`. provenance: as of
    `write_floats`."""

    checkpoint: Checkpoint
    contract: Contract
    name: str
    floats: Path
    kind: str
    provenance: Provenance | None = None

    def make(self, quant: str, output: Path, importance: Importance | None = None) -> None:
        """The file `output` of a quant, wherever it may be; it appears whole."""
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
    """The source of a checkpoint; its floats are in `folder` and go again at the end.

    folder: where the files will be, since what is written there must fit there anyway. kind: of the
    floats, the smallest that loses nothing if "".
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
    """One quant of a checkpoint, unverified, as the file `output` with a manifest beside it.

    provenance: as of `write_floats`. Raises UsageError for an unknown quant, ModelFileError for a checkpoint that cannot be exported;
    `output` is then as it was.
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
            raise UsageError(f"quant {quant!r}", hint=f"known: {', '.join(KNOWN_QUANTS)}")


def exact_kind(checkpoint: Checkpoint) -> str:
    """The type in which the checkpoint's weights lose nothing: that of most of them, or f32."""
    elements: Counter[str] = Counter()
    for tensor in checkpoint.tensors():
        elements[tensor.kind] += prod(tensor.shape)
    half = {"f16", "bf16"} & set(elements)
    return "f32" if "f32" in elements or len(half) != 1 else half.pop()


def write_manifest(output: Path, quant: str, checkpoint: Checkpoint) -> None:
    """What the file is and what made it, beside it."""
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
