"""A context: the keys and values of one sequence, and the logits of the rows that were asked for."""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import ModelFileError
from ..lifetime import Lifetime, process
from ..machine import threads_for
from ..memory import default_context
from ..openmp import SleepingThreads
from .back_ends import processor_library
from .library import last_error, lib, messages
from .model import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 512
MAX_OUTPUTS = 8  # rows of logits per call; the library reserves memory for them
ABORTED = 2  # what llama_decode returns when the abort callback ended it


class DecodingStopped(Exception):
    """`Context.stop` ended the decoding; who asked for it knows why (`turns.py`)."""


class Context:
    """The state of one sequence: its tokens' keys and values, and the logits of flagged rows.

    exact: keys and values in fp32 and plain attention, to compare with a reference; they are in
    fp16 otherwise.
    """

    def __init__(
        self,
        model: Model,
        *,
        context: int | None = None,
        threads: int | None = None,
        exact: bool = False,
    ) -> None:
        self.model = model  # kept alive: the context points into it
        self.size = context or default_context(model.header)
        self.threads = threads or threads_for(model.header.size)
        params = lib.llama_context_default_params()
        params.n_ctx = self.size
        params.n_batch = params.n_ubatch = min(BATCH, self.size)
        params.n_outputs_max = MAX_OUTPUTS
        params.n_threads = params.n_threads_batch = self.threads
        params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_AUTO
        if exact:
            params.type_k = params.type_v = lib.GGML_TYPE_F32
            params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_DISABLED
        params.swa_full = True  # sliding-window models: the prefix can be cut back to
        params.no_perf = True
        params.offload_kqv = params.op_offload = bool(model.gpu_layers)
        self._stop_flag = flag = ctypes.create_string_buffer(2)
        sleeping = SleepingThreads(processor_library(), self.threads)
        try:
            self.pointer = pointer = _new_context(model, params)
        except BaseException:
            sleeping.close()
            raise

        def free() -> None:
            lib.llama_free(pointer)
            model.lifetime.release()
            sleeping.close()

        self.lifetime = Lifetime("model", free, lambda: _raise_flag(flag))
        weakref.finalize(self, self.lifetime.close).atexit = False
        self._memory = lib.llama_get_memory(self.pointer)
        self._set_abort()

    def close(self) -> None:
        """Stop the decoding under way and then free the context. Closing twice is allowed."""
        self.lifetime.close()

    def cut(self, position: int) -> None:
        """Forget every token from `position` on."""
        with self.lifetime.using():
            lib.llama_memory_seq_rm(self._memory, 0, position, -1)

    def decode(
        self, tokens: Sequence[int], position: int, rows: Sequence[int]
    ) -> NDArray[np.float32]:
        """Append `tokens` at `position`; the logits after the tokens at indices `rows`, (rows, V).

        Raises DecodingStopped if `stop` was called meanwhile; the caller cuts back.
        """
        wanted = set(rows)
        out = np.empty((len(rows), self.model.vocabulary_size), dtype=np.float32)
        with self.lifetime.using():
            for start in range(0, len(tokens), BATCH):
                chunk = tokens[start : start + BATCH]
                flags = [start + index in wanted for index in range(len(chunk))]
                self._decode_chunk(chunk, position + start, flags)
                for index, flagged in enumerate(flags):
                    if flagged:
                        out[rows.index(start + index)] = self._logits(index)
        return out

    def stop(self) -> None:
        """End the call that is under way, from any thread; the next ones end at once too."""
        _raise_flag(self._stop_flag)

    def clear_stop(self) -> None:
        self._stop_flag[0] = b"\x00"

    def _decode_chunk(self, tokens: Sequence[int], position: int, flags: Sequence[bool]) -> None:
        count = len(tokens)
        batch = lib.llama_batch_init(count, 0, 1)
        try:
            batch.n_tokens = count
            for index, token in enumerate(tokens):
                batch.token[index] = token
                batch.pos[index] = position + index
                batch.n_seq_id[index] = 1
                batch.seq_id[index][0] = 0
                batch.logits[index] = flags[index]
            result = lib.llama_decode(self.pointer, batch)
        finally:
            lib.llama_batch_free(batch)
        if result == ABORTED:
            raise DecodingStopped
        if result != 0:
            raise RuntimeError(f"llama_decode answered {result}: {last_error()}")

    def _logits(self, index: int) -> NDArray[np.float32]:
        pointer = lib.llama_get_logits_ith(self.pointer, index)
        if not pointer:
            raise RuntimeError(f"no logits for row {index}")
        return np.ctypeslib.as_array(pointer, shape=(self.model.vocabulary_size,)).copy()

    def _set_abort(self) -> None:
        # llama.cpp asks the callback at every node of the graph. A Python function would need the
        # interpreter's lock each time, and a busy application would slow decoding down; libc's
        # strlen, on a string that is empty until `stop`, answers the same question without it.
        libc = ctypes.CDLL(None) if os.name != "nt" else ctypes.cdll.msvcrt
        address = ctypes.cast(libc.strlen, ctypes.c_void_p).value
        self._abort = ctypes.cast(ctypes.c_void_p(address), lib.ggml_abort_callback)
        flag = ctypes.cast(self._stop_flag, ctypes.c_void_p)
        lib.llama_set_abort_callback(self.pointer, self._abort, flag)


def _new_context(model: Model, params: Any) -> Any:
    """The pointer of a context, which keeps its model until it is freed."""
    messages.clear()
    model.lifetime.hold()
    with process.call():
        pointer = lib.llama_init_from_model(model.pointer, params)
    if not pointer:
        model.lifetime.release()
        raise ModelFileError(f"{model.path}: no context can be made: {last_error()}")
    return pointer


def _raise_flag(flag: Any) -> None:
    flag[0] = b"\x01"
