"""What `foggen-edge models pull` runs for a checkpoint, in a process of its own.

    python -m foggen_export.pulled judge FOLDER QUANT [LAYOUT]           from its small files, without weights
    python -m foggen_export.pulled write FOLDER QUANT OUTPUT [LAYOUT]    the GGUF, checked

It writes one JSON object per line to stdout, and exits with 0, or with the error's code:

    {"step": "reading", "done": 3, "total": 310}    total: 0 if unknown
    {"say": "checked: 311 tensors, ..."}
    {"error": "...", "hint": "...", "kind": "ModelFileError"}

The runtime does not import the exporter; this is the interface between them. Nothing here needs torch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from foggen.errors import FogGenError

from .checked import export_checked, judge, left_out
from .checkpoint import Checkpoint


def _tell(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def _judge(folder: str, quant: str, layout: str = "") -> None:
    judge(Checkpoint.open(Path(folder)), quant, layout)


def _write(folder: str, quant: str, output: str, layout: str = "") -> None:
    def progress(step: str, done: int, total: int) -> None:
        _tell(step=step, done=done, total=total)

    checkpoint = Checkpoint.open(Path(folder))
    found = export_checked(checkpoint, quant, Path(output), layout=layout, progress=progress)
    _tell(say=str(found))
    _tell(say=left_out())


def main(verb: str, *arguments: str) -> int:
    work: dict[str, Callable[..., None]] = {"judge": _judge, "write": _write}
    try:
        work[verb](*arguments)
    except FogGenError as error:
        _tell(error=error.message, hint=error.hint, kind=type(error).__name__)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
