"""A base with an adapter on it: live, and merged into a model that is proven to say the same.

    adapted = Adapted.of(load_model(base), adapter)
    adapted.last_logits(prompt)     what the adapter was trained to say
    adapted.merged()                an ordinary model, which says it too

A tied base keeps one matrix for embedding and head. An adapter that changes one end would change
both when it is merged, so the ends are parted first, and joined again where they come out equal.
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

# Of logits in fp32, as a share of the largest: rounding alone makes 1e-6 to 1e-5.
MOST_DIFFERENCE = 1e-3
MERGE_HINT = "merge it where it was trained, and give the merged checkpoint"
PROBE = 32  # tokens that every merge is tried with
# PEFT's warnings that this module answers: the ends are parted, the config's unknown keys are judged.
ANSWERED = ("tie_word_embeddings", "ensure_weight_tying", "Unexpected keyword arguments")


@dataclass(frozen=True)
class Adapted:
    """live: the adapter on its base, unmerged. checksums: of the base's weights, before."""

    live: PeftModel
    adapter: Path
    tied: bool
    checksums: dict[str, int]

    @classmethod
    def of(cls, model: PreTrainedModel, adapter: Path) -> Adapted:
        """Raises ConfigurationError where there is no adapter, ModelFileError where it does not fit."""
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
        """The live model's logits after a prompt, (V,)."""
        found: NDArray[Any] = _logits(self.live, prompt)[-1].numpy()
        return found

    def merged(self) -> PreTrainedModel:
        """The model with the adapter in its weights; the live one is used up.

        Raises ModelFileError where it changes nothing, or says something else than the live one.
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
        """Ids from all over the vocabulary, and of the tokens that the adapter retrained."""
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
        if not difference <= MOST_DIFFERENCE:  # also where it is not a number
            raise ModelFileError(
                f"{self.adapter} cannot be merged: a logit is {difference:.1e} of the largest away "
                "from the live adapter's",
                hint=MERGE_HINT,
            )


def with_adapter(model: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    """The model with an adapter's folder merged in; for errors see `Adapted`."""
    return Adapted.of(model, adapter).merged()


@contextmanager
def _judged_warnings() -> Iterator[None]:
    """Passes on what PEFT says about an adapter, but for what is answered here."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("ignore")  # of the libraries, about one another's code
        warnings.simplefilter("always", UserWarning)
        yield
    for item in said:
        if not any(words in str(item.message) for words in ANSWERED):
            warnings.warn_explicit(item.message, item.category, item.filename, item.lineno)


def _logits(model: Any, prompt: Sequence[int]) -> torch.Tensor:
    """(T, V), on the CPU."""
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
    """Give the head a matrix of its own, equal to the embedding's, under whatever PEFT put on them."""
    import torch

    seen = set()
    for module in live.modules():
        for name, weights in module.named_parameters(recurse=False):
            if isinstance(module, torch.nn.Embedding | torch.nn.Linear) and id(weights) in seen:
                own = torch.nn.Parameter(weights.detach().clone(), requires_grad=False)
                module.register_parameter(name, own)
            seen.add(id(weights))


def _join_equal_ends(model: Any) -> None:
    """Tie the ends again where the merge left them equal; else say in the config that they differ."""
    import torch

    embedding, head = _embedding(model), _head(model)
    equal = torch.equal(embedding.weight, head.weight)
    if equal:
        head.weight = embedding.weight
    model.config.tie_word_embeddings = equal
