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
        list[str], typer.Option("-q", "--quant", help="f32, f16, q8_0, q4_0; repeatable")
    ],
    contract: Annotated[
        Path | None,
        typer.Option(help="JSON file with the contract's keys; the published one if not given"),
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
    from .gguf_file import export as write

    checkpoint = Checkpoint.open(folder)
    metadata = _read_contract(contract_file) if contract_file else {}
    contract = from_metadata(metadata, checkpoint.architecture)
    output.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        for quant in quants:
            path = output / f"{folder.resolve().name}-{quant}.gguf"
            task = bar.add_task(path.name, total=None)
            write(checkpoint, contract, quant, path, name=folder.resolve().name,
                  progress=lambda _, task=task: bar.advance(task))  # type: ignore[misc]  # fmt: skip
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
