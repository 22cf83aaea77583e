"""Compare our F16 GGUF with the one from llama.cpp's converter for the same checkpoint.

    python bench/converter.py CHECKPOINT --llama-cpp FOLDER

FOLDER holds llama.cpp's `convert_hf_to_gguf.py` and `gguf-py`; both are in llama-cpp-python's source
archive (`pip download --no-binary :all: llama-cpp-python`), under vendor/llama.cpp. A Gemma checkpoint
needs `pip install sentencepiece protobuf`; if it has no tokenizer.model, one is made from tokenizer.json in
a copy. The last line on stdout is one JSON document with the tensors and keys that differ, except for keys
that are meant to; docs/export.md explains the others.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from foggen_export.checkpoint import Checkpoint
from foggen_export.contracts import contract_for
from foggen_export.exporting import export
from foggen_export.vocabulary import NORMAL

# Keys that are meant to differ: name and origin of the file, the reader's own fields, and our contract.
MEANT = ("general.", "GGUF.", "foggen.")
KEPT = ("general.architecture", "general.file_type", "general.quantization_version")
LONG = 64
# Our scores are ranks instead of SentencePiece's numbers; only the order matters.
ORDERED = ("tokenizer.ggml.scores",)


def main() -> None:
    arguments = parser().parse_args()
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = Path(name) / "ours.gguf", Path(name) / "theirs.gguf"
        checkpoint = Checkpoint.open(arguments.checkpoint)
        export(checkpoint, contract_for(checkpoint), "f16", ours, name=checkpoint.name)
        source = arguments.checkpoint
        if checkpoint.architecture == "gemma3" and not (source / "tokenizer.model").exists():
            source = with_sentencepiece(source, Path(name) / "checkpoint")
        convert(arguments.llama_cpp, source, theirs)
        readers = [gguf.GGUFReader(path) for path in (ours, theirs)]
        left, right = (keys(reader) for reader in readers)
        if arguments.record:
            arguments.record.write_text(json.dumps(recorded(readers[1])) + "\n")
        print(
            json.dumps(
                {
                    "benchmark": "converter",
                    "architecture": checkpoint.architecture,
                    "tensors": len(readers[0].tensors),
                    "tensors_that_differ": differing_tensors(*readers),
                    "keys": len(left),
                    "keys_that_differ": differing_keys(left, right),
                },
                ensure_ascii=False,
            )
        )


def with_sentencepiece(checkpoint: Path, folder: Path) -> Path:
    """Copy a checkpoint and add a tokenizer.model: the vocabulary's pieces, scored by their merges."""
    from sentencepiece import sentencepiece_model_pb2 as protocol

    shutil.copytree(checkpoint, folder)
    parsed = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    special = {token["id"]: token["special"] for token in parsed["added_tokens"]}
    unknown = parsed["model"]["unk_token"]
    rank: dict[str, int] = {}
    for number, pair in enumerate(parsed["model"]["merges"]):
        rank.setdefault("".join(pair), number)
    model = protocol.ModelProto()
    for piece, index in sorted(parsed["model"]["vocab"].items(), key=lambda pair: pair[1]):
        kind = protocol.ModelProto.SentencePiece.NORMAL
        if piece == unknown:
            kind = protocol.ModelProto.SentencePiece.UNKNOWN
        elif re.fullmatch("<0x[0-9A-F]{2}>", piece):
            kind = protocol.ModelProto.SentencePiece.BYTE
        elif special.get(index):
            kind = protocol.ModelProto.SentencePiece.CONTROL
        elif index in special:
            kind = protocol.ModelProto.SentencePiece.USER_DEFINED
        score = -float(rank.get(piece, len(rank)))
        model.pieces.add(piece=piece, score=score, type=kind)
    model.trainer_spec.model_type = protocol.TrainerSpec.BPE
    model.trainer_spec.byte_fallback = True
    (folder / "tokenizer.model").write_bytes(model.SerializeToString())
    # checkpoints on the hub have the added tokens here
    settings = folder / "tokenizer_config.json"
    added = {str(token["id"]): token for token in parsed["added_tokens"]}
    known = json.loads(settings.read_text("utf-8"))
    settings.write_text(json.dumps(known | {"added_tokens_decoder": added}), "utf-8")
    return folder


def convert(llama_cpp: Path, checkpoint: Path, output: Path) -> None:
    command = [sys.executable, str(llama_cpp / "convert_hf_to_gguf.py"), str(checkpoint)]
    paths = [str(llama_cpp / "gguf-py"), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    subprocess.run(
        [*command, "--outfile", str(output), "--outtype", "f16"],
        env=environment,
        check=True,
        stdout=sys.stderr,
    )


def differing_tensors(ours: gguf.GGUFReader, theirs: gguf.GGUFReader) -> list[str]:
    """Names of tensors that differ in type, shape or bytes, or that only one file has."""
    left, right = ({t.name: t for t in reader.tensors} for reader in (ours, theirs))
    return sorted(
        name
        for name in left.keys() | right.keys()
        if name not in left
        or name not in right
        or left[name].tensor_type != right[name].tensor_type
        or not np.array_equal(left[name].data, right[name].data)
    )


def keys(reader: gguf.GGUFReader) -> dict[str, Any]:
    return {
        name: field.contents()
        for name, field in reader.fields.items()
        if name in KEPT or not name.startswith(MEANT)
    }


def differing_keys(left: dict[str, Any], right: dict[str, Any]) -> dict[str, str]:
    """The keys that differ, with both values shortened; for lists, the entries that differ."""
    for found in (left, right):
        found.update({name: order(found) for name in ORDERED if name in found})
    return {
        name: difference(left.get(name), right.get(name))
        for name in sorted(left.keys() | right.keys())
        if left.get(name) != right.get(name)
    }


def order(found: dict[str, Any]) -> list[int]:
    """The normal tokens of the vocabulary, ordered by their scores."""
    usual = [n for n, kind in enumerate(found["tokenizer.ggml.token_type"]) if kind == NORMAL]
    scores = found["tokenizer.ggml.scores"]
    return sorted(usual, key=lambda number: -scores[number])


def difference(left: Any, right: Any) -> str:
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        found = [f"{n}: {a!r} / {b!r}" for n, (a, b) in pairs if a != b]
        return f"{len(found)} entries, {', '.join(found[:8])}"
    return f"{str(left)[:60]} / {str(right)[:60]}"


def recorded(reader: gguf.GGUFReader) -> dict[str, Any]:
    """All tensors with type and shape, and all keys; long lists are replaced by their length."""
    return {
        "tensors": {
            t.name: [t.tensor_type.name, [int(n) for n in t.shape]] for t in reader.tensors
        },
        "keys": {
            name: len(value) if isinstance(value, list) and len(value) > LONG else value
            for name, value in keys(reader).items()
        },
    }


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("checkpoint", type=Path)
    made.add_argument("--llama-cpp", type=Path, required=True)
    made.add_argument("--record", type=Path, help="write what the converter made, for tests/export")
    return made


if __name__ == "__main__":
    main()
