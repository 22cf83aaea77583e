"""A starter that takes seconds: the real stages on the CPU, with one thread, at the smallest sizes.

    python -m tests.training.small_starter FOLDER STEP

runs the stages and stands still for ever at that step of the pretraining, to be killed there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from foggen_training.starter import build as stages
from foggen_training.starter.build import StarterPlan
from foggen_training.starter.pretrain import PretrainingPlan

STEPS, CHECKPOINT_EVERY = 60, 20
PLAN = StarterPlan(
    size="nano",
    seed=3,
    pretraining=PretrainingPlan(
        steps=STEPS,
        batch=8,
        learning_rate=2e-2,
        warmup=1 / 6,
        checkpoint_every=CHECKPOINT_EVERY,
        seed=3,
    ),
)


@contextmanager
def one_thread_of_the_cpu() -> Iterator[None]:
    """Same device, same number of threads, so that sums are added in the same order."""
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.cuda, "is_available", lambda: False)
        patch.setattr(torch.backends.mps, "is_available", lambda: False)
        patch.setattr(stages, "TOKENIZER_ROWS", 600)
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)


def main(folder: Path, last: int) -> None:
    def progress(step: int, steps: int, loss: float) -> None:
        print(step, flush=True)
        if step == last:
            time.sleep(3600)

    with one_thread_of_the_cpu():
        stages.build(PLAN, folder, progress)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
