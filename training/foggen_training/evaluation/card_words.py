"""Sentences of a card that describe a recipe: the labels, the primer, the tuning."""

from __future__ import annotations

import math
from pathlib import Path

from ..recipe import PrimerPlan, Recipe, TuningPlan

# Widths in points, and their names.
WIDTHS = (
    (0.1, "a tenth of a point"),
    (0.25, "a quarter of a point"),
    (0.5, "half a point"),
    (0.75, "three quarters of a point"),
    (1, "one point"),
    (1.5, "one and a half points"),
    (2, "two points"),
    (3, "three points"),
    (5, "five points"),
    (10, "ten points"),
)


def each_way(low: float, high: float) -> str:
    """Describe half the width of an interval in points: "known to about half a point each way"."""
    half = (high - low) / 2
    if not half > 0:
        return "the same in every resample"
    width, words = min(WIDTHS, key=lambda pair: abs(math.log(half / pair[0])))
    near = half <= 1.3 * width  # wider intervals get a number
    return f"known to about {words if near else f'{half:.0f} points'} each way"


def how_labelled(recipe: Recipe) -> str:
    """Describe the labels of R0 and of the later rounds, and the number of rows."""
    later = bool(len(recipe.rounds) > 1)
    rows, labels = recipe.buffer, _success(recipe)
    again = f"{rows.new:,} new and {rows.replayed:,} replayed rows a round, labelled anew"
    if not recipe.distill.buffer:
        start = f"Labels: {labels}. Rows: {rows.first:,} in R0"
        return f"{start}, then {again}." if later else f"{start}."
    start = f"R0 was distilled from a sibling's buffer, {_sibling(recipe)}: its questions and its labels."
    return f"{start} Later rounds: {again}; their labels: {labels}." if later else start


def _sibling(recipe: Recipe) -> str:
    """Name the sibling's buffer by the end of its path, which contains the chain and the round."""
    name = "/".join(Path(recipe.distill.buffer).parts[-3:])
    rows = f"the first {recipe.distill.rows:,} rows" if recipe.distill.rows else "all rows"
    return f"`{name}` ({rows})"


def _success(recipe: Recipe) -> str:
    """Describe how success was measured and turned into buckets."""
    plan = recipe.labels
    if plan.mode == "sampled":
        how = f"the share right of {plan.samples} replies sampled from the checkpoint itself"
    else:
        how = "success in closed form over the buckets"
    parts = [
        f"{how} at temperature {plan.temperature:g}",
        f"{plan.rounding.replace('_', '-')} buckets",
    ]
    if plan.prior:
        parts.append(f"the model's expectation counted as {plan.prior:g} samples")
    if plan.shuffle:
        parts.append("dealt out among the rows at random, as a control")
    return ", ".join(parts)


def how_primed(plan: PrimerPlan) -> str:
    """Describe what the base was taught before R0; "" if nothing."""
    kinds = {
        "find": "{:,} rows that ask for the option of a given text",
        "match": "{:,} rows whose wrong options are other questions' options",
    }
    rows = [kinds[name].format(count) for name, count in plan.rows.items()]
    if not rows:
        return ""
    return (
        f"Before R0 the base learnt to name an option by its letter, the answer alone: {' and '.join(rows)}, "
        f"at a peak learning rate of {plan.learning_rate:g}. "
    )


def how_tuned(plan: TuningPlan) -> str:
    """Describe rank, learning rate and epochs, and those of R0 if they differ."""
    first = ""
    if plan.first_learning_rate or plan.first_epochs:
        epochs = plan.first_epochs or plan.epochs
        first = f" (R0: {_pace(epochs, plan.first_learning_rate or plan.learning_rate)})"
    return (
        f"LoRA r={plan.rank} alpha={plan.alpha} on all linear layers, "
        f"{_pace(plan.epochs, plan.learning_rate)} a round{first}, {plan.batch} rows a step, merged into "
        "fp32 weights."
    )


def _pace(epochs: int, rate: float) -> str:
    return f"{epochs} {'epoch' if epochs == 1 else 'epochs'} at a peak learning rate of {rate:g}"
