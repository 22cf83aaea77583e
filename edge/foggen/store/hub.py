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
from urllib.parse import quote, urlsplit

from ..errors import PullError, UsageError
from .references import Reference
from .web import Remote, may_ask, read_small

MODEL, DATA_SET = "model", "dataset"  # the hub's names for its kinds of repositories
CONFIG, WEIGHTS = "config.json", ".safetensors"
LARGEST_REPLY = 8 << 20
_CHECKPOINT = re.compile(
    r"[A-Za-z0-9][\w.-]*\.(safetensors|json|jinja)|merges\.txt|README\.md", re.ASCII
)


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
        """The files of a safetensors checkpoint, its config first and large ones last; empty if there is
        none."""
        files = [file for file in self.files if _CHECKPOINT.fullmatch(file.name)]
        if not any(file.name.endswith(WEIGHTS) for file in files):
            return []
        return sorted(files, key=lambda file: (file.name != CONFIG, file.size))


OFFLINE_SETTING = "offline (FOGGEN_OFFLINE, or the config file)"


def offline(settings_offline: bool) -> str:
    """The setting that forbids the network, or an empty text."""
    if settings_offline:
        return OFFLINE_SETTING
    value = os.environ.get("HF_HUB_OFFLINE", "").upper()
    return "HF_HUB_OFFLINE" if value in ("1", "ON", "YES", "TRUE") else ""


def endpoint() -> str:
    """The hub's address. Raises UsageError if HF_ENDPOINT is not an encrypted one."""
    from huggingface_hub.constants import ENDPOINT

    given = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/")
    parts = urlsplit(given)
    if given and not (parts.hostname and may_ask(parts.scheme, parts.hostname)):
        raise UsageError(
            f"HF_ENDPOINT is {given!r}, which is not encrypted: it has no https://",
            hint=f"set HF_ENDPOINT=https://{given.rpartition('://')[2]}, or unset it",
        )
    return given or ENDPOINT


def list_files(reference: Reference, stall_s: float, kind: str = MODEL) -> Listing:
    """List a repository. kind: MODEL or DATA_SET. Raises PullError, KeyRefusedError."""
    from huggingface_hub import DatasetInfo, ModelInfo

    reader = DatasetInfo if kind == DATA_SET else ModelInfo
    revision = f"/revision/{quote(reference.revision, safe='')}" if reference.revision else ""
    url = f"{endpoint()}/api/{kind}s/{reference.repo}{revision}?blobs=true"
    body = read_small(Remote(url, headers=_headers()), LARGEST_REPLY, stall_s)
    if body.lstrip().startswith(b"<"):
        raise PullError(
            f"{endpoint()} answers with a web page (HTML) instead of a list of files",
            hint="sign in to the network if it asks for that, or check HF_ENDPOINT",
        )
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


def _headers() -> dict[str, str]:
    """The user agent, and the token if there is one.

    huggingface-hub's `build_hf_headers` is not used, because it may send a request of its own.
    """
    from huggingface_hub import constants, get_token

    from .. import __version__

    token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
    headers = {"User-Agent": f"foggen/{__version__}"}
    return {**headers, "Authorization": f"Bearer {token}"} if token else headers
