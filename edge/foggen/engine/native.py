"""llama.cpp, as little of it as we need: the only module that imports `llama_cpp`.

The high-level `Llama` class copies every score, re-tokenizes text with control tokens on, and saves
states of tens of MB; the low-level calls do what the one pass needs in a few lines. A context is one
thread's at a time (`turns.py`); nothing is freed under a call that uses it (`lifetime.py`).
"""

from __future__ import annotations

import ctypes
import os
import re
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_cpp import llama_cpp as lib

from ..errors import CancelledError, ConfigurationError, ModelFileError
from .gguf_header import GgufHeader, read_header
from .lifetime import Lifetime, process
from .machine import threads_for
from .memory import default_context
from .openmp import SleepingThreads, kind_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "BATCH",
    "MAX_OUTPUTS",
    "Context",
    "DecodingStopped",
    "Grammar",
    "Model",
    "last_error",
    "lib",
    "openmp_kind",
    "system_info",
    "uses_amx",
]

BATCH = 512
MAX_OUTPUTS = 8  # rows of logits per call; the library reserves memory for them
CONTROL, USER_DEFINED = 3, 4  # GGUF token types
ABORTED = 2  # what llama_decode returns when the abort callback ended it

LIBRARIES = Path(str(lib.__file__)).parent / "lib"

_messages: list[str] = []


class DecodingStopped(Exception):
    """`Context.stop` ended the decoding; who asked for it knows why (`turns.py`)."""


@lib.llama_log_callback  # type: ignore[untyped-decorator]
def _collect(level: int, text: bytes, _data: object) -> None:
    """The library's own words, kept for an error message, never printed."""
    _messages.append(text.decode("utf-8", errors="replace"))
    del _messages[:-20]


lib.llama_log_set(_collect, ctypes.c_void_p(0))
lib.llama_backend_init()


def system_info() -> str:
    """The processor features that the installed build uses."""
    return str(lib.llama_print_system_info().decode())


def openmp_kind() -> str:
    """Which OpenMP the installed build runs with; see `openmp.kind_of`."""
    return kind_of(LIBRARIES)


def accelerators() -> list[str]:
    """The devices beside the processor that the installed build can use, such as "Metal" or "CUDA0"."""
    from llama_cpp._ggml import libggml as ggml

    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    ggml.ggml_backend_dev_name.restype = ctypes.c_char_p
    ggml.ggml_backend_dev_name.argtypes = [ctypes.c_void_p]
    devices = [ggml.ggml_backend_dev_get(n) for n in range(ggml.ggml_backend_dev_count())]
    names = [ggml.ggml_backend_dev_name(device).decode("utf-8", "replace") for device in devices]
    return [name for name in names if name != "CPU"]


def check_gpu(gpu_layers: int) -> None:
    """Raises ConfigurationError if layers are to be on a GPU and the installed build has none."""
    if gpu_layers and not lib.llama_supports_gpu_offload():
        raise ConfigurationError(
            f"gpu_layers is {gpu_layers}, and this build of llama.cpp has no GPU back end",
            hint="set gpu_layers to 0, or build llama-cpp-python with Metal, CUDA or Vulkan",
        )


def uses_amx() -> bool:
    """Whether the installed build has llama.cpp's AMX kernels and this processor runs them."""
    return "AMX_INT8 = 1" in system_info()


