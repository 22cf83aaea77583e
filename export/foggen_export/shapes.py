"""The tensors that a checkpoint must have by its config, and their shapes.

A config that was not saved with its weights is found before anything is written, in the checkpoint's own
names. Source of the shapes: transformers' modeling_qwen3.py and modeling_gemma3.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from foggen.errors import ModelFileError

if TYPE_CHECKING:
    from .checkpoint import Checkpoint
    from .safetensors_file import TensorInfo

# Each extent by its name in config.json; a product joins two of them.
Extents = tuple[str, ...]
HIDDEN, VOCABULARY, HEAD_SIZE = "hidden_size", "vocab_size", "head_dim"
INNER = "intermediate_size"
QUERIES, KEYS = "num_attention_heads * head_dim", "num_key_value_heads * head_dim"
SAVE_HINT = "save the checkpoint again, with the config that belongs to its weights"

ENDS: Mapping[str, Extents] = {
    "model.embed_tokens.weight": (VOCABULARY, HIDDEN),
    "model.norm.weight": (HIDDEN,),
}
HEADS: Mapping[str, Extents] = {"lm_head.weight": (VOCABULARY, HIDDEN)}
LAYER: Mapping[str, Extents] = {
    "input_layernorm.weight": (HIDDEN,),
    "self_attn.q_proj.weight": (QUERIES, HIDDEN),
    "self_attn.k_proj.weight": (KEYS, HIDDEN),
    "self_attn.v_proj.weight": (KEYS, HIDDEN),
    "self_attn.o_proj.weight": (HIDDEN, QUERIES),
    "self_attn.q_norm.weight": (HEAD_SIZE,),
    "self_attn.k_norm.weight": (HEAD_SIZE,),
    "post_attention_layernorm.weight": (HIDDEN,),
    "mlp.gate_proj.weight": (INNER, HIDDEN),
    "mlp.up_proj.weight": (INNER, HIDDEN),
    "mlp.down_proj.weight": (HIDDEN, INNER),
}
MORE_IN_LAYER: Mapping[str, Mapping[str, Extents]] = {
    "qwen3": {},
    "gemma3": {
        "pre_feedforward_layernorm.weight": (HIDDEN,),
        "post_feedforward_layernorm.weight": (HIDDEN,),
    },
}
_NUMBER = re.compile(r"model\.layers\.(\d+)\.")


def check_shapes(checkpoint: Checkpoint, tensors: Iterable[TensorInfo]) -> None:
    """Raise ModelFileError unless the tensors are those of the config, in number and shape."""
    stored = {tensor.name: tensor for tensor in tensors}
    layers = checkpoint.whole("num_hidden_layers")
    for name, tensor in stored.items():
        found = _NUMBER.match(name)
        if found and int(found[1]) >= layers:
            raise ModelFileError(
                f"{checkpoint.folder}: tensor {tensor.stored!r} has no place in a GGUF, as its "
                f"config.json says num_hidden_layers {layers}",
                hint=SAVE_HINT,
            )
    expected = _expected(checkpoint, layers)
    # Whether a head is needed is asked by `Checkpoint.tensors`.
    if lacking := [name for name in expected if name not in stored and name not in HEADS]:
        raise ModelFileError(
            f"{checkpoint.folder} lacks {len(lacking)} of the model's tensors; the first is {lacking[0]}",
            hint=SAVE_HINT,
        )
    for name, extents in expected.items():
        if name in stored:
            _check_shape(checkpoint, stored[name], extents)


def _expected(checkpoint: Checkpoint, layers: int) -> dict[str, Extents]:
    of_layer = {**LAYER, **MORE_IN_LAYER[checkpoint.architecture]}
    in_layers = {
        f"model.layers.{number}.{name}": extents
        for number in range(layers)
        for name, extents in of_layer.items()
    }
    return {**ENDS, **HEADS, **in_layers}


def _check_shape(checkpoint: Checkpoint, tensor: TensorInfo, extents: Extents) -> None:
    expected = tuple(_extent(checkpoint, extent) for extent in extents)
    if len(tensor.shape) != len(expected):
        raise _contradiction(
            checkpoint, f"has {tensor.stored} of shape {tensor.shape}", f"shape {expected}"
        )
    for have, want, extent in zip(tensor.shape, expected, extents, strict=True):
        if have != want:
            raise _contradiction(
                checkpoint, f"has {tensor.stored} of shape {tensor.shape}", f"{extent} {want}"
            )


def _contradiction(checkpoint: Checkpoint, weights: str, config: str) -> ModelFileError:
    return ModelFileError(
        f"{checkpoint.folder} {weights}, but its config.json says {config}", hint=SAVE_HINT
    )


def _extent(checkpoint: Checkpoint, extent: str) -> int:
    product = 1
    for name in extent.split(" * "):
        product *= checkpoint.whole(name)
    return product
