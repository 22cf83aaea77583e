"""ggml's back ends: libraries of their own in a portable build, part of it in one for this processor.

A portable build holds the processor's back end several times, once for each family of processors.
ggml loads the best one that this processor runs. It would look beside the interpreter and in the current
folder; we name the installed package's folder instead, so that no other file is ever loaded.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import ConfigurationError

PROCESSOR = 0  # ggml's number for the kind of device
POINTER, TEXT = ctypes.c_void_p, ctypes.c_char_p

SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "ggml_backend_load_all_from_path": (None, [TEXT]),
    "ggml_backend_dev_count": (ctypes.c_size_t, []),
    "ggml_backend_dev_get": (POINTER, [ctypes.c_size_t]),
    "ggml_backend_dev_name": (TEXT, [POINTER]),
    "ggml_backend_dev_by_type": (POINTER, [ctypes.c_int]),
    "ggml_backend_dev_backend_reg": (POINTER, [POINTER]),
    "ggml_backend_reg_get_proc_address": (POINTER, [POINTER, TEXT]),
}


class _Place(ctypes.Structure):
    """Dl_info of dladdr(3)."""

    _fields_ = (("file", TEXT), ("base", POINTER), ("symbol", TEXT), ("address", POINTER))


def load_back_ends(libraries: Path) -> None:
    """Load the back ends of the package's folder, unless the process has loaded some before.

    Raises ConfigurationError if none of them runs on this processor.
    """
    ggml = _ggml()
    if not ggml.ggml_backend_dev_by_type(PROCESSOR):
        ggml.ggml_backend_load_all_from_path(os.fsencode(libraries))
    if not ggml.ggml_backend_dev_by_type(PROCESSOR):
        raise ConfigurationError(
            f"no library in {libraries} runs on this processor",
            hint="reinstall llama-cpp-python, or build it on this machine",
        )


def devices() -> list[str]:
    """The names of all devices, such as "CPU", "Metal" or "CUDA0"."""
    ggml = _ggml()
    found = [ggml.ggml_backend_dev_get(index) for index in range(ggml.ggml_backend_dev_count())]
    return [ggml.ggml_backend_dev_name(device).decode("utf-8", "replace") for device in found]


def processor_library() -> Path | None:
    """The file of the processor's back end that is in use; None where the system does not tell (Windows)."""
    if os.name == "nt":
        return None
    ggml = _ggml()
    back_end = ggml.ggml_backend_dev_backend_reg(ggml.ggml_backend_dev_by_type(PROCESSOR))
    function = ggml.ggml_backend_reg_get_proc_address(back_end, b"ggml_backend_set_n_threads")
    place = _Place()
    if not ctypes.CDLL(None).dladdr(POINTER(function), ctypes.byref(place)):
        return None
    return Path(os.fsdecode(place.file))


def build_kind() -> str:
    """The kind of the installed build: "portable (haswell)", with the family in use, or "native"."""
    file = processor_library()
    family = file.name.partition("ggml-cpu-")[2].partition(".")[0] if file else ""
    return f"portable ({family})" if family else "native" if file else "unknown"


@cache
def _ggml() -> Any:
    """ggml's own library, which llama_cpp does not describe. Raises ConfigurationError."""
    from llama_cpp._ggml import libggml

    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(libggml, name, None)
        if function is None:
            raise ConfigurationError(f"the installed ggml has no {name}")
        function.restype, function.argtypes = result, arguments
    return libggml
