"""Reading the JSON files of a checkpoint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from foggen.errors import ModelFileError


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file, with or without a byte order mark. Raises ModelFileError."""
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as exc:
        raise ModelFileError(f"{path}: {exc}", hint="save the checkpoint again") from exc
    if not isinstance(found, dict):
        raise ModelFileError(f"{path} is not a JSON object", hint="save the checkpoint again")
    return found
