"""`foggen-edge models`: show, list, verify and remove models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..confidence import stored
from ..config import load_settings
from ..errors import ModelFileError
from ..question.question import clean
from ..store.identity import identity_of_file
from ..store.models import Description, describe, listed, locate, remedy
from ..store.store import Store, problem
from .border import show, show_json


def run_show(name: str, as_json: bool, layout: str = "") -> None:
    """Print the description of a model, as text or as one JSON object."""
    home = load_settings().home
    found = describe(name, home, layout)
    description = found.as_dict()
    if said := calibrated(found, home):
        description["calibrated"] = said
    if as_json:
        show_json(description)
    else:
        show(clean(_for_people(description))[0])


def calibrated(found: Description, home: Path) -> str:
    """What a model's P(right) was calibrated on, and why its calibration is not used if it is not."""
    identity = identity_of_file(found.contract, found.header, found.sha256)
    carried = found.contract.calibration
    used = stored.calibration_of(home, identity, carried, found.name)
    if used is not None:
        return f"on {used.rows:,} questions ({used.data}), score {used.score}, tau {used.tau:.3f}"
    if other := stored.embedded(carried):
        return f"for another quantization or prompt ({other.model.quant}), so it is not used"
    return ""


def run_list(as_json: bool) -> None:
    """Print one line for each model, or all of them as one JSON object."""
    entries = [entry.as_dict() for entry in listed(load_settings().home)]
    if as_json:
        show_json({"models": entries})
        return
    rows = [("name", "quant", "MB", "round", "sha256", "source"), *map(_row, entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        show(clean(line.rstrip())[0])


def run_verify(names: list[str]) -> None:
    """Check every file and print a line for each. Exits with 65 if one has changed."""
    home = load_settings().home
    bad = 0
    for name in names or [entry.name for entry in listed(home)]:
        short, path = locate(name, home)
        if found := problem(path):
            bad += 1
            found = f"{found}; {remedy(short, path, home) or 'get it again'}"
        show(clean(f"{short}: {found or 'ok'}")[0])
    if bad:
        raise SystemExit(ModelFileError.exit_code)


def run_remove(names: list[str]) -> None:
    """Remove models from the store. If one of the names is unknown, none is removed."""
    store = Store(load_settings().home)
    for name in names:
        store.check_removable(name)
    for name in names:
        if store.has(name):
            stored.remove(store.home, store.entry(name).text("sha256"))
        store.remove(name)


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    size = "missing" if entry["size_bytes"] is None else f"{entry['size_bytes'] / 1e6:.1f}"
    return (
        entry["name"],
        entry["quant"],
        size,
        entry["round"],
        entry["sha256"][:12],
        entry["source"],
    )


def _for_people(description: dict[str, Any]) -> str:
    shown = dict(description)
    calibration = shown.pop("calibration")
    prompt = shown.pop("system_prompt")
    for key in ("size_bytes", "memory_bytes"):
        shown[key] = f"{shown[key]:,} ({shown[key] / 1e6:.1f} MB)"
    shown["parameters"] = f"{shown['parameters']:,}"
    shown["buckets"] = " ".join(str(bucket) for bucket in shown["buckets"])
    lines = [f"{key.replace('_', ' '):<14}{value}" for key, value in shown.items() if value != ""]
    lines.append(f"{'system prompt':<14}" + prompt.replace("\n", "\n" + " " * 14))
    for number, said in enumerate(_calibration_lines(calibration.get("buckets"))):
        lines.append(f"{'' if number else 'calibration':<14}{said}")
    return "\n".join(lines)


def _calibration_lines(table: Any) -> list[str]:
    """One line for each bucket, with its accuracy. A malformed table gives none."""
    try:
        return [
            f"says {bucket}: right {entry['accuracy']:.0%} of {entry['n']}"
            for bucket, entry in table.items()
        ]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []
