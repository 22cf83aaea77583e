"""A GGUF of random weights in the exact shape of a real model; nothing is downloaded.

The cost of a pass depends on shapes and types, not on values, so the file can replace a trained one in
every measurement of time and memory. The tensors are written in F16, with one in memory at a time, and
quantized by llama.cpp. Files are kept in a cache and appear whole. `latency.py` is the program that uses
this module.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import gguf
import numpy as np
from llama_cpp import llama_cpp as lib
from rich.console import Console
from rich.progress import Progress

import foggen.engine.native  # noqa: F401 - llama.cpp is silent once it is imported
from foggen.errors import ModelFileError, UsageError
from random_vocabulary import END, Vocabulary, folder_vocabulary, synthetic_vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

STANDARD_DEVIATION = 0.02  # of the weights, as in transformers' initial Qwen3
LAYOUT = 1  # to be increased when this module writes different files


@dataclass(frozen=True)
class Shape:
    """A model of the Qwen3 architecture. Sizes are in elements, `context` in tokens."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    feed_forward: int
    vocabulary: int
    context: int
    rope_theta: float = 1e6
    rms_epsilon: float = 1e-6

    def tensors(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """GGUF names and shapes (rows, columns); the embedding is also the output matrix."""
        hidden, inner = self.hidden, self.feed_forward
        queries, keys = self.heads * self.head_dim, self.kv_heads * self.head_dim
        yield "token_embd.weight", (self.vocabulary, hidden)
        yield "output_norm.weight", (hidden,)
        layer = {
            "attn_norm": (hidden,),
            "attn_q": (queries, hidden),
            "attn_k": (keys, hidden),
            "attn_v": (keys, hidden),
            "attn_output": (hidden, queries),
            "attn_q_norm": (self.head_dim,),
            "attn_k_norm": (self.head_dim,),
            "ffn_norm": (hidden,),
            "ffn_gate": (inner, hidden),
            "ffn_up": (inner, hidden),
            "ffn_down": (hidden, inner),
        }
        for number in range(self.layers):
            for name, extents in layer.items():
                yield f"blk.{number}.{name}.weight", extents


SHAPES = {
    "qwen3-0.6b": Shape(1024, 28, 16, 8, 128, 3072, vocabulary=151_936, context=40_960),
    "nano": Shape(256, 2, 4, 2, 64, 512, vocabulary=2048, context=2048),  # for tests
}
QUANTS = {  # llama.cpp's file types
    "q4_k_m": lib.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "q4_0": lib.LLAMA_FTYPE_MOSTLY_Q4_0,
    "q8_0": lib.LLAMA_FTYPE_MOSTLY_Q8_0,
}


def find_or_write(
    shape: str,
    quant: str,
    cache: Path,
    *,
    seed: int = 0,
    tokenizer: Path | None = None,
    threads: int,
) -> tuple[Path, bool]:
    """The model's file in `cache`, and whether it already existed.

    Raises UsageError for a `tokenizer` folder that does not fit the shape.
    """
    rows = SHAPES[shape].vocabulary
    vocabulary = folder_vocabulary(tokenizer, rows) if tokenizer else synthetic_vocabulary(rows)
    path = cache / _file_name(shape, quant, seed, vocabulary)
    if path.is_file():
        return path, True
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise UsageError(f"--cache {cache}: {exc.strerror}") from exc
    plain, partial = (path.with_suffix(f".{os.getpid()}.{end}") for end in ("f16", "partial"))
    try:
        _write_plain(SHAPES[shape], vocabulary, seed, plain, name=f"{shape}-random")
        _quantize(plain, partial, quant, threads)
        partial.replace(path)
    finally:
        plain.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)
    return path, False


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Progress]:
    """A progress bar on stderr, shown only on a terminal, with one task, number 0."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        bar.add_task(label, total=total)
        yield bar


def _file_name(shape: str, quant: str, seed: int, vocabulary: Vocabulary) -> str:
    """A name that changes with everything that changes the bytes, so that outdated files are not used."""
    made_of = sha256(f"{LAYOUT} {SHAPES[shape]} {vocabulary.digest()}".encode()).hexdigest()[:8]
    return f"{shape}-{quant}-seed{seed}-{vocabulary.name}-{made_of}.gguf"


def _write_plain(shape: Shape, vocabulary: Vocabulary, seed: int, path: Path, *, name: str) -> None:
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_name(name)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _add_hyperparameters(writer, shape)
    _add_vocabulary(writer, vocabulary)
    tensors = list(shape.tensors())
    for tensor, extents in tensors:
        kind = np.dtype(_type_of(extents))
        writer.add_tensor_info(tensor, extents, kind, kind.itemsize * int(np.prod(extents)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    with progress("writing random weights", len(tensors)) as bar:
        for number, (_, extents) in enumerate(tensors):
            writer.write_tensor_data(_weights(extents, seed, number))
            bar.advance(bar.task_ids[0])
    writer.close()


def _add_hyperparameters(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(shape.head_dim)
    writer.add_value_length(shape.head_dim)
    writer.add_layer_norm_rms_eps(shape.rms_epsilon)
    writer.add_rope_freq_base(shape.rope_theta)


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_eos_token_id(vocabulary.tokens.index(END))
    writer.add_add_bos_token(False)


def _type_of(extents: tuple[int, ...]) -> type[np.floating]:
    return np.float32 if len(extents) == 1 else np.float16


def _weights(extents: tuple[int, ...], seed: int, number: int) -> NDArray[np.floating]:
    """Vectors are norms, all ones; the values of a matrix depend only on the seed and its number."""
    if len(extents) == 1:
        return np.ones(extents, dtype=np.float32)
    values = np.random.default_rng([seed, number]).standard_normal(extents, dtype=np.float32)
    values *= STANDARD_DEVIATION
    return values.astype(np.float16)


def _quantize(source: Path, target: Path, quant: str, threads: int) -> None:
    params = lib.llama_model_quantize_default_params()
    params.ftype = QUANTS[quant]
    params.nthread = threads
    with progress(f"quantizing to {quant}", None):
        failed = lib.llama_model_quantize(
            os.fsencode(source), os.fsencode(target), ctypes.byref(params)
        )
    if failed:
        raise ModelFileError(f"llama_model_quantize answered {failed} for {source}")
