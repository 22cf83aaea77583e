"""The header of a GGUF file, read with every bound checked, before llama.cpp sees the file.

llama.cpp aborts the process on some damaged files. This reader touches nothing but the header: it
checks the version, the counts, every string's size and every tensor's place inside the file, and
raises ModelFileError where one of them lies. Large arrays (vocabularies) are walked, not kept.

Source of the layout: ggml's GGUF specification (docs/gguf.md).
"""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import ModelFileError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_KEYS = 4096
MAX_TENSORS = 65_536
MAX_STRING = 8 << 20
MAX_ARRAY = 4 << 20
KEPT_ARRAY = 64  # longer arrays are walked over and left out of the metadata
MAX_DIMENSIONS = 4
WINDOW = 1 << 20  # bytes that are read at once

_SCALARS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True)
class Tensor:
    """One entry of the tensor table: its shape and where its data begins, in bytes."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


@dataclass(frozen=True)
class GgufHeader:
    """What a GGUF says of itself. `metadata` leaves out arrays of more than 64 entries; `arrays`
    has the byte offset and length of those with fixed-size entries. The table of tensors begins at
    `table_offset`, their data at `data_offset`."""

    version: int
    metadata: dict[str, Any]
    arrays: dict[str, tuple[int, int]]
    tensors: tuple[Tensor, ...]
    table_offset: int
    data_offset: int
    size: int

    @property
    def architecture(self) -> str:
        return str(self.metadata.get("general.architecture", ""))


class _Cursor:
    """A place in a file. Read, not mapped: a file that becomes shorter would end the process."""

    def __init__(self, file: BinaryIO, path: Path | str, size: int) -> None:
        self.file, self.path, self.size, self.position = file, path, size, 0
        self.window, self.window_start = b"", 0
        self.arrays: dict[str, tuple[int, int]] = {}

    def fail(self, what: str) -> ModelFileError:
        return ModelFileError(
            f"{self.path}: {what} (at byte {self.position})",
            hint="the file is damaged or incomplete; get it again",
        )

    def read(self, size: int, beyond: str = "a value reaches past the end of the file") -> bytes:
        begin = self.position
        self.skip(size, beyond)
        if begin < self.window_start or self.position > self.window_start + len(self.window):
            self.file.seek(begin)
            self.window, self.window_start = self.file.read(max(size, WINDOW)), begin
        found = self.window[begin - self.window_start : self.position - self.window_start]
        if len(found) < size:
            raise self.fail("the file became shorter while it was read")
        return found

    def take(self, form: str) -> Any:
        size, place = struct.calcsize(form), self.position - self.window_start
        if place + size > len(self.window):
            return struct.unpack(form, self.read(size, "the header is cut off"))[0]
        self.position += size  # the short way: a vocabulary has 150,000 lengths
        return struct.unpack_from(form, self.window, place)[0]

    def skip(self, size: int, beyond: str = "a value reaches past the end of the file") -> None:
        if self.position + size > self.size:
            raise self.fail(beyond)
        self.position += size

    def count(self, limit: int, what: str) -> int:
        value = int(self.take("<Q"))
        if value > limit:
            raise self.fail(f"{value} {what}, and {limit} are the most that make sense")
        return value

    def string(self) -> str:
        size = self.count(MAX_STRING, "bytes in a string")
        return self.read(size).decode("utf-8", errors="replace")

    def value(self, kind: int, key: str = "") -> Any:
        if kind in _SCALARS:
            return self.take(_SCALARS[kind])
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            return self.array(key)
        raise self.fail(f"unknown value type {kind}")

    def array(self, key: str) -> list[Any] | None:
        kind, length = int(self.take("<I")), self.count(MAX_ARRAY, "entries in an array")
        if length <= KEPT_ARRAY and kind != _ARRAY:
            return [self.value(kind) for _ in range(length)]
        if kind in _SCALARS:
            self.arrays[key] = (self.position, length)
            self.skip(length * struct.calcsize(_SCALARS[kind]))
        elif kind == _STRING:
            for _ in range(length):
                self.skip(self.count(MAX_STRING, "bytes in a string"))
        else:
            raise self.fail(f"an array of type {kind}")
        return None


def read_head(head: bytes, name: str) -> dict[str, Any]:
    """The keys in the first bytes of a GGUF, as many as there are whole ones. name: of the file, for errors.

    Raises ModelFileError if the bytes are not the start of a GGUF of a version that llama.cpp reads.
    """
    cursor = _Cursor(BytesIO(head), name, len(head))
    *_, key_count = _read_counts(cursor)
    metadata: dict[str, Any] = {}
    with suppress(ModelFileError):
        for _ in range(key_count):
            key = cursor.string()
            metadata[key] = cursor.value(int(cursor.take("<I")), key)
    return metadata


def read_header(path: Path) -> GgufHeader:
    """The checked header of a GGUF file.

    Raises ModelFileError for anything that is not a whole GGUF of a version that llama.cpp reads.
    """
    size = path.stat().st_size
    if size < 24:
        raise ModelFileError(f"{path}: {size} bytes are no model", hint="get the file again")
    with path.open("rb") as file:
        return _read(_Cursor(file, path, size), size)


def _read_counts(cursor: _Cursor) -> tuple[int, int, int]:
    """The version, and the numbers of tensors and keys; the cursor then stands before the first key."""
    if cursor.read(4) != MAGIC:
        raise cursor.fail("not a GGUF file: it begins with another magic number")
    version = int(cursor.take("<I"))
    if version not in VERSIONS:
        raise ModelFileError(
            f"{cursor.path}: GGUF version {version}",
            hint=f"this runtime reads versions {VERSIONS[0]} and {VERSIONS[1]}; upgrade foggen",
        )
    return version, cursor.count(MAX_TENSORS, "tensors"), cursor.count(MAX_KEYS, "keys")


def _read(cursor: _Cursor, size: int) -> GgufHeader:
    version, tensor_count, key_count = _read_counts(cursor)
    metadata = _read_metadata(cursor, key_count)
    table_offset = cursor.position
    tensors = tuple(_read_tensor(cursor) for _ in range(tensor_count))
    alignment = int(metadata.get("general.alignment", 32) or 0)
    if alignment <= 0 or alignment & (alignment - 1) or alignment > 1 << 20:
        raise cursor.fail(f"an alignment of {alignment} bytes")
    data_offset = -(-cursor.position // alignment) * alignment
    _check_places(cursor, tensors, data_offset, size)
    return GgufHeader(version, metadata, cursor.arrays, tensors, table_offset, data_offset, size)


def _read_metadata(cursor: _Cursor, count: int) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for _ in range(count):
        key = cursor.string()
        if key in metadata:
            raise cursor.fail(f"the key {key!r} twice")
        metadata[key] = cursor.value(int(cursor.take("<I")), key)
    return {key: value for key, value in metadata.items() if value is not None}


def _read_tensor(cursor: _Cursor) -> Tensor:
    name = cursor.string()
    dimensions = int(cursor.take("<I"))
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise cursor.fail(f"tensor {name!r} with {dimensions} dimensions")
    shape = tuple(int(cursor.take("<Q")) for _ in range(dimensions))
    return Tensor(name, shape, int(cursor.take("<I")), int(cursor.take("<Q")))


def _check_places(
    cursor: _Cursor, tensors: tuple[Tensor, ...], data_offset: int, size: int
) -> None:
    """Every tensor lies inside the file, and as far as sizes can be known, none on another."""
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    for tensor in tensors:
        try:
            block, block_bytes = GGML_QUANT_SIZES[GGMLQuantizationType(tensor.kind)]
        except (ValueError, KeyError):
            raise cursor.fail(f"tensor {tensor.name!r} of unknown type {tensor.kind}") from None
        elements = 1
        for extent in tensor.shape:
            elements *= extent
        if elements <= 0 or tensor.shape[0] % block:
            raise cursor.fail(f"tensor {tensor.name!r} of shape {tensor.shape}")
        if data_offset + tensor.offset + elements // block * block_bytes > size:
            raise cursor.fail(f"tensor {tensor.name!r} reaches past the end of the file")
