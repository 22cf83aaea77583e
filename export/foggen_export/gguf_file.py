"""Writing a checkpoint as a GGUF: hyperparameters, vocabulary, contract, tensors, a manifest.

The tensor names are the `gguf` package's own map, and so are the quantizers. Matrices take the
file's type, vectors stay F32, as llama.cpp's converter does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import gguf
import numpy as np

from foggen.contract import Contract, to_metadata
from foggen.errors import ModelFileError, UsageError
from foggen.known_models import manifest_path, sha256_of

from .checkpoint import Checkpoint
from .vocabulary import Vocabulary, read_vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUANTS = {
    "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "q4_0": (gguf.GGMLQuantizationType.Q4_0, gguf.LlamaFileType.MOSTLY_Q4_0),
}
Progress = Callable[[str], None]


def export(
    checkpoint: Checkpoint, contract: Contract, quant: str, output: Path, *, name: str,
    progress: Progress = lambda _: None,
) -> Path:  # fmt: skip
    """Write `checkpoint` to the file `output` and its manifest beside it; the file appears whole.

    progress: called with the name of each tensor before it is written. Raises UsageError for an
    unknown quant, ModelFileError for a checkpoint that cannot be exported; `output` is then as it was.
    """
    if quant not in QUANTS:
        raise UsageError(f"quant {quant!r}", hint=f"known: {', '.join(QUANTS)}")
    kind, file_type = QUANTS[quant]
    partial = output.with_name(output.name + ".partial")
    writer = gguf.GGUFWriter(partial, checkpoint.architecture)
    writer.add_name(name)
    _add_contract(writer, contract)  # before the vocabulary: a reader finds it at once
    _add_hyperparameters(writer, checkpoint)
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _add_vocabulary(
        writer, read_vocabulary(checkpoint.folder, int(checkpoint.number("vocab_size")))
    )
    _add_tensors(writer, checkpoint, kind, progress)
    try:
        _write(writer)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(output)
    _write_manifest(output, quant)
    return output


def _write(writer: gguf.GGUFWriter) -> None:
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()


def _add_contract(writer: gguf.GGUFWriter, contract: Contract) -> None:
    for key, value in to_metadata(contract).items():
        if isinstance(value, str):
            writer.add_string(key, value)
        elif isinstance(value, int):
            writer.add_uint32(key, value)
        elif isinstance(value, float):
            writer.add_float32(key, value)
        else:
            writer.add_array(key, value)


def _add_hyperparameters(writer: gguf.GGUFWriter, checkpoint: Checkpoint) -> None:
    number = checkpoint.number
    writer.add_block_count(int(number("num_hidden_layers")))
    writer.add_context_length(int(number("max_position_embeddings")))
    writer.add_embedding_length(int(number("hidden_size")))
    writer.add_feed_forward_length(int(number("intermediate_size")))
    writer.add_head_count(int(number("num_attention_heads")))
    writer.add_head_count_kv(int(number("num_key_value_heads")))
    writer.add_key_length(int(number("head_dim")))
    writer.add_value_length(int(number("head_dim")))
    writer.add_layer_norm_rms_eps(number("rms_norm_eps"))
    writer.add_rope_freq_base(checkpoint.rope_theta)


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_eos_token_id(vocabulary.end)
    if vocabulary.padding is not None:
        writer.add_pad_token_id(vocabulary.padding)
    writer.add_add_bos_token(False)
    if vocabulary.chat_template:
        writer.add_chat_template(vocabulary.chat_template)


def _add_tensors(
    writer: gguf.GGUFWriter, checkpoint: Checkpoint, kind: gguf.GGMLQuantizationType,
    progress: Progress,
) -> None:  # fmt: skip
    names = gguf.get_tensor_name_map(
        gguf.MODEL_ARCH[checkpoint.architecture.upper()],
        int(checkpoint.number("num_hidden_layers")),
    )
    for source, values in checkpoint.tensors():
        if source == "lm_head.weight" and checkpoint.tied:
            continue  # the embedding is the output matrix too
        target = names.get_name(source, try_suffixes=(".weight",))
        if target is None:
            raise ModelFileError(f"{checkpoint.folder}: tensor {source!r} has no place in a GGUF")
        progress(target)
        data, stored = _quantized(values, kind)
        writer.add_tensor(target, data, raw_dtype=stored)


def _quantized(
    values: NDArray[np.float32], kind: gguf.GGMLQuantizationType
) -> tuple[NDArray[np.generic], gguf.GGMLQuantizationType]:
    """A matrix in the file's type; a vector, or rows that do not divide, in F32 or F16."""
    if values.ndim < 2:
        return values, gguf.GGMLQuantizationType.F32
    block = gguf.GGML_QUANT_SIZES[kind][0]
    if values.shape[-1] % block:
        kind = gguf.GGMLQuantizationType.F16
    return gguf.quants.quantize(values, kind), kind


def _write_manifest(output: Path, quant: str) -> None:
    manifest = {
        "file": output.name,
        "size": output.stat().st_size,
        "sha256": sha256_of(output),
        "quant": quant,
        "tools": {name: version(name) for name in ("foggen", "gguf")},
    }
    manifest_path(output).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
