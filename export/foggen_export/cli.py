"""foggen-export: a merged checkpoint becomes a GGUF with its contract inside."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foggen.cli.border import reported
from foggen.cli.options import LayoutOption
from foggen.cli.version import version_option
from foggen.engine.contract import Contract

if TYPE_CHECKING:
    from .checkpoint import Checkpoint
    from .spoken import Spoken

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@dataclass(frozen=True)
class ExportOptions:
    """The command-line options."""

    checkpoint: str
    output: Path
    quants: tuple[str, ...]
    contract: str | None
    layout: str | None
    adapter: str
    revision: str | None
    data: tuple[Path, ...]
    imatrix: bool
    verify: bool
    without_torch: bool
    keep_failed: bool


@app.command()
def export(
    checkpoint: Annotated[
        str,
        typer.Argument(help="folder or hub id of a merged checkpoint, or of the base of --adapter"),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="folder for the GGUF files")],
    quant: Annotated[
        list[str],
        typer.Option("-q", "--quant", help="q8_0, q4_0, q4_k_m, f16 or another; repeatable"),
    ],
    contract: Annotated[
        str | None,
        typer.Option(
            help="JSON file with the contract's keys, or 'published' for that of the published models "
            "(default: the checkpoint's own)"
        ),
    ] = None,
    layout: LayoutOption = None,
    adapter: Annotated[str, typer.Option(help="LoRA adapter to merge: a folder or a hub id")] = "",
    revision: Annotated[
        str | None, typer.Option(help="branch, tag or commit of the hub's repository")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data", help="JSONL of questions with answers, to measure and calibrate; repeatable"
        ),
    ] = None,
    imatrix: Annotated[
        bool, typer.Option("--imatrix", help="try an importance matrix, and use it if it helps")
    ] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify/--no-verify", help="compare with transformers and write a report"),
    ] = True,
    without_torch: Annotated[
        bool,
        typer.Option(
            "--without-torch",
            help="check only tensors, tokens and a first answer, as models pull does",
        ),
    ] = False,
    keep_failed: Annotated[
        bool, typer.Option("--keep-failed", help="also write files that fail their checks")
    ] = False,
    version: Annotated[bool, version_option("foggen-export")] = False,
) -> None:
    """Write CHECKPOINT as GGUF files with the contract in their metadata, and a manifest for each.

    Tokens and logits are compared with transformers, and every quantization with the exact weights;
    files that fail are not written. The report is NAME-report.md, and NAME-report.json for programs.
    """
    quants = tuple(dict.fromkeys(name.lower() for name in quant))
    options = ExportOptions(
        checkpoint,
        output,
        quants,
        contract,
        layout,
        adapter,
        revision,
        tuple(data or ()),
        imatrix,
        verify and not without_torch,
        without_torch,
        keep_failed,
    )
    with reported():
        for path in _export(options):
            print(path)


def _export(options: ExportOptions) -> list[Path]:
    from contextlib import nullcontext

    from .contracts import chosen_contract
    from .exporting import check_quants
    from .sources import fetched, merged

    check_quants(options.quants)
    _check_needs(options)
    base = fetched(options.checkpoint, options.revision)
    contract = chosen_contract(base, options.contract, options.layout or "", options.adapter)
    _check_data(contract, base, options)
    options.output.mkdir(parents=True, exist_ok=True)
    asked = contract if options.verify else None
    whole: AbstractContextManager[tuple[Checkpoint, Spoken | None]] = (
        merged(base, options.adapter, options.output, asked)
        if options.adapter
        else nullcontext((base, None))
    )
    with whole as (checkpoint, live):
        paths = _written(options, checkpoint, contract, live)
    _say_what_it_answers(contract, base)
    return paths


def _check_data(contract: Contract, base: Checkpoint, options: ExportOptions) -> None:
    """Raise UsageError if buckets are to be measured of a model that says none."""
    from foggen.errors import UsageError

    if options.data and not contract.says_confidence:
        raise UsageError(
            f"{base.source} was not trained to a contract, so --data has no buckets to measure",
            hint="run foggen-edge calibrate with the exported file, or give --contract",
        )


def _say_what_it_answers(contract: Contract, base: Checkpoint) -> None:
    if not contract.says_confidence:
        typer.echo(
            f"{base.source} was not trained to a contract: it answers by its letters, and keeps nothing until "
            "it is calibrated (if it was trained as the published models are, give --contract published)",
            err=True,
        )


def _check_needs(options: ExportOptions) -> None:
    """Raise UsageError if an option needs torch, where the export is to do without."""
    from foggen.errors import UsageError

    given = {"--adapter": options.adapter, "--imatrix": options.imatrix, "--data": options.data}
    needing = [name for name, value in given.items() if value]
    if options.without_torch and needing:
        raise UsageError(f"{needing[0]} needs torch", hint="leave out --without-torch")


def _written(
    options: ExportOptions, checkpoint: Checkpoint, contract: Contract, live: Spoken | None
) -> list[Path]:
    from rich.console import Console
    from rich.progress import Progress

    from foggen.confidence.labelled import read_questions

    from .checked import check_file, left_out
    from .exporting import opened, write_manifest
    from .verified import Proof, export_verified

    labelled = [item for file in options.data for item in read_questions(file)]
    proof = Proof(
        labelled,
        ", ".join(file.name for file in options.data),
        options.imatrix,
        options.keep_failed,
        live,
    )
    console, out = Console(stderr=True), []
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        kind = "f32" if options.verify else ""
        with opened(
            checkpoint, contract, checkpoint.name, options.output, progress, kind
        ) as source:
            if options.verify:
                return export_verified(source, options.quants, options.output, proof, progress)
            for quant in options.quants:
                path = options.output / f"{checkpoint.name}-{quant}.gguf"
                progress(path.name, 0, 0)
                source.make(quant, path)
                if options.without_torch:
                    print(
                        f"{path.name}: {check_file(checkpoint, path)}; {left_out()}",
                        file=sys.stderr,
                    )
                write_manifest(path, quant, checkpoint)
                out.append(path)
    return out


def main() -> None:
    app()
