"""The extra round on open-ended tasks (R15-OE): rows of the tasks, and replayed multiple choice.

A row of a task is a question, the checkpoint's measured success on it, and the reply to train
(`open_replies.py`). The round writes two more files with figures of the tasks' test questions:
open.before.json for the checkpoint that it starts from, and open.json for its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from foggen.errors import ConfigurationError

from .evaluation.judging import Judge
from .files import timed, write_json
from .labels.label import Labeller, Replies, check_failures, seed_of
from .open_items import OpenItem, read_incorrect, read_open, read_solutions
from .open_replies import open_row, read_open_reply, task_figures
from .round import Round
from .round_rows import LabelledRows
from .tuning.buffer import Row


@dataclass(frozen=True)
class OpenRound(Round):
    """The round R15 of a recipe with an `[open_ended]` section."""

    @property
    def start_is_base(self) -> bool:
        return False

    def check(self) -> None:
        """Raise an error if questions of a task, or buffers to replay, are missing; it names the place."""
        for task, count in self.recipe.open_ended.rows.items():
            questions = len(self.items(task, "train"))
            if questions < count:
                raise ConfigurationError(
                    f"{task} has {questions} training questions, but {count} rows are wanted",
                    hint=f"lower open_ended.{task}, or add questions",
                )
            self.items(task, "test")
            self.solutions(task)
        self.judge_of_replies()
        self._replayed_buffers()

    # --- the tasks' files -------------------------------------------------------------------------

    def items(self, task: str, split: str) -> list[OpenItem]:
        return read_open(self._file(f"{task}.{split}.jsonl"))

    def solutions(self, task: str) -> dict[str, str]:
        """The reference solutions by id; empty if the data have none."""
        path = self._file(f"{task}.train.solutions.jsonl")
        return read_solutions(path) if path.exists() else {}

    def judge_of_replies(self) -> Judge:
        wanted = "truthfulqa" in self.recipe.open_ended.rows
        return Judge(read_incorrect(self._file("truthfulqa.incorrect.jsonl")) if wanted else {})

    def _file(self, name: str) -> Path:
        return Path(self.recipe.open_ended.folder) / name

    # --- the buffer -------------------------------------------------------------------------------

    def rows(self) -> LabelledRows:
        """Rows of the tasks, and replayed multiple-choice rows."""
        rows = LabelledRows([], 0)
        with self.model_of(self.start).open() as model:
            for task, count in self.recipe.open_ended.rows.items():
                rows += self._task_rows(model, task, count)
        buffers = self._replayed_buffers()
        return rows + self.labeller().replayed(buffers) if buffers else rows

    def _task_rows(self, model: Labeller, task: str, count: int) -> LabelledRows:
        """Make `count` rows from a task's questions, in an order drawn by the seed.

        A question without a readable reply is replaced by the next one. Raises ConfigurationError if too
        many replies cannot be read.
        """
        judge, solutions = self.judge_of_replies(), self.solutions(task)
        items = self.items(task, "train")
        Random(f"open-{self.recipe.seed}-{task}").shuffle(items)
        rows: list[Row] = []
        failures: list[float] = []
        unreadable = 0.0
        while len(rows) < count and len(failures) < len(items):
            start = len(failures)
            batch = items[start : start + min(self.recipe.labels.batch, count - len(rows))]
            for item, replies in zip(batch, self._replies(model, batch, start), strict=True):
                readable = [text for text in replies.texts if read_open_reply(text).is_readable]
                failures.append(1 - len(readable) / len(replies.texts))
                row = open_row(item, readable, judge, solutions.get(item.id, ""))
                rows += [row] if row else []
            if len(failures) >= count:
                unreadable = check_failures(failures, self.recipe.labels)
            self.progress(f"label {task}", len(rows), count)
        return LabelledRows(rows, len(failures), len(failures) - len(rows), unreadable)

    def _replies(self, model: Labeller, items: Sequence[OpenItem], start: int) -> list[Replies]:
        """Sample replies to some questions of a task. start: position of the first one, for the seed."""
        plan = self.recipe.labels
        seed = seed_of(self.recipe.seed, self.name, items[0].task, start)
        texts = [item.text for item in items]
        limit = self.recipe.open_ended.limit
        return model.write(texts, plan.temperature, plan.samples, limit, seed)

    def _replayed_buffers(self) -> list[Path]:
        """The buffers whose questions are replayed; empty if the recipe replays none."""
        plan = self.recipe
        if not (plan.open_ended.replay_from and plan.buffer.replayed):
            return []
        buffers = sorted(Path(plan.open_ended.replay_from).glob("R*/buffer.jsonl"))
        if not buffers:
            raise ConfigurationError(
                f"{plan.open_ended.replay_from} holds no buffers", hint="give the folder of a chain"
            )
        return buffers

    # --- the figures ------------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure multiple choice, and the tasks before and after the round."""
        super().measure()
        self._measure_tasks(self.start, "open.before.json")
        self._measure_tasks(self.checkpoint, "open.json")

    def _measure_tasks(self, checkpoint: Path, name: str) -> None:
        path, tasks = self.folder / name, self.recipe.open_ended.rows
        if path.exists():
            return
        with timed(self.folder, "measure open"), self.model_of(checkpoint).open() as model:
            write_json(path, {task: self._task_figures(model, task) for task in tasks})

    def _task_figures(self, model: Labeller, task: str) -> dict[str, float]:
        plan, size = self.recipe.open_ended, self.recipe.labels.batch
        items = self.items(task, "test")[: plan.test or None]
        replies: list[str] = []
        for start in range(0, len(items), size):
            texts = [item.text for item in items[start : start + size]]
            replies += [r.texts[0] for r in model.write(texts, 0.0, 1, plan.limit, 0)]
            self.progress(f"measure {task}", len(replies), len(items))
        tau = self.recipe.model.contract().tau
        return task_figures(items, replies, self.judge_of_replies(), tau)
