"""One more round, on open-ended tasks (R15-OE): rows of the tasks, and replayed multiple choice.

A task's row is a question, the checkpoint's measured success at it, and an answer: the reference, or
for gsm8k one of the model's own right traces, so that it is taught to reason as it already can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from foggen.calibration import auroc, lift, macro
from foggen.contract import ANSWER_PREFIX, CONFIDENCE_PREFIX
from foggen.errors import ConfigurationError
from foggen.reply_parser import read_confidence

from .evaluation.clouds import AnswerKey
from .evaluation.judging import Judge
from .files import timed, write_json
from .labels.label import Labeller, seed_of
from .open_items import OpenItem, read_incorrect, read_open
from .round import Round
from .round_rows import LabelledRows
from .tuning.buffer import OpenRow, Row

# Cloud accuracy at the three tasks is not published; the tables say which rate they assume.
ASSUMED_CLOUD = 0.739


@dataclass(frozen=True)
class OpenRound(Round):
    """The round R15 of a recipe with an `[open_ended]` section."""

    @property
    def starts_raw(self) -> bool:
        return False

    def check(self) -> None:
        """Raises an error that names the file where a task, or a buffer to replay, is missing."""
        for task in self.recipe.open_ended.rows:
            self.items(task, "train")
            self.items(task, "test")
        self.judge_of_replies()
        self._replayed_buffers()

    def judge_of_replies(self) -> Judge:
        path = Path(self.recipe.open_ended.folder) / "truthfulqa.incorrect.jsonl"
        wanted = "truthfulqa" in self.recipe.open_ended.rows
        return Judge(read_incorrect(path) if wanted else {})

    def items(self, task: str, split: str) -> list[OpenItem]:
        return read_open(Path(self.recipe.open_ended.folder) / f"{task}.{split}.jsonl")

    def rows(self) -> LabelledRows:
        """Rows of the tasks, and multiple choice replayed."""
        judge = self.judge_of_replies()
        rows = LabelledRows([], 0)
        with self.model_of(self.start).open() as model:
            for task, count in self.recipe.open_ended.rows.items():
                rows += self._task_rows(model, judge, task, count)
        buffers = self._replayed_buffers()
        return rows + self.labeller().replayed(buffers) if buffers else rows

    def _task_rows(self, model: Labeller, judge: Judge, task: str, count: int) -> LabelledRows:
        """The first `count` usable rows of a task's questions, in an order drawn by the seed."""
        items = self.items(task, "train")
        Random(f"open-{self.recipe.seed}-{task}").shuffle(items)
        rows: list[Row] = []
        size = self.recipe.labels.batch
        for start in range(0, len(items), size):
            rows += self._labelled_open(model, judge, items[start : start + size], start)
            self.progress(f"label {task}", min(len(rows), count), count)
            if len(rows) >= count:
                asked = min(start + size, len(items))
                return LabelledRows(rows[:count], asked, asked - len(rows))
        raise ConfigurationError(
            f"{task} gave {len(rows)} usable rows of {len(items)} questions, {count} are wanted",
            hint=f"lower open_ended.{task}, or give more questions",
        )

    def _labelled_open(
        self, model: Labeller, judge: Judge, items: Sequence[OpenItem], start: int
    ) -> list[OpenRow]:
        plan = self.recipe.labels
        seed = seed_of(self.recipe.seed, self.name, items[0].task, start)
        texts = [item.text for item in items]
        limit = self.recipe.open_ended.limit
        replies = model.write(texts, plan.temperature, plan.samples, limit, seed)
        rows = [
            open_row(item, reply.texts, judge) for item, reply in zip(items, replies, strict=True)
        ]
        return [row for row in rows if row is not None]

    def _replayed_buffers(self) -> list[Path]:
        """The buffers of the chain whose questions are replayed; none where none are."""
        plan = self.recipe
        if not (plan.open_ended.replay_from and plan.buffer.replayed):
            return []
        buffers = sorted(Path(plan.open_ended.replay_from).glob("R*/buffer.jsonl"))
        if not buffers:
            raise ConfigurationError(
                f"{plan.open_ended.replay_from} holds no buffers", hint="give the folder of a chain"
            )
        return buffers

    def measure(self) -> None:
        """The figures of multiple choice, and in open.json those of the tasks' test files."""
        super().measure()
        path = self.folder / "open.json"
        if path.exists():
            return
        tau = self.recipe.model.contract().tau
        with (
            timed(self.folder, "measure open"),
            self.model_of(self.checkpoint).open() as model,
        ):
            tasks = self.recipe.open_ended.rows
            write_json(path, {task: self._task_figures(model, task, tau) for task in tasks})

    def _task_figures(self, model: Labeller, task: str, tau: float) -> dict[str, float]:
        plan = self.recipe.open_ended
        items = self.items(task, "test")[: plan.test or None]
        replies = []
        size = self.recipe.labels.batch
        for start in range(0, len(items), size):
            texts = [item.text for item in items[start : start + size]]
            replies += [r.texts[0] for r in model.write(texts, 0.0, 1, plan.limit, 0)]
            self.progress(f"measure {task}", len(replies), len(items))
        return task_figures(items, replies, self.judge_of_replies(), tau)


def open_row(item: OpenItem, replies: Sequence[str], judge: Judge) -> OpenRow | None:
    """A row from sampled replies; None where only an own right trace would do and there is none."""
    right = [reply for reply in replies if judge.is_right(item, reply)]
    success = len(right) / len(replies)
    if item.task != "gsm8k":
        return OpenRow(item, success, item.answers[0])
    traces = [trace_of(reply) for reply in right]
    usable = [trace for trace in traces if trace]
    return OpenRow(item, success, item.answers[0], usable[0]) if usable else None


def trace_of(reply: str) -> str:
    """The reasoning of a reply: what stands between the confidence line and the final answer."""
    text = reply.strip()
    if text.startswith(CONFIDENCE_PREFIX.strip()):
        text = text.partition("\n")[2]
    return text.partition(ANSWER_PREFIX.strip())[0].strip()


def task_figures(
    items: Sequence[OpenItem], replies: Sequence[str], judge: Judge, tau: float
) -> dict[str, float]:
    """Accuracy of the greedy replies, and what routing by their confidence gains. A reply without
    a confidence is routed."""
    right = np.array([judge.is_right(i, r) for i, r in zip(items, replies, strict=True)], float)
    confidences = [_confidence(reply) for reply in replies]
    routed = np.array([value is None or value < tau for value in confidences], dtype=float)
    cloud_of = AnswerKey(rates={}, other=ASSUMED_CLOUD)
    cloud = np.array([cloud_of.answers_rightly(item.id) for item in items], dtype=float)
    return {
        "n": len(items), "accuracy": macro([right.mean()]), "lift": lift(routed, right, cloud),
        "cloud_share": float(routed.mean()), "assumed_cloud": ASSUMED_CLOUD,
        "auroc": auroc([-1.0 if value is None else value for value in confidences], right),
    }  # fmt: skip


def _confidence(reply: str) -> float | None:
    line = reply.strip().partition("\n")[0]
    prefix = CONFIDENCE_PREFIX.strip()
    return read_confidence(line[len(prefix) :].strip()) if line.startswith(prefix) else None
