"""Labels of many questions, batch by batch, into a file that a killed run goes on with.

A batch is the unit everywhere: it has a seed of its own, it is appended as a whole, and it is what a
worker of another engine takes. So the file is the same, byte for byte, however it came about.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from foggen.labelled import Keyed

from .evaluate import Outcome, measure, outcome
from .gguf_reader import GgufReader
from .labeller import ModelSource
from .labels import Label, Labeller, label_batch, seed_of, unaided_labels
from .recipe import LabelPlan


@dataclass(frozen=True)
class Batch:
    """Questions that are labelled together. seed: of the batch's generations."""

    number: int
    items: tuple[Keyed, ...]
    seed: int


@dataclass(frozen=True)
class Job:
    """What is done with a batch: which model, which plan. plain: the raw base is asked. measure: the
    result is outcomes for an evaluation, not labels. unaided: the questions are asked without their
    options."""

    source: ModelSource
    plan: LabelPlan
    plain: bool
    measure: bool = False
    unaided: bool = False

    def do(self, model: Labeller, batch: Batch) -> list[Any]:
        """The labels of a batch, or its outcomes."""
        if self.measure:
            return outcomes_of(model, batch.items)
        if self.unaided:
            return unaided_labels(model, batch.items, self.plan)
        return label_batch(model, batch.items, self.plan, batch.seed, plain=self.plain)


def outcomes_of(model: Labeller, items: Sequence[Keyed]) -> list[Outcome]:
    """What a model says of some questions: a GGUF through the engine that ships."""
    if isinstance(model, GgufReader):
        return measure(model.engine, items)
    return [outcome(item, found) for item, found in zip(items, model.read(items), strict=True)]


Engine = Callable[[Job, Sequence[Batch]], Iterator[list[Any]]]  # results in the batches' order


def in_this_process(job: Job, batches: Sequence[Batch]) -> Iterator[list[Label]]:
    """The engine that needs nothing: one model, one batch after the other."""
    with job.source.open() as model:
        for batch in batches:
            yield job.do(model, batch)


def cut(items: Sequence[Keyed], size: int, seed: str) -> list[Batch]:
    """The batches of a list of questions."""
    return [
        Batch(number, tuple(items[start : start + size]), seed_of(seed, number))
        for number, start in enumerate(range(0, len(items), size))
    ]


def label_into(
    path: Path, job: Job, items: Sequence[Keyed], seed: str,
    engine: Engine = in_this_process, progress: Callable[[int, int], None] = lambda *_: None,
) -> list[Label]:  # fmt: skip
    """The labels of all items, in `path`; batches that are there already are not labelled again."""
    batches = cut(items, job.plan.batch, seed)
    done = _complete(path, batches)
    remaining = batches[len(done) :]
    labels = [label for batch in done for label in batch]
    progress(len(labels), len(items))
    if not remaining:
        return labels
    with path.open("a", encoding="utf-8") as file:
        for found in engine(job, remaining):
            file.write("".join(json.dumps(asdict(label)) + "\n" for label in found))
            file.flush()
            labels += found
            progress(len(labels), len(items))
        os.fsync(file.fileno())
    return labels


def _complete(path: Path, batches: Sequence[Batch]) -> list[list[Label]]:
    """The batches that a file holds whole; what a killed run left of the next one is cut off."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]  # without the end of a line that has none
    out: list[list[Label]] = []
    place = 0
    for batch in batches:
        rows = lines[place : place + len(batch.items)]
        if len(rows) < len(batch.items):
            break
        out.append([Label(**json.loads(row)) for row in rows])
        place += len(rows)
    with path.open("r+b") as file:
        file.truncate(sum(len(line) + 1 for line in lines[:place]))
    return out