class Model:
    """A loaded GGUF: weights and vocabulary.

    gpu_layers: how many layers are computed on a GPU. With none, a build that has a GPU back end
    computes as one that has not: the same kernels, the same results, the same deadlines.

    Raises ModelFileError if the file cannot be used, and ConfigurationError for GPU layers in a build
    without a GPU.
    """

    def __init__(self, path: Path, gpu_layers: int = 0) -> None:
        process.begin()
        check_gpu(gpu_layers)
        self.path, self.gpu_layers = path, gpu_layers
        self.header: GgufHeader = read_header(path)
        pointer = _load(path, gpu_layers)
        self.pointer = pointer
        self.lifetime = Lifetime("model", lambda: lib.llama_model_free(pointer))
        weakref.finalize(self, self.lifetime.close).atexit = False
        self.vocabulary = lib.llama_model_get_vocab(self.pointer)
        self.vocabulary_size = lib.llama_vocab_n_tokens(self.vocabulary)
        self._reserved = self._reserved_ids()
        self._user_defined = self._user_defined_pattern()

    def close(self) -> None:
        """Free the weights, at the end of the calls that use them; twice is fine."""
        self.lifetime.close()

    def tokenize(self, text: str, *, scaffold: bool) -> list[int]:
        """Ids of a text; control and user-defined tokens are recognised in scaffold only.

        Safe beside `close` in another thread, after which it raises FogGenError.
        """
        with self.lifetime.using():
            return self._ids(text, scaffold)

    def _ids(self, text: str, scaffold: bool) -> list[int]:
        if scaffold:
            return self._tokenize(text, special=True)
        # llama.cpp matches user-defined tokens (<think>) even in plain text: cut them in two.
        pieces = self._user_defined.split(text) if self._user_defined else [text]
        ids: list[int] = []
        for index, piece in enumerate(pieces):
            parts = [piece] if index % 2 == 0 else [piece[:1], piece[1:]]
            for part in parts:
                ids += self._tokenize(part, special=False) if part else []
        return ids

    def piece(self, token: int) -> bytes:
        """The bytes that a token stands for; nothing for a control token."""
        self.lifetime.check()
        buffer = ctypes.create_string_buffer(256)
        size = lib.llama_token_to_piece(self.vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(0, size)]

    def is_end(self, token: int) -> bool:
        self.lifetime.check()
        return bool(lib.llama_vocab_is_eog(self.vocabulary, token))

    def is_reserved(self, token: int) -> bool:
        """Whether a token is a control or user-defined one, which user text must never hold."""
        return token in self._reserved

    def _tokenize(self, text: str, *, special: bool) -> list[int]:
        data = text.encode("utf-8")
        room = len(data) + 8
        buffer = (lib.llama_token * room)()
        count = lib.llama_tokenize(self.vocabulary, data, len(data), buffer, room, False, special)
        if count < 0:
            raise ModelFileError(f"{self.path}: the tokenizer failed on {text[:40]!r}")
        return list(buffer[:count])

    def _reserved_ids(self) -> frozenset[int]:
        types = self._token_types()
        return frozenset(np.flatnonzero((types == CONTROL) | (types == USER_DEFINED)).tolist())

    def _token_types(self) -> NDArray[np.int32]:
        metadata = self.header.metadata.get("tokenizer.ggml.token_type")
        if metadata is not None:
            return np.array(metadata, dtype=np.int32)
        offset, length = self.header.arrays.get("tokenizer.ggml.token_type", (0, 0))
        with self.path.open("rb") as file:
            file.seek(offset)
            return np.frombuffer(file.read(4 * length), dtype="<i4")

    def _user_defined_pattern(self) -> re.Pattern[str] | None:
        """User-defined tokens with something visible in them, longest first."""
        ids = np.flatnonzero(self._token_types() == USER_DEFINED).tolist()
        texts = [
            lib.llama_vocab_get_text(self.vocabulary, token).decode("utf-8", "replace")
            for token in ids
        ]
        texts = sorted({text for text in texts if text.strip()}, key=len, reverse=True)
        return re.compile("(" + "|".join(map(re.escape, texts)) + ")") if texts else None


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
        sleeping = SleepingThreads(LIBRARIES, self.threads)
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
        """Stop what is being decoded, and free the context when that has ended; twice is fine."""
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


def _load(path: Path, gpu_layers: int) -> Any:
    """The pointer of a loaded model; the end of the process stops the loading."""
    params = lib.llama_model_default_params()
    params.n_gpu_layers = gpu_layers
    nothing = (ctypes.c_void_p * 1)(None)
    if not gpu_layers:  # a device that is there is opened otherwise, and weights are not repacked
        params.devices = ctypes.cast(nothing, ctypes.c_void_p)
    # llama.cpp's AMX kernels crash on some machines (ggml-org/llama.cpp issue 20824; seen here
    # with Q8_0). Our set-up builds without them; a build that has them runs on plain kernels.
    params.use_extra_bufts = not uses_amx()
    # mapped: the file's pages are shared between processes and can be given back
    params.load_mode = lib.LLAMA_LOAD_MODE_MMAP
    params.progress_callback = _keep_loading
    _messages.clear()
    with process.call():
        pointer = lib.llama_model_load_from_file(os.fsencode(path), params)
    if not pointer and process.ending:
        raise CancelledError("the program is ending")
    if not pointer:
        raise ModelFileError(f"{path}: {last_error()}", hint="get the file again")
    return pointer


@lib.llama_progress_callback  # type: ignore[untyped-decorator]
def _keep_loading(_share: float, _data: object) -> bool:
    return not process.ending


def _new_context(model: Model, params: Any) -> Any:
    """The pointer of a context, which keeps its model until it is freed."""
    _messages.clear()
    model.lifetime.hold()
    with process.call():
        pointer = lib.llama_init_from_model(model.pointer, params)
    if not pointer:
        model.lifetime.release()
        raise ModelFileError(f"{model.path}: no context can be made: {last_error()}")
    return pointer


def _raise_flag(flag: Any) -> None:
    flag[0] = b"\x01"


def last_error() -> str:
    for word in ("error", "fail"):  # that it failed is said last, why is said before
        if lines := [line.strip() for line in _messages if word in line.lower()]:
            return lines[-1]
    return "llama.cpp refused the file"
