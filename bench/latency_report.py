"""The figures of measured rounds, and their table."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from foggen.engine import cores, machine, native
from latency_load import lines as load_lines
from latency_ways import CHAT, DECISION, FLOOR, KEPT, Way

TARGET_SHAPE, TARGET_TOKENS = "qwen3-0.6b", 80  # the limits apply to these


@dataclass(frozen=True)
class Target:
    """A limit on one number. least: the number must not be below it; otherwise not above."""

    name: str
    value: float
    limit: float
    least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.least else self.value <= self.limit


def summary(ways: Mapping[str, Way]) -> dict[str, dict[str, Any]]:
    """Each way's percentiles, and the medians of its ratios to two other ways in the same round."""
    return {name: _summary_of(way, ways) for name, way in ways.items()}


def targets(ways: Mapping[str, Any], memory: Mapping[str, float | None]) -> list[Target]:
    """The limits of the full-size shape at 80 new tokens, on all cores."""
    floor, kept = "to_prefill", "to_kept"
    found = [
        Target("decision / prefill", ways[DECISION][floor], 1.25),
        Target("kept / prefill", ways[KEPT][floor], 1.45),
        Target("chat_completion / kept", ways[CHAT][kept], 1.6, least=True),
    ]
    share = memory["anonymous_to_model"]
    return found if share is None else [*found, Target("anonymous memory / file", share, 1.25)]


def machine_facts(threads: int, load: Sequence[float] | None) -> dict[str, Any]:
    """Facts about the machine. load: the system's load average at the start."""
    return {
        "processor": machine.processor_name(),
        "processors_usable": len(cores.usable_processors()),
        "cpu_quota": machine.cpu_quota(),
        "threads": threads,
        "load_average_at_start": None if load is None else [round(value, 2) for value in load],
        "system": platform.platform(),
        "python": platform.python_version(),
        "library": machine.llama_cpp_version(),
        "features": native.system_info(),
        "amx_avoided": native.uses_amx(),
        "openmp": native.openmp_kind(),
        "omp_wait_policy": os.environ.get("OMP_WAIT_POLICY"),
    }


def table(report: Mapping[str, Any]) -> str:
    """The report as text, without the individual rounds."""
    head = f"{'way':<16}{'rounds':>7}{'p50 ms':>10}{'p95 ms':>10}{'x prefill':>11}{'x kept':>8}"
    lines = [_title(report), "", f"{head}{'new':>6}{'further':>9}"]
    for name, way in report["ways"].items():
        times = f"{name:<16}{way['rounds']:>7}{way['p50_ms']:>10.1f}{way['p95_ms']:>10.1f}"
        ratios = f"{way['to_prefill']:>11.2f}{way['to_kept']:>8.2f}"
        lines.append(f"{times}{ratios}{way['new_tokens']:>6}{way['further_tokens']:>9}")
    lines += [f"{name:<16} left out: {why}" for name, why in report["left_out"].items()]
    lines += [
        "new: prompt tokens beyond the kept prefix; further: speculative, forced or generated ones",
        "ratios are medians of the ratios within a round",
        "",
        *load_lines(report["beside_load"]),
        "",
        *_memory_lines(report["memory"]),
        "",
        *_target_lines(report["targets"]),
        "",
        *(f"{name.replace('_', ' ')}: {value}" for name, value in report["machine"].items()),
    ]
    return "\n".join(lines)


def _summary_of(way: Way, ways: Mapping[str, Way]) -> dict[str, Any]:
    times = way.milliseconds
    return {
        "rounds": len(times),
        "p50_ms": float(np.percentile(times, 50)),
        "p95_ms": float(np.percentile(times, 95)),
        "to_prefill": _ratio(times, ways[FLOOR].milliseconds),
        "to_kept": _ratio(times, ways[KEPT].milliseconds),
        "new_tokens": int(median(cost.new for cost in way.costs)),
        "further_tokens": int(median(cost.further for cost in way.costs)),
        "milliseconds": [round(value, 3) for value in times],
    }


def _ratio(times: Sequence[float], others: Sequence[float]) -> float:
    """The median of the ratios round by round; a disturbance of a round affects both sides."""
    return float(median(a / b for a, b in zip(times, others, strict=False)))


def _title(report: Mapping[str, Any]) -> str:
    model, tokens = report["model"], report["tokens"]
    size = f"{model['bytes'] / 1e6:.0f} MB, vocabulary {model['vocabulary']}"
    counts = f"{tokens['new']} new tokens after {tokens['prefix']} kept ones"
    return f"{model['shape']} {model['quant']} ({size}), {counts}"


def _memory_lines(memory: Mapping[str, float | None]) -> list[str]:
    anonymous, file = memory["peak_anonymous_bytes"], memory["peak_file_bytes"]
    if anonymous is None or file is None:
        return ["memory of the engine: this system does not tell"]
    share = f"{memory['anonymous_to_model']:.2f} times the model's file"
    before = (memory["anonymous_before_bytes"] or 0) / 1e6
    return [
        f"anonymous memory of the engine: {anonymous / 1e6:.0f} MB, {share} "
        f"({before:.0f} MB of it before the model)",
        f"file pages of the engine: {file / 1e6:.0f} MB (shared, given back when needed)",
    ]


def _target_lines(targets: Sequence[Mapping[str, Any]] | None) -> list[str]:
    if targets is None:
        return [f"targets: set for {TARGET_SHAPE}, {TARGET_TOKENS} new tokens and all cores"]
    return [
        f"target {target['name']}: {target['value']:.2f}, {'at least' if target['least'] else 'at most'} "
        f"{target['limit']}: {'met' if target['met'] else 'MISSED'}"
        for target in targets
    ]
