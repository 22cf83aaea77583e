"""A checkpoint's tokenizer and weights as transformers loads them, complete or not at all."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foggen.errors import ConfigurationError, ModelFileError

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

# Two ends that differ are both kept (`checkpoint.py`); a missing or misshapen tensor is an error.
JUDGED = ("we will NOT tie them", "MISSING", "MISMATCH")


def load_model(checkpoint: str | Path, **options: Any) -> PreTrainedModel:
    """A causal LM in fp32, on the CPU. options: transformers'.

    Raises ConfigurationError if there is none, ModelFileError if a weight is missing: transformers
    would draw it at random, and everything after it would be another model.
    """
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # of loading and saving, between the lines of our own
    try:
        with _judged_log():
            loaded, found = AutoModelForCausalLM.from_pretrained(
                checkpoint, dtype=torch.float32, output_loading_info=True, **options
            )
    except (OSError, ValueError, RuntimeError) as exc:
        reason = next(iter(str(exc).splitlines()), type(exc).__name__)
        raise ConfigurationError(
            f"{checkpoint} cannot be loaded: {reason}",
            hint="give a checkpoint's folder or a hub id",
        ) from exc
    if missing := sorted(found["missing_keys"]):
        raise ModelFileError(
            f"{checkpoint} lacks {len(missing)} of the model's tensors, first {missing[0]}",
            hint="save the checkpoint again",
        )
    model: PreTrainedModel = loaded
    return model


@contextmanager
def _judged_log() -> Iterator[None]:
    """Keeps back what transformers logs about weights and is judged here; the rest is still said."""
    log = logging.getLogger("transformers.modeling_utils")
    log.addFilter(_is_not_judged)
    try:
        yield
    finally:
        log.removeFilter(_is_not_judged)


def _is_not_judged(record: logging.LogRecord) -> bool:
    return not any(words in record.getMessage() for words in JUDGED)


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
