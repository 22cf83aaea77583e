"""Checkpoints of random weights in the exact shapes of real models, as transformers saves them.

Time and memory of a pass depend on shapes and types, not on values. The vocabulary is made up; it has the
size of the real one, and Qwen3's control tokens for every architecture.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foggen_export.vocabulary import PRE_TOKENIZERS
from random_model import SHAPES
from random_vocabulary import CONTROL_TOKENS, END, synthetic_vocabulary

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedConfig

# Hidden size, feed-forward size, layers; from config.json of google/gemma-3-270m and google/gemma-3-1b-it.
GEMMA = {"gemma3-270m": (640, 2048, 18), "gemma3-1b": (1152, 6912, 26), "gemma3-nano": (64, 128, 2)}
GEMMA_VOCABULARY = {"gemma3-nano": 2048}  # the others have 262,144 tokens
QWEN = tuple(name for name, shape in SHAPES.items() if shape.architecture == "qwen3")
NAMES = (*QWEN, *GEMMA)


def write_checkpoint(
    folder: Path, shape: str, dtype: torch.dtype | None = None, *, shard: str = "50GB"
) -> None:
    """Write random weights of a shape to `folder`. dtype: bfloat16 by default, as on the hub. shard: the most
    that one file holds."""
    import torch
    from transformers import AutoModelForCausalLM

    config = _gemma(shape) if shape in GEMMA else _qwen(shape)
    _save_tokenizer(folder, config.vocab_size)
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(config)
    model.to(dtype or torch.bfloat16).save_pretrained(folder, max_shard_size=shard)


def _qwen(name: str) -> PreTrainedConfig:
    from transformers import Qwen3Config

    shape = SHAPES[name]
    return Qwen3Config(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.feed_forward,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        rope_theta=shape.rope_theta,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
    )


def _gemma(name: str) -> PreTrainedConfig:
    from transformers import Gemma3TextConfig

    hidden, feed_forward, layers = GEMMA[name]
    return Gemma3TextConfig(
        vocab_size=GEMMA_VOCABULARY.get(name, 262_144),
        hidden_size=hidden,
        intermediate_size=feed_forward,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=256,
        query_pre_attn_scalar=256,
        sliding_window=512,
        max_position_embeddings=32_768,
    )


def _save_tokenizer(folder: Path, size: int) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = synthetic_vocabulary(size)
    ids = {token: index for index, token in enumerate(vocabulary.tokens)}
    tokenizer = Tokenizer(models.BPE(ids, [tuple(pair.split(" ")) for pair in vocabulary.merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(next(iter(PRE_TOKENIZERS))), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(CONTROL_TOKENS))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END).save_pretrained(folder)
