"""`foggen-train publish`: the last round of a chain as calibrated GGUFs, with their card and plots.

    foggen-train publish build/starter-chain -o build/published --about build/starter/about.md

The folder is what a repository on a hub holds:

    NAME-q8_0.gguf         one file per --quant, calibrated with its own answers
    checkpoint/            the merged weights in bfloat16, for transformers
    README.md  *.png       the card with its front matter, and its plots
    NOTICE                 if the base's licence requires one
    measured/              results by question id, without any text

Results in measured/ are not measured again, so a publication that was killed can be resumed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from foggen.confidence.labelled import Keyed, read_questions
from foggen.confidence.metrics import bucket_table
from foggen.engine.contract import BUCKETS
from foggen.engine.engine import Engine
from foggen.errors import ConfigurationError, UsageError
from foggen_export.loading import load_model

from .bases import base_folder
from .checkpoints import save_checkpoint, to_gguf
from .evaluation import plots
from .evaluation.again import BASE, IN_FORMAT, OUTCOMES
from .evaluation.card import Card
from .evaluation.clouds import Cloud, CloudOptions, clouds_for
from .evaluation.evaluation import Evaluation, assembled
from .evaluation.front_matter import (
    NOTICE_FILE,
    FrontMatter,
    front_matter_of,
    license_section,
    notice_of,
    origin_of,
)
from .evaluation.keeping import keep_in, key_of
from .evaluation.outcomes import Outcome, beside, measure
from .evaluation.progress import Ask
from .evaluation.quants import MEASURED, QUANTS, QuantFigures, answered, quant_figures
from .evaluation.rivals import all_rivals
from .evaluation.untrained import untrained
from .files import read_json
from .history import RECIPE, history, last_passed
from .labels.gguf_reader import GgufReader
from .labels.models import ModelReference
from .labels.reading import Reading
from .pools import QuestionPool, open_pool
from .primer import primer_seconds
from .recipe import Recipe
from .recipe_file import recipe_from

MOST = 300  # default number of test questions per domain


@dataclass(frozen=True)
class PublishOptions:
    """The options of `publish`. name: file name; empty means the recipe's name. about: Markdown that
    opens the card. quants: quantizations to write; the first is measured in full. compared:
    quantizations to measure only. most: most test questions per domain; 0 means all. automix: also
    measure AutoMix."""

    chain: Path
    output: Path
    name: str = ""
    title: str = ""
    about: Path | None = None
    exam: tuple[Path, ...] = ()
    cloud: CloudOptions = field(default_factory=CloudOptions)
    quants: tuple[str, ...] = ("q8_0",)
    compared: tuple[str, ...] = ()
    most: int = MOST
    automix: bool = True

    def __post_init__(self) -> None:
        for quant in (*self.quants, *self.compared):
            if quant not in QUANTS:
                raise UsageError(
                    f"unknown quantization {quant!r}", hint=f"known: {', '.join(QUANTS)}"
                )

    def named(self, recipe: Recipe) -> PublishOptions:
        """Return the options with a missing name or title taken from the recipe."""
        name = self.name or recipe.name
        title = self.title or name.replace("foggen", "FogGen").replace("-", " ")
        return replace(self, name=name, title=title)

    def opening(self) -> str:
        return self.about.read_text("utf-8").strip() if self.about else f"# {self.title}"


def publish(options: PublishOptions) -> list[Path]:
    """Publish a chain; returns the paths of the GGUFs and the card.

    Raises ConfigurationError if no round has passed.
    """
    recipe = recipe_from(read_json(options.chain / RECIPE), options.chain / RECIPE)
    options = options.named(recipe)
    final = last_passed(recipe, options.chain)
    if final is None:
        raise ConfigurationError(f"no round of {options.chain} has passed", hint="run the chain")
    options.output.mkdir(parents=True, exist_ok=True)
    return _Publication(options, recipe, open_pool(recipe), final).run()


@dataclass(frozen=True)
class _Publication:
    """One publication. options: with name and title filled in. final: folder of the published round."""

    options: PublishOptions
    recipe: Recipe
    pool: QuestionPool
    final: Path

    def run(self) -> list[Path]:
        options, output = self.options, self.options.output
        questions = first_of_each(self.pool.test(), options.most)
        clouds = clouds_for(
            options.cloud, questions
        )  # first: it may fail, and the rest takes longer
        base, in_format = self.base_readings(questions)
        files = [self.calibrated(quant) for quant in options.quants]
        with Engine(files[0]) as engine:
            evaluation = self.evaluated(engine, files[0], questions, clouds, base)
            exam = self.exam(engine, files[0])
        first = self.first_round(questions)
        lines = history(self.recipe, options.chain)
        _plots(evaluation, lines, output)
        self.save_weights()
        front = front_matter_of(
            self.recipe, origin_of(self.recipe.model.base, self.recipe.model.chat_layout)
        )
        text = Card(
            opening=options.opening(),
            recipe=self.recipe,
            path=files[0],
            quant=options.quants[0],
            round=self.final.name,
            evaluation=evaluation,
            first=beside(clouds[0], questions, first),
            base=untrained(questions, evaluation.outcomes, base, in_format),
            lines=lines,
            exam=exam,
            quants=self.quants(questions, clouds[0], files[0], evaluation),
            license=license_section(front, options.title),
            preparation=primer_seconds(options.chain),
            open_ended=open_figures(self.final),
        ).text()
        return [*files, self.save_card(front, text)]

    # --- what is measured -------------------------------------------------------------------------

    def ask(self, name: str, key: str) -> Ask:
        """Return a function that asks questions and stores the results under a name."""
        return keep_in(self.options.output / MEASURED, f"{name}.jsonl", key)

    def base_readings(self, questions: Sequence[Keyed]) -> tuple[list[Reading], list[Reading]]:
        """Ask the unquantized base: all questions for the answer alone, and the calibration questions in
        the contract's format, which it was never taught."""
        model, output = self.recipe.model, self.options.output
        base = self.options.chain / "base"  # the checkpoint made from a GGUF
        if not base.exists():
            base = base_folder(model.base, output)
        key = key_of(base, model)
        with ModelReference(str(base), model).open() as reader:
            alone = self.ask(BASE, key)("base", reader.read_raw, questions)
            asked = self.ask(IN_FORMAT, key)
            return alone, asked("base in the format", reader.read, self.pool.calibration())

    def evaluated(
        self,
        engine: Engine,
        path: Path,
        questions: Sequence[Keyed],
        clouds: Sequence[Cloud],
        base: Sequence[Reading],
    ) -> Evaluation:
        """Evaluate a GGUF on the test questions, with all baselines and each cloud."""
        key = key_of(path)
        outcomes = self.ask(OUTCOMES, key)("questions", _by(engine), questions)
        reader = GgufReader(engine, self.recipe.model.raw_contract())
        shots = self.recipe.data.source != "generated"  # the starter's base learnt to verify
        rivals = all_rivals(
            reader,
            questions,
            outcomes,
            base,
            shots=shots,
            verifies=self.options.automix,
            ask=lambda name: self.ask(name, key),
        )
        return assembled(questions, outcomes, engine.contract.tau, clouds, rivals)

    def exam(self, engine: Engine, path: Path) -> list[Outcome]:
        questions = [item for file in self.options.exam for item in read_questions(file)]
        return self.ask("exam", key_of(path))("exams", _by(engine), questions) if questions else []

    def first_round(self, questions: Sequence[Keyed]) -> list[Outcome]:
        """Return the outcomes of R0 on the same questions, with the same quantization."""
        name = self.recipe.rounds[0][0]
        checkpoint = self.options.chain / name / "checkpoint"
        return self._answered(checkpoint, name, self.options.quants[0], questions, name)

    def quants(
        self, questions: Sequence[Keyed], cloud: Cloud, path: Path, evaluation: Evaluation
    ) -> list[QuantFigures]:
        """Return the figures of all written and compared quantizations, ordered by size."""
        wanted = {*self.options.quants, *self.options.compared}
        known = QuantFigures(self.options.quants[0], path.stat().st_size, evaluation.first.mean)
        return list(
            quant_figures(
                self.final / "checkpoint",
                self.recipe.model.contract(self.final.name),
                questions,
                self.options.output,
                known,
                cloud,
                [quant for quant in QUANTS if quant in wanted],
            )
        )

    def _answered(
        self, checkpoint: Path, round_name: str, quant: str, questions: Sequence[Keyed], name: str
    ) -> list[Outcome]:
        contract = self.recipe.model.contract(round_name)
        return answered(checkpoint, contract, quant, questions, self.options.output, name)[0]

    # --- what is written --------------------------------------------------------------------------

    def calibrated(self, quant: str) -> Path:
        """Write the calibrated GGUF; its bucket table is measured with an uncalibrated one first."""
        contract, checkpoint = (
            self.recipe.model.contract(self.final.name),
            self.final / "checkpoint",
        )
        outcomes = self._answered(
            checkpoint, self.final.name, quant, self.pool.calibration(), f"calibration-{quant}"
        )
        table = bucket_table([o.confidence for o in outcomes], [o.edge for o in outcomes], BUCKETS)
        path = self.options.output / f"{self.options.name}-{quant}.gguf"
        data = f"{len(outcomes)} questions kept apart for it"
        return to_gguf(str(checkpoint), contract, quant, path, self.options.title, table, data)

    def save_weights(self) -> None:
        """Save the merged checkpoint in bfloat16, as usual on hubs; half the size of fp32."""
        import torch

        folder, checkpoint = self.options.output / "checkpoint", self.final / "checkpoint"
        shutil.rmtree(folder, ignore_errors=True)
        model = load_model(checkpoint).to(torch.bfloat16)
        save_checkpoint(model, checkpoint, folder, self.recipe.model)

    def save_card(self, front: FrontMatter, text: str) -> Path:
        output = self.options.output
        if notice := notice_of(front, self.options.title):
            (output / NOTICE_FILE).write_text(notice, "utf-8")
        card = output / "README.md"
        card.write_text(f"{front.text()}\n{text}", "utf-8")
        return card


def open_figures(folder: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the task figures before and after an open-ended round; None for other rounds."""
    before, after = folder / "open.before.json", folder / "open.json"
    return (read_json(before), read_json(after)) if after.exists() else None


def first_of_each(questions: Sequence[Keyed], most: int) -> list[Keyed]:
    """Return the first `most` questions of every domain, in order; 0 means all."""
    counts: dict[str, int] = {}
    chosen = []
    for item in questions:
        counts[item.domain] = counts.get(item.domain, 0) + 1
        if not most or counts[item.domain] <= most:
            chosen.append(item)
    return chosen


def _by(engine: Engine) -> Callable[[Sequence[Keyed]], list[Outcome]]:
    return lambda questions: measure(engine, questions)


def _plots(evaluation: Evaluation, lines: Sequence[Mapping[str, Any]], folder: Path) -> None:
    plots.history_plot(lines, folder / "history.png")
    plots.accuracy_over_share(evaluation, folder / "accuracy.png")
    plots.reliability(evaluation.outcomes, folder / "reliability.png")
