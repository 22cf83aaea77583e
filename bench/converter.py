"""Is our F16 GGUF the one that llama.cpp's own converter gives for the same checkpoint?

    python bench/converter.py CHECKPOINT --llama-cpp FOLDER

FOLDER holds llama.cpp's `convert_hf_to_gguf.py` and its `gguf-py`; both are in llama-cpp-python's
source archive (`pip download --no-binary :all: llama-cpp-python`), under vendor/llama.cpp; it needs
`pip install sentencepiece`. The last line
on stdout is one JSON document: the tensors and the keys that differ, but for those that are meant to.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import export

# What a file is called and where it comes from, the reader's own fields, and our contract.
MEANT = ("general.", "GGUF.", "foggen.")
KEPT = ("general.architecture", "general.file_type", "general.quantization_version")
# Ranks instead of SentencePiece's own numbers: the order is the same, and only it counts.
ORDERED = ("tokenizer.ggml.scores",)


def main() -> None:
    arguments = parser().parse_args()
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = Path(name) / "ours.gguf", Path(name) / "theirs.gguf"
        checkpoint = Checkpoint.open(arguments.checkpoint)
        export(checkpoint, checkpoint.contract(), "f16", ours, name=checkpoint.name)
        convert(arguments.llama_cpp, arguments.checkpoint, theirs)
        readers = [gguf.GGUFReader(path) for path in (ours, theirs)]
        left, right = (keys(reader) for reader in readers)
        print(json.dumps({
            "benchmark": "converter", "architecture": checkpoint.architecture,
            "tensors": len(readers[0].tensors), "tensors_that_differ": differing_tensors(*readers),
            "keys": len(left), "keys_that_differ": differing_keys(left, right),
        }, ensure_ascii=False))  # fmt: skip


def convert(llama_cpp: Path, checkpoint: Path, output: Path) -> None:
    command = [sys.executable, str(llama_cpp / "convert_hf_to_gguf.py"), str(checkpoint)]
    paths = [str(llama_cpp / "gguf-py"), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    subprocess.run(
        [*command, "--outfile", str(output), "--outtype", "f16"],
        env=environment, check=True, stdout=sys.stderr,
    )  # fmt: skip


def differing_tensors(ours: gguf.GGUFReader, theirs: gguf.GGUFReader) -> list[str]:
    """Names with another type, shape or byte, and names that only one file has."""
    left, right = ({t.name: t for t in reader.tensors} for reader in (ours, theirs))
    return sorted(
        name for name in left.keys() | right.keys()
        if name not in left or name not in right
        or left[name].tensor_type != right[name].tensor_type
        or not np.array_equal(left[name].data, right[name].data)
    )  # fmt: skip


def keys(reader: gguf.GGUFReader) -> dict[str, Any]:
    return {
        name: field.contents() for name, field in reader.fields.items()
        if name in KEPT or not name.startswith(MEANT)
    }  # fmt: skip


def differing_keys(left: dict[str, Any], right: dict[str, Any]) -> dict[str, str]:
    """What each says of a key, shortened."""
    return {
        name: f"{str(left.get(name))[:60]} / {str(right.get(name))[:60]}"
        for name in sorted(left.keys() | right.keys()) if not alike(name, left.get(name), right.get(name))
    }  # fmt: skip


def alike(name: str, left: Any, right: Any) -> bool:
    if name in ORDERED and left is not None and right is not None:
        return list(np.argsort(left, kind="stable")) == list(np.argsort(right, kind="stable"))
    return bool(left == right)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("checkpoint", type=Path)
    made.add_argument("--llama-cpp", type=Path, required=True)
    return made


if __name__ == "__main__":
    main()
