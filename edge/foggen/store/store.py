"""The model store: its models, their names, and how it stays consistent.

    <home>/models/NAME/NAME.gguf, NAME.gguf.manifest.json    a model
    <home>/models/.partial/NAME/                             a pull that did not finish
    <home>/models/.locks/NAME.lock                           held by the one process that changes NAME

A model's folder appears by a single rename after everything has been checked, so that whatever is in the
store was complete on arrival. How a model gets here is described in `pull.py`.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config import STARTER
from ..engine.gguf_header import read_header
from ..errors import ConfigurationError, FogGenError, ModelFileError, UsageError
from .known_models import manifest_path, read_manifest, sha256_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DEVICE = re.compile(
    r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE
)  # names of Windows devices


@dataclass(frozen=True)
class Entry:
    """One model of the store: its file, and the manifest that was written when it was pulled."""

    name: str
    path: Path
    manifest: Mapping[str, Any]

    def text(self, key: str) -> str:
        """A field of the manifest ("sha256", "source", ...), or an empty text."""
        return str(self.manifest.get(key, ""))

    def as_dict(self) -> dict[str, Any]:
        """What `models list` shows. The size is in bytes, None if the file is missing."""
        size = self.path.stat().st_size if self.path.is_file() else None
        facts = {key: self.text(key) for key in ("quant", "round", "sha256", "source")}
        return {"name": self.name, "file": str(self.path), "size_bytes": size, **facts}


def is_name(text: str) -> bool:
    """Whether a text can name a model: a valid folder name on every system, and neither an option nor a
    path."""
    return bool(_NAME.fullmatch(text)) and not text.endswith(".") and not _DEVICE.fullmatch(text)


def check_name(text: str) -> str:
    """The text, if it can name a new model; otherwise raises UsageError."""
    if text.lower() == STARTER:
        raise UsageError(f"{text!r} is the model in the box", hint="choose another --name")
    if not is_name(text):
        hint = "up to 100 letters, digits, '.', '_' and '-', the first a letter or digit"
        raise UsageError(f"{text!r} cannot name a model", hint=f"give --name: {hint}")
    return text


class Store:
    """The models under one home folder."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "models"

    def file(self, name: str) -> Path:
        """The path of a model's GGUF."""
        return self.folder / name / f"{name}.gguf"

    def partial(self, name: str) -> Path:
        """The folder in which a pull of this name writes."""
        return self.folder / ".partial" / name

    def begin(self, name: str, source: str) -> Path:
        """The file for a pull to write. A partial download of another source is deleted."""
        folder, record = self.partial(name), self.partial(name) / "source"
        if not record.is_file() or record.read_text("utf-8") != source:
            self.discard(name)
            folder.mkdir(parents=True, exist_ok=True)
            record.write_text(source, "utf-8")
        return folder / f"{name}.gguf"

    def has(self, name: str) -> bool:
        return is_name(name) and (self.folder / name).is_dir()

    def names(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if self.has(path.name))

    def entry(self, name: str) -> Entry:
        """The model with this name. Raises ConfigurationError if there is none."""
        if not self.has(name):
            raise self.unknown(name)
        try:
            return Entry(name, self.file(name), read_manifest(self.file(name)))
        except ModelFileError:
            return Entry(name, self.file(name), {})  # `problem` says what is wrong

    def unknown(self, name: str) -> ConfigurationError:
        """The error for an unknown name; it suggests similar ones."""
        near = difflib.get_close_matches(name, [STARTER, *self.names()], 3)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        return ConfigurationError(
            f"no model named {name!r}",
            hint=f"{meant}'foggen-edge models list' shows the models, 'models pull' gets more",
        )

    @contextmanager
    def lock(self, name: str, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Keep other processes from changing a model. `waiting` is called if another one holds the lock."""
        from filelock import FileLock, Timeout

        path = self.folder / ".locks" / f"{name}.lock"
        lock = FileLock(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire()
        except OSError as exc:
            raise ConfigurationError(
                f"{self.folder} cannot be written: {exc.strerror}",
                hint="set FOGGEN_HOME to a folder that you can write to",
            ) from exc
        try:
            yield
        finally:
            lock.release()

    def place(self, name: str, manifest: Mapping[str, Any]) -> Entry:
        """Move the checked file in `partial(name)` into the store.

        An existing model is replaced, first its file, then its manifest. After an interruption between
        the two, the manifest contradicts the file, and the file is refused.
        """
        source = self.partial(name) / f"{name}.gguf"
        for other in set(self.partial(name).iterdir()) - {source}:
            if other.is_dir():
                shutil.rmtree(other)
            else:
                other.unlink()
        record = manifest_path(source)
        record.write_text(json.dumps(dict(manifest), indent=2) + "\n", "utf-8")
        if self.has(name):
            source.replace(self.file(name))
            record.replace(manifest_path(self.file(name)))
            self.discard(name)
        else:
            self.partial(name).rename(self.folder / name)
        return self.entry(name)

    def discard(self, name: str) -> None:
        """Delete the partial download of a model."""
        shutil.rmtree(self.partial(name), ignore_errors=True)

    def check_removable(self, name: str) -> None:
        """Raises UsageError for the model in the box, ConfigurationError for an unknown name."""
        if name == STARTER:
            raise UsageError(f"{name!r} is the model in the box", hint="it cannot be removed")
        if not (self.has(name) or (is_name(name) and self.partial(name).is_dir())):
            raise self.unknown(name)

    def remove(self, name: str) -> None:
        """Remove a model and its partial download from the store."""
        self.check_removable(name)
        with self.lock(name):
            self.discard(name)
            if self.has(name):
                shutil.rmtree(self.folder / name)


def problem(path: Path) -> str:
    """What is wrong with a model's file, or an empty text. The whole file is read."""
    try:
        if not path.is_file():
            return "the file is missing"
        expected = read_manifest(path)
        if not expected.get("sha256"):
            return "it has no manifest with a SHA-256"
        size = path.stat().st_size
        if size != expected.get("size", size):
            return f"it has {size} bytes, but its manifest says {expected['size']}"
        if (digest := sha256_of(path)) != expected["sha256"]:
            return f"its sha256 is {digest}, but its manifest says {expected['sha256']}"
        read_header(path)
    except FogGenError as error:
        return error.message
    except OSError as error:
        return str(error.strerror)
    return ""
