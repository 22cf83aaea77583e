"""`foggen-train publish`: the last round of a chain as a calibrated GGUF, with its card and its plots.

    foggen-train publish build/starter-chain -o build/published --about build/starter/about.md

The bucket table is refitted on the quantized file itself, since that is what ships.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from foggen.calibration import bucket_table, macro
from foggen.contract import BUCKETS
from foggen.engine import Engine
from foggen.errors import ConfigurationError
from foggen.labelled import Keyed, read_questions

from .checkpoints import to_gguf
from .evaluation import plots
from .evaluation.card import Card
from .evaluation.clouds import AnswerKey
from .evaluation.evaluate_command import measured
from .evaluation.evaluation import Evaluation, all_baselines, assembled, in_chunks
from .evaluation.outcomes import Outcome
from .evaluation.quants import QuantFigures, answered, quant_figures
from .files import read_json
from .history import RECIPE, history, last_passed
from .labels.gguf_reader import GgufReader
from .labels.models import ModelReference
from .pools import QuestionPool, open_pool
from .recipe import Recipe
from .recipe_file import recipe_from

QUANT = "q8_0"


@dataclass(frozen=True)
class PublishOptions:
    """The flags of `publish`, as given. name: of the file, the recipe's if "". about: markdown that
    opens the card."""

    chain: Path
    output: Path
    name: str = ""
    title: str = ""
    about: Path | None = None
    exam: tuple[Path, ...] = ()

    def named(self, recipe: Recipe) -> PublishOptions:
        """With what the recipe says where nothing was said."""
        name = self.name or recipe.name
        title = self.title or name.replace("foggen", "FogGen").replace("-", " ")
        return replace(self, name=name, title=title)

    def opening(self) -> str:
        return self.about.read_text("utf-8").strip() if self.about else f"# {self.title}"


def publish(options: PublishOptions) -> tuple[Path, Path]:
    """The GGUF and its card; ConfigurationError where no round has passed."""
    recipe = recipe_from(read_json(options.chain / RECIPE), options.chain / RECIPE)
    options = options.named(recipe)
    final = last_passed(recipe, options.chain)
    if final is None:
        raise ConfigurationError(f"no round of {options.chain} has passed", hint="run the chain")
    options.output.mkdir(parents=True, exist_ok=True)
    pool = open_pool(recipe)
    path = calibrated_gguf(options, recipe, pool, final)
    questions = pool.test()
    with Engine(path) as engine:
        found = evaluation(engine, recipe, questions)
        exam = _exam(engine, options.exam)
    first = _first_round(options, recipe, questions)
    base = _base_accuracy(recipe, questions)
    history_lines = history(recipe, options.chain)
    shipped = QuantFigures(QUANT, path.stat().st_size, found.table["mean"])
    quants = list(quant_figures(
        final / "checkpoint", recipe.model.contract(final.name), questions, options.output, shipped
    ))  # fmt: skip
    _plots(found, history_lines, options.output)
    text = Card(
        opening=options.opening(), recipe=recipe, path=path, quant=QUANT, round=final.name,
        found=found, base=base, first=first, lines=history_lines, exam=exam, quants=quants,
    ).text()  # fmt: skip
    card = options.output / "README.md"
    card.write_text(text, "utf-8")
    return path, card


def calibrated_gguf(
    options: PublishOptions, recipe: Recipe, pool: QuestionPool, final: Path
) -> Path:
    """The checkpoint written twice: what its buckets are worth is measured on the first file."""
    contract, checkpoint = recipe.model.contract(final.name), final / "checkpoint"
    outcomes, _ = answered(checkpoint, contract, QUANT, pool.calibration(), options.output)
    table = bucket_table([o.confidence for o in outcomes], [o.edge for o in outcomes], BUCKETS)
    path = options.output / f"{options.name}-{QUANT}.gguf"
    data = f"{len(outcomes)} questions kept apart for it"
    return to_gguf(str(checkpoint), contract, QUANT, path, options.title, table, data)


def evaluation(engine: Engine, recipe: Recipe, questions: Sequence[Keyed]) -> Evaluation:
    """All figures of a GGUF on the test questions, beside all baselines."""
    outcomes = measured(engine, questions)
    reader = GgufReader(engine, recipe.model.raw_contract())
    shots = recipe.data.source != "generated"  # the starter's base was taught to verify
    others = all_baselines(reader, questions, outcomes, shots=shots)
    return assembled(outcomes, engine.contract.tau, AnswerKey(), others)


def _first_round(
    options: PublishOptions, recipe: Recipe, questions: Sequence[Keyed]
) -> list[Outcome]:
    """What R0 said of the same questions, in the same quantization."""
    name = recipe.rounds[0][0]
    return answered(options.chain / name / "checkpoint", recipe.model.contract(name), QUANT, questions,
                    options.output)[0]  # fmt: skip


def _base_accuracy(recipe: Recipe, questions: Sequence[Keyed]) -> dict[str, float]:
    """Per domain, and their mean: the raw base asked for the answer alone, unquantized."""
    with ModelReference(recipe.model.base, recipe.model).open() as model:
        found = in_chunks("base", model.read_plain, questions)
    right: dict[str, list[bool]] = {}
    for item, reading in zip(questions, found, strict=True):
        right.setdefault(item.domain, []).append(reading.answer == item.answer)
    shares = {name: float(np.mean(values)) for name, values in right.items()}
    return {**shares, "mean": macro(shares)}


def _exam(engine: Engine, files: Sequence[Path]) -> list[Outcome]:
    return measured(engine, [item for file in files for item in read_questions(file)])


def _plots(found: Evaluation, lines: Sequence[Mapping[str, Any]], folder: Path) -> None:
    plots.history_plot(lines, folder / "history.png")
    plots.accuracy_over_share(found.outcomes, found.tau, found.others[2:], folder / "accuracy.png")
    plots.reliability(found.outcomes, folder / "reliability.png")
