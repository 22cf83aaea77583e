"""Pulling a model into the store, where it appears once it has been checked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..config import Settings
from ..engine.contract import from_metadata
from ..engine.layouts import check_layout
from ..errors import ModelFileError, PullError, UsageError
from .download import Watch
from .known_models import check_new, remember_tried
from .models import quant_of
from .sources import Origin, find_origin
from .store import Entry, Store, check_name, problem


def pull(
    source: str,
    settings: Settings,
    *,
    name: str = "",
    quant: str = "",
    sha256: str = "",
    layout: str = "",
    trusted: bool = False,
    watch: Watch | None = None,
) -> Entry:
    """Pull a model into the store. A complete one that is already there is left alone.

    source: "owner/name" on a hub, or another form of `Reference`; an https URL; a local file or the folder
    of a checkpoint. A model in pieces is joined. name: the name in the store, derived from the source
    if not given. quant: which of several files to pull, or the quantization of an export. sha256:
    the hash that the file must have. layout: the chat layout of a model without a contract, in place of its
    template's; it is recorded. trusted: the caller trusts the file, so no child process loads
    it first; the model must then also be opened with `trusted=True`.

    Raises UsageError, ConfigurationError, PullError, KeyRefusedError and ModelFileError. The store
    is then unchanged, except that a partial download of this model is kept for the next call.
    """
    if sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise UsageError(f"{sha256!r} is not a SHA-256", hint="give its 64 hexadecimal digits")
    watch = watch or Watch()
    if name:
        check_name(name)
    if layout:
        check_layout(layout)
    origin = find_origin(source, settings, watch, quant, sha256.lower(), layout)
    name, store = check_name(name or origin.name), Store(settings.home)
    with store.lock(name, lambda: watch.say(f"waiting for another process that changes {name}")):
        if store.has(name):
            _check_same_model(store.entry(name), origin, layout)
            if not problem(store.file(name)):
                watch.say(f"{name} is already in the store")
                return store.entry(name)
        return _fetched(store, name, origin, watch, trusted, layout)


def repair(
    name: str, settings: Settings, *, trusted: bool = False, watch: Watch | None = None
) -> Entry:
    """Pull a model of the store again from its source, if its file is damaged.

    Raises ConfigurationError for an unknown name, ModelFileError if no source is recorded, and what
    `pull` raises.
    """
    entry = Store(settings.home).entry(name)
    if not problem(entry.path):
        return entry
    if not entry.text("source"):
        raise ModelFileError(
            f"the source of {name} is not recorded",
            hint=f"remove it with foggen-edge models rm {name}, and pull it again",
        )
    # Another version of the exporter may write other bytes.
    exported = bool(entry.manifest.get("exported"))
    known = {"quant": entry.text("quant")} if exported else {"sha256": entry.text("sha256")}
    known["layout"] = entry.text("layout")
    return pull(entry.text("source"), settings, name=name, trusted=trusted, watch=watch, **known)


def _check_same_model(entry: Entry, origin: Origin, layout: str) -> None:
    """Raises UsageError if the name in the store belongs to another model, or another version."""
    of_name, of_source = entry.text("source"), origin.source
    if entry.manifest and _unpinned(of_name) != _unpinned(of_source):
        raise UsageError(
            f"the name {entry.name!r} is taken by the model from {of_name}",
            hint=f"give another --name, or foggen-edge models rm {entry.name}",
        )
    changed = origin.sha256 != entry.text("sha256") if origin.sha256 else of_name != of_source
    if entry.manifest and changed:
        raise UsageError(
            f"{of_source} is not the version of {entry.name!r} in the store",
            hint=f"give another --name, or foggen-edge models rm {entry.name}",
        )
    _check_layout_of(entry, layout)


def _check_layout_of(entry: Entry, layout: str) -> None:
    """Raises UsageError if another layout is asked for than the model was pulled with."""
    if layout and layout != entry.text("layout"):
        recorded = entry.text("layout") or "that of its own template"
        raise UsageError(
            f"{entry.name!r} is in the store with the chat layout {recorded}",
            hint=f"give --layout when you ask, or foggen-edge models rm {entry.name} first",
        )


def _unpinned(source: str) -> str:
    """A source without its revision."""
    return re.sub(r"@[^/]+", "", source)


def _fetched(
    store: Store, name: str, origin: Origin, watch: Watch, trusted: bool, layout: str
) -> Entry:
    path = store.begin(name, _unpinned(origin.source))
    try:
        digest = origin.fetch(path)
        manifest = _checked(path, digest, origin, watch, trusted, layout)
        entry = store.place(name, manifest)
        if not trusted:
            remember_tried(entry.path, store.home, digest)
        return entry
    except OSError as error:
        # On a file system without locks another process may have been faster.
        if store.has(name) and not problem(store.file(name)):
            return store.entry(name)
        if path.parent.exists():
            raise
        raise PullError(
            f"the partial download of {name} disappeared", hint="run the same command again"
        ) from error
    except ModelFileError as error:
        store.discard(name)  # the next call would fail in the same way
        message = error.message.replace(f"{path}: ", "").replace(str(path), "it")
        if origin.source not in message:
            message = f"{origin.source}: {message}"
        raise ModelFileError(message, hint=error.hint) from error


def _checked(
    path: Path, digest: str, origin: Origin, watch: Watch, trusted: bool, layout: str
) -> dict[str, Any]:
    """The manifest of a file that may be placed. Raises ModelFileError for one that may not."""
    if origin.sha256 not in ("", digest):
        raise ModelFileError(
            f"{path} has sha256 {digest} instead of {origin.sha256}",
            hint="it was damaged or changed; get it again",
        )
    if not (origin.sha256 or origin.exported or origin.joined):
        watch.say(f"this file has no published hash; its sha256 {digest} is recorded")
    header = check_new(path, trusted=trusted, layout=layout)
    manifest = {
        "file": path.name,
        "size": header.size,
        "sha256": digest,
        "quant": quant_of(header),
        "round": from_metadata(header.metadata, header.architecture, layout).round,
        "source": origin.source,
    }
    manifest |= {"layout": layout} if layout else {}
    return manifest | ({"exported": True} if origin.exported else {})
