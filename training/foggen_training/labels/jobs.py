"""Work on many questions, batch by batch: labelling into a file, from which a killed run resumes.

The batch is the unit: it has its own seed, is appended to the file as a whole, and is processed by one
worker. So the file is the same, byte for byte, with every executor and after every kill.
"""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from foggen.confidence.labelled import Keyed

from ..recipe import LabelPlan
from .label import Label, Labeller, label_batch, seed_of, unaided_labels
from .models import ModelReference


@dataclass(frozen=True)
class Batch:
    """Questions that are processed together. seed: seeds the batch's random draws."""

    number: int
    items: tuple[Keyed, ...]
    seed: int


@dataclass(frozen=True)
class Job(ABC):
    """What to do with batches, and with which model. It can be pickled and sent to another process."""

    model: ModelReference

    @abstractmethod
    def do(self, model: Labeller, batch: Batch) -> list[Any]:
        """Return one result for each question of the batch. model: the opened `self.model`."""


@dataclass(frozen=True)
class LabelJob(Job):
    """Labelling. raw: ask for the answer alone, since the model is a raw base. unaided: ask the
    questions without their options."""

    plan: LabelPlan
    raw: bool
    unaided: bool = False

    def do(self, model: Labeller, batch: Batch) -> list[Label]:
        """The labels of a batch."""
        if self.unaided:
            return unaided_labels(model, batch.items, self.plan)
        return label_batch(model, batch.items, self.plan, batch.seed, raw=self.raw)


Executor = Callable[[Job, Sequence[Batch]], Iterator[list[Any]]]  # results, in the batches' order


def in_this_process(job: Job, batches: Sequence[Batch]) -> Iterator[list[Any]]:
    """The executor without workers: one model, one batch after the other."""
    with job.model.open() as model:
        for batch in batches:
            yield job.do(model, batch)


def cut(items: Sequence[Keyed], size: int, seed: str) -> list[Batch]:
    """Questions cut into batches of at most `size`."""
    return [
        Batch(number, tuple(items[start : start + size]), seed_of(seed, number))
        for number, start in enumerate(range(0, len(items), size))
    ]


def label_into(
    path: Path,
    job: LabelJob,
    items: Sequence[Keyed],
    seed: str,
    executor: Executor = in_this_process,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[Label]:
    """Label all items into the file `path`; batches that it already holds are not labelled again."""
    batches = cut(items, job.plan.batch, seed)
    done = _complete(path, batches)
    remaining = batches[len(done) :]
    labels = [label for batch in done for label in batch]
    progress(len(labels), len(items))
    if not remaining:
        return labels
    with path.open("a", encoding="utf-8") as file:
        for batch_labels in executor(job, remaining):
            file.write("".join(json.dumps(asdict(label)) + "\n" for label in batch_labels))
            file.flush()
            labels += batch_labels
            progress(len(labels), len(items))
        os.fsync(file.fileno())
    return labels


def _complete(path: Path, batches: Sequence[Batch]) -> list[list[Label]]:
    """Return the complete batches of a file, and cut off what a killed run left of the next one."""
    if not path.exists():
        return []
    # Text after the last newline is an unfinished line.
    lines = path.read_bytes().split(b"\n")[:-1]
    complete: list[list[Label]] = []
    place = 0
    for batch in batches:
        rows = lines[place : place + len(batch.items)]
        if len(rows) < len(batch.items):
            break
        complete.append([Label(**json.loads(row)) for row in rows])
        place += len(rows)
    with path.open("r+b") as file:
        file.truncate(sum(len(line) + 1 for line in lines[:place]))
    return complete
