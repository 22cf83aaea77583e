"""`foggen-edge models pull`: from a source into the store, checked before it appears there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..config import Settings
from ..engine.contract import from_metadata
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
    trusted: bool = False,
    watch: Watch | None = None,
) -> Entry:
    """Get a model into the store; one that is there and whole is kept as it is.

    source: "owner/name" of a hub, also with "@revision" and "/file.gguf"; an https URL; a file or a
    checkpoint's folder here. name: in the store, else from the source. quant: which of several
    files, or of the export. sha256: what the file must have. trusted: the caller vouches for the
    file, and no child process loads it first; it must be opened with `trusted=True` as well.

    Raises UsageError, ConfigurationError, PullError, KeyRefusedError, ModelFileError. The store is
    then as it was; at most what came so far of this one model is kept, for the next call.
    """
    if sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise UsageError(f"{sha256!r} is no sha256", hint="give its 64 hexadecimal digits")
    watch = watch or Watch()
    if name:
        check_name(name)
    origin = find_origin(source, settings, watch, quant, sha256.lower())
    name, store = check_name(name or origin.name), Store(settings.home)
    with store.lock(name, lambda: watch.say(f"waiting for another process that changes {name}")):
        if store.has(name) and _is_kept(store.entry(name), origin):
            watch.say(f"{name} is in the store already")
            return store.entry(name)
        return _fetched(store, name, origin, watch, trusted)


def repair(
    name: str, settings: Settings, *, trusted: bool = False, watch: Watch | None = None
) -> Entry:
    """Get a model of the store again from where it came, if its file is not as it was.

    Raises ConfigurationError for an unknown name, ModelFileError where no source is recorded, and
    what `pull` raises.
    """
    entry = Store(settings.home).entry(name)
    if not problem(entry.path):
        return entry
    if not entry.text("source"):
        raise ModelFileError(
            f"where {name} came from is not recorded",
            hint=f"foggen-edge models rm {name}, and pull it again",
        )
    # Another version of the exporter may write other bytes.
    exported = bool(entry.manifest.get("exported"))
    known = {"quant": entry.text("quant")} if exported else {"sha256": entry.text("sha256")}
    return pull(entry.text("source"), settings, name=name, trusted=trusted, watch=watch, **known)


def _is_kept(entry: Entry, origin: Origin) -> bool:
    """Whether the store's model is what is pulled, and whole.

    Raises UsageError where the name has another model.
    """
    of_name, of_source = entry.text("source"), origin.source
    if entry.manifest and _unpinned(of_name) != _unpinned(of_source):
        raise UsageError(
            f"the name {entry.name!r} is taken: it came from {of_name}",
            hint=f"give another --name, or foggen-edge models rm {entry.name}",
        )
    changed = origin.sha256 != entry.text("sha256") if origin.sha256 else of_name != of_source
    if entry.manifest and changed:
        raise UsageError(
            f"{of_source} is another version than the {entry.name!r} of the store",
            hint=f"give another --name, or foggen-edge models rm {entry.name}",
        )
    return not problem(entry.path)


def _unpinned(source: str) -> str:
    """A source without its revision."""
    return re.sub(r"@[^/]+", "", source)


def _fetched(store: Store, name: str, origin: Origin, watch: Watch, trusted: bool) -> Entry:
    path = store.begin(name, _unpinned(origin.source))
    try:
        digest = origin.fetch(path)
        manifest = _checked(path, digest, origin, watch, trusted)
        entry = store.place(name, manifest)
        if not trusted:
            remember_tried(entry.path, store.home, digest)
        return entry
    except OSError as error:
        # Where locks do not hold, another process may have been faster.
        if store.has(name) and not problem(store.file(name)):
            return store.entry(name)
        if path.exists():
            raise
        raise PullError(
            f"what came of {name} is gone", hint="run the same command again"
        ) from error
    except ModelFileError as error:
        store.discard(name)  # what is wrong with it will not be right the next time
        message = error.message.replace(f"{path}: ", "").replace(str(path), "it")
        if origin.source not in message:
            message = f"{origin.source}: {message}"
        raise ModelFileError(message, hint=error.hint) from error


def _checked(
    path: Path, digest: str, origin: Origin, watch: Watch, trusted: bool
) -> dict[str, Any]:
    """The manifest of a file that may be placed. Raises ModelFileError."""
    if origin.sha256 not in ("", digest):
        raise ModelFileError(
            f"{path} has sha256 {digest} in place of {origin.sha256}",
            hint="it was damaged or changed; get it again",
        )
    if not origin.sha256 and not origin.exported:
        watch.say(f"nothing vouches for this file; its sha256 {digest} is recorded")
    header = check_new(path, trusted=trusted)
    manifest = {
        "file": path.name,
        "size": header.size,
        "sha256": digest,
        "quant": quant_of(header),
        "round": from_metadata(header.metadata, header.architecture).round,
        "source": origin.source,
    }
    return manifest | ({"exported": True} if origin.exported else {})
