"""Measure the time of an answer on a busy machine, depending on the library that was imported first.

    python bench/latency_load.py [MODEL.gguf] [--new-tokens 80] [--threads N] [--rounds 40]

By default the model in the box is used. For each library a new process imports it, opens the model and
answers questions, first on the machine as it is, then next to one busy process per processor. The processes
take turns, twice, so that drift of the machine affects all of them. "spinning" is the alternative: OpenMP's
own way of waiting, with one thread per big core, whatever the size of the model.

A table for people comes first; the last line on stdout is one JSON object: load (number of busy processes),
threads, and for each library {idle_ms, busy_ms, to_first}: medians in milliseconds, and the ratio of busy_ms
to that of foggen.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from foggen.config import STARTER
from foggen.engine.cores import usable_processors
from foggen.engine.machine import thread_count
from foggen.store.models import layout_for, locate

LIBRARIES = ("foggen", "llama_cpp", "torch", "foggen_training")
SPINNING = "spinning"
WARM_UP = 2
MOST_S = 20.0  # for the rounds of one process; with spinning threads a round may take a second


def beside_load(
    model: Path,
    *,
    new_tokens: int,
    threads: int | None,
    rounds: int,
    wanted: Sequence[str] = (*LIBRARIES, SPINNING),
    passes: int = 2,
) -> dict[str, Any]:
    """Measure the wanted ways whose libraries are installed."""
    from random_model import progress

    ways = [way for way in wanted if way == SPINNING or find_spec(way)]
    found: dict[str, dict[str, list[float]]] = {way: {"idle": [], "busy": []} for way in ways}
    with progress("measuring beside a busy machine", 2 * passes * len(ways)) as bar:
        for _ in range(passes):
            for state, load in (("idle", 0), ("busy", len(usable_processors()))):
                with busy_processes(load):
                    for way in ways:
                        found[way][state] += _measured(way, model, new_tokens, threads, rounds)
                        bar.advance(bar.task_ids[0])
    first = median(found["foggen"]["busy"])
    return {
        "load": len(usable_processors()),
        "threads": threads,
        "libraries": {
            way: {
                "idle_ms": round(median(times["idle"]), 2),
                "busy_ms": round(median(times["busy"]), 2),
                "to_first": round(median(times["busy"]) / first, 2),
            }
            for way, times in found.items()
        },
    }


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Run this many processes that compute without waiting."""
    command = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def lines(report: dict[str, Any] | None) -> list[str]:
    """The report as text."""
    if report is None:
        return ["beside a busy machine: not measured"]
    head = f"{'imported first':<18}{'idle ms':>10}{'busy ms':>10}{'x foggen, busy':>16}"
    rows = [
        f"{name:<18}{row['idle_ms']:>10.1f}{row['busy_ms']:>10.1f}{row['to_first']:>16.2f}"
        for name, row in report["libraries"].items()
    ]
    return [f"kept answer, beside {report['load']} busy processes:", head, *rows]


def _measured(
    way: str, model: Path, new_tokens: int, threads: int | None, rounds: int
) -> list[float]:
    arguments = [str(model), "--new-tokens", str(new_tokens), "--rounds", str(rounds), "--way", way]
    if threads:
        arguments += ["--threads", str(threads)]
    command = [sys.executable, str(Path(__file__).resolve()), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    times: list[float] = json.loads(done.stdout)
    return times


def _measure(options: argparse.Namespace) -> list[float]:
    """Measure in a new process; returns the milliseconds of each kept answer."""
    if options.way == SPINNING:
        from foggen.engine import openmp

        openmp.kind_of = lambda _: "none"  # disables our own way of waiting
        options.threads = options.threads or thread_count()
    else:
        import_module(options.way)
    from foggen.engine.engine import Engine
    from padded_question import padded_question

    times: list[float] = []
    layout = layout_for(options.model)
    with Engine(options.model, threads=options.threads, layout=layout) as engine:
        for number in range(WARM_UP + options.rounds):
            question = padded_question(engine, options.new_tokens, number)
            started = perf_counter()
            engine.assess(question)
            times.append(1000 * (perf_counter() - started))
            if sum(times) > 1000 * MOST_S:
                break
    return times[WARM_UP:] or times


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="What an answer costs beside a busy machine.")
    parser.add_argument("model", type=Path, nargs="?", default=locate(STARTER)[1])
    parser.add_argument("--new-tokens", type=int, default=80)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--way", choices=(*LIBRARIES, SPINNING), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.way:
        print(json.dumps(_measure(options)))
        return
    report = beside_load(
        options.model,
        new_tokens=options.new_tokens,
        threads=options.threads,
        rounds=options.rounds,
    )
    print("\n".join(lines(report)))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
