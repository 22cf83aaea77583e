"""Tensors and keys of our F16 file beside those of llama.cpp's own converter, recorded.

The records were made, of the same checkpoints, by `bench/converter.py CHECKPOINT --llama-cpp FOLDER
--record FILE`, which also compares every byte of the tensors and every entry of the lists.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import gguf
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))  # as in `python bench/converter.py`

import converter
from foggen_export.checkpoint import Checkpoint
from foggen_export.contracts import contract_for
from foggen_export.exporting import export

from ..edge.nano_model import QWEN, QWEN_FOLDER, write_checkpoint
from .gemma_checkpoint import write_gemma

RECORDS = Path(__file__).parent / "converter"
# We say whether a beginning is added, which the converter leaves to llama.cpp's defaults; the
# converter names an unknown token to a vocabulary of bytes, which has none.
MEANT = ("tokenizer.ggml.add_bos_token", "tokenizer.ggml.unknown_token_id")


@pytest.mark.parametrize("architecture", ["qwen3", "gemma3"])
def test_the_file_has_the_converters_tensors_and_keys(architecture: str, tmp_path: Path) -> None:
    write(architecture, tmp_path / "checkpoint")
    checkpoint = Checkpoint.open(tmp_path / "checkpoint")
    path = export(checkpoint, contract_for(checkpoint), "f16", tmp_path / "model.gguf", name="n")
    theirs: dict[str, Any] = json.loads((RECORDS / f"{architecture}.json").read_text("utf-8"))
    ours = converter.recorded(gguf.GGUFReader(path))
    for name in MEANT:
        ours["keys"].pop(name, None)
        theirs["keys"].pop(name, None)
    assert ours["tensors"] == theirs["tensors"]
    assert ours["keys"] == theirs["keys"]


def write(architecture: str, folder: Path) -> None:
    if architecture == "qwen3" and not QWEN_FOLDER.is_dir():
        pytest.skip("needs the shared folder's Qwen vocabulary")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        write_gemma(folder) if architecture == "gemma3" else write_checkpoint(folder, QWEN)
