"""The option `--version`, which all commands share."""

from __future__ import annotations

from typing import Any

import typer

from .. import __version__


def version_option(command: str) -> Any:
    """An option that prints the command's name and version and exits, loading nothing else."""

    def show(is_wanted: bool) -> None:
        if is_wanted:
            typer.echo(f"{command} {__version__}")
            raise typer.Exit

    return typer.Option("--version", callback=show, is_eager=True, help="show the version and exit")
