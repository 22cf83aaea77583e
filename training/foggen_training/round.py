"""One round, step by step: label -> buffer -> SFT -> merge -> bucket table -> figures -> gate.

Every step leaves a file or a folder that appears whole, and a step that has its result is not run
again; labelling, the longest, is resumed batch by batch. A round's folder holds

    config.json       what the round was run with      adapter/       the low-rank change
    new.jsonl         labels of new questions          checkpoint/    the merged fp32 master
    replayed.jsonl    labels of replayed ones          model.gguf     if the shipped file is measured
    buffer.jsonl      labelled rows                    table.json     bucket -> {n, accuracy}
    verdict.json      the gate's word: it is over      metrics.json   the validation set
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from foggen.calibration import bucket_table
from foggen.contract import BUCKETS
from foggen.labelled import Keyed

from .checkpoints import to_gguf
from .evaluation.outcomes import Outcome, outcome
from .files import read_json, read_seconds, timed, write_json
from .gate import Figures, figures, losses
from .labels.label import check_failures
from .labels.labelling import Executor, LabelJob, in_this_process, label_into
from .labels.models import ModelReference
from .pools import QuestionPool
from .recipe import Recipe
from .tuning.buffer import (
    Row,
    buffer_rows,
    earlier_questions,
    load_buffer,
    save_buffer,
    shuffled,
    unaided_row,
)
from .tuning.merge import merge
from .tuning.worker import tune, write_order

Progress = Callable[[str, int, int], None]  # step's name, done, total


@dataclass(frozen=True)
class Round:
    """Number `number` of a chain. start: the checkpoint that it begins with, a folder or hub id.
    before: the figures of the round before, None where there are none."""

    recipe: Recipe
    pool: QuestionPool
    number: int
    start: str
    folder: Path
    executor: Executor = in_this_process
    progress: Progress = lambda *_: None

    @property
    def name(self) -> str:
        return self.recipe.rounds[self.number][0]

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint"

    @property
    def plain(self) -> bool:
        """R0's labels come from the raw base, which cannot say a confidence."""
        return self.number == 0

    def check(self) -> None:
        """Raises NoQuestionError or QuestionError where a sibling's buffer cannot be read."""
        distill = self.recipe.distill
        if self.number == 0 and distill.buffer and not (self.folder / "buffer.jsonl").exists():
            load_buffer(Path(distill.buffer))

    def run(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """The gate's verdict: {"passed", "attempts": [{"learning_rate", "losses"}], "seconds"}."""
        verdict = self.folder / "verdict.json"
        if verdict.exists():
            return read_json(verdict)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.folder / "config.json", {"round": self.name, "start": self.start,
                                                 "recipe": asdict(self.recipe)})  # fmt: skip
        self.make_buffer()
        attempts = self._attempts(before or self._at_the_start())
        found = {"passed": not attempts[-1]["losses"], "attempts": attempts,
                 "seconds": read_seconds(self.folder)}  # fmt: skip
        write_json(verdict, found)
        return found

    def _at_the_start(self) -> Figures:
        """What the first round of a chain must not fall behind: the start's own figures, or, of a raw
        base, its accuracy when asked for the answer alone."""
        path = self.folder / "start.json"
        if path.exists():
            return read_json(path)
        with timed(self.folder, "measure start"):
            model = self._measured(self.start, "start.gguf")
            items = self.pool.validation()
            outcomes = self._outcomes(model, items, "validate start", plain=self.plain)
            found = figures(outcomes, self.recipe.model.contract().tau)
            if self.plain:
                found = {"accuracy": found["accuracy"], "auroc": None}
            write_json(path, found)
        return found

    def make_buffer(self) -> None:
        """Label new and replayed questions by the start checkpoint, into buffer.jsonl; a distilled
        model takes its sibling's buffer instead."""
        path = self.folder / "buffer.jsonl"
        if path.exists():
            return
        with timed(self.folder, "label"):
            save_buffer(self._rows(), path)

    def _rows(self) -> list[Row]:
        distill = self.recipe.distill
        if self.number == 0 and distill.buffer:
            return load_buffer(Path(distill.buffer))[: distill.rows or None]
        rows = self._labelled("new", self.pool.fresh(self.number), replay=False)
        if self.number:
            names = [name for name, _ in self.recipe.rounds[: self.number]]
            buffers = [self.folder.parent / name / "buffer.jsonl" for name in names]
            seed = f"replay-{self.recipe.seed}-{self.name}"
            again = earlier_questions(buffers, self.recipe.buffer.replayed, seed)
            rows += self._labelled("replayed", again, replay=True)
        return rows

    def _labelled(self, name: str, items: list[Keyed], *, replay: bool) -> list[Row]:
        plan = self.recipe.labels
        job = LabelJob(self._measured(self.start, "start.gguf"), plan, self.plain)
        labels = label_into(
            self.folder / f"{name}.jsonl", job, items, f"{self.recipe.seed}-{self.name}-{name}",
            self.executor, lambda done, total: self.progress(f"label {name}", done, total),
        )  # fmt: skip
        check_failures(labels, plan)
        aided = buffer_rows(items, labels, plan, plain=self.plain, replayed=replay)
        rows: list[Row] = [*aided, *self._unaided(name, items)]
        return shuffled(rows, f"{self.recipe.seed}-{self.name}") if plan.shuffle else rows

    def _unaided(self, name: str, items: list[Keyed]) -> list[Row]:
        """Some of the questions again, without their options."""
        able = [item for item in items if item.stands_alone]
        seed = f"{self.recipe.seed}-{self.name}-{name}-unaided"
        chosen = Random(seed).sample(able, int(self.recipe.buffer.unaided * len(able)))
        if not chosen:
            return []
        job = LabelJob(
            self._measured(self.start, "start.gguf"), self.recipe.labels, self.plain, unaided=True
        )
        labels = label_into(self.folder / f"{name}.unaided.jsonl", job, chosen, seed, self.executor)
        return [unaided_row(item, label) for item, label in zip(chosen, labels, strict=True)]

    def _measured(self, checkpoint: str, gguf: str) -> ModelReference:
        """The checkpoint itself, or the quantized file that it would ship as."""
        model = self.recipe.model
        if self.recipe.labels.with_model == "transformers":
            return ModelReference(checkpoint, model)
        path = self.folder / gguf
        if not path.exists():
            to_gguf(
                checkpoint, model.contract(self.name), self.recipe.labels.quant, path, self.name
            )
        return ModelReference(str(path), model)

    def _attempts(self, before: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        """SFT, merge, figures; again at half the rate while the gate refuses and retries last."""
        path = self.folder / "attempts.json"
        attempts = read_json(path)["attempts"] if path.exists() else []
        while not attempts or (
            attempts[-1]["losses"] and len(attempts) <= self.recipe.gate.retries
        ):
            if attempts:
                self._discard(len(attempts))
            rate = self._peak() / 2 ** len(attempts)
            self._train(rate)
            found = self.measure()
            attempts.append(
                {"learning_rate": rate, "losses": losses(found, before, self.recipe.gate)}
            )
            write_json(path, {"attempts": attempts})
        return attempts

    def _peak(self) -> float:
        plan = self.recipe.tuning
        return (self.number == 0 and plan.first_learning_rate) or plan.learning_rate

    def _discard(self, number: int) -> None:
        """Put a refused attempt's figures aside and remove what was made."""
        metrics = self.folder / "metrics.json"
        if metrics.exists():
            metrics.rename(self.folder / f"metrics.attempt{number}.json")
        for name in ("adapter", "checkpoint"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for name in ("model.gguf", "table.json", "order.json"):
            (self.folder / name).unlink(missing_ok=True)

    def _train(self, rate: float) -> None:
        plan = self.recipe.tuning
        if not (self.folder / "adapter").exists():
            with timed(self.folder, "train"):
                epochs = (self.number == 0 and plan.first_epochs) or plan.epochs
                write_order(self.folder, self.recipe, self.start, self.name, rate, epochs)
                tune(self.folder, plan.processes,
                     lambda step, steps, _: self.progress("train", step + 1, steps))  # fmt: skip
        if not self.checkpoint.exists():
            with timed(self.folder, "merge"):
                merge(self.start, self.folder / "adapter", self.checkpoint, self.recipe.model)

    def measure(self) -> Figures:
        """Refit the bucket table, then the validation set's figures, both to disk."""
        path = self.folder / "metrics.json"
        if path.exists():
            return read_json(path)
        with timed(self.folder, "measure"):
            model = self._measured(str(self.checkpoint), "model.gguf")
            fitted = self._outcomes(model, self.pool.calibration(), "bucket table")
            said, right = [o.confidence for o in fitted], [o.edge for o in fitted]
            write_json(self.folder / "table.json", bucket_table(said, right, BUCKETS))
            outcomes = self._outcomes(model, self.pool.validation(), "validate")
            found = figures(outcomes, self.recipe.model.contract().tau)
            write_json(path, found)
        return found

    def _outcomes(
        self, model: ModelReference, items: list[Keyed], name: str, *, plain: bool = False
    ) -> list[Outcome]:
        size = self.recipe.labels.batch
        out: list[Outcome] = []
        with model.open() as reader:
            read = reader.read_plain if plain else reader.read
            for start in range(0, len(items), size):
                chunk = items[start : start + size]
                out += [outcome(item, found) for item, found in
                        zip(chunk, read(chunk), strict=True)]  # fmt: skip
                self.progress(name, len(out), len(items))
        return out
