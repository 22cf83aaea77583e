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

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foggen.confidence.labelled import Keyed, read_questions
from foggen.confidence.metrics import bucket_table
from foggen.confidence.stored import EMBEDDED, embedded
from foggen.engine.contract import BUCKETS, Contract
from foggen.engine.engine import Engine
from foggen.errors import ConfigurationError
from foggen_export.checkpoint import Checkpoint

from .bases import base_folder
from .checkpoints import to_gguf
from .evaluation.again import BASE, CALIBRATION, IN_FORMAT, OUTCOMES
from .evaluation.calibrated import APART, Calibrated, fitted, judged
from .evaluation.card import Card
from .evaluation.clouds import Cloud, clouds_for
from .evaluation.evaluation import Evaluation, assembled
from .evaluation.front_matter import front_matter_of, license_section, origin_of
from .evaluation.keeping import keep_in, key_of
from .evaluation.outcomes import Outcome, beside, measure
from .evaluation.progress import Ask
from .evaluation.quants import (
    MEASURED,
    QUANTS,
    QuantFigures,
    answered,
    quant_figures,
    quants_of,
)
from .evaluation.rivals import all_rivals
from .evaluation.untrained import untrained
from .files import read_json
from .history import RECIPE, history, last_passed
from .labels.gguf_reader import GgufReader
from .labels.models import ModelReference
from .labels.reading import Reading
from .pools import QuestionPool, open_pool
from .primer import primer_seconds
from .publish_options import PublishOptions
from .published_files import open_figures, save_card, save_plots, save_weights
from .recipe import Recipe
from .recipe_file import recipe_from
from .starter.columns import Column, all_columns, off_its_templates
from .starter.columns import as_text as columns_as_text


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
        # The cloud comes first: asking it may fail, and the rest takes longer.
        clouds = clouds_for(options.cloud, questions)
        base, in_format = self.base_readings(questions)
        files = [self.calibrated(quant) for quant in options.quants]
        with Engine(files[0]) as engine:
            evaluation = self.evaluated(engine, files[0], questions, clouds, base)
            exam = self.exam(engine, files[0])
            columns = self.columns(engine, files[0], questions, evaluation)
        rounds = self.recipe.rounds
        is_first = self.final.name == rounds[0][0]
        first = evaluation.outcomes if is_first else self.first_round(questions)
        lines = history(self.recipe, options.chain)
        save_plots(evaluation, lines, output)
        save_weights(self.final / "checkpoint", output / "checkpoint", self.recipe.model)
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
            columns=columns_as_text(columns),
        ).text()
        return [*files, save_card(front, options.title, text, output)]

    @property
    def contract(self) -> Contract:
        """The contract of the published round, not calibrated."""
        return self.recipe.model.contract(self.final.name)

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

    def calibrated(self, quant: str) -> Path:
        """Write the calibrated GGUF; its bucket table is measured with an uncalibrated one first."""
        contract, checkpoint = self.contract, self.final / "checkpoint"
        items = self.pool.calibration()
        outcomes = self._answered(checkpoint, self.final.name, quant, items, f"calibration-{quant}")
        path = self.options.output / f"{self.options.name}-{quant}.gguf"
        calibration: dict[str, Any] = {
            "buckets": bucket_table(
                [o.confidence for o in outcomes], [o.edge for o in outcomes], BUCKETS
            ),
            "score": "bucket",
            "data": APART.format(count=len(items)),
            "quant": quant,
        }
        if found := fitted(items, outcomes, contract, quant):
            calibration[EMBEDDED] = found.as_dict()
        contract = replace(contract, calibration=calibration)
        return to_gguf(str(checkpoint), contract, quant, path, self.options.title)

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
        calibrated = self.calibrated_answers(engine.contract, questions, outcomes)
        shots = self.recipe.data.source != "generated"  # the starter's base learnt to verify
        rivals = all_rivals(
            reader,
            questions,
            outcomes,
            base,
            shots=shots,
            verifies=self.options.automix,
            calibrated=calibrated,
            ask=lambda name: self.ask(name, key),
        )
        return assembled(questions, outcomes, engine.contract.tau, clouds, rivals)

    def calibrated_answers(
        self, contract: Contract, questions: Sequence[Keyed], outcomes: Sequence[Outcome]
    ) -> Calibrated | None:
        """What the file's calibration says of the test questions; it is kept beside the results."""
        calibration = embedded(contract.calibration)
        if calibration is None:
            return None
        path = self.options.output / MEASURED / CALIBRATION
        path.write_text(calibration.to_json(), "utf-8")
        return judged(calibration, questions, outcomes)

    def exam(self, engine: Engine, path: Path) -> list[Outcome]:
        questions = [item for file in self.options.exam for item in read_questions(file)]
        return self.ask("exam", key_of(path))("exams", _by(engine), questions) if questions else []

    def columns(
        self, engine: Engine, path: Path, questions: Sequence[Keyed], evaluation: Evaluation
    ) -> list[Column]:
        """Return the starter's figures on and off its own templates; of other models none.

        No set has more questions than its own templates.
        """
        if self.recipe.data.source != "generated":
            return []
        key = key_of(path)

        def ask(name: str, items: Sequence[Keyed]) -> list[Outcome]:
            return self.ask(name.replace(" ", "-"), key)(name, _by(engine), items)

        off = off_its_templates(len(questions))
        return all_columns(questions, evaluation.outcomes, off, engine.contract, ask)

    def first_round(self, questions: Sequence[Keyed]) -> list[Outcome]:
        """Return the outcomes of R0 on the same questions, with the same quantization."""
        name = self.recipe.rounds[0][0]
        checkpoint = self.options.chain / name / "checkpoint"
        return self._answered(checkpoint, name, self.options.quants[0], questions, name)

    def quants(
        self, questions: Sequence[Keyed], cloud: Cloud, path: Path, evaluation: Evaluation
    ) -> list[QuantFigures]:
        """Return the figures of all written and compared quantizations, ordered by size.

        What is only compared must fit the checkpoint's rows.
        """
        checkpoint = Checkpoint.open(self.final / "checkpoint")
        wanted = {*self.options.quants, *quants_of(checkpoint, self.options.compared)}
        known = QuantFigures(self.options.quants[0], path.stat().st_size, evaluation.first.mean)
        return list(
            quant_figures(
                self.final / "checkpoint",
                self.contract,
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
