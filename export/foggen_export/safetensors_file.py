"""Reading a safetensors file with numpy: its table of tensors, and their values some at a time.

    8 bytes: size of the table     the table, JSON: name -> dtype, shape, data_offsets     the values

The safetensors library hands bfloat16 only to torch, and numpy has no such type. Here it is read as 16-bit
integers, so that nothing but numpy is needed. Source of the layout: the library's own description of its format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from foggen.errors import ModelFileError

from .floats import DTYPES, to_float32

LARGEST_TABLE = 100_000_000  # bytes; the library's own limit
BLOCK = 1 << 20  # values that are read at a time
FLOATS = {"F32": "f32", "F16": "f16", "BF16": "bf16"}  # safetensors' names -> ours
SIZES = {  # bytes of one value, of all types that a table may name
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0"), 1),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 2),
    **dict.fromkeys(("U32", "I32", "F32"), 4),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 8),
}


@dataclass(frozen=True)
class TensorInfo:
    """A tensor in a file. name: as a model of text alone has it. kind: "f32", "f16" or "bf16". offset: of its
    values in the file, in bytes. own_name: in the file, if it is another."""

    name: str
    shape: tuple[int, ...]
    kind: str
    path: Path
    offset: int
    own_name: str = ""

    @property
    def stored(self) -> str:
        """The name in the file."""
        return self.own_name or self.name

    def blocks(self) -> Iterator[NDArray[Any]]:
        """The values in order, as they are stored, (at most BLOCK,); bfloat16 as unsigned integers.

        Raises ModelFileError if the file became shorter.
        """
        dtype, left = DTYPES[self.kind], prod(self.shape)
        with self.path.open("rb") as file:
            file.seek(self.offset)
            while left:
                found: NDArray[Any] = np.fromfile(file, dtype, min(BLOCK, left))
                if not found.size:
                    raise ModelFileError(
                        f"{self.path} ends before {self.stored}", hint="get the file again"
                    )
                left -= found.size
                yield found

    def equals(self, other: TensorInfo) -> bool:
        """Whether two tensors have the same values, whatever their types; compared some at a time."""
        return self.shape == other.shape and all(
            np.array_equal(to_float32(mine, self.kind), to_float32(theirs, other.kind))
            for mine, theirs in zip(self.blocks(), other.blocks(), strict=True)
        )


@dataclass(frozen=True)
class TableEntry:
    """A tensor in a file's table. dtype: safetensors' name of its type. offset: in bytes of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int


def read_table(path: Path) -> list[TableEntry]:
    """The tensors of a file, by name. Raises ModelFileError for a file that is damaged or incomplete: as the
    library does, if they do not lie one after another up to the end of the file."""
    try:
        with path.open("rb") as file:
            return _entries(file, path.stat().st_size)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as exc:
        reason = f"it has no {exc}" if isinstance(exc, KeyError) else str(exc)
        raise ModelFileError(
            f"{path} is no whole safetensors file: {reason}", hint="get the file again"
        ) from exc


def _entries(file: BinaryIO, size: int) -> list[TableEntry]:
    length = int.from_bytes(file.read(8), "little")
    if size < 8 or length > min(size - 8, LARGEST_TABLE):
        raise ValueError(f"a table of {length} bytes in a file of {size}")
    table = json.loads(file.read(length).decode("utf-8"))
    if not isinstance(table, dict):
        raise ValueError("its table is not a JSON object")
    places = {name: place for name, place in table.items() if name != "__metadata__"}
    entries, end = [], 0
    for name, place in sorted(places.items(), key=lambda item: item[1]["data_offsets"]):
        entry = TableEntry(name, str(place["dtype"]), tuple(place["shape"]), 8 + length + end)
        end = _end(entry, place["data_offsets"], end)
        entries.append(entry)
    if 8 + length + end != size:
        raise ValueError(f"{size} bytes, where its table says {8 + length + end}")
    return sorted(entries, key=lambda entry: entry.name)


def _end(entry: TableEntry, offsets: list[int], begin: int) -> int:
    """Where a tensor's values end; raises ValueError unless they begin at `begin` and fit its shape."""
    if not all(type(extent) is int and extent >= 0 for extent in entry.shape):
        raise ValueError(f"{entry.name} has the shape {list(entry.shape)}")
    if entry.dtype in SIZES and offsets != [begin, begin + SIZES[entry.dtype] * prod(entry.shape)]:
        raise ValueError(f"{entry.name} does not lie where its shape says")
    if offsets[0] != begin or offsets[1] < begin:
        raise ValueError(f"{entry.name} does not begin where the tensor before it ends")
    return int(offsets[1])
