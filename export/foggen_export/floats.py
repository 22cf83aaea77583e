"""The three types of floats in a checkpoint and in a GGUF, as numpy holds them: f32, f16, and bf16.

numpy has no bfloat16, which is the upper half of a float32: its values are unsigned integers here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES: Mapping[str, np.dtype[Any]] = {
    "f32": np.dtype("<f4"),
    "f16": np.dtype("<f2"),
    "bf16": np.dtype("<u2"),
}
_EXPONENT = np.uint16(0x7F80)  # of a bfloat16: all ones in infinities and nan


def to_float32(values: NDArray[Any], kind: str) -> NDArray[np.float32]:
    """The same values as float32; exact. kind: their type."""
    if kind == "bf16":
        widened: NDArray[np.float32] = (values.astype(np.uint32) << 16).view(np.float32)
        return widened
    return values.astype(np.float32)


def from_float32(values: NDArray[np.float32], kind: str) -> NDArray[Any]:
    """The nearest values of a type, ties to even, as torch and llama.cpp round; too large ones are infinite."""
    if kind == "bf16":
        bits = values.view(np.uint32)
        rounded = (bits + (0x7FFF + ((bits >> 16) & 1))) >> 16
        # Rounding could turn a nan into an infinity, or carry over.
        return np.where(np.isnan(values), 0x7FC0, rounded).astype(np.uint16)
    with np.errstate(over="ignore"):
        narrowed: NDArray[Any] = values.astype(DTYPES[kind])
        return narrowed


def converted(values: NDArray[Any], source: str, target: str, shift: float) -> NDArray[Any]:
    """The values plus a shift, in another type; computed in float32."""
    if source == target and not shift:
        return values
    return from_float32(to_float32(values, source) + np.float32(shift), target)


def finite(values: NDArray[Any], kind: str) -> bool:
    """Whether no value is infinite or nan."""
    if kind == "bf16":
        return bool(((values & _EXPONENT) != _EXPONENT).all())
    return bool(np.isfinite(values).all())
