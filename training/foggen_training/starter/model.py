"""The starter's architecture: a small Qwen3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..checkpoints import attention

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# Rows of 256 allow K-quants. nano is for tests, small for two cores, mid for an accelerator.
SIZES = {
    "nano": {"hidden_size": 128, "num_hidden_layers": 4, "head_dim": 32, "intermediate_size": 384},
    "small": {"hidden_size": 256, "num_hidden_layers": 4, "head_dim": 64, "intermediate_size": 768},
    "mid": {"hidden_size": 256, "num_hidden_layers": 8, "head_dim": 64, "intermediate_size": 768},
}
VOCABULARY = {"nano": 1024, "small": 2048, "mid": 3072}
CONTEXT = 4096  # tokens; with so small a vocabulary real exam questions are long


def new_model(size: str, vocabulary: int, seed: int) -> PreTrainedModel:
    """A randomly initialised Qwen3 model in fp32 with tied embeddings."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(seed)
    config = Qwen3Config(
        vocab_size=vocabulary,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
        tie_word_embeddings=True,
        eos_token_id=2,
        bos_token_id=None,
        pad_token_id=0,
        **SIZES[size],
    )
    config._attn_implementation = attention()
    model = Qwen3ForCausalLM(config)
    for layer in model.model.layers[1:]:
        look_for_the_like(layer.self_attn)
    return model


def look_for_the_like(block: Any) -> None:
    """Initialise every query head like its key head, so that tokens first attend to similar tokens.

    Options have to be compared with the question, and random heads learn that look-up late (Trockman and
    Kolter 2023, Mimetic Initialization of Self-Attention Layers).
    """
    import torch

    keys = block.k_proj.weight.unflatten(0, (-1, block.head_dim))  # (kv, dim, hidden)
    shared = keys.repeat_interleave(block.num_key_value_groups, 0).flatten(0, 1)
    with torch.no_grad():
        block.q_proj.weight.mul_(0.25).add_(shared)
