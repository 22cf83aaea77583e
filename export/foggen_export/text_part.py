"""The text part of a checkpoint that also sees images: its config, and its tensors' names.

Gemma-3 of 4B and more is saved as Gemma3ForConditionalGeneration: the language model's config is in
`text_config`, and its tensors have a prefix that depends on the version of transformers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .json_files import read_object

TEXT_CONFIG = "text_config"
# Prefixes of the language model's tensors, and what a model of text alone has in their place.
PREFIXES = {
    "language_model.model.": "model.",
    "language_model.lm_head.": "lm_head.",
    "model.language_model.": "model.",
}
# Of transformers' Gemma3TextConfig, which leaves them out when it saves the config of a larger model.
DEFAULTS = {
    "vocab_size": 262_208,
    "hidden_size": 2304,
    "intermediate_size": 9216,
    "num_hidden_layers": 26,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "max_position_embeddings": 131_072,
    "rms_norm_eps": 1e-6,
    "query_pre_attn_scalar": 256,
    "sliding_window": 4096,
}
ROPE_DEFAULTS = {"rope_theta": 1e6, "rope_local_base_freq": 1e4}
IMAGE_PREFIXES = (
    "vision_tower.",
    "multi_modal_projector.",
    "model.vision_tower.",
    "model.multi_modal_projector.",
)


def text_config(config: dict[str, Any]) -> dict[str, Any]:
    """The language model's config, with the defaults that such files leave out."""
    given = dict(config[TEXT_CONFIG])
    tied = config.get("tie_word_embeddings", given.get("tie_word_embeddings", True))
    ropes = {} if given.get("rope_parameters") else ROPE_DEFAULTS
    return {**DEFAULTS, **ropes, "tie_word_embeddings": tied, **given}


def text_name(name: str) -> str:
    """A tensor's name in a model of text alone, or "" for one of the part that sees images."""
    if name.startswith(IMAGE_PREFIXES):
        return ""
    for prefix, own in PREFIXES.items():
        if name.startswith(prefix):
            return own + name.removeprefix(prefix)
    return name


def of_text_part(checkpoint: str | Path) -> dict[str, Any]:
    """What transformers must be told to load the text part of a folder; {} if the folder has no other."""
    path = Path(checkpoint) / "config.json"
    config = read_object(path) if path.is_file() else {}
    if TEXT_CONFIG not in config:
        return {}
    from transformers import Gemma3TextConfig

    mapping = {f"^{re.escape(prefix)}": own for prefix, own in PREFIXES.items()}
    return {"config": Gemma3TextConfig(**text_config(config)), "key_mapping": mapping}
