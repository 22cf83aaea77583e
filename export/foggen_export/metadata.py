"""Copy a GGUF with another contract: the tensors stay the same, byte for byte; only keys change."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import gguf

from foggen.engine.contract import Contract

from .gguf_file import add_contract
from .provenance import KEYS, Provenance, add_provenance

OURS = "foggen."
HEADER = "GGUF."  # the reader's own fields: version, counts


def with_contract(
    source: Path, target: Path, contract: Contract, provenance: Provenance | None = None
) -> None:
    """Write `source` to `target` with `contract` inside; the file appears whole.

    provenance: replaces the licence and base models; None keeps them.
    """
    reader = gguf.GGUFReader(source)
    partial = target.with_name(target.name + ".partial")
    writer = gguf.GGUFWriter(partial, str(reader.fields["general.architecture"].contents()))
    add_contract(writer, contract)
    replaced: tuple[str, ...] = (OURS, HEADER)
    if provenance:
        add_provenance(writer, provenance)
        replaced += KEYS
    for name, field in reader.fields.items():
        if name != "general.architecture" and not name.startswith(replaced):
            kinds = field.types
            writer.add_key_value(
                name, field.contents(), kinds[0], kinds[-1] if len(kinds) > 1 else None
            )
    for tensor in reader.tensors:
        writer.add_tensor_info(
            tensor.name,
            tensor.data.shape,
            tensor.data.dtype,
            tensor.data.nbytes,
            tensor.tensor_type,
        )
    try:
        with closing(writer):
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_ti_data_to_file()
            for tensor in reader.tensors:
                writer.write_tensor_data(tensor.data)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
