"""Labels by two workers of Ray, one of which is killed in the middle; a process of its own, since Ray
leaves things behind in the one that started it.

    python -m tests.training.on_ray FILE
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil

from foggen_training.labels.jobs import label_into
from foggen_training.scale.ray_executor import RayExecutor

from .test_engines import items, job

NUMBER = 48


def main(path: Path) -> None:
    killed: list[int] = []

    def kill_a_worker(done: int, total: int) -> None:
        if done and not killed:
            killed.append(worker())
            os.kill(killed[0], signal.SIGKILL)

    label_into(path, job(), items(NUMBER), "s", RayExecutor(2), kill_a_worker)
    print(f"killed {killed}")


def worker() -> int:
    """One of this process's own actors: Ray gives them their class for a name."""
    mine = psutil.Process().children(recursive=True)
    return next(p.pid for p in mine if p.cmdline() and "Worker" in p.cmdline()[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
