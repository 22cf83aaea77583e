"""The card of a published model: how it was made, its figures, and the comparison with baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.config import load_settings
from foggen.store.models import describe

from ..checkpoints import machine
from ..history import HEADS, cells
from ..recipe import Recipe
from . import comparison
from .card_words import each_way, how_labelled, how_primed, how_tuned
from .evaluation import CloudFigures, Evaluation, figures_as_text, intervals_as_text
from .outcomes import Outcome
from .quants import QuantFigures, as_table
from .tables import as_markdown, below_tau, buckets_as_markdown, shares_as_markdown, summarize
from .untrained import Untrained

TaskFigures = Mapping[str, Mapping[str, float]]  # task -> figure -> value

# One template per section; a backslash continues a line.
FILE = "File: `{name}` ({round}), {parameters:,} parameters, {megabytes:.2f} MB, sha256 `{sha256}`."

ROUNDS = """\
## The rounds

`foggen-train run` with the recipe `{recipe}` on {machine}; {minutes:.0f} min. {primer}{labels} {tuning} \
Figures below are of the {validation:,} validation questions, the fp32 weights.

{table}

![the rounds](history.png)"""

MEASURED = """\
## Measured on questions never seen

{n:,} test questions, {round} as {quant}, tau {tau:g}. Random is random routing at the same share. \
Lift is in points; AUROC is of the expected confidence, "in tier" its mean inside the tiers of a \
domain; a mean is the mean of the domains. {notes}

{clouds}

![accuracy over cloud share](accuracy.png)

![reliability](reliability.png)"""

CLOUD = """\
### {title}

The cloud is {cloud}. The lift over random routing is {lift:+z.1f} points, {each_way} \
(95%: {low:+z.1f} to {high:+z.1f}).

{table}

95% intervals of the means (2,000 bootstrap draws within domains): {intervals}.

{figures}."""

COMPARED = """\
## What it is compared with

{notes}

{clouds}"""

COMPARED_CLOUD = """\
### {title}: who wins

{winner}

{table}"""

CHANGED = """\
## What the rounds changed

On the same questions. Base: asked for the answer alone, before it could say a confidence, unquantized. \
{beside_base}

| Domain | Base | Edge R0 | Edge {round} | AUROC R0 | AUROC {round} | ECE R0 | ECE {round} |
|---|---:|---:|---:|---:|---:|---:|---:|
{rows}"""

CHANGED_ROW = (
    "| {name} | {base:.1%} | {first[edge]:.1%} | {last[edge]:.1%} | {first[auroc]:.3f} | "
    "{last[auroc]:.3f} | {first[ece]:.3f} | {last[ece]:.3f} |"
)

BUCKETS = """\
## What a bucket is worth

On {n:,} questions kept apart for it; the table is in the file's metadata.

{table}"""

OPEN = """\
## Open-ended tasks

Greedy replies to the tasks' test questions, before the round and after it. The lift is beside an assumed \
cloud, right on {cloud:.1%} of the questions.

| Task | Questions | Right before | Right after | F1 before | F1 after | Routed before | Routed after | \
Lift before | Lift after |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{rows}"""

QUANTS = """\
## What a quantization costs

On the same questions, means of the domains, lift beside the first cloud. {quant} is shipped.

{table}"""

EXAMS = """\
## Real exam questions, none of them trained on

Share below tau of {n:,} questions of public exams. Tau is {tau:g}, and 1.0 above four options, as the \
product uses it.

