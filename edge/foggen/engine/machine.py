"""What this machine gives the model: processor cores that are worth a thread, memory, llama.cpp's build."""

from __future__ import annotations

import math
import platform
from pathlib import Path

from .cores import big_cores, usable_processors
from .system_files import text_of

_CGROUP = Path("/sys/fs/cgroup")
SMALL_MODEL_BYTES = 16 << 20


def llama_cpp_version() -> str:
    """Which build runs the models; told without loading it."""
    from importlib.metadata import version

    return f"llama-cpp-python {version('llama-cpp-python')}"


def thread_count() -> int:
    """One thread for each big physical core, bounded by the container's quota; at least 1.

    Slow cores hold the fast ones back at every barrier (a hundredfold collapse was reported), and a
    second thread on one core shares its vector units.
    """
    big, quota = big_cores(usable_processors()).count, cpu_quota()
    return max(1, min(big, int(quota + 0.5)) if quota else big)


def threads_for(model_bytes: int) -> int:
    """The threads for a model: in a small one they would wait for each other longer than they work.

    With 3.7M parameters (4 MB) an answer took 12 ms with one thread and 15 ms with two that sleep
    while they wait, on two cores of an Intel Xeon.
    """
    return 1 if model_bytes < SMALL_MODEL_BYTES else thread_count()


def cpu_quota() -> float | None:
    """The container's limit in cores, None without one (cgroup 2, then cgroup 1)."""
    limit, _, period = text_of(_CGROUP / "cpu.max").partition(" ")
    if not limit:
        limit = text_of(_CGROUP / "cpu/cpu.cfs_quota_us")
        period = text_of(_CGROUP / "cpu/cpu.cfs_period_us")
    if limit in ("", "max", "-1") or not period.isdigit():
        return None
    return int(limit) / int(period)


def threads_left() -> float:
    """How many more threads the container allows; infinite without a limit (cgroup 2, then 1)."""
    for limit, used in (("pids.max", "pids.current"), ("pids/pids.max", "pids/pids.current")):
        most, now = text_of(_CGROUP / limit), text_of(_CGROUP / used)
        if most.isdigit():
            return int(most) - int(now or 0)
    return math.inf


def memory_available() -> int | None:
    """Bytes that this process can still take: the container's limit or the host's free memory."""
    free = [value for value in (_cgroup_free(), _host_free()) if value is not None]
    return min(free) if free else None


def processor_name() -> str:
    """The processor as the system names it."""
    for line in text_of(Path("/proc/cpuinfo")).splitlines():
        if line.lower().startswith(("model name", "hardware")):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 numbers itself, as far as Linux says."""
    lines = text_of(Path("/proc/cpuinfo")).splitlines()
    flags = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return bool({"avx512_bf16", "amx_bf16", "bf16"} & set(flags.split()))


def _cgroup_free() -> int | None:
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        total, now = text_of(_CGROUP / limit), text_of(_CGROUP / used)
        if total.isdigit() and int(total) < 1 << 60:
            return max(0, int(total) - int(now or 0))
    return None


def _host_free() -> int | None:
    import psutil

    try:
        return int(psutil.virtual_memory().available)
    except (OSError, RuntimeError, NotImplementedError):
        return None
