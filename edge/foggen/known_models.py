"""Which model files may be loaded here: hashes, and the first load in a child process.

llama.cpp can end the process on a damaged file that passes every check of its header. So a file that
is not known (by path, size, time of change and library version) is first loaded by a child, which
also decodes a token; what it survives is remembered with the file's sha256.

    python -m foggen.known_models FILE      is that child
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .contract import from_metadata
from .errors import ConfigurationError, ModelFileError
from .gguf_header import GgufHeader, read_header
from .machine import llama_cpp_version

CHILD_TIMEOUT_S = 300
MANIFEST_SUFFIX = ".manifest.json"
_HINT = "\t"  # between a child's reason and its remedy


@dataclass(frozen=True)
class KnownModel:
    """What is known of a file that was loaded before: size in bytes, time of change, sha256."""

    size: int
    changed_ns: int
    sha256: str
    llama_cpp: str


def check_model(path: Path, home: Path) -> str:
    """The sha256 of a model file that is safe to load in this process.

    Raises ConfigurationError if it is not there, ModelFileError if its hash is not the manifest's,
    its header lies, or a child process could not load it.
    """
    if not path.is_file():
        raise ConfigurationError(
            f"no model file at {path}",
            hint="give a GGUF file, or 'starter' for the model in the box",
        )
    status, registry = path.stat(), home / "known-models.json"
    key, llama_cpp = str(path.resolve()), llama_cpp_version()
    known = _read(registry).get(key)
    if known and (known.size, known.changed_ns, known.llama_cpp) == (
        status.st_size, status.st_mtime_ns, llama_cpp):  # fmt: skip
        return known.sha256
    read_header(path)
    digest = sha256_of(path)
    if not _manifest_agrees(path, digest):
        _load_in_child(path)
    _remember(registry, key, KnownModel(status.st_size, status.st_mtime_ns, digest, llama_cpp))
    return digest


def check_new(path: Path) -> GgufHeader:
    """The header of a file that this runtime can use: a sound header, a known contract, and a child
    process that has loaded it. Raises ModelFileError."""
    header = read_header(path)
    from_metadata(header.metadata, header.architecture)
    _load_in_child(path)
    return header


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
    """The manifest beside a model (file, size, sha256, ...), or an empty one."""
    try:
        manifest = json.loads(manifest_path(path).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as exc:
        raise ModelFileError(f"{manifest_path(path)}: {exc}", hint="get the model again") from exc
    return manifest if isinstance(manifest, dict) else {}


def _manifest_agrees(path: Path, digest: str) -> bool:
    """True where a manifest vouches for the file; ModelFileError where it says otherwise."""
    expected = str(read_manifest(path).get("sha256", ""))
    if expected and expected != digest:
        raise ModelFileError(
            f"{path} has sha256 {digest}, and its manifest expects {expected}",
            hint="the file was damaged or changed; get it again: foggen-edge models pull --repair NAME",
        )
    return bool(expected)


def _load_in_child(path: Path) -> None:
    if getattr(sys, "frozen", False):
        return  # a bundled application is no Python that could run the child
    # -P: the working folder's own numpy.py is not what the child should import
    command = [sys.executable, "-P", "-m", "foggen.known_models", str(path)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=CHILD_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise ModelFileError(f"{path}: loading took over {CHILD_TIMEOUT_S} s") from None
    if child.returncode == 0:
        return
    lines = child.stderr.decode("utf-8", errors="replace").strip().splitlines()
    said = lines[-1] if lines and child.returncode > 0 else "llama.cpp ended the process"
    reason, _, hint = said.partition(_HINT)
    raise ModelFileError(
        f"{path} cannot be loaded: {reason.removeprefix(f'{path}: ')}",
        hint=hint or "the file is damaged or of an unknown kind; get it again",
    )


def _try_model(path: Path) -> None:
    """What the child does: load, look for the contract's tokens, decode, look at the numbers."""
    import numpy as np

    from .native import Context, Model
    from .plan import build_plan

    model = Model(path)
    contract = from_metadata(model.header.metadata, model.header.architecture)
    build_plan(contract, lambda text: model.tokenize(text, scaffold=True))
    context = Context(model, context=256, threads=1)
    tokens = model.tokenize("1 + 1 = 2", scaffold=False)
    rows = context.decode(tokens, 0, [len(tokens) - 1])
    if not np.isfinite(rows).all():
        raise ModelFileError("the weights give numbers that are not finite")


def _read(registry: Path) -> dict[str, KnownModel]:
    try:
        entries = json.loads(registry.read_text("utf-8"))
        return {key: KnownModel(**entry) for key, entry in entries.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # a lost registry costs one more check, nothing else


def _remember(registry: Path, key: str, known: KnownModel) -> None:
    entries = {**_read(registry), key: known}
    text = json.dumps({name: asdict(entry) for name, entry in entries.items()}, indent=1)
    partial = registry.with_suffix(f".{os.getpid()}")
    try:
        registry.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, "utf-8")
        partial.replace(registry)
    except OSError:
        pass  # a read-only home: the check is made again next time


if __name__ == "__main__":
    try:
        _try_model(Path(sys.argv[1]))
    except Exception as exc:
        print(getattr(exc, "message", exc), getattr(exc, "hint", ""), sep=_HINT, file=sys.stderr)
        sys.exit(1)
