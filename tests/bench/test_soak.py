"""The soak and the endings from end to end, small; and that the soak counts what is wrong."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"
sys.path.insert(0, str(BENCH))  # as in `python bench/soak.py`

import soak  # noqa: E402
from latency_load import lines  # noqa: E402


def run(*arguments: str, limit_s: float = 300) -> tuple[int, dict[str, Any]]:
    """A benchmark's exit code and the JSON object of its last line."""
    command = [sys.executable, str(BENCH / arguments[0]), *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_a_small_soak_has_nothing_wrong_in_it() -> None:
    code, report = run("soak.py", "--asks", "250")
    assert (code, report["wrong"]) == (0, [])
    assert sum(report["outcomes"].values()) == 250
    assert {"cancelled", "cloud", "degraded", "sure"} <= set(report["outcomes"])
    assert report["reopened"] >= 1
    assert len(report["in_use_mb"]) == len(report["anonymous_mb"]) == 1


def test_endings_are_clean_and_the_control_is_sent() -> None:
    code, report = run("endings.py", "--times", "1")
    ways = report["ways"]
    assert code == 0, ways
    assert ways["control"]["sent"] == 1
    assert set(ways) == {"control", "threads", "asyncio", "exit", "command line"}


def test_an_answer_that_is_not_the_model_s_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the soak would print if an answer were another question's."""

    def changed(*arguments: Any) -> list[soak.Sum]:
        return [soak.Sum(item.question, "?", item.confidence) for item in real(*arguments)]

    real = soak.sums
    monkeypatch.setattr(soak, "sums", changed)
    report = soak.run(argparse.Namespace(asks=40, threads=2, seed=1))
    assert report["wrong"]


def test_the_floor_of_each_thousand() -> None:
    assert soak.floors([(50, 3.0), (1000, 2.0), (1050, 9.0), (1100, 8.0)]) == [2.0, 8.0]


def test_the_table_of_a_busy_machine() -> None:
    row = {"idle_ms": 1.0, "busy_ms": 2.0, "to_first": 1.0}
    assert lines({"load": 2, "libraries": {"foggen": row}})[-1].split() == [
        "foggen",
        "1.0",
        "2.0",
        "1.00",
    ]
