"""The sources of models: a hub, an https URL, or a local file. Each becomes an `Origin`.

A checkpoint (safetensors) is a source too: `foggen-export` converts it to a GGUF.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ..config import Settings
from ..errors import ConfigurationError, KeyRefusedError, ModelFileError, PullError, UsageError
from . import hub, hub_cache
from .download import Download, Watch, check_room, megabytes
from .exporting import check_extra, export
from .known_models import MANIFEST_SUFFIX, read_manifest, sha256_of
from .web import Remote, bare, check_url, read_small

LARGEST_MANIFEST = 64 << 10


@dataclass(frozen=True)
class Origin:
    """Where one model comes from.

    source: what to give to `pull` to get the same model again. name: its default name in the store.
    sha256: the hash that the file must have, "" if none is published. fetch: downloads the GGUF to a
    path, whose folder it may use, and returns its sha256. exported: the GGUF is made from a checkpoint
    here, so that only the hashes of the checkpoint's own files can be checked.
    """

    source: str
    name: str
    sha256: str
    fetch: Callable[[Path], str]
    exported: bool = False


def find_origin(
    source: str, settings: Settings, watch: Watch, quant: str = "", sha256: str = ""
) -> Origin:
    """The origin that `source` names; a hub is asked for its listing. sha256: the file's hash, if the
    caller knows it.

    Raises UsageError, ConfigurationError, PullError, KeyRefusedError, ModelFileError.
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source):
        check_url(source)
        _check_online(source, settings)
        _check_quant(quant)
        return _from_url(source, settings, watch, sha256)
    path, reference = Path(source).expanduser(), hub.Reference.parse(source)
    if path.exists() or reference is None:
        return _from_path(path.absolute(), quant, sha256, watch)
    listing = _listing(source, reference, settings)
    file = hub.choose(listing, reference.file, quant)
    if file is None:
        _check_no_hash(sha256)
        return _from_checkpoint(listing, quant or hub.PREFERRED, settings, watch)
    return _from_hub(listing, file, settings, watch, sha256)


def _listing(source: str, reference: hub.Reference, settings: Settings) -> hub.Listing:
    """What a hub has, or, where the network is off, what the hub's own cache on this machine has."""
    if not hub.offline(settings.offline):
        return hub.list_files(reference, settings.stall_s)
    if listing := hub_cache.cached_listing(reference):
        return listing
    raise _needs_network(source, settings)


def _from_hub(
    listing: hub.Listing, file: hub.HubFile, settings: Settings, watch: Watch, sha256: str
) -> Origin:
    known = agreed(sha256, file.sha256, listing.repo)
    remote = listing.remote(file)
    if hub.offline(settings.offline):
        remote = replace(remote, sha256=known)
    else:
        remote = _with_known_hash(remote, known, settings.stall_s)
    base = re.sub(r"(?i)[-.]gguf$", "", listing.repo.partition("/")[2]).lower()
    quant = hub.quant_of(file.name)
    name = base if not quant or base.endswith(quant) else f"{base}-{quant}"
    return Origin(
        str(hub.Reference(listing.repo, listing.commit, file.name)),
        name,
        remote.sha256,
        lambda path: hub_cache.fetch(listing, file, remote, path, settings.stall_s, watch),
    )


def _from_url(source: str, settings: Settings, watch: Watch, sha256: str) -> Origin:
    remote = _with_known_hash(Remote(source), sha256, settings.stall_s)
    name = default_name(unquote(PurePosixPath(urlsplit(source).path).name))
    return Origin(
        bare(source),
        name,
        remote.sha256,
        lambda path: Download(remote, path, settings.stall_s, watch).run(),
    )


