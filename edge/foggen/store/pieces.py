"""A model that is published in pieces (`-00001-of-00003.gguf`): they are fetched, checked and joined.

Each piece is a GGUF with some of the tensors; the first has the model's keys. llama.cpp reads a joined file
like any other if its `split.count` is 0 (source: llama.cpp's gguf-split, which writes the same).
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..engine.gguf_header import GgufHeader, Tensor, read_header
from ..errors import ModelFileError
from .download import Judge, Watch, check_room, ignore
from .heads import check_head
from .known_models import sha256_of

COUNT_KEY, UINT16 = b"split.count", 2
BLOCK = 8 << 20


@dataclass(frozen=True)
class Part:
    """A file to fetch. size: in bytes, 0 if unknown. sha256: that it must have, "" if unknown. fetch: gets
    it to a path, after the judge has looked at it, and returns its sha256."""

    name: str
    size: int
    sha256: str
    fetch: Callable[[Path, Judge], str]


def fetch_joined(parts: list[Part], target: Path, watch: Watch) -> str:
    """Fetch all pieces of a model, join them as `target`, and return its sha256.

    Pieces that are complete stay for the next call if a later one fails. Raises what `fetch` raises, and
    ModelFileError for pieces that are damaged or of several models.
    """
    folder = target.parent / "pieces"
    folder.mkdir(exist_ok=True)
    check_room(folder, 2 * sum(part.size for part in parts) - _size_of(folder))
    for number, part in enumerate(parts, 1):
        watch.say(f"piece {number} of {len(parts)}")
        digest = part.fetch(folder / part.name, check_head if number == 1 else ignore)
        if part.sha256 not in ("", digest):
            shutil.rmtree(folder)
            raise ModelFileError(
                f"{part.name} has sha256 {digest} instead of {part.sha256}",
                hint="it was damaged or changed; get it again",
            )
    join([folder / part.name for part in parts], target, watch)
    shutil.rmtree(folder)
    return sha256_of(target)


def join(pieces: list[Path], target: Path, watch: Watch) -> None:
    """Write the model whose pieces these are, in order, as one GGUF. Raises ModelFileError."""
    headers = [read_header(piece) for piece in pieces]
    _check_order(pieces, headers)
    alignment = int(headers[0].metadata.get("general.alignment", 32))
    sizes = [_aligned(header.size - header.data_offset, alignment) for header in headers]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    table = b"".join(
        _entry(tensor, start + tensor.offset)
        for start, header in zip(starts, headers, strict=True)
        for tensor in header.tensors
    )
    with target.open("wb") as output:
        output.write(_keys(pieces[0], headers) + table)
        begin = _aligned(output.tell(), alignment)
        for piece, header, start in zip(pieces, headers, starts, strict=True):
            _pad(output, begin + start)
            _copy_data(piece, header, output)
            watch.progress(start + header.size - header.data_offset, sum(sizes))


def _check_order(pieces: list[Path], headers: list[GgufHeader]) -> None:
    names = [tensor.name for header in headers for tensor in header.tensors]
    total = headers[0].metadata.get("split.tensors.count", len(names))
    for number, (piece, header) in enumerate(zip(pieces, headers, strict=True)):
        place = header.metadata.get("split.no"), header.metadata.get("split.count")
        if place != (number, len(pieces)):
            raise ModelFileError(
                f"{piece.name} says that it is piece {place[0]} of {place[1]}, counted from 0",
                hint="get all pieces of one model",
            )
    if len(set(names)) != len(names) or len(names) != total:
        raise ModelFileError(
            f"the pieces of {pieces[0].name} have {len(set(names))} different tensors, not {total}",
            hint="get all pieces of one model",
        )


def _keys(piece: Path, headers: list[GgufHeader]) -> bytes:
    """The bytes before the table of tensors: those of the first piece, with the numbers of the whole."""
    with piece.open("rb") as file:
        data = file.read(headers[0].table_offset)
    count = struct.pack("<Q", len(COUNT_KEY)) + COUNT_KEY + struct.pack("<I", UINT16)
    before, found, after = data.partition(count)
    if not found or count in after:
        raise ModelFileError(f"{piece.name} has no readable split.count", hint="get it again")
    tensors = sum(len(header.tensors) for header in headers)
    return (
        before[:8] + struct.pack("<Q", tensors) + before[16:] + found + struct.pack("<H", 0)
    ) + after[2:]


def _entry(tensor: Tensor, offset: int) -> bytes:
    name = tensor.name.encode()
    shape = struct.pack(f"<I{len(tensor.shape)}Q", len(tensor.shape), *tensor.shape)
    return struct.pack("<Q", len(name)) + name + shape + struct.pack("<IQ", tensor.kind, offset)


def _copy_data(piece: Path, header: GgufHeader, output: BinaryIO) -> None:
    with piece.open("rb") as file:
        file.seek(header.data_offset)
        shutil.copyfileobj(file, output, BLOCK)


def _pad(output: BinaryIO, position: int) -> None:
    output.write(b"\0" * (position - output.tell()))


def _aligned(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
