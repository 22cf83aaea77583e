"""A place on a hub, in the forms in which people copy it.

owner/name   owner/name@revision   owner/name:Q4_K_M   owner/name/file.gguf
hf.co/owner/name:Q4_K_M            hf://owner/name
https://huggingface.co/owner/name/blob/main/file.gguf   (also /resolve/, /tree/, /raw/)
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote, urlsplit

from ..errors import UsageError

SITES = ("huggingface.co", "www.huggingface.co", "hf.co")
OTHER_PAGES = ("datasets", "spaces", "collections", "papers", "docs", "blog", "models", "api")
_REPO = r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)"
_SHORT = re.compile(
    _REPO + r"(?:@(?P<revision>refs/(?:pr|convert)/[\w.-]+|[^/@:]+))?(?::(?P<quant>[\w.-]+))?"
    r"(?:/(?P<file>.+\.gguf))?",
    re.ASCII | re.IGNORECASE,
)
_PAGE = re.compile(
    _REPO + r"(?:/(?:blob|resolve|raw|tree)/(?P<revision>refs/(?:pr|convert)/[^/]+|[^/]+)"
    r"(?:/(?P<file>.+))?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class Reference:
    """A repository of a hub, and perhaps a revision, a file or folder in it, and a quantization."""

    repo: str
    revision: str = ""
    file: str = ""
    quant: str = ""

    @classmethod
    def parse(cls, text: str) -> Reference | None:
        """The place that `text` names, or None if that is no place on a hub.

        Raises UsageError for the address of a page of the hub that is not a model's.
        """
        hub, address = _on_a_hub(text)
        if hub:
            return _of_address(text, address, certain=hub in SITES)
        found = _SHORT.fullmatch(text)
        return _of_match(found) if found else None

    def __str__(self) -> str:
        revision = f"@{self.revision}" if self.revision else ""
        return f"{self.repo}{revision}{f'/{self.file}' if self.file else ''}"


def _of_match(found: re.Match[str]) -> Reference | None:
    groups = {key: unquote(value or "") for key, value in found.groupdict().items()}
    if groups["repo"].lower().endswith(".gguf"):  # "folder/file.gguf" is a local path
        return None
    if groups.get("quant") == "latest":  # what ollama writes for no choice
        groups["quant"] = ""
    return Reference(**groups)


def _on_a_hub(text: str) -> tuple[str, str]:
    """The hub that an address names, and what follows it; "" for a text that names none."""
    scheme, _, rest = text.rpartition("://")
    if scheme.lower() == "hf":
        return SITES[0], rest
    for site in (*SITES, os.environ.get("HF_ENDPOINT", "").rpartition("://")[2].rstrip("/")):
        if site and rest.lower().startswith(f"{site.lower()}/"):
            return site, rest[len(site) + 1 :]
    return "", text


def _of_address(text: str, address: str, certain: bool) -> Reference | None:
    """The place of a page. certain: the address can be nothing else; a mirror may serve plain files too."""
    parts = urlsplit(address)
    path, shown = parts.path.strip("/"), parse_qs(parts.query).get("show_file_info")
    found = _PAGE.fullmatch(path) or (_SHORT.fullmatch(path) if certain else None)
    place = _of_match(found) if found and path.partition("/")[0] not in OTHER_PAGES else None
    if place is None and certain:
        raise UsageError(
            f"{text} is not the page of a model on the hub",
            hint="give owner/name, or the address of a model's page or file",
        )
    if place and not place.file and shown:  # the page of a repository with one file's details open
        return replace(place, file=shown[0])
    return place
