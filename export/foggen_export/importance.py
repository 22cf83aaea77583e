"""The importance of a matrix's columns ("imatrix"): the mean square of each of its inputs.

It is collected with hooks on transformers' linear layers while the contract's prompts pass through. The
quantizer then rounds columns with large inputs more exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import gguf
import numpy as np

from foggen.engine.contract import Contract

from .checkpoint import Checkpoint
from .loading import load_model, load_tokenizer
from .prompts import IMPORTANCE_QUESTIONS
from .tokens import prompt_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray


def importance(checkpoint: Checkpoint, contract: Contract) -> dict[str, NDArray[np.float32]]:
    """For each GGUF tensor the mean square of its inputs, (columns,), over the tokens of all prompts."""
    import torch

    model = load_model(checkpoint.folder)
    tokenizer, tokens = load_tokenizer(checkpoint.folder), 0
    sums: dict[str, NDArray[np.float64]] = {}
    with _hooked(model, sums), torch.inference_mode():
        for question in IMPORTANCE_QUESTIONS:
            ids = prompt_ids(tokenizer, contract, question)
            model(torch.tensor([ids]))
            tokens += len(ids)
    return {name: (total / tokens).astype(np.float32) for name, total in _named(checkpoint, sums)}


@contextmanager
def _hooked(model: Any, sums: dict[str, NDArray[np.float64]]) -> Iterator[None]:
    """Let every linear layer add the squares of its inputs to `sums` under its name."""
    import torch

    def add(name: str, _: object, inputs: tuple[Any, ...]) -> None:
        squares = inputs[0].double().pow(2).flatten(0, -2).sum(0).numpy()
        sums[name] = sums.get(name, 0.0) + squares

    hooks = [
        module.register_forward_pre_hook(partial(add, name))
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _named(
    checkpoint: Checkpoint, sums: dict[str, NDArray[np.float64]]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    names = gguf.get_tensor_name_map(
        gguf.MODEL_ARCH[checkpoint.architecture.upper()], checkpoint.whole("num_hidden_layers")
    )
    for source, total in sums.items():
        target = names.get_name(f"{source}.weight", try_suffixes=(".weight",))
        if target is not None:
            yield target, total
