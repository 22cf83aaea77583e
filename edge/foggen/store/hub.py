"""Listing a repository of a hub: GGUF files, a checkpoint or a data set, with sizes and hashes.

huggingface-hub supplies the endpoint (HF_ENDPOINT), the token (HF_TOKEN) and the form of the reply.
The request is made with `web.get`, which never leaves https, because files are checked against the
hashes in the reply.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..errors import ConfigurationError, ModelFileError, PullError
from .download import megabytes
from .web import Remote, read_small

# It works for every shape (k-quants do not fit Gemma's rows), has fast kernels on ARM, and leaves the
# confidence calibrated. 4 bits are 1.3 times faster on x86, but must be asked for.
PREFERRED = "q8_0"
MODEL, DATA_SET = "model", "dataset"  # the hub's names for its kinds of repositories
LARGEST_REPLY = 8 << 20
_REFERENCE = re.compile(
    r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(@(?P<revision>[^/@]+))?(/(?P<file>.+\.gguf))?",
    re.ASCII,
)
_QUANT = re.compile(r"(?:^|[-._])(i?q\d\w*|t?q\d\w*|bf16|f16|f32|mxfp4\w*)\.gguf$", re.IGNORECASE)
_SPLIT = re.compile(r"-\d{5}-of-\d{5}\.gguf$", re.IGNORECASE)
_CHECKPOINT = re.compile(
    r"[A-Za-z0-9][\w.-]*\.(safetensors|json|jinja|model)|merges\.txt", re.ASCII
)


@dataclass(frozen=True)
class Reference:
    """A place on a hub: "owner/name", "owner/name@revision", "owner/name/file.gguf"."""

    repo: str
    revision: str = ""
    file: str = ""

    @classmethod
    def parse(cls, text: str) -> Reference | None:
        found = _REFERENCE.fullmatch(text)
        if not found or found["repo"].endswith(".gguf"):  # "folder/file.gguf" is a local path
            return None
        return cls(found["repo"], found["revision"] or "", found["file"] or "")

    def __str__(self) -> str:
        revision = f"@{self.revision}" if self.revision else ""
        return f"{self.repo}{revision}{f'/{self.file}' if self.file else ''}"


@dataclass(frozen=True)
class HubFile:
    """A file of a repository. size: in bytes. sha256: "" if the hub does not report it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Listing:
    """A repository at one commit, and its files. license: from its card, or ""."""

    repo: str
    commit: str
    files: tuple[HubFile, ...]
    kind: str = MODEL
    license: str = ""

    def remote(self, file: HubFile) -> Remote:
        """The address of a file, pinned to the commit."""
        from huggingface_hub import hf_hub_url

        url = hf_hub_url(
            self.repo, file.name, repo_type=self.kind, revision=self.commit, endpoint=endpoint()
        )
        return Remote(url, file.size, file.sha256, _headers())

    def checkpoint(self) -> list[HubFile]:
        """The files of a safetensors checkpoint, smallest first; empty if there is none."""
        files = [file for file in self.files if _CHECKPOINT.fullmatch(file.name)]
        if not any(file.name.endswith(".safetensors") for file in files):
            return []
        return sorted(files, key=lambda file: file.size)


OFFLINE_SETTING = "offline (FOGGEN_OFFLINE, or the config file)"


def offline(settings_offline: bool) -> str:
    """The setting that forbids the network, or an empty text."""
    if settings_offline:
        return OFFLINE_SETTING
    value = os.environ.get("HF_HUB_OFFLINE", "").upper()
    return "HF_HUB_OFFLINE" if value in ("1", "ON", "YES", "TRUE") else ""


def endpoint() -> str:
    from huggingface_hub.constants import ENDPOINT

    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or ENDPOINT


def list_files(reference: Reference, stall_s: float, kind: str = MODEL) -> Listing:
    """List a repository. kind: MODEL or DATA_SET. Raises PullError, KeyRefusedError."""
    from huggingface_hub import DatasetInfo, ModelInfo

    reader = DatasetInfo if kind == DATA_SET else ModelInfo
    revision = f"/revision/{quote(reference.revision, safe='')}" if reference.revision else ""
    url = f"{endpoint()}/api/{kind}s/{reference.repo}{revision}?blobs=true"
    body = read_small(Remote(url, headers=_headers()), LARGEST_REPLY, stall_s)
    try:
        return _listing(reference.repo, reader(**json.loads(body)), kind)
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise PullError(
            f"{endpoint()} does not respond like a hub", hint="check HF_ENDPOINT"
        ) from exc


def _listing(repo: str, info: Any, kind: str) -> Listing:
    """Convert a hub's reply, whose types are checked. Raises ValueError if they are wrong."""
    files = [
        HubFile(file.rfilename, file.size, file.lfs.sha256.lower() if file.lfs else "")
        for file in info.siblings or ()
    ]
    sound = all(isinstance(file.name, str) and type(file.size) is int for file in files)
    if not sound or not re.fullmatch(r"[0-9a-f]{7,64}", info.sha):
        raise ValueError("not a listing")
    return Listing(repo, info.sha, tuple(files), kind, _license(info.card_data))


def _license(card: Any) -> str:
    """The licences that a card names; most cards name one."""
    named = card.get("license") if hasattr(card, "get") else None
    if isinstance(named, list):
        return ", ".join(map(str, named))
    return named if isinstance(named, str) else ""


def choose(listing: Listing, file: str, quant: str) -> HubFile | None:
    """Choose a GGUF: the named file, the one of this quant, the only one, or the preferred one.

    Returns None if the repository has no GGUF. Raises ModelFileError if it has only pieces of one,
    PullError if the named file does not exist, ConfigurationError if the choice is ambiguous.
    """
    found = [entry for entry in listing.files if entry.name.lower().endswith(".gguf")]
    if file:
        found = [entry for entry in found if entry.name == file]
    whole = [entry for entry in found if not _SPLIT.search(entry.name)]
    if found and not whole:
        raise ModelFileError(
            f"{listing.repo} has its model split into pieces ({found[0].name}, ...)",
            hint="join them with llama.cpp's llama-gguf-split --merge, and pull the file",
        )
    if file and not whole:
        raise PullError(f"{listing.repo} has no file {file}", hint="leave out the file's name")
    if file or not whole:
        return whole[0] if whole else None
    return _one_of(listing, whole, quant)


def quant_of(file_name: str) -> str:
    """The quant in a file's name ("q8_0"), or an empty text."""
    found = _QUANT.search(file_name)
    return found[1].lower() if found else ""


def _one_of(listing: Listing, whole: list[HubFile], quant: str) -> HubFile:
    wanted = quant.lower() or (PREFERRED if len(whole) > 1 else "")
    fitting = [entry for entry in whole if wanted in ("", quant_of(entry.name))]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"{entry.name} ({megabytes(entry.size)})" for entry in whole)
    number = "no" if not fitting else "more than one"
    raise ConfigurationError(
        f"{listing.repo} has {number} GGUF file of quant {wanted}: {listed}",
        hint=f"choose one with -q, or by its name: {listing.repo}/{whole[0].name}",
    )


def _headers() -> dict[str, str]:
    """The user agent, and the token if there is one.

    huggingface-hub's `build_hf_headers` is not used, because it may send a request of its own.
    """
    from huggingface_hub import constants, get_token

    from .. import __version__

    token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
    headers = {"User-Agent": f"foggen/{__version__}"}
    return {**headers, "Authorization": f"Bearer {token}"} if token else headers