def _with_known_hash(remote: Remote, sha256: str, stall_s: float) -> Remote:
    """The remote with its sha256: the known one, or the one in a manifest next to the file."""
    address = urlsplit(remote.url)
    manifest = address._replace(path=address.path + MANIFEST_SUFFIX).geturl()
    if not sha256:
        try:
            found = json.loads(
                read_small(Remote(manifest, headers=remote.headers), LARGEST_MANIFEST, stall_s)
            )
            sha256 = str(found["sha256"]).lower()
        except (PullError, KeyRefusedError, ValueError, KeyError, TypeError):
            pass  # most files have no manifest, and the download will report an unreachable server
    return Remote(remote.url, remote.size, sha256, remote.headers)


def _from_path(path: Path, quant: str, sha256: str, watch: Watch) -> Origin:
    if path.is_dir():
        _check_no_hash(sha256)
        quant = quant or hub.PREFERRED
        check_extra(str(path), quant)
        return Origin(
            str(path),
            default_name(f"{path.name}-{quant}"),
            "",
            lambda target: export(path, target, quant, watch),
            exported=True,
        )
    if not path.is_file():
        raise ConfigurationError(
            f"no file {path}", hint="give a GGUF file, a hub id (owner/name) or an https URL"
        )
    _check_quant(quant)
    known = agreed(sha256, str(read_manifest(path).get("sha256", "")), str(path))

    def copy(target: Path) -> str:
        size = path.stat().st_size
        check_room(target.parent, size)
        watch.say(f"{megabytes(size)} from {path}")
        try:
            shutil.copyfile(path, target)
        except PermissionError as exc:
            if exc.filename != str(path):
                raise
            raise ConfigurationError(
                f"{path} cannot be read: {exc.strerror}", hint="choose a file that you may read"
            ) from exc
        return sha256_of(target)

    return Origin(str(path), default_name(path.name), known, copy)


def _from_checkpoint(listing: hub.Listing, quant: str, settings: Settings, watch: Watch) -> Origin:
    files = listing.checkpoint()
    if not files:
        raise ModelFileError(
            f"{listing.repo} has neither a GGUF nor a safetensors file",
            hint="pull another repository",
        )
    check_extra(listing.repo, quant)

    def fetch(target: Path) -> str:
        size = sum(file.size for file in files)
        check_room(target.parent, 2 * size)  # the checkpoint, and the GGUF made from it
        watch.say(f"{megabytes(size)} in {len(files)} files: a checkpoint, for export to {quant}")
        folder = target.parent / "checkpoint" / listing.repo.partition("/")[2]  # the model's title
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            target_file, remote = folder / file.name, listing.remote(file)
            hub_cache.fetch(listing, file, remote, target_file, settings.stall_s, watch)
        digest = export(folder, target, quant, watch)
        shutil.rmtree(folder)
        return digest

    name = default_name(f"{listing.repo.partition('/')[2]}-{quant}")
    return Origin(f"{listing.repo}@{listing.commit}", name, "", fetch, exported=True)


def agreed(given: str, published: str, source: str) -> str:
    """The sha256 of a file. Raises ModelFileError if the caller's and the source's differ."""
    if given and published and given != published:
        raise ModelFileError(
            f"{source} has a file with sha256 {published}, but {given} is expected",
            hint="it changed at its source, or --sha256 is that of another file",
        )
    return given or published


def default_name(text: str) -> str:
    """A name for the store, derived from the name of a file or repository."""
    stem = re.sub(r"(?i)\.gguf$", "", text).lower()
    return re.sub(r"[^a-z0-9._-]+", "-", stem).strip("-._")


def _check_online(source: str, settings: Settings) -> None:
    if hub.offline(settings.offline):
        raise _needs_network(source, settings)


def _needs_network(source: str, settings: Settings) -> PullError:
    return PullError(
        f"{bare(source)} needs the network, but {hub.offline(settings.offline)} is set",
        hint="turn it off, or pull a local file",
    )


def _check_quant(quant: str) -> None:
    if quant:
        raise UsageError(
            f"-q {quant} chooses among a hub's files", hint="leave it out: this is a single file"
        )


def _check_no_hash(sha256: str) -> None:
    if sha256:
        raise UsageError("--sha256 is for a GGUF, but this is a checkpoint", hint="leave it out")
