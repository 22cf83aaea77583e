"""A GGUF of random weights in the exact shape of a real model; nothing is downloaded.

The cost of a pass depends on shapes and types, not on values, so the file can replace a trained one in
every measurement of time and memory. The tensors are written in F16, with one in memory at a time, and
quantized by llama.cpp. Files are kept in a cache and appear whole. A shape of an architecture that has published
checkpoints carries their contract; another has a chat template, and answers by its letters. `latency.py` is
the program that uses this module.
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
from foggen.engine.contract import PUBLISHED_SYSTEM_PROMPTS, published
from foggen.engine.layouts import LAYOUTS
from foggen.errors import ModelFileError, UsageError
from foggen_export.gguf_file import add_contract
from random_vocabulary import (
    Vocabulary,
    control_tokens,
    folder_vocabulary,
    synthetic_vocabulary,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

STANDARD_DEVIATION = 0.02  # of the weights, as in transformers' initial Qwen3
LAYOUT = 2  # to be increased when this module writes different files


@dataclass(frozen=True)
class Shape:
    """A model's shape. Sizes are in elements, `context` in tokens. architecture, layout: GGUF's name, and a
    name in `foggen.engine.layouts`."""

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
    architecture: str = "qwen3"
    layout: str = "qwen3"
    window: int = 0

    def tensors(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """GGUF names and shapes (rows, columns); the embedding is also the output matrix."""
        hidden, inner = self.hidden, self.feed_forward
        queries, keys = self.heads * self.head_dim, self.kv_heads * self.head_dim
        yield "token_embd.weight", (self.vocabulary, hidden)
        yield "output_norm.weight", (hidden,)
        layer = {
            "attn_norm.weight": (hidden,),
            "attn_q.weight": (queries, hidden),
            "attn_k.weight": (keys, hidden),
            "attn_v.weight": (keys, hidden),
            "attn_output.weight": (hidden, queries),
            **self._own_tensors(),
            "ffn_norm.weight": (hidden,),
            "ffn_gate.weight": (inner, hidden),
            "ffn_up.weight": (inner, hidden),
            "ffn_down.weight": (hidden, inner),
        }
        for number in range(self.layers):
            for name, extents in layer.items():
                yield f"blk.{number}.{name}", extents

    def _own_tensors(self) -> dict[str, tuple[int, ...]]:
        """The tensors of a layer that only some architectures have."""
        hidden, head = self.hidden, self.head_dim
        if self.architecture == "llama":
            return {}
        if self.architecture == "qwen2":
            rows = {"q": self.heads * head, "k": self.kv_heads * head, "v": self.kv_heads * head}
            return {f"attn_{name}.bias": (count,) for name, count in rows.items()}
        norms = {"attn_q_norm.weight": (head,), "attn_k_norm.weight": (head,)}
        if self.architecture == "gemma3":
            norms |= {"post_attention_norm.weight": (hidden,), "post_ffw_norm.weight": (hidden,)}
        return norms


NANO = (256, 2, 4, 2, 64, 512, 2048, 2048)
SHAPES = {
    "qwen3-0.6b": Shape(1024, 28, 16, 8, 128, 3072, vocabulary=151_936, context=40_960),
    "qwen2.5-0.5b": Shape(
        *(896, 24, 14, 2, 64, 4864, 151_936, 32_768), architecture="qwen2", layout="chatml"
    ),
    "smollm2-135m": Shape(
        *(576, 30, 9, 3, 64, 1536, 49_152, 8192, 1e5, 1e-5), architecture="llama", layout="chatml"
    ),
    "llama3.2-1b": Shape(
        *(2048, 16, 32, 8, 64, 8192, 128_256, 131_072, 5e5, 1e-5),
        architecture="llama",
        layout="llama3",
    ),
    # for tests
    "nano": Shape(256, 2, 4, 2, 128, 512, 2048, 2048),  # transformers takes a head for 128 wide
    "nano-qwen2": Shape(*NANO, architecture="qwen2", layout="chatml"),
    "nano-llama": Shape(*NANO, architecture="llama", layout="llama3"),
    "nano-gemma3": Shape(  # and here for 256
        *(256, 2, 4, 2, 256, 512, 2048, 2048), architecture="gemma3", layout="gemma3", window=512
    ),
}
QUANTS = {  # llama.cpp's file types
    "q4_k_m": lib.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "q4_0": lib.LLAMA_FTYPE_MOSTLY_Q4_0,
    "q8_0": lib.LLAMA_FTYPE_MOSTLY_Q8_0,
    "f32": lib.LLAMA_FTYPE_ALL_F32,
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
    special = control_tokens(SHAPES[shape].layout)
    vocabulary = (
        folder_vocabulary(tokenizer, rows) if tokenizer else synthetic_vocabulary(rows, special)
    )
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
    writer = gguf.GGUFWriter(path, shape.architecture)
    writer.add_name(name)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _add_prompt(writer, shape)
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
        for number, (tensor, extents) in enumerate(tensors):
            writer.write_tensor_data(_weights(tensor, extents, seed, number))
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
    writer.add_vocab_size(shape.vocabulary)
    if shape.window:
        writer.add_sliding_window(shape.window)


def _add_prompt(writer: gguf.GGUFWriter, shape: Shape) -> None:
    """The contract of a published checkpoint, or a chat template of a model that was not trained to one."""
    if shape.architecture in PUBLISHED_SYSTEM_PROMPTS:
        add_contract(writer, published(shape.architecture))
    else:
        layout = LAYOUTS[shape.layout]
        writer.add_chat_template(f"{{# {layout.prefix}{layout.suffix} #}}")


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_eos_token_id(vocabulary.end)
    writer.add_add_bos_token(False)


def _type_of(extents: tuple[int, ...]) -> type[np.floating]:
    return np.float32 if len(extents) == 1 else np.float16


def _weights(name: str, extents: tuple[int, ...], seed: int, number: int) -> NDArray[np.floating]:
    """Norms are all ones; the other values depend only on the seed and the tensor's number."""
    if name.endswith("norm.weight"):
        return np.ones(extents, dtype=np.float32)
    values = np.random.default_rng([seed, number]).standard_normal(extents, dtype=np.float32)
    values *= STANDARD_DEVIATION
    return values.astype(_type_of(extents))


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
