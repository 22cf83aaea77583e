"""The plan of a recipe: what it would do with the data, and how long it would take.

    foggen-train plan foggen-gemma3-270m --data FOLDER --base gemma-3-270m-q4_k_m.gguf

Questions and rows of every round come from the data. Tokens, memory and time come from the base, which is
loaded and measured for about ten seconds; if it is not available, they are left out, with a note.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from rich.table import Table

from foggen.confidence.labelled import Keyed
from foggen.errors import ConfigurationError, FogGenError
from foggen_export.loading import load_tokenizer

from .bases import base_folder
from .open_items import read_open
from .pools import QuestionPool, open_pool
from .primer import FOLDER as PRIMER
from .prompts import Prompts
from .recipe import Recipe
from .speed import Speed, measure_speed
from .tuning.buffer import load_buffer

SIBLING = "rows of a sibling"
SECONDS = 10.0
SAMPLE = 40  # questions per domain whose tokens are counted
REPLY = 13  # tokens of a reply in the format


@dataclass(frozen=True)
class PlannedRound:
    """A round, or the primer. new: number of new questions by domain. replayed: number of earlier
    questions. ready: number of rows that need no label, by kind. measured: number of questions that the
    round is measured on. asked: number of questions to label. rows: number of rows to train on."""

    name: str
    new: dict[str, int]
    replayed: int
    ready: dict[str, int]
    epochs: int
    measured: int

    @property
    def asked(self) -> int:
        return sum(self.new.values()) + self.replayed

    @property
    def rows(self) -> int:
        return self.asked + sum(self.ready.values())


@dataclass(frozen=True)
class Cost:
    """Seconds per step of a round, and the number of tokens that it trains on."""

    label: float
    train: float
    measure: float
    tokens: int

    @property
    def seconds(self) -> float:
        return self.label + self.train + self.measure


@dataclass(frozen=True)
class Plan:
    """What a recipe would do. tokens: mean tokens per row. too_long: share of rows left out as too long.
    speed: speed of this machine. missing: things that a run needs and that are missing."""

    rounds: Sequence[PlannedRound]
    tokens: float = 0.0
    too_long: float = 0.0
    speed: Speed | None = None
    missing: Sequence[str] = ()

    def cost(self, planned: PlannedRound) -> Cost | None:
        """The cost of a round; None if the machine was not measured."""
        if self.speed is None:
            return None
        tokens = round(planned.epochs * planned.rows * (1 - self.too_long) * self.tokens)
        return Cost(
            planned.asked / self.speed.labels,
            tokens / self.speed.training,
            planned.measured / self.speed.answers,
            tokens,
        )

    def as_dict(self) -> dict[str, Any]:
        rounds = []
        for one in self.rounds:
            cost = self.cost(one)
            rounds.append({**asdict(one), "rows": one.rows, "cost": cost and asdict(cost)})
        return {
            "rounds": rounds,
            "tokens_per_row": self.tokens,
            "too_long": self.too_long,
            "speed": self.speed and asdict(self.speed),
            "missing": list(self.missing),
        }


def make_plan(recipe: Recipe, seconds: float = SECONDS) -> Plan:
    """Make the plan of a recipe; raises the same errors about recipe and data as a run."""
    pool = open_pool(recipe)
    missing: list[str] = []
    rounds = planned_rounds(recipe, pool, missing)
    plan = Plan(rounds, missing=missing)
    if recipe.open_ended.rows:
        missing.append("a time estimate, since the length of open-ended replies is not known")
        return plan
    with tempfile.TemporaryDirectory(prefix="foggen-plan-") as scratch:
        try:
            base = base_folder(recipe.model.base, Path(scratch))
        except FogGenError as exc:
            missing.append(f"tokens, memory and time, which need the base: {exc.message}")
            return plan
        items = sample(recipe, pool)
        tokens, too_long = row_tokens(base, recipe, items)
        speed = measure_speed(base, recipe, items, seconds)
    return replace(plan, tokens=tokens, too_long=too_long, speed=speed)


def planned_rounds(recipe: Recipe, pool: QuestionPool, missing: list[str]) -> list[PlannedRound]:
    """Plan all rounds of a recipe; what is missing is appended to `missing`."""
    rounds: list[PlannedRound] = []
    measured, known = len(pool.validation()) + len(pool.calibration()), 0
    for number, (name, _) in enumerate(recipe.rounds):
        first = number == 0
        epochs = (first and recipe.tuning.first_epochs) or recipe.tuning.epochs
        ready = _distilled(recipe, missing) if first else {}
        new, replayed = {} if ready else pool.shares(number), min(recipe.buffer.replayed, known)
        if recipe.open_ended.rows:
            new, replayed = _open_ended(recipe, missing)
        known += sum(new.values()) + sum(ready.values())
        rounds.append(PlannedRound(name, new, replayed, ready, epochs, measured))
    primer = PlannedRound(PRIMER, {}, 0, recipe.primer.rows, 1, 0)
    return [primer, *rounds] if primer.ready else rounds


def _open_ended(recipe: Recipe, missing: list[str]) -> tuple[dict[str, int], int]:
    """Rows of every task, and the number of replayed rows; raises an error if a task cannot be read."""
    plan = recipe.open_ended
    for task in plan.rows:
        read_open(Path(plan.folder) / f"{task}.train.jsonl")
    if plan.replay_from and not Path(plan.replay_from).exists():
        missing.append(f"{plan.replay_from}, the chain whose questions are replayed")
    return plan.rows, recipe.buffer.replayed if plan.replay_from else 0


def _distilled(recipe: Recipe, missing: list[str]) -> dict[str, int]:
    """Rows of the sibling's buffer; if it is missing, the number of rows that R0 would have."""
    if not recipe.distill.buffer:
        return {}
    path, wanted = Path(recipe.distill.buffer), recipe.distill.rows
    if not path.exists():
        rows = wanted or recipe.buffer.first
        missing.append(f"{path}, the sibling's buffer; {rows:,} rows are counted for it")
        return {SIBLING: rows}
    rows = len(load_buffer(path))
    return {SIBLING: min(rows, wanted) if wanted else rows}


