"""`foggen.engine.machine`, on recorded machines: which cores are worth a thread, and what a container allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from foggen.engine import machine

Machine = Callable[..., None]


@pytest.fixture
def machine_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """`machine_of(cpus, cgroup)`: the machine has these processors and this container's limits.

    cpus: of each processor the files below its folder. cgroup: the files of the container.
    """

    def make(
        cpus: list[Mapping[str, object]] | None = None,
        cgroup: Mapping[str, object] | None = None,
    ) -> None:
        for number, files in enumerate(cpus or []):
            write(tmp_path / "cpu" / f"cpu{number}", files)
        write(tmp_path / "cgroup", cgroup or {})
        monkeypatch.setattr(machine, "_CPU", tmp_path / "cpu")
        monkeypatch.setattr(machine, "_CGROUP", tmp_path / "cgroup")
        monkeypatch.setattr(machine, "usable_processors", lambda: list(range(len(cpus or []))))

    return make


def write(folder: Path, files: Mapping[str, object]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{text}\n", "utf-8")


SIBLINGS = "topology/thread_siblings_list"


def core(number: int, frequency: int, siblings: str = "") -> dict[str, object]:
    return {SIBLINGS: siblings or number, "cpufreq/cpuinfo_max_freq": frequency}


PLAIN = [core(number, 3_600_000) for number in range(4)]
TWO_THREADS_A_CORE = [{SIBLINGS: f"{n % 4},{n % 4 + 4}"} for n in range(8)]
HYBRID = [
    *(core(number, 4_900_000, f"{number // 2 * 2}-{number // 2 * 2 + 1}") for number in range(12)),
    *(core(number, 3_600_000) for number in range(12, 16)),
]
# Arm tells the capacity; the frequency, which says less, is there too.
BIG_LITTLE = [
    {SIBLINGS: n, "cpu_capacity": 1024 if n >= 4 else 446, "cpufreq/cpuinfo_max_freq": 2_000_000}
    for n in range(8)
]
VIRTUAL: list[dict[str, object]] = [{}, {}]


@pytest.mark.parametrize(
    ("cpus", "threads"),
    [(PLAIN, 4), (TWO_THREADS_A_CORE, 4), (HYBRID, 6), (BIG_LITTLE, 4), (VIRTUAL, 2)],
    ids=["plain", "two threads a core", "hybrid", "big.LITTLE", "virtual"],
)
def test_b8_one_thread_for_each_big_core(
    machine_of: Machine, cpus: list[Mapping[str, object]], threads: int
) -> None:
    machine_of(cpus)
    assert machine.thread_count() == threads


@pytest.mark.parametrize(
    ("cgroup", "quota", "threads"),
    [
        ({}, None, 4),
        ({"cpu.max": "max 100000"}, None, 4),
        ({"cpu.max": "200000 100000"}, 2.0, 2),
        ({"cpu.max": "150000 100000"}, 1.5, 2),
        ({"cpu.max": "20000 100000"}, 0.2, 1),
        ({"cpu.max": "800000 100000"}, 8.0, 4),
        ({"cpu/cpu.cfs_quota_us": -1, "cpu/cpu.cfs_period_us": 100_000}, None, 4),
        ({"cpu/cpu.cfs_quota_us": 300_000, "cpu/cpu.cfs_period_us": 100_000}, 3.0, 3),
        ({"cpu/cpu.cfs_quota_us": 300_000}, None, 4),
    ],
    ids=repr,
)
def test_b8_a_container_s_quota_bounds_the_threads(
    machine_of: Machine, cgroup: Mapping[str, object], quota: float | None, threads: int
) -> None:
    machine_of(PLAIN, cgroup)
    assert machine.cpu_quota() == quota
    assert machine.thread_count() == threads


@pytest.mark.parametrize(
    ("cgroup", "free"),
    [
        ({"memory.max": 300_000, "memory.current": 100_000}, 200_000),
        ({"memory.max": 300_000, "memory.current": 400_000}, 0),
        ({"memory.max": 300_000}, 300_000),
        ({"memory/memory.limit_in_bytes": 300_000, "memory/memory.usage_in_bytes": 1}, 299_999),
    ],
    ids=repr,
)
def test_a_container_s_memory_is_what_can_be_taken(
    machine_of: Machine, cgroup: Mapping[str, object], free: int
) -> None:
    machine_of(PLAIN, cgroup)
    assert machine.memory_available() == free


@pytest.mark.parametrize(
    "cgroup",
    [{"memory.max": "max"}, {"memory/memory.limit_in_bytes": 0x7FFFFFFFFFFFF000}],
    ids=repr,
)
def test_no_limit_leaves_the_machine_s_own(
    machine_of: Machine, cgroup: Mapping[str, object]
) -> None:
    machine_of(PLAIN, {})
    if machine.memory_available() is None:
        pytest.skip("this system does not tell its free memory")
    machine_of(PLAIN, cgroup)
    available = machine.memory_available()
    assert available is not None
    assert available > 1 << 20