{table}"""


@dataclass(frozen=True)
class Card:
    """The card of a published round.

    opening: the first section. path, quant: path and quantization of the file that ships. base: the
    comparison with the untrained base. first: outcomes of R0 on the same questions. lines: the chain's
    history. exam: outcomes of real exams, if any. license: the licence section, or "". preparation:
    seconds before the rounds. open_ended: figures of the tasks before and after an open-ended round.
    """

    opening: str
    recipe: Recipe
    path: Path
    quant: str
    round: str
    evaluation: Evaluation
    base: Untrained
    first: Sequence[Outcome]
    lines: Sequence[Mapping[str, Any]]
    exam: Sequence[Outcome]
    quants: Sequence[QuantFigures]
    license: str = ""
    preparation: float = 0.0
    open_ended: tuple[TaskFigures, TaskFigures] | None = None

    def text(self) -> str:
        file = describe(str(self.path), load_settings().home).as_dict()
        parts = [
            self.opening,
            self._file(file),
            self._rounds(),
            self.measured(),
            self.compared(),
            self._changed(),
            self._open(),
            self._buckets(file["calibration"]["buckets"]),
            self._quants(),
            self.exams(),
            self.license,
        ]
        lines = "\n\n".join(part for part in parts if part).splitlines()
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def _file(self, file: Mapping[str, Any]) -> str:
        return FILE.format(
            name=self.path.name,
            round=self.round,
            parameters=file["parameters"],
            megabytes=file["size_bytes"] / 1e6,
            sha256=file["sha256"],
        )

    def _rounds(self) -> str:
        data = self.recipe.data
        seconds = self.preparation + sum(sum(line["seconds"].values()) for line in self.lines)
        return ROUNDS.format(
            recipe=self.recipe.name,
            machine=machine(),
            minutes=seconds / 60,
            primer=how_primed(self.recipe.primer),
            labels=how_labelled(self.recipe),
            tuning=how_tuned(self.recipe.tuning),
            validation=data.validation * len(data.domains),
            table=rounds_table(self.lines),
        )

    def measured(self) -> str:
        evaluation = self.evaluation
        return MEASURED.format(
            n=len(evaluation.outcomes),
            round=self.round,
            quant=self.quant.upper(),
            tau=evaluation.tau,
            notes=_sentences(evaluation.notes),
            clouds="\n\n".join(_cloud(figures) for figures in evaluation.beside),
        )

    def compared(self) -> str:
        tables = [
            COMPARED_CLOUD.format(
                title=figures.title,
                winner=figures.compared.winner,
                table=comparison.as_markdown(figures.compared),
            )
            for figures in self.evaluation.beside
            if figures.compared
        ]
        notes = _sentences(self.evaluation.rivals.notes)
        return COMPARED.format(notes=notes, clouds="\n\n".join(tables)) if tables else ""

    def _changed(self) -> str:
        first = summarize(self.first, self.evaluation.tau)
        rows = [
            CHANGED_ROW.format(
                name=name.replace("_", " ").capitalize(),
                base=self.base.accuracy[name],
                first=first[name],
                last=last,
            )
            for name, last in self.evaluation.first.table.items()
        ]
        return CHANGED.format(
            round=self.round,
            beside_base=self.base.text(),
            rows="\n".join(rows),
        )

    def _buckets(self, table: Mapping[str, Mapping[str, float]]) -> str:
        total = sum(row["n"] for row in table.values())
        return BUCKETS.format(n=int(total), table=buckets_as_markdown(table))

    def _open(self) -> str:
        if not self.open_ended:
            return ""
        before, after = self.open_ended
        rows = [_open_row(task, before[task], after[task]) for task in after]
        cloud = next(iter(after.values()))["assumed_cloud"]
        return OPEN.format(cloud=cloud, rows="\n".join(rows))

    def _quants(self) -> str:
        return QUANTS.format(quant=self.quant.upper(), table=as_table(self.quants))

    def exams(self) -> str:
        if not self.exam:
            return ""
        tau = self.evaluation.tau
        table = shares_as_markdown(below_tau(self.exam, tau))
        return EXAMS.format(n=len(self.exam), tau=tau, table=table)


def _open_row(task: str, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    f1 = [f"{one['f1']:.1%}" if "f1" in one else "-" for one in (before, after)]
    return (
        f"| {task} | {after['n']:,} | {before['accuracy']:.1%} | {after['accuracy']:.1%} | {f1[0]} | {f1[1]} | "
        f"{before['cloud_share']:.1%} | {after['cloud_share']:.1%} | {100 * before['lift']:+z.1f} | "
        f"{100 * after['lift']:+z.1f} |"
    )


def rounds_table(lines: Sequence[Mapping[str, Any]]) -> str:
    """The rounds as a table, without their lift: it depends on the cloud, which a chain does not record."""
    shown = [number for number, head in enumerate(HEADS) if head != "lift"]
    rows = [HEADS, ["---", "---", *["---:"] * (len(HEADS) - 2)], *(cells(line) for line in lines)]
    return "\n".join("| " + " | ".join(row[number] for number in shown) + " |" for row in rows)


def _cloud(figures: CloudFigures) -> str:
    low, high = (100 * edge for edge in figures.intervals["lift"])
    return CLOUD.format(
        title=figures.title,
        cloud=figures.cloud,
        lift=100 * figures.mean["lift"],
        each_way=each_way(low, high),
        low=low,
        high=high,
        table=as_markdown(figures.table),
        intervals=intervals_as_text(figures.intervals),
        figures=figures_as_text(figures.figures),
    )


def _sentences(notes: Sequence[str]) -> str:
    return " ".join(f"{note[0].upper()}{note[1:]}." for note in notes)
