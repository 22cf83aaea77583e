"""How llama.cpp's threads wait for each other: asleep, whatever the host program has set or imported.

The threads of a decoding meet several hundred times. GNU OpenMP lets the first ones spin until the
last one comes, some milliseconds long. On a machine whose cores are busy the last one has no core to
run on, because the others spin on it: an answer then takes 20 times as long. The environment variable
that forbids spinning is read when OpenMP is loaded, which may be before this package, and it would
hold for the whole program. But OpenMP stops spinning by itself when it has more threads than there
are processors. So a few threads that never do anything are kept while a model is open.

    python bench/latency_load.py        shows the difference
"""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from typing import Any

from ..calls.workers import start_thread
from .machine import threads_left

FLOATS = 64  # in the sum that the threads are started with
ARENA = 1 << 20  # bytes for its graph
F32 = 0  # ggml's number for the type


class _Arena(ctypes.Structure):
    """ggml_init_params."""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("buffer", ctypes.c_void_p),
        ("without_data", ctypes.c_bool),
    )


class SleepingThreads:
    """Threads of OpenMP's that sleep until `close`; with them, none of its threads spins.

    Does nothing where OpenMP is not GNU's (`kind_of`), or where the container allows too few threads:
    OpenMP ends the process if it cannot start one.
    """

    def __init__(self, processor_library: Path | None, threads: int) -> None:
        """processor_library: the file of ggml's back end for the processor, None where it is not known.
        threads: of the decoding that is to be helped.

        Raises ConfigurationError if no thread can be started.
        """
        self._done = threading.Event()
        self._ready = threading.Event()
        count = (os.cpu_count() or 1) - threads + 2
        gnu = kind_of(processor_library) == "gnu"
        if threads > 1 and processor_library and gnu and 2 * count < threads_left():
            start_thread(lambda: self._keep(processor_library, count), "foggen-openmp")
            self._ready.wait()

    def close(self) -> None:
        """Let the threads end; twice is fine."""
        self._done.set()

    def _keep(self, processor_library: Path, count: int) -> None:
        """OpenMP's threads belong to the thread that first used them, and end with it."""
        try:
            ending = processor_library.name.partition(".")[2]  # so, so.0, dylib
            base = processor_library.with_name(f"libggml-base.{ending}")
            _compute_a_sum(ctypes.CDLL(str(processor_library)), ctypes.CDLL(str(base)), count)
        finally:
            self._ready.set()
        self._done.wait()


def kind_of(processor_library: Path | None) -> str:
    """Which OpenMP llama.cpp runs with: "gnu", "llvm", or "none" of them (it then brings its own threads)."""
    cpu = ctypes.CDLL(str(processor_library)) if processor_library else None
    if hasattr(cpu, "kmp_set_blocktime"):  # LLVM's has GNU's entry points as well
        return "llvm"
    return "gnu" if hasattr(cpu, "GOMP_parallel") else "none"


def _compute_a_sum(cpu: Any, base: Any, threads: int) -> None:
    """Something for llama.cpp to do with so many threads."""
    pointer = ctypes.c_void_p
    for library, name, result, arguments in (
        (base, "ggml_init", pointer, [_Arena]),
        (base, "ggml_new_tensor_1d", pointer, [pointer, ctypes.c_int, ctypes.c_int64]),
        (base, "ggml_add", pointer, [pointer, pointer, pointer]),
        (base, "ggml_new_graph", pointer, [pointer]),
        (base, "ggml_build_forward_expand", None, [pointer, pointer]),
        (base, "ggml_free", None, [pointer]),
        (cpu, "ggml_graph_compute_with_ctx", ctypes.c_int, [pointer, pointer, ctypes.c_int]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    arena = base.ggml_init(_Arena(ARENA, None, False))
    numbers = base.ggml_new_tensor_1d(arena, F32, FLOATS)
    graph = base.ggml_new_graph(arena)
    base.ggml_build_forward_expand(graph, base.ggml_add(arena, numbers, numbers))
    cpu.ggml_graph_compute_with_ctx(arena, graph, threads)
    base.ggml_free(arena)
