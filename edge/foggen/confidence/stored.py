"""Where calibrations are kept: one file per model under the home folder, named by the model's hash."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import ConfigurationError
from .calibration import Calibration, from_json

FOLDER = "calibrations"


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
