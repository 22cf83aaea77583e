"""Download the files of a data set from the hub into a folder, resumable and checked by sha256."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from foggen.config import Settings
from foggen.errors import ConfigurationError, PullError
from foggen.store import hub, hub_cache
from foggen.store.download import Watch
from foggen.store.references import Reference

from .catalog import DataSet
from .formats import can_be_read

DOWNLOADS = (
    "downloads"  # a folder beside what is written: a second run asks only whether all is as it was
)


@dataclass(frozen=True)
class Fetched:
    """One downloaded file. name: path in the repository. sha256: hash computed here."""

    name: str
    path: Path
    sha256: str


def listed(data_set: DataSet, settings: Settings) -> hub.Listing:
    """List the files of a data set on the hub; raises PullError or KeyRefusedError."""
    if setting := hub.offline(settings.offline):
        raise PullError(
            f"{data_set.repo} is on a hub, and no network is allowed", hint=f"turn off {setting}"
        )
    reference = Reference(data_set.repo, data_set.revision)
    return hub.list_files(reference, settings.stall_s, hub.DATA_SET)


def chosen(listing: hub.Listing, patterns: tuple[str, ...]) -> list[hub.HubFile]:
    """The files to read, sorted by name: those in a known format that match one of the patterns.

    Without patterns all match. Raises ConfigurationError if there are none.
    """
    readable = [file for file in listing.files if can_be_read(file.name)]
    files = [
        file
        for file in readable
        if not patterns or any(fnmatch(file.name, pattern) for pattern in patterns)
    ]
    if not files:
        names = ", ".join(file.name for file in readable[:12]) or "none that can be read"
        raise ConfigurationError(
            f"{listing.repo} has no file {' or '.join(patterns)}".rstrip(),
            hint=f"its files are {names}; choose with --files",
        )
    return sorted(files, key=lambda file: file.name)


def fetched(
    listing: hub.Listing, files: list[hub.HubFile], folder: Path, settings: Settings, watch: Watch
) -> Iterator[Fetched]:
    """Download the files, and yield each when it is complete; raises the errors of `Download.run`."""
    target = folder / DOWNLOADS / listing.repo.replace("/", "--") / listing.commit
    for file in files:
        path = target / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        remote = listing.remote(file)
        digest = hub_cache.fetch(listing, file, remote, path, settings.stall_s, watch)
        yield Fetched(file.name, path, digest)
