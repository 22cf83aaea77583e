"""Batches on Ray Data: one model per worker, results in order, and batches of killed workers repeated.

    foggen-train run RECIPE -o OUT --engine ray --workers 2

Ray manages the workers and restarts those that die. Every batch has its own seed, so the results equal those
of a single process. It needs an extra: pip install 'foggen[ray]'.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

from ..labels.jobs import Batch, Job

OBJECT_STORE = 200 << 20  # bytes; batches of questions and labels are small


class Worker:
    """A Ray actor: opens the model once, with one thread, and processes one batch after another."""

    def __init__(self, job: Job) -> None:
        self.job = replace(job, model=replace(job.model, threads=1))
        self.opened = ExitStack()  # keeps the model open
        self.model = self.opened.enter_context(self.job.model.open())

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        batch: Batch = pickle.loads(row["batch"])
        return {"number": batch.number, "results": pickle.dumps(self.job.do(self.model, batch))}


@dataclass(frozen=True)
class RayExecutor:
    """An executor of `workers` processes, one core each; see `jobs.Executor`."""

    workers: int

    def __call__(self, job: Job, batches: Sequence[Batch]) -> Iterator[list[Any]]:
        # Redirected until Ray is shut down, since one of its threads may print at any time.
        with redirect_stdout(sys.stderr), self._running():
            yield from self._results(job, batches)

    @contextmanager
    def _running(self) -> Iterator[None]:
        """Start Ray with our workers, unless the caller already runs Ray."""
        import ray

        if ray.is_initialized():
            yield
            return
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no telemetry
        ray.init(
            num_cpus=self.workers,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
            _node_ip_address="127.0.0.1",
            object_store_memory=OBJECT_STORE,
            runtime_env={"env_vars": _environment()},
        )
        try:
            yield
        finally:
            ray.shutdown()

    def _results(self, job: Job, batches: Sequence[Batch]) -> Iterator[list[Any]]:
        import ray.data

        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        # Pickled, because columns of Ray's tables hold simple values.
        rows = ray.data.from_items(
            [{"batch": pickle.dumps(batch)} for batch in batches], override_num_blocks=len(batches)
        )
        done = rows.map(
            Worker,
            fn_constructor_args=[job],
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(size=self.workers),
        )
        for batch, row in zip(batches, done.iter_rows(), strict=True):
            if row["number"] != batch.number:
                raise RuntimeError(f"got batch {row['number']} instead of {batch.number}")
            yield pickle.loads(row["results"])


def _environment() -> dict[str, str]:
    """One thread for each worker, since the workers share the cores."""
    return {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
