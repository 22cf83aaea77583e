"""One round, step by step: label -> buffer -> SFT -> merge -> bucket table -> figures -> gate.

Every step writes a file or folder that appears whole, and a step whose result exists is skipped;
labelling, the longest step, is resumed batch by batch. A round's folder holds

    config.json       recipe and start of the round    adapter/        the low-rank change
    new.jsonl         labels of new questions          checkpoint/     merged fp32 weights
    replayed.jsonl    labels of replayed questions     model.gguf      if the shipped file is measured
    labelled.json     number of unlabelled questions   table.json      bucket -> {n, accuracy}
    buffer.jsonl      labelled rows                    outcomes.jsonl  outcomes of the validation set
    trained.json      number of rows too long          metrics.json    figures of the validation set
    attempts.json     refused attempts                 verdict.json    the gate's verdict, written last
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foggen.confidence.metrics import bucket_table
from foggen.engine.contract import BUCKETS
from foggen.errors import ConfigurationError

from .attempts import finish_setting_aside, halvings, set_aside, set_aside_before
from .checkpoints import to_gguf
from .files import read_json, timed, write_json
from .gate import Reference, figures, judge
from .labels.jobs import Executor, in_this_process
from .labels.models import ModelReference
from .pools import QuestionPool
from .recipe import Recipe
from .round_rows import LabelledRows, Progress, RowLabeller, distilled_rows
from .tuning.buffer import load_buffer, save_buffer
from .tuning.merge import merge
from .tuning.worker import tune, write_order
from .validation import OUTCOMES, ask, load_outcomes, save_outcomes
from .verdicts import VERDICT, changed, is_over, write_config, write_verdict


@dataclass(frozen=True)
class Round:
    """A round of a chain. number: 0 for R0. start: folder of the checkpoint that it starts from."""

    recipe: Recipe
    pool: QuestionPool
    number: int
    start: Path
    folder: Path
    executor: Executor = in_this_process
    progress: Progress = lambda *_: None

    def run(self, reference: Reference) -> dict[str, Any]:
        """Run the remaining steps; returns the verdict {"passed", "attempts", "rows", "seconds"}.

        reference: the round is compared with it. Each attempt is the result of `judge` with its
        "learning_rate". A refused round is judged again if [gate] has changed since, and tuned again if
        [tuning] has.
        """
        if is_over(self.folder, self.recipe):
            return read_json(self.folder / VERDICT)
        self.begin()
        self.label()  # start -> buffer.jsonl
        while True:
            self.tune()  # buffer.jsonl -> adapter/
            self.merge()  # start, adapter/ -> checkpoint/
            self.measure()  # checkpoint/ -> table.json, outcomes.jsonl, metrics.json
            attempts = [*set_aside_before(self.folder), self.judge(reference)]
            if not attempts[-1]["losses"] or halvings(self.folder) >= self.recipe.gate.retries:
                return write_verdict(self.folder, attempts)
            set_aside(self.folder, attempts)  # try again at half the rate

    # --- the steps --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Create the folder; after a refusal, make room for the steps that a changed recipe repeats."""
        self.folder.mkdir(parents=True, exist_ok=True)
        finish_setting_aside(self.folder)
        verdict = self.folder / VERDICT
        if verdict.exists():  # refused under an earlier [gate] or [tuning]
            if changed(self.folder, self.recipe, "tuning"):
                set_aside(self.folder, read_json(verdict)["attempts"], anew=True)
            verdict.unlink()
        write_config(self.folder, self.name, self.start, self.recipe)

    def label(self) -> None:
        """Label new and replayed questions with the start; raises ConfigurationError if no row results."""
        path = self.folder / "buffer.jsonl"
        if path.exists():
            return
        with timed(self.folder, "label"):
            labelled = self.rows()
            if not labelled.rows:
                raise ConfigurationError(
                    f"{self.name} has no rows to train on: {labelled.questions} questions were asked, "
                    f"and {labelled.unreadable:.0%} of the replies could not be read",
                    hint="distill a model that does not know the format from a sibling first",
                )
            write_json(self.folder / "labelled.json", labelled.counts())
            save_buffer(labelled.rows, path)

    def tune(self) -> None:
        """Fine-tune fresh adapters on the buffer."""
        if (self.folder / "adapter").exists():
            return
        plan = self.recipe.tuning
        epochs = (self.number == 0 and plan.first_epochs) or plan.epochs
        with timed(self.folder, "train"):
            write_order(
                self.folder, self.recipe, str(self.start), self.name, self.learning_rate(), epochs
            )
            tune(
                self.folder,
                plan.processes,
                lambda step, steps, _: self.progress("train", step + 1, steps),
            )

    def merge(self) -> None:
        """Merge the adapters into the fp32 weights of the start."""
        if not self.checkpoint.exists():
            with timed(self.folder, "merge"):
                merge(str(self.start), self.folder / "adapter", self.checkpoint, self.recipe.model)

    def measure(self) -> None:
        """Refit the bucket table, and answer the validation set."""
        if (self.folder / "metrics.json").exists():
            return
        with timed(self.folder, "measure"):
            batch = self.recipe.labels.batch
            with self.model_of(self.checkpoint).open() as model:
                apart = ask(model.read, self.pool.calibration(), batch, self.step("bucket table"))
                outcomes = ask(model.read, self.pool.validation(), batch, self.step("validate"))
            buckets, right = [o.confidence for o in apart], [o.edge for o in apart]
            write_json(self.folder / "table.json", bucket_table(buckets, right, BUCKETS))
            save_outcomes(outcomes, self.folder / OUTCOMES)
            tau = self.recipe.model.contract().tau
            write_json(self.folder / "metrics.json", figures(outcomes, tau))

    def judge(self, reference: Reference) -> dict[str, Any]:
        """Return the gate's judgement of the attempt."""
        judgement = judge(load_outcomes(self.folder / OUTCOMES), reference, self.recipe.gate)
        return {"learning_rate": self.learning_rate(), **judgement}

    # --- what they are made of --------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self.recipe.rounds[self.number][0]

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint"

    @property
    def start_is_base(self) -> bool:
        """Whether the start has not learnt to state a confidence; a primed base states random ones."""
        return self.number == 0

    @property
    def starts_raw(self) -> bool:
        """Whether the start does not know the format either, so it is asked for the answer alone."""
        return self.start_is_base and not self.recipe.primer.rows

    def learning_rate(self) -> float:
        """Return the peak learning rate of the current attempt."""
        plan = self.recipe.tuning
        peak = (self.number == 0 and plan.first_learning_rate) or plan.learning_rate
        return peak / 2.0 ** halvings(self.folder)

    def check(self) -> None:
        """Raise NoQuestionError or QuestionError if a sibling's buffer cannot be read."""
        distill = self.recipe.distill
        if self.number == 0 and distill.buffer and not (self.folder / "buffer.jsonl").exists():
            load_buffer(Path(distill.buffer))

    def rows(self) -> LabelledRows:
        """Return the rows of the buffer: new questions, and earlier questions labelled again.

        The first round of a distilled model takes its sibling's rows.
        """
        distill = self.recipe.distill
        if self.number == 0 and distill.buffer:
            return distilled_rows(distill)
        labeller = self.labeller()
        fresh = labeller.rows("new", self.pool.fresh(self.number))
        if self.number == 0:
            return fresh
        names = [name for name, _ in self.recipe.rounds[: self.number]]
        buffers = [self.folder.parent / name / "buffer.jsonl" for name in names]
        return fresh + labeller.replayed(buffers)

    def labeller(self) -> RowLabeller:
        """Return the labeller of the round's questions."""
        return RowLabeller(
            self.recipe,
            self.name,
            self.folder,
            self.model_of(self.start),
            self.starts_raw,
            self.start_is_base,
            self.executor,
            self.progress,
        )

    def model_of(self, checkpoint: Path) -> ModelReference:
        """Return the model to ask: the checkpoint itself, or the quantized GGUF made from it."""
        plan = self.recipe
        if plan.labels.with_model == "transformers":
            return ModelReference(str(checkpoint), plan.model)
        is_base = self.number == 0 and checkpoint == self.start
        path = self.folder / "start.gguf" if is_base else checkpoint.with_name("model.gguf")
        if not path.exists():
            name = self.name if is_base else checkpoint.parent.name
            to_gguf(str(checkpoint), plan.model.contract(name), plan.labels.quant, path, name)
        return ModelReference(str(path), plan.model)

    def start_reference(self) -> Reference:
        """Return the gate's reference for the first round: the answers of the start."""
        path = self.folder / f"start.{OUTCOMES}"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with timed(self.folder, "measure start"), self.model_of(self.start).open() as model:
                read = model.read_raw if self.starts_raw else model.read
                items, batch = self.pool.validation(), self.recipe.labels.batch
                outcomes = ask(read, items, batch, self.step("validate start"))
            if self.start_is_base:
                outcomes = [replace(one, confidence=-1.0, expected=-1.0) for one in outcomes]
            save_outcomes(outcomes, path)
        return Reference("the start", load_outcomes(path), ranked=not self.start_is_base)

    def reference(self) -> Reference:
        """Return this round as a reference for later ones."""
        return Reference(self.name, load_outcomes(self.folder / OUTCOMES))

    def step(self, name: str) -> Callable[[int, int], None]:
        """Return a callback for the progress of one step, called with (done, total)."""
        return lambda done, total: self.progress(name, done, total)
