"""The sources of models: a hub, an https URL, or a local file. Each becomes an `Origin`.

A checkpoint (safetensors) is a source too: the exporter makes a GGUF of it (`exporting.py`).
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
from .choosing import OTHER_NAMES, PREFERRED, Choice, choose, piece_names, whole_name
from .download import Download, Judge, Watch, check_room, megabytes
from .exporting import check_exporter, export, judge
from .heads import check_config, check_head
from .known_models import MANIFEST_SUFFIX, read_manifest, sha256_of
from .pieces import Part, fetch_joined
from .references import Reference
from .web import Remote, bare, check_url, read_small

LARGEST_MANIFEST = 64 << 10


@dataclass(frozen=True)
class Origin:
    """Where one model comes from.

    source: what to give to `pull` to get the same model again. name: its default name in the store.
    sha256: the hash that the file must have, "" if none is published. fetch: downloads the GGUF to a
    path, whose folder it may use, and returns its sha256. exported, joined: the GGUF is made here, from a
    checkpoint or from its pieces, so that only the hashes of what it is made from can be checked.
    """

    source: str
    name: str
    sha256: str
    fetch: Callable[[Path], str]
    exported: bool = False
    joined: bool = False


def find_origin(
    source: str,
    settings: Settings,
    watch: Watch,
    quant: str = "",
    sha256: str = "",
    layout: str = "",
) -> Origin:
    """The origin that `source` names; a hub is asked for its listing. sha256: the file's hash, if the
    caller knows it. layout: the chat layout to check an export with, "" for its own.

    Raises UsageError, ConfigurationError, PullError, KeyRefusedError, ModelFileError.
    """
    path = Path(source).expanduser()
    if path.exists():
        return _from_path(path.absolute(), quant, sha256, layout, watch)
    if reference := Reference.parse(source):
        quant = _agreed_quant(reference, quant)
        listing = _listing(source, reference, settings)
        choice = choose(listing, reference.file, quant)
        if choice:
            return _from_hub(listing, choice, settings, watch, sha256)
        _check_no_hash(sha256)
        return _from_checkpoint(listing, _export_quant(quant), layout, settings, watch)
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source):
        return _from_path(path.absolute(), quant, sha256, layout, watch)
    check_url(source)
    _check_online(source, settings)
    _check_quant(quant)
    return _from_url(source, settings, watch, sha256)


def _listing(source: str, reference: Reference, settings: Settings) -> hub.Listing:
    """What a hub has, or, where the network is off, what the hub's own cache on this machine has."""
    if not hub.offline(settings.offline):
        return hub.list_files(reference, settings.stall_s)
    if listing := hub_cache.cached_listing(reference):
        return listing
    raise _needs_network(source, settings)


def _from_hub(
    listing: hub.Listing, choice: Choice, settings: Settings, watch: Watch, sha256: str
) -> Origin:
    in_pieces = len(choice.files) > 1
    published = "" if in_pieces else choice.files[0].sha256
    known = agreed(sha256, published, listing.repo)

    def part(file: hub.HubFile) -> Part:
        remote = replace(listing.remote(file), sha256=file.sha256 if in_pieces else known)
        if not hub.offline(settings.offline):
            remote = _with_known_hash(remote, settings.stall_s)

        def fetch(path: Path, judge: Judge) -> str:
            return hub_cache.fetch(listing, file, remote, path, settings.stall_s, watch, judge)

        return Part(PurePosixPath(file.name).name, file.size, remote.sha256, fetch)

    return _of_parts(
        str(Reference(listing.repo, listing.commit, choice.files[0].name)),
        _name_on_hub(listing.repo, choice.quant),
        [part(file) for file in choice.files],
        known,
        watch,
    )


def _name_on_hub(repo: str, quant: str) -> str:
    base = re.sub(r"(?i)[-.]gguf$", "", repo.partition("/")[2]).lower()
    return base if not quant or base.endswith(quant) else f"{base}-{quant}"


def _from_url(source: str, settings: Settings, watch: Watch, sha256: str) -> Origin:
    address = urlsplit(source)
    paths = piece_names(address.path)

    def part(path: str) -> Part:
        remote = Remote(address._replace(path=path).geturl(), sha256=sha256 * (len(paths) == 1))
        remote = _with_known_hash(remote, settings.stall_s)
        name = unquote(PurePosixPath(path).name)
        return Part(name, 0, remote.sha256, lambda to, judge: download(remote, to, judge))

    def download(remote: Remote, path: Path, judge: Judge) -> str:
        return Download(remote, path, settings.stall_s, watch, judge).run()

    name = default_name(whole_name(unquote(PurePosixPath(address.path).name)))
    return _of_parts(bare(source), name, [part(path) for path in paths], sha256, watch)


