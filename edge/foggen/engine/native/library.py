"""The library: loaded once, its messages kept, and what the installed build can do."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

from ...errors import ConfigurationError
from ...installation import installation
from ..openmp import kind_of
from . import compatibility
from .back_ends import devices, load_back_ends, processor_library


def _binding() -> Any:
    """The module of the low-level calls. Raises ConfigurationError if it or its library cannot be loaded."""
    try:
        from llama_cpp import llama_cpp
    except (ImportError, OSError, RuntimeError, AttributeError) as error:  # what its loader raises
        raise ConfigurationError(
            f"llama.cpp cannot be loaded: {error}", hint=installation().add(compatibility.pinned())
        ) from error
    compatibility.check(llama_cpp)
    return llama_cpp


lib = _binding()
LIBRARIES = Path(str(lib.__file__)).parent / "lib"

messages: list[str] = []  # the library's last words


@lib.llama_log_callback  # type: ignore[untyped-decorator]
def _collect(level: int, text: bytes, _data: object) -> None:
    """The library's own words, kept for an error message, never printed."""
    messages.append(text.decode("utf-8", errors="replace"))
    del messages[:-20]


lib.llama_log_set(_collect, ctypes.c_void_p(0))
load_back_ends(LIBRARIES)
lib.llama_backend_init()


def system_info() -> str:
    """The processor features that the installed build uses."""
    return str(lib.llama_print_system_info().decode())


def openmp_kind() -> str:
    """Which OpenMP the installed build runs with; see `openmp.kind_of`."""
    return kind_of(processor_library())


def accelerators() -> list[str]:
    """The devices beside the processor that the installed build can use, such as "Metal" or "CUDA0"."""
    return [name for name in devices() if name != "CPU"]


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


def last_error() -> str:
    """The library's reason for its last failure."""
    for word in ("error", "fail"):  # the reason comes first, that it failed comes last
        if lines := [line.strip() for line in messages if word in line.lower()]:
            return lines[-1]
    return "llama.cpp refused the file"
