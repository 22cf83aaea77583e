"""llama.cpp, as little of it as we need: the only package that imports `llama_cpp`.

The high-level `Llama` class copies every score, tokenizes text with control tokens recognised, and saves
states of tens of MB; the low-level calls do what the one pass needs in a few lines. A context belongs to one
thread at a time (`turns.py`); nothing is freed while a call uses it (`lifetime.py`).
"""

from .back_ends import build_kind, processor_library
from .compatibility import pinned
from .context import BATCH, MAX_OUTPUTS, Context, DecodingStopped
from .grammar import Grammar
from .library import (
    LIBRARIES,
    accelerators,
    check_gpu,
    last_error,
    lib,
    openmp_kind,
    system_info,
    uses_amx,
)
from .model import Model

__all__ = [
    "BATCH",
    "LIBRARIES",
    "MAX_OUTPUTS",
    "Context",
    "DecodingStopped",
    "Grammar",
    "Model",
    "accelerators",
    "build_kind",
    "check_gpu",
    "last_error",
    "lib",
    "openmp_kind",
    "pinned",
    "processor_library",
    "system_info",
    "uses_amx",
]
