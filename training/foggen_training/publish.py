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
from foggen.config import load_settings
from foggen.contract import BUCKETS
from foggen.engine import Engine
from foggen.errors import ConfigurationError
from foggen.labelled import Keyed, read_questions
from foggen.models import describe

from . import plots
from .chain import RECIPE, history, last_passed
from .clouds import AnswerKey
from .evaluate import (
    Outcome,
    as_markdown,
    below_tau,
    buckets_as_markdown,
    shares_as_markdown,
    summarize,
)
from .evaluation import Evaluation, all_baselines, assembled, baseline_table, in_chunks
from .files import read_json
from .gguf_reader import GgufReader
from .labeller import ModelSource
from .master import machine
from .merging import to_gguf
from .quants import QuantFigures, as_table, quant_figures
from .recipe import Recipe
from .recipe_file import recipe_from
from .report import measured
from .run_command import HEADS, cells
from .sources import Source, open_source

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


def publish(options: PublishOptions) -> tuple[Path, Path]:
    """The GGUF and its card; ConfigurationError where no round has passed."""
    recipe = recipe_from(read_json(options.chain / RECIPE), options.chain / RECIPE)
    options = options.named(recipe)
    final = last_passed(recipe, options.chain)
    if final is None:
        raise ConfigurationError(f"no round of {options.chain} has passed", hint="run the chain")
    options.output.mkdir(parents=True, exist_ok=True)
    source = open_source(recipe)
    path = calibrated_gguf(options, recipe, source, final)
    questions = source.test()
    with Engine(path) as engine:
        found = evaluation(engine, recipe, questions)
        exam = _exam(engine, options.exam)
    first = _first_round(options, recipe, questions)
    base = _base_accuracy(recipe, questions)
    history_lines = history(recipe, options.chain)
    quants = list(quant_figures(final / "checkpoint", recipe.model.contract(final.name), questions,
                                options.output))  # fmt: skip
    _plots(found, history_lines, options.output)
    text = Card(
        options, recipe, path, final.name, found, base, first, history_lines, exam, quants
    ).text()
    card = options.output / "README.md"
    card.write_text(text, "utf-8")
    return path, card


def calibrated_gguf(options: PublishOptions, recipe: Recipe, source: Source, final: Path) -> Path:
    """The checkpoint written twice: what its buckets are worth is measured on the first file."""
    contract = recipe.model.contract(final.name)
    checkpoint = str(final / "checkpoint")
    draft = to_gguf(checkpoint, contract, QUANT, options.output / "draft.gguf", options.title)
    with Engine(draft) as engine:
        outcomes = measured(engine, source.calibration())
    table = bucket_table([o.confidence for o in outcomes], [o.edge for o in outcomes], BUCKETS)
    path = options.output / f"{options.name}-{QUANT}.gguf"
    data = f"{len(outcomes)} questions kept apart for it"
    to_gguf(checkpoint, contract, QUANT, path, options.title, table, data)
    for part in options.output.glob("draft.gguf*"):
        part.unlink()
    return path


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
    path = to_gguf(
        str(options.chain / name / "checkpoint"), recipe.model.contract(name), QUANT,
        options.output / "first.gguf", name,
    )  # fmt: skip
    with Engine(path) as engine:
        outcomes = measured(engine, questions)
    for part in options.output.glob("first.gguf*"):
        part.unlink()
    return outcomes


def _base_accuracy(recipe: Recipe, questions: Sequence[Keyed]) -> dict[str, float]:
    """Per domain, and their mean: the raw base asked for the answer alone, unquantized."""
    with ModelSource(recipe.model.base, recipe.model).open() as model:
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


