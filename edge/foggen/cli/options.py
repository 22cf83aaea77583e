"""The options that several commands have in common."""

from __future__ import annotations

from typing import Annotated

import typer

ModelOption = Annotated[
    str | None,
    typer.Option(
        "-m", "--model", help="'starter', a name of 'models list', or a GGUF file  [FOGGEN_MODEL]"
    ),
]
TauOption = Annotated[
    str | None,
    typer.Option(
        "-t", "--tau", help="keep the edge's answer at this confidence or above  [FOGGEN_TAU]"
    ),
]
ScoreOption = Annotated[
    str | None,
    typer.Option("--score", help="'bucket' compares the confidence with tau, calibrated or not"),
]
LayoutOption = Annotated[
    str | None,
    typer.Option(
        help="chat layout of a model without a contract: qwen3, chatml, gemma3 or llama3"
        " (default: found in the file)"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="print one JSON object")]
LocalOption = Annotated[bool, typer.Option("--local-only", help="never ask the cloud")]
CloudOption = Annotated[
    bool, typer.Option("--cloud-only", help="ask only the cloud; no model is loaded")
]
DryOption = Annotated[
    bool, typer.Option("--dry-run", help="decide where the question would go, but send nothing")
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="exit 75 if the answer is unsure or degraded")
]
VerboseOption = Annotated[
    bool, typer.Option("-v", "--verbose", help="also show the times and the model")
]
TruncateOption = Annotated[
    bool, typer.Option("--truncate", help="cut a stem that is too long; options are never cut")
]
