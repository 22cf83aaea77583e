"""A verified export: parity of the floats, quality of every quantization, a report, and only then the files.

    floats (F32) -> parity with transformers, and with the live adapter -> each quant -> agreement,
    figures, bucket table -> report

If a check fails no file is written, but the report is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import Contract
from foggen.engine.engine import Engine
from foggen.engine.native import Model
from foggen.errors import ModelFileError

from .exporting import Progress, Source, write_manifest
from .importance import importance
from .metadata import with_contract
from .parity import logit_parity, merge_parity, token_parity
from .quality import Figures, agreement, figures
from .quantize import QUANTS, Importance
from .report import QuantReport, Report
from .spoken import Spoken

CONTEXT = 1024  # tokens; the questions are short


@dataclass(frozen=True)
class Proof:
    """The inputs and options of a verification.

    labelled: questions with answers, which also calibrate the files. data: their name, for the
    calibration's metadata. live: logits of the adapter before it was merged, if there is one.
    """

    labelled: Sequence[Keyed] = ()
    data: str = ""
    use_importance: bool = False
    keep_failed: bool = False
    live: Spoken | None = None


def export_verified(
    source: Source,
    quants: Sequence[str],
    folder: Path,
    proof: Proof,
    progress: Progress = lambda *_: None,
) -> list[Path]:
    """Write the files of all quantizations, their manifests, and a report as text and JSON.

    source: opened with floats in F32. Raises ModelFileError if a check fails; no file is written then.
    """
    name = source.checkpoint.name
    report, drafts = _Verification(source, proof, progress).run(quants)
    text, figures_file = folder / f"{name}-report.md", folder / f"{name}-report.json"
    text.write_text(report.text(), "utf-8")
    figures_file.write_text(json.dumps(report.as_dict(), indent=1) + "\n", "utf-8")
    if report.problems and not proof.keep_failed:
        raise ModelFileError(
            f"{source.checkpoint.source} failed its checks: {report.problems[0]}",
            hint=f"see {text}; --keep-failed writes the files anyway",
        )
    return [
        _place(
            source, found, drafts[found.quant], folder / f"{name}-{found.quant}.gguf", proof.data
        )
        for found in report.quants
    ]


@dataclass(frozen=True)
class _Verification:
    source: Source
    proof: Proof
    progress: Progress

    def run(self, quants: Sequence[str]) -> tuple[Report, dict[str, Path]]:
        """Make and check all files; returns the report, and the drafts by quantization."""
        source, checkpoint = self.source, self.source.checkpoint
        with closing(Model(source.floats)) as model:
            tokens = token_parity(model, checkpoint.folder, source.contract)
            self.progress("comparing with transformers", 0, 0)
            logits = logit_parity(model, checkpoint.folder, source.contract)
        live = self.proof.live
        merge = merge_parity(checkpoint.folder, live) if live else None
        weights = importance(checkpoint, source.contract) if self.proof.use_importance else None
        drafts = {quant: source.floats.with_name(f"{quant}.draft") for quant in quants}
        with Engine(source.floats, context=CONTEXT) as floats:
            judged = tuple(self._judged(floats, quant, drafts[quant], weights) for quant in quants)
            found = self._figures(floats)
        report = Report(checkpoint.source, checkpoint.commit, tokens, logits, found, judged, merge)
        return report, drafts

    def _judged(
        self, floats: Engine, quant: str, draft: Path, weights: Importance | None
    ) -> QuantReport:
        """Make a draft and measure it; use importance if that brings it closer to the floats."""
        plain = self._made(floats, quant, draft)
        if not weights or quant not in QUANTS:
            return plain
        other = draft.with_suffix(".importance")
        found = self._made(floats, quant, other, weights)
        if found.agreement.divergence >= plain.agreement.divergence:
            other.unlink()
            return replace(plain, importance="no help")
        other.replace(draft)
        return replace(found, importance="used")

    def _made(
        self, floats: Engine, quant: str, draft: Path, weights: Importance | None = None
    ) -> QuantReport:
        self.progress(f"quantizing to {quant}", 0, 0)
        self.source.make(quant, draft, weights)
        self.progress(f"comparing {quant} with the floats", 0, 0)
        with Engine(draft, context=CONTEXT) as engine:
            near, measured = agreement(floats, engine), self._figures(engine)
        return QuantReport(quant, draft.stat().st_size, near, labelled=measured)

    def _figures(self, engine: Engine) -> Figures | None:
        return figures(engine, self.proof.labelled) if self.proof.labelled else None


def _place(source: Source, found: QuantReport, draft: Path, output: Path, data: str) -> Path:
    """Put a draft in its place; with labelled questions, its bucket table is fitted on its own answers."""
    if found.labelled:
        with_contract(draft, output, calibrated(source.contract, found.labelled, found.quant, data))
    else:
        draft.replace(output)
    write_manifest(output, found.quant, source.checkpoint)
    return output


def calibrated(contract: Contract, found: Figures, quant: str, data: str) -> Contract:
    calibration = {"buckets": found.calibration, "score": "bucket", "data": data, "quant": quant}
    return replace(contract, calibration=calibration)
