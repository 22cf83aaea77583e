"""foggen-export: a merged checkpoint becomes a GGUF with its contract inside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from foggen.cli.border import reported

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Argument(help="folder of a merged checkpoint")],
    output: Annotated[Path, typer.Option("-o", "--output", help="folder for the GGUF files")],
    quant: Annotated[
        list[str],
        typer.Option("-q", "--quant", help="q8_0, q4_0, q4_k_m, f16, ...; repeatable"),
    ],
    contract: Annotated[
        Path | None,
        typer.Option(help="JSON file with the contract's keys; else the checkpoint's own"),
    ] = None,
) -> None:
    """Write CHECKPOINT as GGUF files, the contract in their metadata, a manifest beside each."""
    with reported():
        _export(checkpoint, output, quant, contract)


def _export(folder: Path, output: Path, quants: list[str], contract_file: Path | None) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from foggen.contract import from_metadata

    from .checkpoint import Checkpoint
    from .exporting import check_quants, opened, write_manifest

    check_quants(quants)
    checkpoint = Checkpoint.open(folder)
    contract = (
        from_metadata(_read_contract(contract_file), checkpoint.architecture)
        if contract_file
        else checkpoint.contract()
    )
    output.mkdir(parents=True, exist_ok=True)
    console, name = Console(stderr=True), checkpoint.name
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None)
        progress = lambda done, total: bar.update(task, completed=done, total=total)  # noqa: E731
        with opened(checkpoint, contract, name, output, progress) as source:
            for kind in quants:
                path = output / f"{name}-{kind}.gguf"
                bar.update(task, description=path.name, total=None)
                source.make(kind, path)
                write_manifest(path, kind, checkpoint)
                print(path)


def _read_contract(path: Path) -> dict[str, Any]:
    """The `foggen.*` keys of a JSON file; without the version they would be passed over."""
    import json

    from foggen.errors import ConfigurationError

    try:
        metadata = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise ConfigurationError(
            f"{path}: {exc}", hint="give a JSON file with foggen.* keys"
        ) from exc
    if not isinstance(metadata, dict) or "foggen.contract_version" not in metadata:
        raise ConfigurationError(
            f"{path} has no key foggen.contract_version", hint="give all keys of the contract"
        )
    return metadata


def main() -> None:
    app()
