"""`foggen-edge models show`: what a model file says of itself."""

from __future__ import annotations

from typing import Any

from foggen.config import load_settings
from foggen.models import describe
from foggen.question import clean

from .border import show, show_json


def run_show(name: str, as_json: bool) -> None:
    """Print the description of a model, for people or as one JSON object."""
    description = describe(name, load_settings().home).as_dict()
    show_json(description) if as_json else show(clean(_for_people(description))[0])


def _for_people(description: dict[str, Any]) -> str:
    shown = dict(description)
    calibration = shown.pop("calibration")
    prompt = shown.pop("system_prompt")
    shown["size_bytes"] = f"{shown['size_bytes']:,} ({shown['size_bytes'] / 1e6:.1f} MB)"
    shown["parameters"] = f"{shown['parameters']:,}"
    shown["buckets"] = " ".join(str(bucket) for bucket in shown["buckets"])
    lines = [f"{key.replace('_', ' '):<14}{value}" for key, value in shown.items() if value != ""]
    lines.append(f"{'system prompt':<14}" + prompt.replace("\n", "\n" + " " * 14))
    for number, said in enumerate(_calibration_lines(calibration.get("buckets"))):
        lines.append(f"{'' if number else 'calibration':<14}{said}")
    return "\n".join(lines)


def _calibration_lines(table: Any) -> list[str]:
    """How often each bucket is right; nothing of a table that is not as the contract has it."""
    try:
        return [f"says {bucket}: right {entry['accuracy']:.0%} of {entry['n']}"
                for bucket, entry in table.items()]  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError):
        return []
