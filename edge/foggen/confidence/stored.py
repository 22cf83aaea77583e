"""Where calibrations are kept: in a model's own file, and under the home folder, by the model's hash.

A published model carries the calibration of its publisher. What a user measures on their own questions is kept
under the home folder and goes before it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError, ModelFileError
from .calibration import Calibration, ModelIdentity, from_dict, from_json

FOLDER = "calibrations"
EMBEDDED = "p_right"  # its key in a contract's calibration


def calibration_of(
    home: Path, model: ModelIdentity, carried: Mapping[str, Any], name: str
) -> Calibration | None:
    """The user's own calibration of a model, else the one that its file carries, else None.

    carried: the calibration of the file's contract. Raises ConfigurationError for a damaged calibration of
    the user or one of another prompt, ModelFileError for a damaged one in the file.
    """
    own = load(home, model.sha256)
    if own is not None:
        own.model.check(model, name)
        return own
    found = embedded(carried)
    if found is None or not found.model.is_like(model):
        return None
    return replace(found, model=model)


def embedded(carried: Mapping[str, Any]) -> Calibration | None:
    """The calibration in the calibration of a file's contract, or None.

    It may be of another quantization: a file that was quantized again keeps its metadata. Raises
    ModelFileError if it is damaged.
    """
    if EMBEDDED not in carried:
        return None
    try:
        return from_dict(carried[EMBEDDED])
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise ModelFileError(
            f"the model's calibration is damaged: {exc}", hint="get the model again"
        ) from exc


def path_of(home: Path, sha256: str) -> Path:
    """The file of the calibration of a model."""
    return home / FOLDER / f"{sha256}.json"


def load(home: Path, sha256: str) -> Calibration | None:
    """The calibration of a model, or None. Raises ConfigurationError for a damaged file."""
    path = path_of(home, sha256)
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(
            f"{path} cannot be read: {exc}", hint="remove it, or calibrate again"
        ) from exc
    return from_json(text, str(path))


def save(home: Path, calibration: Calibration) -> Path:
    """Keep a calibration in place of an earlier one. Raises ConfigurationError if it cannot be written."""
    path = path_of(home, calibration.model.sha256)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(calibration.to_json(), "utf-8")
        partial.replace(path)
    except OSError as exc:
        raise ConfigurationError(
            f"{path} cannot be written: {exc.strerror}", hint="set FOGGEN_HOME to a folder of yours"
        ) from exc
    return path


def remove(home: Path, sha256: str) -> bool:
    """Remove the calibration of a model. Returns whether there was one."""
    try:
        path_of(home, sha256).unlink()
    except FileNotFoundError:
        return False
    return True
