"""How much faster do two Ray workers label than one process, with one core each?

    python bench/scale_out.py --questions 2000

Both label the same questions with the same GGUF, in the order one, Ray, one, Ray. Rates are measured from
the first finished batch to the last, since starting Ray takes seconds in any case. Their files must be
equal, byte for byte. The last line on stdout is one JSON document.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from foggen.config import STARTER
from foggen.store.models import locate
from foggen_training.labels.jobs import Executor, LabelJob, in_this_process, label_into
from foggen_training.labels.models import ModelReference
from foggen_training.pools import generated
from foggen_training.recipe import LabelPlan, ModelPlan
from foggen_training.scale.ray_executor import RayExecutor
from foggen_training.starter.rows import CONTRACT, PLAIN

BATCH = 50


def main() -> None:
    arguments = parser().parse_args()
    items = generated(7, "test", arguments.questions)
    model = ModelPlan(STARTER, "qwen3", CONTRACT.system_prompt, PLAIN.system_prompt)
    source = ModelReference(str(locate(STARTER)[1]), model, threads=1)
    job = LabelJob(source, LabelPlan(mode=arguments.mode, batch=BATCH), raw=False)
    engines: dict[str, Executor] = {"one": in_this_process, "ray": RayExecutor(arguments.workers)}
    rates: dict[str, list[float]] = {name: [] for name in engines}
    files: set[bytes] = set()
    for _ in range(arguments.rounds):
        for name, engine in engines.items():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "labels.jsonl"
                rates[name].append(rate(path, job, items, engine))
                files.add(path.read_bytes())
            print(f"{name}: {rates[name][-1]:.0f} questions/s", file=sys.stderr)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    print(
        json.dumps(
            {
                "benchmark": "scale_out",
                "mode": arguments.mode,
                "questions": len(items),
                "workers": arguments.workers,
                "questions_per_s": rates,
                "ratio": medians["ray"] / medians["one"],
                "same_bytes": len(files) == 1,
            }
        )
    )


def rate(path: Path, job: LabelJob, items: list, engine: Executor) -> float:  # type: ignore[type-arg]
    """Questions per second between the first and the last finished batch."""
    marks: list[tuple[int, float]] = []
    label_into(
        path, job, items, "s", engine, lambda done, _: marks.append((done, time.monotonic()))
    )
    (first, begun), (last, ended) = marks[1], marks[-1]
    return (last - first) / (ended - begun)


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    found.add_argument("--questions", type=int, default=2000)
    found.add_argument("--workers", type=int, default=2)
    found.add_argument("--rounds", type=int, default=2)
    found.add_argument("--mode", choices=["exact", "sampled"], default="sampled")
    return found


if __name__ == "__main__":
    main()
