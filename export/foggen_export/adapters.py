"""A base with an adapter: unmerged ("live"), and merged into a model that is checked to answer the same.

    adapted = Adapted.of(load_model(base), adapter)
    adapted.last_logits(prompt)     logits of the live adapter
    adapted.merged()                an ordinary model with the same logits

A tied base has one matrix for embedding and head. Merging an adapter of one of them would change both, so
they are separated first, and tied again if they are equal afterwards.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from foggen.errors import ModelFileError

from .adapter_files import BASE_HINT, check_fit, no_place, read_adapter, refusing

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray
    from peft import PeftModel
    from transformers import PreTrainedModel

# Largest difference of fp32 logits, as a share of the largest logit; rounding causes 1e-6 to 1e-5.
MOST_DIFFERENCE = 1e-3
MERGE_HINT = "merge it where it was trained, and give the merged checkpoint"
PROBE = 32  # tokens that every merge is checked with
# PEFT's warnings about cases that this package handles: tied weights, and unknown keys of the config.
ANSWERED = ("tie_word_embeddings", "ensure_weight_tying", "Unexpected keyword arguments")


@dataclass(frozen=True)
class Adapted:
    """A base with its adapter. live: the unmerged model. checksums: checksums of the base's weights."""

    live: PeftModel
    adapter: Path
    tied: bool
    checksums: dict[str, int]

    @classmethod
    def of(cls, model: PreTrainedModel, adapter: Path) -> Adapted:
        """Put an adapter on a model.

        Raises ConfigurationError if there is no adapter, ModelFileError if it does not fit.
        """
        from peft import PeftModel, set_peft_model_state_dict

        tied = _head(model).weight is _embedding(model).weight
        checksums = _checksums(model)
        with _judged_warnings(), refusing(f"{adapter} does not fit the model", BASE_HINT):
            config, weights = read_adapter(adapter)
            try:
                live = PeftModel(model, config)
            except ValueError as exc:
                raise no_place(adapter, weights, exc) from exc
            check_fit(adapter, live, weights)
            set_peft_model_state_dict(live, weights)
        return cls(live.eval(), adapter, tied, checksums)

    def last_logits(self, prompt: Sequence[int]) -> NDArray[Any]:
        """The logits of the live model after a prompt, (V,)."""
        found: NDArray[Any] = _logits(self.live, prompt)[-1].numpy()
        return found

    def merged(self) -> PreTrainedModel:
        """Merge the adapter into the weights; the live model cannot be used afterwards.

        Raises ModelFileError if no weight changes, or if the logits differ from those of the live model.
        """
        probe = self._probe()
        expected = _logits(self.live, probe)
        with _judged_warnings(), refusing(f"{self.adapter} cannot be merged", MERGE_HINT):
            if self.tied:
                _part_ends(self.live)
            model: PreTrainedModel = self.live.merge_and_unload()
        if self.tied:
            _join_equal_ends(model)
        self._check(model, expected, _logits(model, probe))
        return model

    def _probe(self) -> list[int]:
        """Ids spread over the vocabulary, and ids whose embeddings the adapter trained."""
        size = int(self.live.config.vocab_size)
        retrained = getattr(self.live.peft_config["default"], "trainable_token_indices", None) or []
        if isinstance(retrained, dict):
            retrained = [index for indices in retrained.values() for index in indices]
        return [*range(0, size, max(1, size // PROBE)), *retrained[:PROBE]]

    def _check(self, model: PreTrainedModel, expected: torch.Tensor, found: torch.Tensor) -> None:
        if _checksums(model) == self.checksums:
            raise ModelFileError(
                f"{self.adapter} changes no weight of the model: it is untrained, or scaled to zero",
                hint="give a trained adapter, or the base without one",
            )
        difference = float((found - expected).abs().max() / expected.abs().max())
        if not difference <= MOST_DIFFERENCE:  # true for nan as well
            raise ModelFileError(
                f"{self.adapter} cannot be merged: a logit differs from the live adapter's by "
                f"{difference:.1e} of the largest",
                hint=MERGE_HINT,
            )


def with_adapter(model: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    """Merge an adapter's folder into a model; for errors see `Adapted`."""
    return Adapted.of(model, adapter).merged()


@contextmanager
def _judged_warnings() -> Iterator[None]:
    """Pass on PEFT's warnings, except for those about cases that are handled here."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("ignore")  # warnings of libraries about each other's code
        warnings.simplefilter("always", UserWarning)
        yield
    for item in said:
        if not any(words in str(item.message) for words in ANSWERED):
            warnings.warn_explicit(item.message, item.category, item.filename, item.lineno)


def _logits(model: Any, prompt: Sequence[int]) -> torch.Tensor:
    """The logits (T, V) after a prompt's tokens, on the CPU."""
    import torch

    with torch.inference_mode():
        found: torch.Tensor = model(torch.tensor([prompt], device=model.device)).logits[0]
    return found.cpu()


def _checksums(model: PreTrainedModel) -> dict[str, int]:
    import torch

    return {
        name: crc32(weights.detach().cpu().contiguous().view(torch.uint8).numpy().data)
        for name, weights in model.named_parameters()
    }


def _embedding(model: Any) -> Any:
    return model.get_input_embeddings()


def _head(model: Any) -> Any:
    return model.get_output_embeddings()


def _part_ends(live: Any) -> None:
    """Untie the head: give it its own copy of the embedding's matrix, inside PEFT's wrappers."""
    import torch

    seen = set()
    for module in live.modules():
        for name, weights in module.named_parameters(recurse=False):
            if isinstance(module, torch.nn.Embedding | torch.nn.Linear) and id(weights) in seen:
                own = torch.nn.Parameter(weights.detach().clone(), requires_grad=False)
                module.register_parameter(name, own)
            seen.add(id(weights))


def _join_equal_ends(model: Any) -> None:
    """Tie embedding and head again if they are still equal, and set the config accordingly."""
    import torch

    embedding, head = _embedding(model), _head(model)
    equal = torch.equal(embedding.weight, head.weight)
    if equal:
        head.weight = embedding.weight
    model.config.tie_word_embeddings = equal