def sample(recipe: Recipe, pool: QuestionPool) -> list[Keyed]:
    """A sample of the questions to train on, from all domains and in random order."""
    items = pool.typical(SAMPLE)
    Random(recipe.seed).shuffle(items)
    return items


def row_tokens(base: Path, recipe: Recipe, items: Sequence[Keyed]) -> tuple[float, float]:
    """The mean number of tokens of the rows to train on, and the share of rows that are too long."""
    model = recipe.model
    prompts = Prompts.of(load_tokenizer(base), model.contract(), model.raw_contract())
    lengths = [len(prompts.question(item)) + REPLY for item in items]
    kept = [length for length in lengths if length <= recipe.tuning.longest]
    if not kept:
        raise ConfigurationError(
            f"no row is short enough to train on: the shortest of {len(lengths)} has {min(lengths)} "
            f"tokens, and tuning.longest is {recipe.tuning.longest}",
            hint="raise tuning.longest",
        )
    return sum(kept) / len(kept), 1 - len(kept) / len(lengths)


def as_table(plan: Plan) -> Table:
    """The rounds as a table, with their costs if known."""
    heads = ["round", "questions", "replayed", "rows", "epochs"]
    table = Table(
        *heads,
        *(["tokens", "label", "train", "measure"] if plan.speed else []),
        box=None,
        pad_edge=False,
    )
    for one in plan.rounds:
        new = ", ".join(f"{name} {count:,}" for name, count in (one.new | one.ready).items())
        cells = [one.name, new, f"{one.replayed:,}", f"{one.rows:,}", str(one.epochs)]
        if cost := plan.cost(one):
            steps = (cost.label, cost.train, cost.measure)
            cells += [f"{cost.tokens:,}", *map(as_time, steps)]
        table.add_row(*cells)
    return table


def summary(plan: Plan, recipe: Recipe) -> list[str]:
    """Sentences that sum up the table and name what is missing."""
    rows = sum(one.rows for one in plan.rounds)
    measured = plan.rounds[-1].measured
    lines = [f"{rows:,} rows in all; every round is measured on {measured:,} questions."]
    costs = [cost for cost in map(plan.cost, plan.rounds) if cost]
    if plan.speed:
        speed, memory = plan.speed, ""
        if speed.memory is not None:
            memory = f", {speed.memory / 1e9:.1f} GB of memory"
        lines += [
            f"{sum(cost.tokens for cost in costs):,} training tokens, {plan.tokens:.0f} per row; "
            f"{plan.too_long:.1%} of the rows have more than {recipe.tuning.longest} and are left out.",
            f"About {as_time(sum(cost.seconds for cost in costs))} on this machine{memory}: "
            f"{speed.labels:.1f} labels, {speed.answers:.1f} answers and {speed.training:,.0f} training "
            "tokens per second.",
        ]
    return lines + [f"Missing: {one}." for one in plan.missing]


def as_time(seconds: float) -> str:
    """A duration in hours and minutes, or in seconds if it is below a minute."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
