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
from . import card_templates as templates
from . import comparison
from .card_words import each_way, how_labelled, how_primed, how_tuned
from .evaluation import CloudFigures, Evaluation, figures_as_text, intervals_as_text
from .outcomes import Outcome
from .quants import QuantFigures, as_table
from .tables import as_markdown, below_tau, buckets_as_markdown, shares_as_markdown, summarize
from .untrained import Untrained

TaskFigures = Mapping[str, Mapping[str, float]]  # task -> figure -> value


@dataclass(frozen=True)
class Card:
    """The card of a published round.

    opening: the first section. path, quant: path and quantization of the file that ships. base: the
    comparison with the untrained base. first: outcomes of R0 on the same questions. lines: the chain's
    history. exam: outcomes of real exams, if any. license: the licence section, or "". preparation:
    seconds before the rounds. open_ended: figures of the tasks before and after an open-ended round. columns: the
    starter's table on and off its own templates, or "".
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
    columns: str = ""

    def text(self) -> str:
        file = describe(str(self.path), load_settings().home).as_dict()
        parts = [
            self.opening,
            self._file(file),
            self._rounds(),
            self._columns(),
            self.measured(),
            self.compared(),
            self._changed(),
            self._open(),
            self._buckets(file["calibration"]["buckets"]),
            self._p_right(),
            self._quants(),
            self.exams(),
            self.license,
        ]
        lines = "\n\n".join(part for part in parts if part).splitlines()
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def _file(self, file: Mapping[str, Any]) -> str:
        return templates.FILE.format(
            name=self.path.name,
            round=self.round,
            parameters=file["parameters"],
            megabytes=file["size_bytes"] / 1e6,
            sha256=file["sha256"],
        )

    def _rounds(self) -> str:
        data = self.recipe.data
        seconds = self.preparation + sum(sum(line["seconds"].values()) for line in self.lines)
        return templates.ROUNDS.format(
            recipe=self.recipe.name,
            machine=machine(),
            minutes=seconds / 60,
            primer=how_primed(self.recipe.primer),
            labels=how_labelled(self.recipe),
            tuning=how_tuned(self.recipe.tuning),
            validation=data.validation * len(data.domains),
            table=rounds_table(self.lines),
            plot=templates.HISTORY if len(self.lines) > 1 else "",
        )

    def _columns(self) -> str:
        return templates.COLUMNS.format(table=self.columns) if self.columns else ""

    def measured(self) -> str:
        evaluation = self.evaluation
        return templates.MEASURED.format(
            n=len(evaluation.outcomes),
            round=self.round,
            quant=self.quant.upper(),
            tau=evaluation.tau,
            notes=_sentences(evaluation.notes),
            clouds="\n\n".join(_cloud(figures) for figures in evaluation.beside),
        )

    def compared(self) -> str:
        tables = [
            templates.COMPARED_CLOUD.format(
                title=figures.title,
                winner=figures.compared.winner,
                table=comparison.as_markdown(figures.compared),
            )
            for figures in self.evaluation.beside
            if figures.compared
        ]
        notes = _sentences(self.evaluation.rivals.notes)
        return templates.COMPARED.format(notes=notes, clouds="\n\n".join(tables)) if tables else ""

    def _changed(self) -> str:
        first = summarize(self.first, self.evaluation.tau)
        rows = [
            templates.CHANGED_ROW.format(
                name=name.replace("_", " ").capitalize(),
                base=self.base.accuracy[name],
                first=first[name],
                last=last,
            )
            for name, last in self.evaluation.first.table.items()
        ]
        return templates.CHANGED.format(
            round=self.round,
            beside_base=self.base.text(),
            rows="\n".join(rows),
        )

    def _buckets(self, table: Mapping[str, Mapping[str, float]]) -> str:
        total = sum(row["n"] for row in table.values())
        return templates.BUCKETS.format(n=int(total), table=buckets_as_markdown(table))

    def _p_right(self) -> str:
        found = self.evaluation.rivals.calibrated
        if found is None:
            return ""
        kept, calibration = found.kept, found.calibration
        return templates.P_RIGHT.format(
            score=calibration.score,
            kind=calibration.map.kind,
            data=calibration.data,
            prior=", the letters without their prior" if calibration.prior else "",
            n=len(found.edge),
            auroc=found.auroc,
            error=found.error,
            tau=calibration.tau,
            kept=kept.mean(),
            kept_right=f"{found.edge[kept].mean():.1%}" if kept.any() else "no case",
        )

    def _open(self) -> str:
        if not self.open_ended:
            return ""
        before, after = self.open_ended
        rows = [_open_row(task, before[task], after[task]) for task in after]
        cloud = next(iter(after.values()))["assumed_cloud"]
        return templates.OPEN.format(cloud=cloud, rows="\n".join(rows))

    def _quants(self) -> str:
        return templates.QUANTS.format(quant=self.quant.upper(), table=as_table(self.quants))

    def exams(self) -> str:
        if not self.exam:
            return ""
        tau = self.evaluation.tau
        table = shares_as_markdown(below_tau(self.exam, tau))
        return templates.EXAMS.format(n=len(self.exam), tau=tau, table=table)


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
    return templates.CLOUD.format(
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