@dataclass(frozen=True)
class Card:
    """The card of a published round."""

    options: PublishOptions
    recipe: Recipe
    path: Path
    round: str
    found: Evaluation
    base: Mapping[str, float]
    first: Sequence[Outcome]
    lines: Sequence[Mapping[str, Any]]
    exam: Sequence[Outcome]
    quants: Sequence[QuantFigures]

    def text(self) -> str:
        about = self.options.about
        opening = about.read_text("utf-8").strip() if about else f"# {self.options.title}"
        parts = [opening, self._file(), self._rounds(), self._measured(), self._baselines(),
                 self._domains(), self._buckets(), self._quants(), self._exams()]  # fmt: skip
        return "\n\n".join(part for part in parts if part) + "\n"

    def _file(self) -> str:
        shown = describe(str(self.path), load_settings().home).as_dict()
        return (
            f"File: `{self.path.name}` ({self.round}), {shown['parameters']:,} parameters, "
            f"{shown['size_bytes'] / 1e6:.2f} MB, sha256 `{shown['sha256']}`."
        )

    def _rounds(self) -> str:
        plan = self.recipe
        seconds = sum(sum(line["seconds"].values()) for line in self.lines)
        head = "| " + " | ".join(HEADS) + " |\n" + "|---|---" + "|---:" * (len(HEADS) - 2) + "|"
        rows = "\n".join("| " + " | ".join(cells(line)) + " |" for line in self.lines)
        how = (
            f"{plan.labels.samples} self-samples" if plan.labels.mode == "sampled"
            else "success in closed form over the buckets"
        )  # fmt: skip
        return (
            f"## The rounds\n\n`foggen-train run` with the recipe `{plan.name}` on {machine()}; "
            f"{seconds / 60:.0f} min. Labels: {how} at temperature {plan.labels.temperature:g}, "
            f"{plan.labels.rounding.replace('_', '-')} buckets"
            + (f", the model's expectation counted as {plan.labels.prior:g} samples" if plan.labels.prior else "")
            + f". Rows: {plan.buffer.first:,} in R0, then {plan.buffer.new:,} new and "
            f"{plan.buffer.replayed:,} replayed a round, labelled anew. LoRA r={plan.tuning.rank} "
            f"alpha={plan.tuning.alpha}, merged into fp32 weights. Figures below are of the "
            f"{plan.data.validation * len(plan.data.domains):,} validation questions, the fp32 weights.\n\n"
            f"{head}\n{rows}\n\n![the rounds](history.png)"
        )  # fmt: skip

    def _measured(self) -> str:
        found = self.found
        intervals = "; ".join(
            f"{name.replace('_', ' ')} {low:.3f} to {high:.3f}"
            for name, (low, high) in found.intervals.items()
        )
        figures = ", ".join(f"{name} {value:.3f}" for name, value in found.figures.items())
        mean = found.table["mean"]
        return (
            f"## Measured on questions never seen\n\n{mean['n']:,.0f} test questions, {self.round} as "
            f"{QUANT.upper()}, tau {found.tau:g}. The cloud is {found.cloud}. Random is random routing "
            f"at the same share. Lift is in points; AUROC is of the expected confidence, \"in tier\" "
            f"its mean inside the tiers of a domain; a mean is the mean of the domains.\n\n"
            f"{as_markdown(found.table)}\n\n95% intervals of the means (2,000 bootstrap draws within "
            f"domains): {intervals}.\n\n{figures}.\n\n![accuracy over cloud share](accuracy.png)\n\n"
            f"![reliability](reliability.png)"
        )  # fmt: skip

    def _baselines(self) -> str:
        notes = " ".join(f"{note[0].upper()}{note[1:]}." for note in self.found.notes)
        return f"## What it is compared with\n\n{notes}\n\n{baseline_table(self.found.compared)}"

    def _domains(self) -> str:
        tau = self.found.tau
        first, last = summarize(self.first, tau), self.found.table
        rows = [
            f"| {name.replace('_', ' ').capitalize()} | {self.base[name]:.1%} | {first[name]['edge']:.1%} | "
            f"{last[name]['edge']:.1%} | {first[name]['auroc']:.3f} | {last[name]['auroc']:.3f} | "
            f"{first[name]['ece']:.3f} | {last[name]['ece']:.3f} |"
            for name in last
        ]
        head = (
            f"| Domain | Base | Edge R0 | Edge {self.round} | AUROC R0 | AUROC {self.round} | ECE R0 | "
            f"ECE {self.round} |\n|---|---:|---:|---:|---:|---:|---:|---:|"
        )
        return (
            "## What the rounds changed\n\nOn the same questions. Base: asked for the answer alone, "
            "before it could say a confidence, unquantized.\n\n" + "\n".join([head, *rows])
        )

    def _buckets(self) -> str:
        table = describe(str(self.path), load_settings().home).as_dict()["calibration"]["buckets"]
        total = sum(row["n"] for row in table.values())
        return (
            f"## What a bucket is worth\n\nOn {total:,} questions kept apart for it; the table is in "
            f"the file's metadata.\n\n{buckets_as_markdown(table)}"
        )

    def _quants(self) -> str:
        return (
            "## What a quantization costs\n\nOn the same questions, means of the domains. "
            f"{QUANT.upper()} is shipped.\n\n{as_table(self.quants)}"
        )

    def _exams(self) -> str:
        if not self.exam:
            return ""
        shares = below_tau(self.exam, self.found.tau)
        return (
            f"## Real exam questions, none of them trained on\n\nShare below tau {self.found.tau:g} of "
            f"{len(self.exam):,} questions of public exams.\n\n{shares_as_markdown(shares)}"
        )
