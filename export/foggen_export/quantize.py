"""Quantization by llama.cpp: makes a smaller GGUF from one of floats, with the same metadata."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foggen.engine.machine import thread_count
from foggen.engine.native import last_error, lib
from foggen.errors import ModelFileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUANTS = {  # llama.cpp's file types
    "q8_0": lib.LLAMA_FTYPE_MOSTLY_Q8_0,
    "q6_k": lib.LLAMA_FTYPE_MOSTLY_Q6_K,
    "q5_k_m": lib.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "q4_k_m": lib.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "q4_0": lib.LLAMA_FTYPE_MOSTLY_Q4_0,
    "iq4_nl": lib.LLAMA_FTYPE_MOSTLY_IQ4_NL,
}
MOST_BUFFER = 256 << 20  # bytes of a tensor's rows in memory at once
Importance = Mapping[str, "NDArray[np.float32]"]  # GGUF tensor -> mean square of each input


def quantize(source: Path, target: Path, quant: str, importance: Importance | None = None) -> None:
    """Quantize the GGUF `source` to `target`; if llama.cpp fails, raises ModelFileError and leaves no file.

    importance: weights of the columns of each matrix ("imatrix").
    """
    params = lib.llama_model_quantize_default_params()
    params.ftype = QUANTS[quant]
    params.nthread = thread_count()
    params.max_buf_size = MOST_BUFFER
    entries = _entries(importance or {})
    if importance:
        params.imatrix = entries
    if lib.llama_model_quantize(os.fsencode(source), os.fsencode(target), ctypes.byref(params)):
        target.unlink(missing_ok=True)
        raise ModelFileError(f"{source} cannot be quantized to {quant}: {last_error()}")


def _entries(importance: Importance) -> Any:
    """The importance as a C array that ends with an entry without a name."""
    entries = (lib.llama_model_imatrix_data * (len(importance) + 1))()
    for entry, (name, values) in zip(entries, importance.items(), strict=False):
        data = np.ascontiguousarray(values, dtype=np.float32)
        entry.name = name.encode()
        entry.data = (ctypes.c_float * data.size)(*data.tolist())
        entry.size = data.size
    return entries
