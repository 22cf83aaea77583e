"""The card of a published model: how it was made, what it can do, what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.config import load_settings
from foggen.models import describe

from ..checkpoints import machine
from ..history import HEADS, cells
from ..recipe import Recipe
from .evaluation import Evaluation, baseline_table
from .outcomes import Outcome
from .quants import QuantFigures, as_table
from .tables import as_markdown, below_tau, buckets_as_markdown, shares_as_markdown, summarize


@dataclass(frozen=True)
class Card:
    """The card of a published round. opening: its first part. path, quant: of the file that ships.
    first: what R0 said of the same questions. base: the raw base's accuracy, per domain and mean."""

    opening: str
    recipe: Recipe
    path: Path
    quant: str
    round: str
    found: Evaluation
    base: Mapping[str, float]
    first: Sequence[Outcome]
    lines: Sequence[Mapping[str, Any]]
    exam: Sequence[Outcome]
    quants: Sequence[QuantFigures]

    def text(self) -> str:
        parts = [self.opening, self._file(), self._rounds(), self._measured(), self._baselines(),
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
            f"{self.quant.upper()}, tau {found.tau:g}. The cloud is {found.cloud}. Random is random routing "
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
            f"{self.quant.upper()} is shipped.\n\n{as_table(self.quants)}"
        )

    def _exams(self) -> str:
        if not self.exam:
            return ""
        shares = below_tau(self.exam, self.found.tau)
        return (
            f"## Real exam questions, none of them trained on\n\nShare below tau {self.found.tau:g} of "
            f"{len(self.exam):,} questions of public exams.\n\n{shares_as_markdown(shares)}"
        )
