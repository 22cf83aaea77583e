"""The rows of a round's buffer: questions labelled by the round's start, and counts of those left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import fmean

from foggen.confidence.labelled import Keyed

from .labels.jobs import Executor, LabelJob, label_into
from .labels.label import Label, check_failures, has_label
from .labels.models import ModelReference
from .recipe import DistillPlan, Recipe
from .tuning.buffer import (
    Row,
    buffer_rows,
    earlier_questions,
    load_buffer,
    shuffled,
    unaided_row,
)

Progress = Callable[[str, int, int], None]  # step's name, done, total


@dataclass(frozen=True)
class LabelledRows:
    """Rows and their counts. questions: number asked. unlabelled: number of questions without a readable
    reply, which have no row. unreadable: share of all replies that could not be read."""

    rows: list[Row]
    questions: int
    unlabelled: int = 0
    unreadable: float = 0.0

    def __add__(self, other: LabelledRows) -> LabelledRows:
        questions = self.questions + other.questions
        replies = self.questions * self.unreadable + other.questions * other.unreadable
        return LabelledRows(
            self.rows + other.rows,
            questions,
            self.unlabelled + other.unlabelled,
            replies / max(1, questions),
        )

    def counts(self) -> dict[str, float]:
        """The counts that a verdict records."""
        return {
            "questions": self.questions,
            "unlabelled": self.unlabelled,
            "unreadable": round(self.unreadable, 4),
        }


@dataclass(frozen=True)
class RowLabeller:
    """Labels the questions of a round into its folder. name: the round's name. model: the round's start.
    raw: ask it for the answer alone. base: it has not learnt to state a confidence."""

    recipe: Recipe
    name: str
    folder: Path
    model: ModelReference
    raw: bool
    base: bool
    executor: Executor
    progress: Progress

    def rows(self, part: str, items: Sequence[Keyed], *, replayed: bool = False) -> LabelledRows:
        """Make a row for each question that gets a label. part: "new" or "replayed"; the file of its
        labels has the same name."""
        plan = self.recipe.labels
        labels = label_into(
            self.folder / f"{part}.jsonl",
            LabelJob(self.model, plan, self.raw),
            items,
            f"{self.recipe.seed}-{self.name}-{part}",
            self.executor,
            lambda done, total: self.progress(f"label {part}", done, total),
        )
        unreadable = check_failures([label.failures for label in labels], plan)
        if self.base and not self.raw:
            labels = with_means(items, labels)
        aided = buffer_rows(items, labels, plan, raw=self.raw, replayed=replayed)
        rows: list[Row] = [*aided, *self._unaided(part, items)]
        if plan.shuffle:
            rows = shuffled(rows, f"{self.recipe.seed}-{self.name}")
        return LabelledRows(rows, len(items), len(items) - len(aided), unreadable)

    def replayed(self, buffers: Sequence[Path]) -> LabelledRows:
        """Draw questions from earlier buffers by the seed, and label them again."""
        seed = f"replay-{self.recipe.seed}-{self.name}"
        items = earlier_questions(buffers, self.recipe.buffer.replayed, seed)
        return self.rows("replayed", items, replayed=True)

    def _unaided(self, part: str, items: Sequence[Keyed]) -> list[Row]:
        """Make rows that ask some of the questions without their options."""
        able = [item for item in items if item.stands_alone]
        seed = f"{self.recipe.seed}-{self.name}-{part}-unaided"
        chosen = Random(seed).sample(able, int(self.recipe.buffer.unaided * len(able)))
        if not chosen:
            return []
        job = LabelJob(self.model, self.recipe.labels, self.raw, unaided=True)
        labels = label_into(self.folder / f"{part}.unaided.jsonl", job, chosen, seed, self.executor)
        return [unaided_row(item, label) for item, label in zip(chosen, labels, strict=True)]


def with_means(items: Sequence[Keyed], labels: Sequence[Label]) -> list[Label]:
    """Replace the expected confidences of a primed base, which are random, by its domains' mean success."""
    successes: dict[str, list[float]] = {}
    for item, label in zip(items, labels, strict=True):
        if has_label(label):
            successes.setdefault(item.domain, []).append(label.success)
    means = {domain: fmean(found) for domain, found in successes.items()}
    return [
        replace(label, expected=means.get(item.domain, label.expected))
        for item, label in zip(items, labels, strict=True)
    ]


def distilled_rows(plan: DistillPlan) -> LabelledRows:
    """Load the first rows of a sibling's buffer, with their labels."""
    rows = load_buffer(Path(plan.buffer))[: plan.rows or None]
    return LabelledRows(rows, len(rows))
