"""How fast this machine labels, answers and trains, measured for a few seconds each.

The measurement uses the same reader and the same training steps as a round, on a sample of the recipe's
own questions, since their lengths decide the speed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from foggen.confidence.labelled import Keyed
from foggen_export.loading import load_tokenizer

from .batching import release_memory
from .checkpoints import load_checkpoint
from .labels.label import Label, label_batch
from .labels.models import ModelReference
from .prompts import Prompts
from .recipe import Recipe
from .tuning.buffer import batches, buffer_rows, training_rows
from .tuning.gradients import TrainingRow, add_gradients
from .tuning.loop import with_adapters

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Item = TypeVar("Item")
NEUTRAL = 0.5  # success of all rows that are made for the measurement


@dataclass(frozen=True)
class Speed:
    """labels, answers: questions per second. training: tokens per second. memory: peak in bytes, of the
    GPU if there is one, otherwise of this process; None if unknown."""

    labels: float
    answers: float
    training: float
    memory: int | None


def measure_speed(
    checkpoint: Path, recipe: Recipe, items: Sequence[Keyed], seconds: float
) -> Speed:
    """Measure for about `seconds` in total, or longer if a single batch takes longer.

    items: a sample of the questions that the recipe trains on.
    """
    with ModelReference(str(checkpoint), recipe.model).open() as model:
        labels = rate(
            lambda part: label_batch(model, part, recipe.labels, 0, raw=False),
            items,
            seconds / 3,
            recipe.labels.batch,
        )
        answers = rate(model.read, items, seconds / 3, recipe.labels.batch)
    release_memory()
    rows = sample_rows(checkpoint, recipe, items)
    learner = with_adapters(load_checkpoint(checkpoint), recipe.tuning, ()).train()
    base = learner.get_base_model()
    step(
        base, longest_part(rows, recipe.tuning.micro_batch), recipe
    )  # for the memory that it takes
    training = rate(
        lambda part: step(base, part[0], recipe),
        usual_batches(rows, recipe),
        seconds / 3,
        1,
        tokens,
    )
    return Speed(labels, answers, training, peak_memory())


def rate(
    work: Callable[[Sequence[Item]], object],
    items: Sequence[Item],
    seconds: float,
    most: int,
    weight: Callable[[Item], int] = lambda _: 1,
) -> float:
    """Measure how many items, or how much of their weight, `work` does per second.

    Parts grow up to `most` items, until a few of them fill the time. Every part is processed twice and
    only the second time counts: the matrix library may have to prepare for a new shape, which does not
    matter in a run of hours.
    """
    size, place, done, spent, start = 1, 0, 0, 0.0, time.perf_counter()  # done: by weight
    while not done or time.perf_counter() - start < seconds:
        part = [items[(place + n) % len(items)] for n in range(size)]
        work(part)
        began = time.perf_counter()
        work(part)
        took = time.perf_counter() - began
        done, spent, place = done + sum(map(weight, part)), spent + took, place + size
        if size < most and took < seconds / 8:
            size, place, done, spent = min(most, 4 * size), 0, 0, 0.0
    return done / spent


def sample_rows(checkpoint: Path, recipe: Recipe, items: Sequence[Keyed]) -> list[TrainingRow]:
    """Make training rows of the questions, without those that are too long for the recipe."""
    model = recipe.model
    prompts = Prompts.of(load_tokenizer(checkpoint), model.contract(), model.raw_contract())
    labels = [Label(item.id, NEUTRAL, NEUTRAL, 0.0, item.answer, 0) for item in items]
    rows = buffer_rows(items, labels, recipe.labels, raw=False, replayed=False)
    learnt = training_rows(prompts, rows, recipe.labels, recipe.buffer, "speed")
    return [row for row in learnt if len(row.ids) <= recipe.tuning.longest]


def usual_batches(rows: Sequence[TrainingRow], recipe: Recipe) -> list[list[TrainingRow]]:
    """The batches of an epoch, those whose rows are closest to the mean length first."""
    mean = sum(len(row.ids) for row in rows) / len(rows)
    cut = batches(rows, recipe.tuning, "speed")
    return sorted(cut, key=lambda batch: abs(tokens(batch) / len(batch) - mean))


def tokens(rows: Sequence[TrainingRow]) -> int:
    """The total number of tokens of rows, prompts included."""
    return sum(len(row.ids) for row in rows)


def longest_part(rows: Sequence[TrainingRow], budget: int) -> list[TrainingRow]:
    """As many of the longest rows as one micro-batch holds."""
    ordered = sorted(rows, key=lambda row: len(row.ids), reverse=True)
    return ordered[: max(1, budget // len(ordered[0].ids))]


def step(model: PreTrainedModel, rows: Sequence[TrainingRow], recipe: Recipe) -> None:
    """Compute the gradient of some rows, which is almost all of a training step."""
    add_gradients(model, rows, sum(row.reply for row in rows), recipe.tuning.micro_batch)


def peak_memory() -> int | None:
    """The peak memory so far in bytes: of the GPU if there is one, otherwise of this process."""
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_reserved())
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most
