"""The model in the box, written in pieces by the `gguf` package."""

from __future__ import annotations

from pathlib import Path

import gguf

from foggen.config import STARTER
from foggen.store.models import locate


def box_in_pieces(folder: Path, tensors: int = 40) -> dict[str, bytes]:
    """The files of the pieces by their names, with so many tensors in each."""
    reader = gguf.GGUFReader(locate(STARTER)[1])
    architecture = str(reader.fields["general.architecture"].contents())
    writer = gguf.GGUFWriter(folder / "tiny-Q8_0.gguf", architecture, split_max_tensors=tensors)
    for name, field in reader.fields.items():
        if not name.startswith("GGUF.") and name != "general.architecture":
            writer.add_key_value(name, field.contents(), *_types(field))
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.gguf"))}


def _types(field: gguf.ReaderField) -> tuple[gguf.GGUFValueType, gguf.GGUFValueType | None]:
    first, *inner = field.types
    return first, inner[-1] if inner else None
