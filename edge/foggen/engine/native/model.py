"""A loaded GGUF: weights and vocabulary."""

from __future__ import annotations

import ctypes
import os
import re
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import CancelledError, ModelFileError
from ..gguf_header import GgufHeader, read_header
from ..lifetime import Lifetime, process
from .library import check_gpu, last_error, lib, messages, uses_amx

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTROL, USER_DEFINED = 3, 4  # GGUF token types
LIKELY_PIECE = 256  # bytes; few tokens are longer


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
        """Free the weights once no call uses them any more. Closing twice is allowed."""
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
        size = LIKELY_PIECE
        while True:
            buffer = ctypes.create_string_buffer(size)
            written = lib.llama_token_to_piece(self.vocabulary, token, buffer, size, 0, False)
            if written >= -size:
                return buffer.raw[: max(0, written)]
            size = -written  # the room that it needs

    def is_end(self, token: int) -> bool:
        self.lifetime.check()
        return bool(lib.llama_vocab_is_eog(self.vocabulary, token))

    @property
    def beginning(self) -> int | None:
        """The token that the file wants before every text, or None."""
        self.lifetime.check()
        wanted = lib.llama_vocab_get_add_bos(self.vocabulary)
        return int(lib.llama_vocab_bos(self.vocabulary)) if wanted else None

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
    messages.clear()
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
