"""The big physical cores of this machine, from each system's own source.

Only the Linux source has run on real machines here. Those of macOS and Windows are tested on recorded
answers; `foggen-edge doctor` says so there.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .system_files import text_of

DEVICES = Path("/sys/devices")
BIG_CAPACITY = (
    0.75  # of the largest: Arm's middle cores are worth a thread, its little ones are not
)
BIG_FREQUENCY = (
    0.8  # of the highest: Intel's efficiency cores have up to 0.79, its others above 0.95
)
PROCESSOR_CORE = 0  # RelationProcessorCore of Windows


@dataclass(frozen=True)
class Cores:
    """count: big physical cores that this process may use. source: who said so. is_tested: whether this
    source has run on a real machine in this project."""

    count: int
    source: str
    is_tested: bool = True


def big_cores(processors: Sequence[int], system: str = sys.platform) -> Cores:
    """The big cores among the logical processors that this process may run on."""
    if system == "darwin" and (count := apple_cores(_sysctl)):
        return Cores(count, "sysctl", is_tested=False)
    if system == "win32" and (count := windows_cores(_processor_table())):
        return Cores(count, "GetLogicalProcessorInformationEx", is_tested=False)
    if system.startswith("linux"):
        return Cores(linux_cores(processors), str(DEVICES / "system/cpu"))
    return Cores(max(1, len(processors) // 2), "half of the processors", is_tested=False)


def linux_cores(processors: Sequence[int]) -> int:
    """The big cores by the kernel's tree: the core types of an Intel hybrid, otherwise capacity or
    frequency."""
    types = set(listed(text_of(DEVICES / "cpu_core/cpus")))
    processors = [number for number in processors if number in types] or list(processors)
    folder = DEVICES / "system/cpu"
    siblings = {n: text_of(folder / f"cpu{n}/topology/thread_siblings_list") for n in processors}
    cores = {siblings[number] or str(number): number for number in processors}
    for name, share in (
        ("cpu_capacity", BIG_CAPACITY),
        ("cpufreq/cpuinfo_max_freq", BIG_FREQUENCY),
    ):
        speeds = [text_of(folder / f"cpu{number}" / name) for number in cores.values()]
        if speeds and all(speed.isdigit() for speed in speeds):
            least = share * max(map(int, speeds))
            return sum(int(speed) >= least for speed in speeds)
    return len(cores)


def apple_cores(read: Callable[[str], int | None]) -> int | None:
    """The performance cores of Apple silicon; all physical cores of an Intel Mac."""
    return read("hw.perflevel0.physicalcpu") or read("hw.physicalcpu")


def windows_cores(table: bytes) -> int | None:
    """The cores of the highest efficiency class in a table of SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX.

    An entry has its kind and its size, 32 bits each, and for a core its flags and its efficiency class,
    8 bits each: the higher the class, the faster the core.
    """
    classes, place = [], 0
    while place + 10 <= len(table):
        kind, size = struct.unpack_from("<II", table, place)
        if kind == PROCESSOR_CORE:
            classes.append(table[place + 9])
        place += max(size, 8)
    return classes.count(max(classes)) if classes else None


def listed(text: str) -> list[int]:
    """The numbers of a list such as "0-3,8"."""
    numbers: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def _sysctl(name: str) -> int | None:
    """A number that macOS knows by this name."""
    value, size = ctypes.c_int32(), ctypes.c_size_t(4)
    try:
        failed = ctypes.CDLL(None).sysctlbyname(
            name.encode(), ctypes.byref(value), ctypes.byref(size), None, ctypes.c_size_t(0)
        )
    except (OSError, AttributeError):
        return None
    return None if failed else value.value


def _processor_table() -> bytes:
    """What Windows says of its cores; nothing if it refuses."""
    try:
        ask: Any = ctypes.CDLL("kernel32").GetLogicalProcessorInformationEx
    except OSError:
        return b""
    size = ctypes.c_uint32(0)
    ask(PROCESSOR_CORE, None, ctypes.byref(size))  # fails, and says how large the table is
    table = ctypes.create_string_buffer(size.value)
    return table.raw if ask(PROCESSOR_CORE, table, ctypes.byref(size)) else b""


def usable_processors() -> list[int]:
    """The logical processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
