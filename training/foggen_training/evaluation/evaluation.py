"""An evaluation: everything that was measured of a model on some questions, and how it is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from foggen.labelled import Keyed

from ..labels.reading import Reader
from . import automix, baselines
from .clouds import Cloud
from .intervals import mean_intervals, more_figures
from .outcomes import Outcome
from .tables import as_markdown, below_tau, summarize

CHUNK = 64  # questions between two steps of the progress bar


@dataclass(frozen=True)
class Evaluation:
    """Everything that was measured. others: the baselines' scores, for the plots."""

    tau: float
    cloud: str
    outcomes: Sequence[Outcome]
    table: Mapping[str, Mapping[str, float]]
    intervals: Mapping[str, tuple[float, float]]
    figures: Mapping[str, float]
    compared: Mapping[str, Mapping[str, float]]
    others: Sequence[baselines.Baseline]
    notes: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "tau": self.tau, "cloud": self.cloud, "table": self.table,
            "intervals": {key: list(value) for key, value in self.intervals.items()},
            "figures": self.figures, "below_tau": below_tau(self.outcomes, self.tau),
            "baselines": self.compared, "notes": list(self.notes),
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
        }  # fmt: skip

    def text(self) -> str:
        shares = below_tau(self.outcomes, self.tau)
        lines = [
            as_markdown(self.table),
            "",
            f"below tau {self.tau:g}: "
            + ", ".join(f"{name} {share:.1%}" for name, share in shares.items()),
            "95% intervals of the means: "
            + ", ".join(
                f"{key} {low:.3f} to {high:.3f}" for key, (low, high) in self.intervals.items()
            ),
            ", ".join(f"{key} {value:.3f}" for key, value in self.figures.items()),
            f"cloud: {self.cloud}; lift in points",
        ]
        if self.compared:
            lines += ["", baseline_table(self.compared)]
        return "\n".join([*lines, *self.notes])


def assembled(
    outcomes: Sequence[Outcome], tau: float, cloud: Cloud, others: Sequence[baselines.Baseline]
) -> Evaluation:
    """All figures of what was measured; the baselines at FogGen's cloud share."""
    table = summarize(outcomes, tau)
    right = np.array([outcome.cloud for outcome in outcomes], dtype=float)
    share = table["mean"]["cloud_share"]
    compared = baselines.compare(outcomes, others, right, share) if others else {}
    notes = [f"baselines at FogGen's cloud share, {share:.1%}"] if others else []
    if others:
        notes.append("AutoMix's verifier has no context to verify against here; its paper's has")
    return Evaluation(
        tau, cloud.name, outcomes, table, mean_intervals(outcomes, tau),
        more_figures(outcomes, tau), compared, others, notes,
    )  # fmt: skip


def all_baselines(
    model: Reader, questions: Sequence[Keyed], outcomes: Sequence[Outcome], *, shots: bool
) -> list[baselines.Baseline]:
    """FogGen itself, by bucket and by expected confidence, and what it must beat."""
    edge = np.array([outcome.edge for outcome in outcomes], dtype=float)
    plain = in_chunks("plain answers", model.read_plain, questions)
    answers = {id(item): one.answer for item, one in zip(questions, outcomes, strict=True)}
    found = in_chunks(
        "verification",
        lambda items: automix.verify(
            model, items, [answers[id(item)] for item in items], shots=shots
        ),
        questions,
    )
    return [
        baselines.Baseline("FogGen, bucket", np.array([o.confidence for o in outcomes]), edge, 1),
        baselines.Baseline("FogGen, expected", np.array([o.expected for o in outcomes]), edge, 1),
        baselines.domain_prior(questions, edge),
        baselines.surface(questions, edge),
        baselines.letter_probability(questions, plain),
        baselines.self_consistency(questions, plain),
        baselines.Baseline("AutoMix", automix.scores(questions, found, 0), edge, automix.PASSES),
    ]


def baseline_table(compared: Mapping[str, Mapping[str, float]]) -> str:
    """The baselines as a markdown table; lift in points."""
    lines = ["| Method | Edge | System | Lift | AUROC | Passes |", "|---|---:|---:|---:|---:|---:|"]
    for name, row in compared.items():
        lines.append(
            f"| {name} | {row['edge']:.1%} | {row['system']:.1%} | {100 * row['lift']:+.1f} "
            f"| {row['auroc']:.3f} | {row['passes']:g} |"
        )
    return "\n".join(lines)


def without_nan(value: Any) -> Any:
    """JSON has no nan: a figure that does not exist is null."""
    if isinstance(value, Mapping):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def in_chunks(name: str, function: Any, questions: Sequence[Keyed]) -> list[Any]:
    """What `function` gives for lists of questions, with a progress bar on a terminal."""
    out: list[Any] = []
    with progress_bar(name, len(questions)) as advance:
        for start in range(0, len(questions), CHUNK):
            chunk = questions[start : start + CHUNK]
            out += function(chunk)
            advance(len(chunk))
    return out


@contextmanager
def progress_bar(name: str, total: int) -> Iterator[Any]:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=total)
        yield lambda count: bar.advance(task, count)
