"""A GBNF grammar as a sampler: which tokens are legal, and which of them is the best."""

from __future__ import annotations

import ctypes
import weakref
from typing import TYPE_CHECKING

import numpy as np

from .library import lib
from .model import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Grammar:
    """A GBNF grammar over a model's vocabulary: reference for the one pass, and for open questions."""

    def __init__(self, model: Model, text: str) -> None:
        self.model = model
        self.pointer = lib.llama_sampler_init_grammar(model.vocabulary, text.encode(), b"root")
        if not self.pointer:  # a NULL sampler would crash the process at its first use
            raise ValueError("the grammar cannot be parsed")
        weakref.finalize(self, lib.llama_sampler_free, self.pointer).atexit = False
        self._data = (lib.llama_token_data * model.vocabulary_size)()
        self._view = np.ctypeslib.as_array(self._data)

    def best(self, logits: NDArray[np.float32]) -> tuple[int, float]:
        """The most probable legal token and its lead over the next legal one, in logits."""
        self._view["id"] = np.arange(len(logits))
        self._view["logit"] = logits
        array = lib.llama_token_data_array(self._data, len(logits), -1, False)
        lib.llama_sampler_apply(self.pointer, ctypes.byref(array))
        masked = self._view["logit"]
        first, second = np.partition(masked, -2)[-1], np.partition(masked, -2)[-2]
        return int(self._view["id"][int(masked.argmax())]), float(first - second)

    def accept(self, token: int) -> None:
        """Advance; only for a token that `best` gave (an illegal one would end the process)."""
        lib.llama_sampler_accept(self.pointer, token)
