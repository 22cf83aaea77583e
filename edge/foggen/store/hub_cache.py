"""Files that the Hugging Face hub's own cache on this machine already has: they are copied, not downloaded.

    CACHE/models--OWNER--NAME/refs/main                a commit
                             /snapshots/COMMIT/FILE    a link to a blob
                             /blobs/SHA256             the contents of a large file

Source of the layout: huggingface_hub's guide "Understand caching". Other programs write there, so a copy is
compared with its sha256 like a download.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from .download import Download, Judge, Watch, check_room, discard, ignore, megabytes
from .hub import MODEL, HubFile, Listing
from .known_models import sha256_of
from .references import Reference
from .web import Remote

# Each variable, and where the cache is below the folder that it names.
PLACES = (
    ("HF_HUB_CACHE", ""),
    ("HUGGINGFACE_HUB_CACHE", ""),
    ("HF_HOME", "hub"),
    ("XDG_CACHE_HOME", "huggingface/hub"),
)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def cache_folder() -> Path:
    """The hub's cache, as HF_HUB_CACHE, HF_HOME or XDG_CACHE_HOME place it now.

    huggingface_hub's own constant is what they were when it was imported.
    """
    for variable, below in PLACES:
        if named := os.environ.get(variable, ""):
            return _expanded(named) / below
    return _expanded("~/.cache") / "huggingface" / "hub"


def _expanded(folder: str) -> Path:
    """A folder with `~` expanded, or as it is for a user without a home folder."""
    try:
        return Path(folder).expanduser()
    except RuntimeError:
        return Path(folder)


def fetch(
    listing: Listing,
    file: HubFile,
    remote: Remote,
    path: Path,
    stall_s: float,
    watch: Watch,
    judge: Judge = ignore,
) -> str:
    """Copy a file from the cache to `path`, or download it, and return its sha256. remote: its address,
    with the sha256 that it must have, "" if that is not known. judge: as in `Download`.

    Raises as `Download.run`.
    """
    if found := _cached(listing, file):
        check_room(path.parent, file.size)
        watch.say(f"{megabytes(file.size)} from the hub's cache, {found}")
        shutil.copyfile(found, path)
        digest = sha256_of(path)
        if remote.sha256 in ("", digest):
            return digest
        discard(path)
        watch.say(f"{found} is damaged: its sha256 is {digest}")
    return Download(remote, path, stall_s, watch, judge).run()


def cached_listing(reference: Reference, kind: str = MODEL) -> Listing | None:
    """What the cache has of a repository, at the revision that is asked for; None if it has nothing."""
    base = _repository(reference.repo, kind)
    commit = _commit(base, reference.revision or "main")
    folder = base / "snapshots" / commit
    if not commit or not folder.is_dir():
        return None
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = [
        HubFile(path.relative_to(folder).as_posix(), path.stat().st_size, _sha256(path))
        for path in paths
    ]
    return Listing(reference.repo, commit, tuple(files), kind)


def _repository(repo: str, kind: str) -> Path:
    return cache_folder() / f"{kind}s--{repo.replace('/', '--')}"


def _commit(base: Path, revision: str) -> str:
    """The commit that a branch, a tag or a commit's own name stands for; "" if the cache does not know it."""
    if revision in (".", ".."):
        return ""
    try:
        return (base / "refs" / revision).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return revision


def _cached(listing: Listing, file: HubFile) -> Path | None:
    """A file of the cache that should be the listed one: by its hash, or else by its commit and name."""
    base = _repository(listing.repo, listing.kind)
    places = [base / "snapshots" / listing.commit / file.name]
    if file.sha256:
        places.insert(0, base / "blobs" / file.sha256)
    for place in places:
        # A listing is from elsewhere: it must not name a file outside of its repository.
        inside = place.resolve().is_relative_to(base.resolve())
        if inside and place.is_file() and place.stat().st_size == file.size:
            return place
    return None


def _sha256(path: Path) -> str:
    """The sha256 of a file of a snapshot, where its blob is named by it; "" otherwise."""
    name = path.resolve().name
    return name if _SHA256.fullmatch(name) else ""
