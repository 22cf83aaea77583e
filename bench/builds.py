"""Compare two installed builds of llama.cpp: a decision and a kept answer of each, in turn, on one machine.

    python bench/builds.py OTHER_PYTHON [--model FILE.gguf] [--rounds 25]

OTHER_PYTHON is the interpreter of an environment with foggen and the other build. One process runs for each
build; a round asks both the same question, the first of them alternating. What other programs do to the
machine meets both alike, so that the ratios within a round are the result, and not the times.

A table for people comes first. The last line is one JSON object: builds {name -> kind}, decision and kept
{ratio: the median, low, high: the middle half, milliseconds: {this, other}}, rounds, load_average.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from foggen.config import load_settings
from foggen.engine import native
from foggen.engine.engine import Engine
from foggen.question.question import Question
from foggen.store.models import describe

KINDS = ("decision", "kept")
WARM_UP = 3
FIRMS = "A firm reports {}M in total liabilities and {}M in equity. Its debt-to-equity ratio is?"


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare two installed builds of llama.cpp.")
    parser.add_argument("other", type=Path, help="the other environment's interpreter")
    parser.add_argument("--model", default="starter")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.model)
        return
    load = os.getloadavg()[0]
    sides = {
        "this": Side(Path(sys.executable), arguments.model),
        "other": Side(arguments.other, arguments.model),
    }
    times = measure(sides, arguments.rounds)
    show({name: side.kind for name, side in sides.items()}, times, load)


class Side:
    """A process with one of the builds, which answers a line with a line."""

    def __init__(self, python: Path, model: str) -> None:
        self.process = subprocess.Popen(
            [str(python), __file__, str(python), "--serve", "--model", model],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.kind = self._line()["build"]

    def ask(self, number: int) -> dict[str, float]:
        """Milliseconds of each kind."""
        assert self.process.stdin is not None
        print(number, file=self.process.stdin, flush=True)
        return self._line()

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))


def measure(sides: dict[str, Side], rounds: int) -> dict[str, dict[str, list[float]]]:
    """kind -> side -> milliseconds of each counted round."""
    times: dict[str, dict[str, list[float]]] = {
        kind: {name: [] for name in sides} for kind in KINDS
    }
    for number in range(WARM_UP + rounds):
        for name in sorted(sides, reverse=number % 2 == 0):
            for kind, milliseconds in sides[name].ask(number).items():
                times[kind][name].append(milliseconds)
    return {
        kind: {name: values[WARM_UP:] for name, values in of.items()} for kind, of in times.items()
    }


def serve(model: str) -> None:
    """One process's part: its build first, then a line of times for each number that comes in."""
    settings = load_settings({"model": model})
    found = describe(settings.model, settings.home)
    with Engine(found.path) as engine:
        print(json.dumps({"build": native.build_kind()}), flush=True)
        for line in sys.stdin:
            stem = FIRMS.format(100 + int(line), 617)
            question = Question(stem, ("0.67", "1.00", "1.50", "2.00"), ("A", "B", "C", "D"))
            print(json.dumps({kind: timed(engine, question, kind) for kind in KINDS}), flush=True)


def timed(engine: Engine, question: Question, kind: str) -> float:
    """Milliseconds until the confidence is known, or until the answer is."""
    begun = perf_counter()
    engine.assess(question, wants_answer=lambda _: kind == "kept")
    return 1000 * (perf_counter() - begun)


def show(kinds: dict[str, str], times: dict[str, dict[str, list[float]]], load: float) -> None:
    result: dict[str, Any] = {"builds": kinds, "load_average": load}
    print(f"this: {kinds['this']}; other: {kinds['other']}; load {load:.1f}")
    for kind, of in times.items():
        ratios = [this / other for this, other in zip(of["this"], of["other"], strict=True)]
        low, _, high = quantiles(ratios, n=4)
        middle = {name: median(values) for name, values in of.items()}
        result[kind] = {"ratio": median(ratios), "low": low, "high": high, "milliseconds": middle}
        print(
            f"{kind:<9} {middle['this']:8.2f} ms  {middle['other']:8.2f} ms  "
            f"ratio {median(ratios):.3f} ({low:.3f} to {high:.3f})"
        )
    print(json.dumps(result | {"rounds": len(times["kept"]["this"])}))


if __name__ == "__main__":
    main()
