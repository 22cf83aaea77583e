"""Finding models: the one in the box, those in the store, and files by their path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..config import STARTER
from ..engine.contract import Contract, from_metadata
from ..engine.gguf_header import GgufHeader, read_header
from ..engine.memory import memory_needed
from ..errors import ConfigurationError, FogGenError, ModelFileError
from .known_models import box, check_model, read_manifest
from .references import Reference
from .store import Entry, Store, is_name
from .trial import load_in_child


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
    """Everything that `models show` prints. contract: as the engine will use it."""

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
            "memory_bytes": memory_needed(self.header),
            "sha256": self.sha256,
            "quant": quant_of(self.header),
            "source": str(read_manifest(self.path).get("source", "")),
            "title": str(metadata.get("general.name", "")),
            "architecture": self.header.architecture,
            "parameters": sum(_elements(tensor.shape) for tensor in self.header.tensors),
            "contract": contract_in_words(contract),
            "chat_layout": contract.chat_layout,
            "system_prompt": contract.system_prompt,
            "buckets": list(contract.buckets) if contract.says_confidence else [],
            "answers_open": contract.answers_open,
            "tau": contract.tau,
            "round": contract.round,
            "calibration": dict(contract.calibration),
        }


def contract_in_words(contract: Contract) -> str:
    """Where a model's contract is from, or that it has none."""
    if not contract.says_confidence:
        return "none (not trained to one: it answers by its letters)"
    return "published (assumed: the file carries none)" if contract.assumed else "own"


def locate(name: str, home: Path | None = None) -> tuple[str, Path]:
    """The short name and the file of "starter", a model in the store under `home`, or a path. A model of the
    store may also be named by the repository that it came from.

    Raises ConfigurationError for an unknown name that is not a path.
    """
    if name == STARTER:
        return STARTER, box()
    path = _expanded(name)
    if home is not None and is_name(name):
        if (store := Store(home)).has(name):
            return name, store.file(name)
        if not path.exists() and path.suffix != ".gguf":
            raise store.unknown(name)
    is_path = home is None or path.suffix == ".gguf" or _is_there(path, folders=True)
    if home is not None and not is_path and (reference := Reference.parse(name)):
        return _pulled_from(reference, name, Store(home))
    return path.stem, path


def _pulled_from(reference: Reference, given: str, store: Store) -> tuple[str, Path]:
    """The model of the store that came from a repository. Raises ConfigurationError unless there is one."""
    found = [entry for entry in map(store.entry, store.names()) if _is_of(entry, reference)]
    if not found:
        raise ConfigurationError(
            f"{given} is not on this machine", hint=f"get it: foggen-edge models pull {given}"
        )
    if len(found) > 1:
        raise ConfigurationError(
            f"{given} is on this machine more than once",
            hint=f"give one of these names: {', '.join(entry.name for entry in found)}",
        )
    return found[0].name, found[0].path


def _is_of(entry: Entry, reference: Reference) -> bool:
    source = Reference.parse(entry.text("source"))
    return (
        source is not None
        and source.repo.lower() == reference.repo.lower()
        and reference.revision in ("", source.revision)
        and reference.quant.lower() in ("", entry.text("quant"))
    )


def _expanded(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError as exc:  # "~nobody", or "~" where no home folder is known
        raise ConfigurationError(
            f"{name!r} names an unknown home folder", hint="give the full path"
        ) from exc


def layout_for(path: Path, given: str = "") -> str:
    """The chat layout to load a file with: the one given now, or when it was pulled; "" for its own."""
    return given or str(read_manifest(path).get("layout", ""))


def checked(
    name: str, home: Path, trusted: bool = False, layout: str = ""
) -> tuple[str, Path, str]:
    """The short name, file and sha256 of a model that may be loaded; see `known_models.check_model`.
    layout: as in `layout_for`."""
    short, path = locate(name, home)
    try:
        trial = partial(load_in_child, layout=layout_for(path, layout))
        return short, path, check_model(path, home, trusted=trusted, trial=trial)
    except FogGenError as error:
        if isinstance(error, ModelFileError) or not _is_there(path):
            error.hint = remedy(short, path, home) or error.hint
        raise


def _is_there(path: Path, *, folders: bool = False) -> bool:
    try:
        return path.exists() if folders else path.is_file()
    except OSError:  # in a folder that this user may not enter
        return True


def remedy(short: str, path: Path, home: Path) -> str:
    """How to get a damaged file again, if it came with this package or from the store."""
    if short == STARTER:
        return "reinstall foggen"
    if path == Store(home).file(short):
        return f"get it again: foggen-edge models pull --repair {short}"
    return ""


def listed(home: Path) -> list[Entry]:
    """The model in the box, then those of the store."""
    header = read_header(box())
    rounds = from_metadata(header.metadata, header.architecture).round
    manifest = {**read_manifest(box()), "round": rounds, "source": "in the box"}
    return [Entry(STARTER, box(), manifest), *map(Store(home).entry, Store(home).names())]


def quant_of(header: GgufHeader) -> str:
    """The quant of most of a file's weights ("q8_0", "f16"), or an empty text if it is unknown."""
    from gguf import LlamaFileType

    try:
        kind = LlamaFileType(header.metadata.get("general.file_type"))
    except ValueError:
        return ""
    return str(kind.name).removeprefix("MOSTLY_").removeprefix("ALL_").lower()


def describe(name: str, home: Path, layout: str = "") -> Description:
    """Describe a model file. layout: as in `layout_for`. Raises ModelFileError, ConfigurationError."""
    short, path, digest = checked(name, home, layout=layout)
    header = read_header(path)
    contract = from_metadata(header.metadata, header.architecture, layout_for(path, layout))
    return Description(short, path, header, contract, digest)


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count
