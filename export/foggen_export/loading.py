"""A checkpoint's tokenizer and weights as transformers loads them, in silence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from foggen.errors import ConfigurationError

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel


def load_model(checkpoint: str | Path, **options: Any) -> PreTrainedModel:
    """A causal LM in fp32, on the CPU; ConfigurationError if there is none. options: transformers'."""
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()  # of loading and saving, between the lines of our own
    try:
        return AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32, **options)
    except (OSError, ValueError) as exc:
        raise ConfigurationError(
            f"{checkpoint} cannot be loaded: {exc}", hint="give a checkpoint's folder or a hub id"
        ) from exc


def load_tokenizer(folder: str | Path) -> Tokenizer:
    """The fast tokenizer of a checkpoint. Raises ConfigurationError if there is none."""
    from transformers import AutoTokenizer

    try:
        found: Tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    except (OSError, ValueError, AttributeError) as exc:
        raise ConfigurationError(
            f"{folder} has no tokenizer that can be used: {exc}", hint="give a whole checkpoint"
        ) from exc
    return found
