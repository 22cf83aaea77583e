"""`foggen.engine.gguf_header`: it reads what the GGUF writer wrote, and refuses whatever lies."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foggen.engine import gguf_header
from foggen.engine.gguf_header import read_header
from foggen.errors import ModelFileError

thorough = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = list(range(100))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A GGUF of two tensors with a value of every kind in its metadata."""
    path = tmp_path_factory.mktemp("gguf") / "small.gguf"
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_name("Кіші model")
    writer.add_uint32("a.count", 7)
    writer.add_int64("a.signed", -7)
    writer.add_float32("a.number", 0.5)
    writer.add_bool("a.yes", True)
    writer.add_array("a.short", [1.0, 2.0])
    writer.add_array("a.texts", ["x", "ү"])
    writer.add_array("a.long", LONG)
    writer.add_tensor("one.weight", np.arange(64, dtype=np.float32).reshape(2, 32))
    writer.add_tensor("two.weight", np.zeros(3, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


Written = Callable[[bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(data: bytes) -> Path:
        path = tmp_path / "model.gguf"
        path.write_bytes(data)
        return path

    return write


def refused(path: Path, *words: str) -> None:
    """One clear error that names the file and says what to do."""
    with pytest.raises(ModelFileError) as caught:
        read_header(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
    for word in words:
        assert word in caught.value.message


def test_it_reads_what_was_written(small: bytes, written: Written) -> None:
    header = read_header(written(small))
    assert (header.version, header.architecture, header.size) == (3, "qwen3", len(small))
    assert header.metadata["general.name"] == "Кіші model"
    values = {key[2:]: value for key, value in header.metadata.items() if key.startswith("a.")}
    assert values == {
        "count": 7,
        "signed": -7,
        "number": 0.5,
        "yes": True,
        "short": [1.0, 2.0],
        "texts": ["x", "ү"],
    }
    assert [(tensor.name, tensor.shape) for tensor in header.tensors] == [
        ("one.weight", (32, 2)),
        ("two.weight", (3,)),
    ]
    first = header.data_offset + header.tensors[0].offset
    assert np.frombuffer(small, "<f4", 64, first).tolist() == list(range(64))


@pytest.mark.parametrize("window", [1, 7, 64])
def test_it_reads_the_same_piece_by_piece(
    small: bytes, written: Written, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    path = written(small)
    whole = read_header(path)
    monkeypatch.setattr(gguf_header, "WINDOW", window)
    assert read_header(path) == whole


def test_a_file_that_becomes_shorter_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another process may make it; a mapped file would then end this one with SIGBUS."""
    path, cut = tmp_path / "model.gguf", 50_000
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_token_list([f"token {number}" for number in range(20_000)])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    read = gguf_header._Cursor.read

    def cutting(cursor: gguf_header._Cursor, *arguments: Any) -> bytes:
        if cursor.position > cut // 2:
            os.truncate(path, cut)
        return read(cursor, *arguments)

    monkeypatch.setattr(gguf_header, "WINDOW", 64)
    monkeypatch.setattr(gguf_header._Cursor, "read", cutting)
    refused(path, "became shorter")


def test_a_long_array_is_found_and_not_kept(small: bytes, written: Written) -> None:
    header = read_header(written(small))
    assert "a.long" not in header.metadata
    offset, length = header.arrays["a.long"]
    assert np.frombuffer(small, "<i4", length, offset).tolist() == LONG


@pytest.mark.parametrize("data", [b"", b"GGUF", b"GGUF" + bytes(19)])
def test_m07_too_small(data: bytes, written: Written) -> None:
    refused(written(data), f"{len(data)} bytes")


@pytest.mark.parametrize(
    "magic", [b"GGML", b"PK\x03\x04", b"\x7fELF", b"vers", b"FUGG", b"\x00" * 4]
)
def test_m07_wrong_magic(small: bytes, written: Written, magic: bytes) -> None:
    refused(written(magic + small[4:]), "not a GGUF file")


@pytest.mark.parametrize("version", [0, 1, 4, 99, 0x03000000])
def test_m07_other_versions(small: bytes, written: Written, version: int) -> None:
    refused(written(small[:4] + struct.pack("<I", version) + small[8:]), f"version {version}")


def test_m07_a_pointer_of_git_lfs_is_no_model(written: Written) -> None:
    text = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n"
    refused(written(text), "not a GGUF file")


def test_m07_every_truncation_is_refused(small: bytes, written: Written) -> None:
    """Wherever a download ended: the last tensor's data is missing."""
    end = read_header(written(small))
    last = end.data_offset + end.tensors[-1].offset + 12
    for size in range(0, last, 7):
        with pytest.raises(ModelFileError):
            read_header(written(small[:size]))
    assert read_header(written(small[:last])).tensors == end.tensors


@pytest.mark.parametrize(
    ("offset", "word"), [(8, "tensors"), (16, "keys"), (24, "bytes in a string")]
)
@pytest.mark.parametrize("count", [2**63, 2**64 - 1, 2**40])
def test_m07_counts_that_make_no_sense(
    small: bytes, written: Written, offset: int, word: str, count: int
) -> None:
    data = small[:offset] + struct.pack("<Q", count) + small[offset + 8 :]
    refused(written(data), str(count), word)


def replaced(data: bytes, text: bytes, after: int, form: str, value: int) -> bytes:
    """`data` with one number changed, `after` bytes behind the end of `text`."""
    place = data.index(text) + len(text) + after
    return data[:place] + struct.pack(form, value) + data[place + struct.calcsize(form) :]


@pytest.mark.parametrize(
    ("after", "form", "value", "word"),
    [
        (0, "<I", 0, "dimensions"),
        (0, "<I", 9, "dimensions"),
        (4, "<Q", 2**62, "one.weight"),
        (4, "<Q", 0, "one.weight"),
        (20, "<I", 9999, "unknown type"),
        (24, "<Q", 2**40, "past the end"),
        (24, "<Q", 2**64 - 32, "past the end"),
    ],
)
def test_m07_tensors_that_lie(
    small: bytes, written: Written, after: int, form: str, value: int, word: str
) -> None:
    refused(written(replaced(small, b"one.weight", after, form, value)), word)


@pytest.mark.parametrize("kind", [13, 255, 2**31])
def test_m07_unknown_value_types(small: bytes, written: Written, kind: int) -> None:
    refused(written(replaced(small, b"a.count", 0, "<I", kind)), "unknown value type")


def test_m07_the_same_key_twice(small: bytes, written: Written) -> None:
    refused(written(small.replace(b"a.short", b"a.count").replace(b"a.count", b"a.texts")), "twice")


@thorough
@given(st.data())
def test_m07_any_damage_gives_a_header_or_an_error(
    small: bytes, written: Written, data: st.DataObject
) -> None:
    changed = bytearray(small)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(small) - 1))] = data.draw(st.integers(0, 255))
    path = written(bytes(changed[: data.draw(st.integers(0, len(small)))] or changed))
    try:
        header = read_header(path)
    except ModelFileError as error:
        assert str(path) in error.message
    else:
        assert header.size == path.stat().st_size
