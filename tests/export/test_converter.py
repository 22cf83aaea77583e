"""Tensors and keys of our F16 file beside those of llama.cpp's own converter, recorded.

The records were made, of the same checkpoints, by `bench/converter.py CHECKPOINT --llama-cpp FOLDER
--record FILE`, which also compares every byte of the tensors and every entry of the lists.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import gguf
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import export

from ..edge.nano_model import QWEN, QWEN_FOLDER, write_checkpoint
from .gemma_checkpoint import write_gemma

RECORDS = Path(__file__).parent / "converter"
OURS_ALONE = ("GGUF.", "foggen.", "general.")
COMPARED = ("general.architecture", "general.file_type", "general.quantization_version")
# We say whether a beginning is added, which the converter leaves to llama.cpp's defaults; the
# converter names an unknown token to a vocabulary of bytes, which has none.
MEANT = ("tokenizer.ggml.add_bos_token", "tokenizer.ggml.unknown_token_id")


@pytest.mark.parametrize("architecture", ["qwen3", "gemma3"])
def test_the_file_has_the_converters_tensors_and_keys(architecture: str, tmp_path: Path) -> None:
    write(architecture, tmp_path / "checkpoint")
    checkpoint = Checkpoint.open(tmp_path / "checkpoint")
    path = export(checkpoint, checkpoint.contract(), "f16", tmp_path / "model.gguf", name="n")
    reader = gguf.GGUFReader(path)
    recorded: dict[str, Any] = json.loads((RECORDS / f"{architecture}.json").read_text("utf-8"))
    found = {t.name: [t.tensor_type.name, [int(n) for n in t.shape]] for t in reader.tensors}
    assert found == recorded["tensors"]
    ours = {name: field.contents() for name, field in reader.fields.items() if is_compared(name)}
    theirs = {name: value for name, value in recorded["keys"].items() if name not in MEANT}
    assert set(ours) - set(MEANT) == set(theirs)
    for name, value in theirs.items():
        long = isinstance(ours[name], list) and isinstance(value, int)
        assert (len(ours[name]) if long else ours[name]) == value, name


def is_compared(name: str) -> bool:
    return name in COMPARED or not name.startswith(OURS_ALONE)


def write(architecture: str, folder: Path) -> None:
    if architecture == "qwen3" and not QWEN_FOLDER.is_dir():
        pytest.skip("needs the shared folder's Qwen vocabulary")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        write_gemma(folder) if architecture == "gemma3" else write_checkpoint(folder, QWEN)
