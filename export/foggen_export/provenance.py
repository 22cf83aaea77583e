"""Where a model comes from, for the `general.*` keys of its GGUF: licence, base models, size.

    general.license             general.base_model.count
    general.license.link        general.base_model.0.name  .organization  .repo_url
    general.size_label          ("270M": the number of parameters)

Keys and values are those of llama.cpp's converter, which takes them from a checkpoint's card.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import gguf

KEYS = ("general.license", "general.base_model.")  # prefixes of written keys


@dataclass(frozen=True)
class Provenance:
    """license: the hub's identifier ("apache-2.0", "gemma"), "" if unknown. license_link: URL of a
    licence without a common text. base_models: hub ids, "owner/name"."""

    license: str = ""
    license_link: str = ""
    base_models: tuple[str, ...] = ()


def told_by(folder: Path) -> Provenance:
    """Read the provenance from the front matter of a checkpoint's README.md; unknown fields stay empty."""
    import yaml

    try:
        card = gguf.Metadata.load_model_card(folder)
    except (yaml.YAMLError, OSError, UnicodeDecodeError):  # a broken card must not stop an export
        return Provenance()
    return Provenance(
        ", ".join(_texts(card.get("license"))),
        next(iter(_texts(card.get("license_link"))), ""),
        tuple(_texts(card.get("base_model"))),
    )


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text]


def add_provenance(writer: gguf.GGUFWriter, provenance: Provenance) -> None:
    """Write the known fields; the gguf package derives a base model's title and owner from its id."""
    if provenance.license:
        writer.add_license(provenance.license)
    if provenance.license_link:
        writer.add_license_link(provenance.license_link)
    bases = _described(provenance.base_models)
    if bases:
        writer.add_base_model_count(len(bases))
    for number, base in enumerate(bases):
        writer.add_base_model_name(number, base["name"])
        if "organization" in base:
            writer.add_base_model_organization(number, base["organization"])
        if "repo_url" in base:
            writer.add_base_model_repo_url(number, base["repo_url"])


def _described(base_models: Iterable[str]) -> list[dict[str, str]]:
    found = gguf.Metadata.apply_metadata_heuristic(
        gguf.Metadata(), model_card={"base_model": list(base_models)}
    )
    return [base for base in found.base_models or () if "name" in base]


def size_label(shapes: Iterable[tuple[int, ...]]) -> str:
    """The total number of parameters as a short label such as "270M"."""
    total = sum(prod(shape) for shape in shapes)
    label: str = gguf.size_label(total, total, 0, 0)
    return label
