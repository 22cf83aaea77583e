"""Where models are: the one in the box, files by path; later those that were pulled."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from .contract import Contract, from_metadata
from .gguf_header import GgufHeader, read_header
from .known_models import check_model

STARTER = "starter"  # the name of the model in the box
_STARTER_FILE = "foggen-starter-q8_0.gguf"


@dataclass(frozen=True)
class ModelInfo:
    """Which model answered: its name, the sha256 of its file, the round of its contract."""

    name: str
    sha256: str
    round: str

    def as_dict(self) -> dict[str, str]:
        return {"name": self.name, "sha256": self.sha256, "round": self.round}


@dataclass(frozen=True)
class Description:
    """All that `models show` tells: sizes in bytes, the contract as the engine will use it."""

    name: str
    path: Path
    header: GgufHeader
    contract: Contract
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        contract, metadata = self.contract, self.header.metadata
        return {
            "name": self.name,
            "file": str(self.path),
            "size_bytes": self.header.size,
            "sha256": self.sha256,
            "title": str(metadata.get("general.name", "")),
            "architecture": self.header.architecture,
            "parameters": sum(_elements(tensor.shape) for tensor in self.header.tensors),
            "contract": "published (assumed: the file carries none)" if contract.assumed else "own",
            "chat_layout": contract.chat_layout,
            "system_prompt": contract.system_prompt,
            "buckets": list(contract.buckets),
            "tau": contract.tau,
            "round": contract.round,
            "calibration": dict(contract.calibration),
        }


def locate(name: str) -> tuple[str, Path]:
    """A model's short name and file: "starter", or a path."""
    if name == STARTER:
        return STARTER, Path(str(files("foggen") / "starter" / _STARTER_FILE))
    path = Path(name).expanduser()
    return path.stem, path


def checked(name: str, home: Path) -> tuple[str, Path, str]:
    """Short name, file and sha256 of a model that may be loaded; see `known_models.check_model`."""
    short, path = locate(name)
    return short, path, check_model(path, home)


def describe(name: str, home: Path) -> Description:
    """What a model file says of itself. Raises ModelFileError, ConfigurationError."""
    short, path, digest = checked(name, home)
    header = read_header(path)
    return Description(
        short, path, header, from_metadata(header.metadata, header.architecture), digest
    )


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count