def _of_parts(source: str, name: str, parts: list[Part], sha256: str, watch: Watch) -> Origin:
    """The origin of a file, or of all pieces of one, which have hashes of their own."""
    if len(parts) == 1:
        (part,) = parts
        return Origin(source, name, part.sha256, lambda path: part.fetch(path, check_head))
    return Origin(source, name, sha256, lambda path: fetch_joined(parts, path, watch), joined=True)


def _with_known_hash(remote: Remote, stall_s: float) -> Remote:
    """The remote with its sha256: the known one, or the one in a manifest next to the file."""
    address, sha256 = urlsplit(remote.url), remote.sha256
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


def _from_path(path: Path, quant: str, sha256: str, layout: str, watch: Watch) -> Origin:
    if path.is_dir():
        _check_no_hash(sha256)
        quant = _export_quant(quant)
        check_exporter(str(path), quant)
        return Origin(
            str(path),
            default_name(f"{path.name}-{quant}"),
            "",
            lambda target: export(path, target, quant, layout, watch),
            exported=True,
        )
    if not path.is_file():
        raise ConfigurationError(
            f"no file {path}", hint="give a GGUF file, a hub id (owner/name) or an https URL"
        )
    _check_quant(quant)
    return _from_files([path.with_name(name) for name in piece_names(path.name)], sha256, watch)


def _from_files(paths: list[Path], sha256: str, watch: Watch) -> Origin:
    def part(path: Path) -> Part:
        published = str(read_manifest(path).get("sha256", ""))
        known = agreed(sha256 if len(paths) == 1 else "", published, str(path))
        size = path.stat().st_size if path.is_file() else 0
        return Part(path.name, size, known, lambda target, _: _copied(path, target, watch))

    name = default_name(whole_name(paths[0].name))
    return _of_parts(str(paths[0]), name, [part(path) for path in paths], sha256, watch)


def _copied(path: Path, target: Path, watch: Watch) -> str:
    try:
        size = path.stat().st_size
        check_room(target.parent, size)
        watch.say(f"{megabytes(size)} from {path}")
        shutil.copyfile(path, target)
    except (PermissionError, FileNotFoundError) as exc:
        if exc.filename != str(path):
            raise
        raise ConfigurationError(
            f"{path} cannot be read: {exc.strerror}", hint="choose a file that you may read"
        ) from exc
    return sha256_of(target)


def _export_quant(quant: str) -> str:
    """The quantization of an export, in the exporter's spelling."""
    quant = quant.lower() or PREFERRED
    return OTHER_NAMES.get(quant, quant)


def _from_checkpoint(
    listing: hub.Listing, quant: str, layout: str, settings: Settings, watch: Watch
) -> Origin:
    files = listing.checkpoint()
    _check_kind(listing, {file.name for file in files})
    check_exporter(listing.repo, quant)
    weights = [file for file in files if file.name.endswith(hub.WEIGHTS)]
    others = [file for file in files if file not in weights]

    def fetch(target: Path) -> str:
        size = sum(file.size for file in files)
        check_room(target.parent, 3 * size)  # the checkpoint, its floats as a GGUF, and the result
        watch.say(f"{megabytes(size)} in {len(files)} files: a checkpoint, for export to {quant}")
        folder = target.parent / "checkpoint" / listing.repo.partition("/")[2]  # the model's title
        folder.mkdir(parents=True, exist_ok=True)
        for file in [*others, *weights]:
            if file == weights[0]:
                judge(folder, quant, layout)
            target_file, remote = folder / file.name, listing.remote(file)
            hub_cache.fetch(listing, file, remote, target_file, settings.stall_s, watch)
            if file.name == hub.CONFIG:
                check_config(target_file)
        digest = export(folder, target, quant, layout, watch)
        shutil.rmtree(folder)
        return digest

    name = default_name(f"{listing.repo.partition('/')[2]}-{quant}")
    return Origin(f"{listing.repo}@{listing.commit}", name, "", fetch, exported=True)


def _check_kind(listing: hub.Listing, names: set[str]) -> None:
    """Raise ModelFileError unless these files of a repository are a checkpoint."""
    if "adapter_config.json" in names and hub.CONFIG not in names:
        raise ModelFileError(
            f"{listing.repo} has an adapter, not a model",
            hint=f"merge it into its base: foggen-export BASE --adapter {listing.repo} -o FOLDER",
        )
    if hub.CONFIG not in names:
        lacking = "config.json" if names else "a GGUF nor a safetensors file"
        raise ModelFileError(
            f"{listing.repo} has {'no' if names else 'neither'} {lacking}",
            hint="pull another repository",
        )


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


def _agreed_quant(reference: Reference, quant: str) -> str:
    """The quantization that was asked for, by -q or after a colon. Raises UsageError for two."""
    if quant and reference.quant and quant.lower() != reference.quant.lower():
        raise UsageError(
            f"-q {quant} and :{reference.quant} are two quantizations", hint="give one of them"
        )
    return quant or reference.quant


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
