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
IMAGE_PREFIXES = (
    "vision_tower.",
    "multi_modal_projector.",
    "model.vision_tower.",
    "model.multi_modal_projector.",
)


def text_config(config: dict[str, Any]) -> dict[str, Any]:
    """The language model's config, with the defaults that such files leave out."""
    from transformers import Gemma3TextConfig

    given = dict(config[TEXT_CONFIG])
    tied = config.get("tie_word_embeddings", given.get("tie_word_embeddings", True))
    return {**Gemma3TextConfig(**{**given, "tie_word_embeddings": tied}).to_dict(), **given}


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
