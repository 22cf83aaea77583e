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

    def __init__(self, libraries: Path, threads: int) -> None:
        """libraries: the folder of llama.cpp's. threads: of the decoding that is to be helped.

        Raises ConfigurationError if no thread can be started.
        """
        self._done = threading.Event()
        self._ready = threading.Event()
        cpu = _ggml_cpu(libraries)
        count = (os.cpu_count() or 1) - threads + 2
        if threads > 1 and kind_of(libraries) == "gnu" and cpu and 2 * count < threads_left():
            start_thread(lambda: self._keep(cpu, libraries, count), "foggen-openmp")
            self._ready.wait()

    def close(self) -> None:
        """Let the threads end; twice is fine."""
        self._done.set()

    def _keep(self, cpu: Any, libraries: Path, count: int) -> None:
        """OpenMP's threads belong to the thread that first used them, and end with it."""
        try:
            _compute_a_sum(cpu, ctypes.CDLL(str(_library(libraries, "ggml-base"))), count)
        finally:
            self._ready.set()
        self._done.wait()


def kind_of(libraries: Path) -> str:
    """Which OpenMP llama.cpp runs with: "gnu", "llvm", or "none" of them (it then brings its own threads)."""
    cpu = _ggml_cpu(libraries)
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


def _ggml_cpu(libraries: Path) -> Any:
    path = _library(libraries, "ggml-cpu")
    return None if path is None else ctypes.CDLL(str(path))


def _library(folder: Path, name: str) -> Path | None:
    """The file of one of llama.cpp's libraries, None where it is called otherwise (Windows, macOS)."""
    path = folder / f"lib{name}.so"
    return path if path.is_file() else None
