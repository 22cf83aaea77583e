"""A checkpoint's tokenizer and weights as transformers loads them, in silence."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foggen.errors import ConfigurationError, ModelFileError

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


def with_adapter(model: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    """The model with a LoRA adapter's folder merged in.

    Raises ConfigurationError where there is none, ModelFileError where it is another model's.
    """
    from peft import PeftModel

    if not (adapter / "adapter_config.json").is_file():
        raise ConfigurationError(
            f"{adapter} has no adapter_config.json", hint="give an adapter's folder or hub id"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the libraries, about one another
            adapted = PeftModel.from_pretrained(model, str(adapter))
            found: PreTrainedModel = adapted.merge_and_unload()
    except (RuntimeError, ValueError, KeyError) as exc:
        reason = str(exc).splitlines()[0]
        raise ModelFileError(
            f"{adapter} does not fit the model: {reason}",
            hint="give the base that it was trained on",
        ) from exc
    return found


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
