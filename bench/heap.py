"""Memory that a process has allocated and not freed, as its C library counts it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence


class _Mallinfo2(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


def heap_in_use() -> int | None:
    """The bytes allocated and not freed; None if the C library does not report them."""
    library = ctypes.CDLL(None) if os.name != "nt" else None
    if not hasattr(library, "mallinfo2"):
        return None
    library.mallinfo2.restype = _Mallinfo2
    found = library.mallinfo2()
    return int(found.uordblks + found.hblkhd)


def floors(samples: Sequence[tuple[int, float]]) -> list[float]:
    """The smallest sample of each thousand asks."""
    thousands: dict[int, list[float]] = {}
    for place, value in sorted(samples):
        thousands.setdefault((place - 1) // 1000, []).append(value)
    return [min(values) for values in thousands.values()]
