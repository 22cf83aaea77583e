"""Writing a checkpoint as a GGUF of floats: hyperparameters, vocabulary, contract, tensors.

Tensor names come from the map in the `gguf` package. Matrices get the file's type and vectors stay in F32,
as in llama.cpp's converter. One tensor is in memory at a time. `quantize.py` makes smaller files from the
result.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gguf
import numpy as np

from foggen.engine.contract import Contract, to_metadata
from foggen.errors import ModelFileError

from .checkpoint import Checkpoint
from .floats import DTYPES, converted, finite
from .hyperparameters import NORM_SHIFT, add_hyperparameters
from .provenance import Provenance, add_provenance, size_label, told_by
from .safetensors_file import TensorInfo
from .shapes import check_shapes
from .vocabulary import read_vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLOATS = {
    "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "bf16": (gguf.GGMLQuantizationType.BF16, gguf.LlamaFileType.MOSTLY_BF16),
}
Progress = Callable[[int, int], None]  # tensors done, total


@dataclass(frozen=True)
class Placed:
    """A tensor and its place in the GGUF. name, kind: name and type there. shift: added to its values."""

    source: TensorInfo
    name: str
    kind: gguf.GGMLQuantizationType
    shift: float

    @property
    def size(self) -> int:
        """Size in the file, in bytes."""
        width = 4 if self.kind == gguf.GGMLQuantizationType.F32 else 2
        return width * prod(self.source.shape)

    def data(self) -> NDArray[Any]:
        """The values in the file's type, flat; raises ModelFileError if one is not finite."""
        kind = self.kind.name.lower()
        found: NDArray[Any] = np.empty(prod(self.source.shape), DTYPES[kind])
        filled = 0
        for values in self.source.blocks():
            stored = converted(values, self.source.kind, kind, self.shift)
            if not finite(stored, kind):
                raise ModelFileError(
                    f"tensor {self.source.stored!r} has values that are not finite as {self.kind.name}",
                    hint="give another type, or train the checkpoint again",
                )
            found[filled : filled + stored.size] = stored
            filled += stored.size
        return found


def write_floats(
    checkpoint: Checkpoint,
    contract: Contract,
    kind: str,
    output: Path,
    *,
    name: str,
    progress: Progress = lambda *_: None,
    provenance: Provenance | None = None,
) -> None:
    """Write a checkpoint to the file `output` as "f32", "f16" or "bf16"; a failure leaves no file.

    provenance: licence and base models; by default those of the checkpoint's card. Raises ModelFileError
    for a checkpoint that cannot be exported.
    """
    vocabulary = read_vocabulary(checkpoint.folder, checkpoint.whole("vocab_size"))
    tensors = placed(checkpoint, kind)
    writer = gguf.GGUFWriter(output, checkpoint.architecture)
    writer.add_name(name)
    writer.add_size_label(size_label(tensor.source.shape for tensor in tensors))
    add_provenance(writer, provenance or told_by(checkpoint.folder))
    if contract.says_confidence:  # a model that says none was not trained to one
        add_contract(writer, contract)  # before the vocabulary, where readers find it at once
    add_hyperparameters(writer, checkpoint)
    writer.add_file_type(FLOATS[kind][1])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    vocabulary.add_to(writer)
    try:
        with closing(writer):
            _write(writer, tensors, progress)
    except BaseException:
        output.unlink(missing_ok=True)
        raise


def _write(writer: gguf.GGUFWriter, tensors: list[Placed], progress: Progress) -> None:
    for tensor in tensors:
        writer.add_tensor_info(
            tensor.name,
            tensor.source.shape,
            np.dtype(np.float32),
            tensor.size,
            raw_dtype=tensor.kind,
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for number, tensor in enumerate(tensors):
        progress(number, len(tensors))
        writer.write_tensor_data(tensor.data())
    progress(len(tensors), len(tensors))


def add_contract(writer: gguf.GGUFWriter, contract: Contract) -> None:
    for key, value in to_metadata(contract).items():
        if isinstance(value, str):
            writer.add_string(key, value)
        elif isinstance(value, bool):
            writer.add_bool(key, value)
        elif isinstance(value, int):
            writer.add_uint32(key, value)
        elif isinstance(value, float):
            writer.add_float32(key, value)
        else:
            writer.add_array(key, value)


def placed(checkpoint: Checkpoint, kind: str) -> list[Placed]:
    """The place of each tensor; raises ModelFileError for a tensor that has none."""
    names = gguf.get_tensor_name_map(
        gguf.MODEL_ARCH[checkpoint.architecture.upper()], checkpoint.whole("num_hidden_layers")
    )
    out = []
    sources = list(checkpoint.tensors())
    check_shapes(checkpoint, sources)
    for source in sources:
        target = names.get_name(source.name, try_suffixes=(".weight",))
        if target is None:
            raise ModelFileError(
                f"{checkpoint.folder}: tensor {source.stored!r} has no place in a GGUF",
                hint="merge adapters into the checkpoint, or give them with --adapter",
            )
        vector = len(source.shape) < 2
        stored = gguf.GGMLQuantizationType.F32 if vector else FLOATS[kind][0]
        shift = NORM_SHIFT[checkpoint.architecture] if source.name.endswith("norm.weight") else 0.0
        out.append(Placed(source, target, stored, shift))
    return out
