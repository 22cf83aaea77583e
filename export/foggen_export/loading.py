"""Loading a checkpoint's tokenizer and weights with transformers; missing weights are an error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foggen.errors import ConfigurationError, ModelFileError

from .text_part import of_text_part

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

# transformers' messages about cases that this package handles: a head that differs from the embedding is
# kept (`checkpoint.py`), and a tensor that is missing or has another shape is an error.
JUDGED = ("we will NOT tie them", "MISSING", "MISMATCH")
UNEXPECTED = "UNEXPECTED"  # the part that sees images, where only the text part is loaded


def load_model(checkpoint: str | Path, **options: Any) -> PreTrainedModel:
    """Load a causal LM in fp32 on the CPU. options: passed to transformers.

    Raises ConfigurationError if there is none, ModelFileError if a weight is missing, which transformers
    would initialise at random.
    """
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # it would disturb our own output
    text_part = of_text_part(checkpoint)
    try:
        with _judged_log((*JUDGED, UNEXPECTED) if text_part else JUDGED):
            loaded, found = AutoModelForCausalLM.from_pretrained(
                checkpoint, dtype=torch.float32, output_loading_info=True, **text_part, **options
            )
    except (OSError, ValueError, RuntimeError) as exc:
        reason = next(iter(str(exc).splitlines()), type(exc).__name__)
        raise ConfigurationError(
            f"{checkpoint} cannot be loaded: {reason}",
            hint="give a checkpoint's folder or a hub id",
        ) from exc
    if missing := sorted(found["missing_keys"]):
        raise ModelFileError(
            f"{checkpoint} lacks {len(missing)} of the model's tensors; the first is {missing[0]}",
            hint="save the checkpoint again",
        )
    model: PreTrainedModel = loaded
    return model


@contextmanager
def _judged_log(judged: tuple[str, ...]) -> Iterator[None]:
    """Suppress the messages of transformers about weights that are checked here; keep all others."""

    def is_other(record: logging.LogRecord) -> bool:
        return not any(words in record.getMessage() for words in judged)

    log = logging.getLogger("transformers.modeling_utils")
    log.addFilter(is_other)
    try:
        yield
    finally:
        log.removeFilter(is_other)


def load_tokenizer(folder: str | Path) -> Tokenizer:
    """Load the fast tokenizer of a checkpoint; raises ConfigurationError if there is none."""
    from transformers import AutoTokenizer

    try:
        found: Tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    except (OSError, ValueError, AttributeError) as exc:
        raise ConfigurationError(
            f"{folder} has no usable tokenizer: {exc}", hint="give a complete checkpoint"
        ) from exc
    return found
