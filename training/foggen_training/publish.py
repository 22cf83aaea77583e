"""`foggen-train publish`: the last round of a chain as a calibrated GGUF, with its card and its plots.

    foggen-train publish build/starter-chain -o build/published --about build/starter/about.md

The bucket table is refitted on the quantized file itself, since that is what ships.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from foggen.calibration import bucket_table
from foggen.contract import BUCKETS
from foggen.engine import Engine
from foggen.errors import ConfigurationError
from foggen.labelled import Keyed, read_questions

from .checkpoints import to_gguf
from .evaluation import plots
from .evaluation.baselines import right
from .evaluation.card import Card
from .evaluation.clouds import Cloud, CloudOptions, clouds_for
from .evaluation.evaluate_command import measured
from .evaluation.evaluation import Evaluation, assembled
from .evaluation.outcomes import Outcome, beside
from .evaluation.progress import in_chunks
from .evaluation.quants import QuantFigures, answered, quant_figures
from .evaluation.resampling import Domains
from .evaluation.rivals import all_rivals
from .files import read_json
from .history import RECIPE, history, last_passed
from .labels.gguf_reader import GgufReader
from .labels.models import ModelReference
from .labels.reading import Reading
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
    cloud: CloudOptions = field(default_factory=CloudOptions)

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
    questions = pool.test()
    clouds = clouds_for(options.cloud, questions)  # first: it may fail, and the rest takes longer
    base = _base_readings(recipe, questions)
    path = calibrated_gguf(options, recipe, pool, final)
    with Engine(path) as engine:
        evaluation = evaluated(engine, recipe, questions, clouds, base)
        exam = _exam(engine, options.exam)
    first = _first_round(options, recipe, questions)
    lines = history(recipe, options.chain)
    shipped = QuantFigures(QUANT, path.stat().st_size, evaluation.first.mean)
    quants = list(quant_figures(
        final / "checkpoint", recipe.model.contract(final.name), questions, options.output, shipped,
        clouds[0],
    ))  # fmt: skip
    _plots(evaluation, lines, options.output)
    text = Card(
        opening=options.opening(), recipe=recipe, path=path, quant=QUANT, round=final.name,
        evaluation=evaluation, base=_accuracy(questions, base),
        first=beside(clouds[0], questions, first), lines=lines, exam=exam, quants=quants,
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


def evaluated(
    engine: Engine, recipe: Recipe, questions: Sequence[Keyed], clouds: Sequence[Cloud],
    base: Sequence[Reading],
) -> Evaluation:  # fmt: skip
    """All figures of a GGUF on the test questions, beside all baselines and each cloud."""
    outcomes = measured(engine, questions)
    reader = GgufReader(engine, recipe.model.raw_contract())
    shots = recipe.data.source != "generated"  # the starter's base was taught to verify
    rivals = all_rivals(reader, questions, outcomes, base, shots=shots)
    return assembled(questions, outcomes, engine.contract.tau, clouds, rivals)


def _first_round(
    options: PublishOptions, recipe: Recipe, questions: Sequence[Keyed]
) -> list[Outcome]:
    """The outcomes of R0 on the same questions, in the same quantization."""
    name = recipe.rounds[0][0]
    return answered(options.chain / name / "checkpoint", recipe.model.contract(name), QUANT, questions,
                    options.output)[0]  # fmt: skip


def _base_readings(recipe: Recipe, questions: Sequence[Keyed]) -> list[Reading]:
    """The raw base asked for the answer alone, unquantized."""
    with ModelReference(recipe.model.base, recipe.model).open() as model:
        return in_chunks("base", model.read_plain, questions)


def _accuracy(questions: Sequence[Keyed], readings: Sequence[Reading]) -> dict[str, float]:
    """The share right, per domain and their mean."""
    names = [item.domain for item in questions]
    domains = Domains.of(names)
    shares = domains.means(right(questions, readings), domains.once)[:, 0]
    return {**dict(zip(dict.fromkeys(names), map(float, shares), strict=True)),
            "mean": float(shares.mean())}  # fmt: skip


def _exam(engine: Engine, files: Sequence[Path]) -> list[Outcome]:
    return measured(engine, [item for file in files for item in read_questions(file)])


def _plots(evaluation: Evaluation, lines: Sequence[Mapping[str, Any]], folder: Path) -> None:
    plots.history_plot(lines, folder / "history.png")
    plots.accuracy_over_share(evaluation, folder / "accuracy.png")
    plots.reliability(evaluation.outcomes, folder / "reliability.png")
