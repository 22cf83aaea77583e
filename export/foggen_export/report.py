"""The report of an export's verification: as JSON, as text, and whether the export passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from .adapters import MOST_DIFFERENCE as MOST_MERGE_DIFFERENCE
from .parity import LogitParity, TokenParity
from .quality import Agreement, Figures

# Largest difference of the last logits in F32, as a share of the largest logit; llama.cpp's fp16 table of
# GELU alone causes 4e-4.
MOST_DIFFERENCE = 1e-3
# Bits per weight -> least share of equal best tokens, largest mean KL in nats.
LIMITS = {
    "16": (0.97, 0.01),
    "8": (0.95, 0.02),
    "6": (0.92, 0.05),
    "5": (0.88, 0.1),
    "4": (0.75, 0.35),
}


@dataclass(frozen=True)
class QuantReport:
    """The report on one file. importance: "used", "no help", or "" if it was not tried. labelled: figures
    on labelled questions, None without any."""

    quant: str
    size: int
    agreement: Agreement
    importance: str = ""
    labelled: Figures | None = None

    @property
    def problems(self) -> list[str]:
        least, most = LIMITS[_bits(self.quant)]
        found = self.agreement
        out = []
        if found.best_token < least:
            out.append(
                f"{self.quant}: only {found.best_token:.1%} of the best tokens match the exact weights, "
                f"less than {least:.0%}"
            )
        if found.divergence > most:
            out.append(f"{self.quant}: a divergence of {found.divergence:.3f} nats is above {most}")
        return out


@dataclass(frozen=True)
class Report:
    """The report on an export: its source, the parity of its floats, and each file.

    merge: parity of the merged checkpoint with the live adapter, None without an adapter."""

    source: str
    commit: str
    tokens: TokenParity
    logits: LogitParity
    floats: Figures | None
    quants: tuple[QuantReport, ...]
    merge: LogitParity | None = None

    @property
    def problems(self) -> list[str]:
        """The reasons why the export fails; empty if it passes."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        for text in self.tokens.different:
            yield f"the tokens of {text!r} differ from those of transformers"
        if self.merge:
            yield from _differences(self.merge, MOST_MERGE_DIFFERENCE, "the live adapter's")
        yield from _differences(self.logits, MOST_DIFFERENCE, "transformers'")
        for quant in self.quants:
            yield from quant.problems

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "problems": self.problems}

    def text(self) -> str:
        """The report in Markdown."""
        lines = [
            f"# Export of {self.source}" + (f" at {self.commit}" if self.commit else ""),
            "",
            f"Tokens: {self.tokens.texts - len(self.tokens.different)} of {self.tokens.texts} texts as in "
            "transformers.",
            _line("Logits in F32", self.logits),
        ]
        lines += [_line("Merged weights and live adapter", self.merge)] if self.merge else []
        lines += ["", *self._table(), ""]
        lines += [f"- {problem}" for problem in self.problems] or ["Passed."]
        return "\n".join(lines) + "\n"

    def _table(self) -> list[str]:
        heads = ["quant", "MB", "best token", "KL, nats", "bucket", "answer", "imatrix"]
        measured = self.floats is not None
        heads += ["right", "AUROC", "ECE", "cloud"] if measured else []
        rows = [["floats", "", "", "", "", "", "", *_cells(self.floats)]] if measured else []
        rows += [
            [
                q.quant,
                f"{q.size / 1e6:.1f}",
                f"{q.agreement.best_token:.1%}",
                f"{q.agreement.divergence:.4f}",
                f"{q.agreement.buckets:.1%}",
                f"{q.agreement.answers:.1%}",
                q.importance or "-",
                *_cells(q.labelled),
            ]
            for q in self.quants
        ]
        return ["| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *rows)]


def _differences(found: LogitParity, most: float, whose: str) -> Iterator[str]:
    if not found.largest_difference <= most:  # true for nan as well
        yield f"a logit differs from {whose} by {found.largest_difference:.1e} of the largest"
    if found.other_best:
        yield f"the best token differs from {whose} in {found.other_best} prompts"


def _line(what: str, found: LogitParity) -> str:
    return (
        f"{what}: differences of at most {found.largest_difference:.1e} of the largest logit over "
        f"{found.prompts} prompts; other best token in {found.other_best}, near-ties {found.near_ties}."
    )


def _cells(found: Figures | None) -> list[str]:
    if found is None:
        return []
    return [
        f"{found.accuracy:.1%}",
        f"{found.auroc:.3f}",
        f"{found.ece:.3f}",
        f"{found.cloud_share:.1%}",
    ]


def _bits(quant: str) -> str:
    """Bits per weight by the name of a quantization: q4_k_m -> 4; floats count as 16."""
    digits = "".join(character for character in quant if character.isdigit())
    return digits[0] if quant[0] in "qi" else "16"
