"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RecipeArgument = Annotated[
    str,
    typer.Argument(help="name of a shipped recipe (see `foggen-train recipes`), or a TOML file"),
]
BaseOption = Annotated[
    str, typer.Option(help="checkpoint folder, hub id or GGUF to use instead of the recipe's base")
]
DataOption = Annotated[str, typer.Option(help="folder to use instead of the recipe's data")]
OpenEndedOption = Annotated[
    str, typer.Option(help="folder to use instead of the recipe's open-ended tasks")
]
EngineOption = Annotated[str, typer.Option(help="where the model runs: local, ray or openai")]
WorkersOption = Annotated[int, typer.Option(min=1, help="number of Ray workers, one CPU core each")]
BaseUrlOption = Annotated[
    str, typer.Option(help="URL of an OpenAI-compatible server, up to and including /v1")
]
ServerModelOption = Annotated[str, typer.Option(help="name of the model on that server")]
WaitOption = Annotated[bool, typer.Option(help="wait until the server serves the right checkpoint")]
ExamOption = Annotated[
    list[Path] | None, typer.Option(help="JSONL of real questions for the card; repeatable")
]


CloudOption = Annotated[
    str,
    typer.Option(
        help="URL of a server, or a file of recorded answers (default: a simulated cloud)"
    ),
]
CloudModelOption = Annotated[str, typer.Option(help="name of the cloud's model on that server")]
RecordOption = Annotated[
    Path | None,
    typer.Option(help="file for the cloud's answers; an existing one is resumed"),
]


def tell(line: str) -> None:
    """Show a line on stderr."""
    typer.echo(line, err=True)
