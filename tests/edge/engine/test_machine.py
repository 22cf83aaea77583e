"""`foggen.engine.machine`, on recorded machines: which cores are worth a thread, and what a container allows."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from foggen.engine import cores, machine

Machine = Callable[..., None]


@pytest.fixture
def machine_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """`machine_of(cpus, cgroup)`: the machine has these processors and this container's limits.

    cpus: of each processor the files below its folder. cgroup: the files of the container. types: the
    files of core types.
    """

    def make(
        cpus: list[Mapping[str, object]] | None = None,
        cgroup: Mapping[str, object] | None = None,
        types: Mapping[str, object] | None = None,
    ) -> None:
        for number, files in enumerate(cpus or []):
            write(tmp_path / "devices/system/cpu" / f"cpu{number}", files)
        write(tmp_path / "cgroup", cgroup or {})
        write(tmp_path / "devices", types or {})
        monkeypatch.setattr(cores, "DEVICES", tmp_path / "devices")
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
# An i7-12700K: eight big cores of two threads, and four at .76 of their frequency.
ALDER_LAKE = [
    *(core(number, 5_000_000, f"{number // 2 * 2}-{number // 2 * 2 + 1}") for number in range(16)),
    *(core(number, 3_800_000) for number in range(16, 20)),
]
# A Core Ultra 7 155H: six big cores, eight efficient ones, and two slow ones that are of their type.
METEOR_LAKE = [
    *(core(number, 4_800_000, f"{number // 2 * 2}-{number // 2 * 2 + 1}") for number in range(12)),
    *(core(number, 3_800_000) for number in range(12, 20)),
    *(core(number, 2_500_000) for number in range(20, 22)),
]
TYPES = {"cpu_core/cpus": "0-11", "cpu_atom/cpus": "12-21"}


@pytest.mark.parametrize(
    ("cpus", "threads"),
    [
        (PLAIN, 4),
        (TWO_THREADS_A_CORE, 4),
        (HYBRID, 6),
        (BIG_LITTLE, 4),
        (VIRTUAL, 2),
        (ALDER_LAKE, 8),
        (METEOR_LAKE, 6),
    ],
    ids=["plain", "two threads a core", "hybrid", "big.LITTLE", "virtual", "12700K", "155H"],
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
    machine_of(PLAIN, cgroup)
    available = machine.memory_available()
    assert available is not None
    assert available > 1 << 20


def test_b8_an_intel_hybrid_says_which_cores_are_big(machine_of: Machine) -> None:
    machine_of([core(number, 3_000_000) for number in range(22)], types=TYPES)
    assert machine.thread_count() == 12
    assert cores.big_cores(list(range(12, 22)), "linux").count == 10  # bound to the others alone


def test_b8_apple_silicon_has_its_performance_cores_and_an_intel_mac_all() -> None:
    silicon = {"hw.perflevel0.physicalcpu": 4, "hw.physicalcpu": 8}
    assert cores.apple_cores(silicon.get) == 4
    assert cores.apple_cores({"hw.physicalcpu": 6}.get) == 6
    assert cores.apple_cores({}.get) is None


def windows_table(classes: Sequence[int]) -> bytes:
    """A table as Windows gives it: a core's entry, and one of a cache, which is passed over."""
    entries = b""
    for efficiency in classes:
        entries += struct.pack("<IIBB", 0, 48, 1, efficiency) + bytes(38)
        entries += struct.pack("<II", 2, 56) + b"\xff" * 48
    return entries


def test_b8_windows_has_the_cores_of_the_highest_class() -> None:
    assert cores.windows_cores(windows_table([1] * 8 + [0] * 4)) == 8
    assert cores.windows_cores(windows_table([0] * 6)) == 6
    assert cores.windows_cores(b"") is None


@pytest.mark.parametrize("system", ["darwin", "win32", "aix"])
def test_b8_a_system_that_says_nothing_gets_half_of_its_processors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(cores, "DEVICES", tmp_path / "none")
    monkeypatch.setattr(cores, "_sysctl", lambda _: None)
    monkeypatch.setattr(cores, "_processor_table", lambda: b"")
    guessed = cores.big_cores(list(range(8)), system)
    assert (guessed.count, guessed.is_tested) == (4, False)
    assert cores.big_cores([0], system).count == 1
