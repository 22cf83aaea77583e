"""Which model files may be loaded in this process: their hashes, and a registry of trial loads.

llama.cpp can end the process on a damaged file. So a file that is not known (by path, size,
modification time and library version) is first loaded in a child process, see `trial.py`, and
remembered with its sha256 if that succeeds. The manifest next to a file says whether the file is
complete, not whether it is harmless: whoever wrote one of them may have written the other. Only the
model in the box, which comes with this package, needs no trial.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..engine.contract import from_metadata
from ..engine.gguf_header import GgufHeader, read_header
from ..engine.machine import llama_cpp_version
from ..errors import ConfigurationError, ModelFileError
from .trial import load_in_child

MANIFEST_SUFFIX = ".manifest.json"


@dataclass(frozen=True)
class KnownModel:
    """A file that was checked before: size in bytes, modification time in nanoseconds, sha256.

    tried: a child process has loaded the file, or it is the model in the box. Otherwise a caller
    trusted it, which counts only for callers who trust it again.
    """

    size: int
    changed_ns: int
    sha256: str
    llama_cpp: str
    tried: bool

    @classmethod
    def of(cls, status: os.stat_result, sha256: str, tried: bool) -> KnownModel:
        return cls(status.st_size, status.st_mtime_ns, sha256, llama_cpp_version(), tried)

    def is_of(self, status: os.stat_result) -> bool:
        """Whether neither the file nor the library has changed."""
        return self == KnownModel.of(status, self.sha256, self.tried)


def check_model(
    path: Path, home: Path, *, trusted: bool = False, trial: Callable[[Path], None] = load_in_child
) -> str:
    """Check that a model file is safe to load in this process, and return its sha256.

    trusted: the caller trusts the file, so no child process tries it. It must still have the sha256
    that its manifest names, if there is one.

    Raises ConfigurationError if the file does not exist or cannot be tried, ModelFileError if its
    sha256 differs from its manifest's, its header is invalid, or a child process could not load it.
    """
    try:
        if not path.is_file():
            raise ConfigurationError(
                f"no model file at {path}",
                hint="give a GGUF file, or 'starter' for the model in the box",
            )
        known = _read(_registry(home)).get(_key(path))
        if known and (known.tried or trusted) and known.is_of(path.stat()):
            return known.sha256
        return _check_unknown(path, home, trusted, trial)
    except OSError as exc:
        raise ConfigurationError(
            f"{path} cannot be read: {exc.strerror}", hint="choose a file that you can read"
        ) from exc


def _check_unknown(path: Path, home: Path, trusted: bool, trial: Callable[[Path], None]) -> str:
    status = path.stat()  # taken before reading, so that a later change is noticed
    read_header(path)
    digest = sha256_of(path)
    has_manifest = _manifest_agrees(path, digest)
    in_the_box = has_manifest and path.resolve() == box().resolve()
    if not (trusted or in_the_box):
        trial(path)
    _remember(path, home, KnownModel.of(status, digest, tried=in_the_box or not trusted))
    return digest


def check_new(path: Path, *, trusted: bool = False, layout: str = "") -> GgufHeader:
    """Check that this runtime can use a file, and return its header.

    The header must be valid and the contract known, or the chat layout; layout: the one to take. Unless the caller trusts the file, a child
    process must load it. Raises as `check_model` does.
    """
    header = read_header(path)
    from_metadata(header.metadata, header.architecture, layout)
    if not trusted:
        load_in_child(path, layout=layout)
    return header


def remember_tried(path: Path, home: Path, sha256: str) -> None:
    """Record that a child process has loaded a file, so that no other one has to."""
    _remember(path, home, KnownModel.of(path.stat(), sha256, tried=True))


def box() -> Path:
    """The file of the model in the box."""
    return Path(str(files("foggen") / "starter" / "foggen-starter-q8_0.gguf"))


def sha256_of(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def manifest_path(path: Path) -> Path:
    return path.with_name(path.name + MANIFEST_SUFFIX)


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest next to a model (file, size, sha256, ...), or an empty one."""
    if not manifest_path(path).is_file():  # missing, or a pipe that would block
        return {}
    try:
        manifest = json.loads(manifest_path(path).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as exc:
        raise ModelFileError(f"{manifest_path(path)}: {exc}", hint="get the model again") from exc
    return manifest if isinstance(manifest, dict) else {}


def _manifest_agrees(path: Path, digest: str) -> bool:
    """Whether a manifest names the file's sha256. Raises ModelFileError if it names another."""
    expected = str(read_manifest(path).get("sha256", ""))
    if expected and expected != digest:
        raise ModelFileError(
            f"{path} has sha256 {digest}, but its manifest says {expected}",
            hint="the file was damaged or changed; get it again: foggen-edge models pull --repair NAME",
        )
    return bool(expected)


def _registry(home: Path) -> Path:
    return home / "known-models.json"


def _key(path: Path) -> str:
    return str(path.resolve())


def _read(registry: Path) -> dict[str, KnownModel]:
    try:
        entries = json.loads(registry.read_text("utf-8"))
        return {key: KnownModel(**entry) for key, entry in entries.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # losing the registry only costs another check


def _remember(path: Path, home: Path, known: KnownModel) -> None:
    registry = _registry(home)
    entries = {**_read(registry), _key(path): known}
    text = json.dumps({name: asdict(entry) for name, entry in entries.items()}, indent=1)
    partial = registry.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    with suppress(OSError):  # in a read-only home the check is made again next time
        registry.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, "utf-8")
        partial.replace(registry)
