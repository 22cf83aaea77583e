"""The YAML front matter of a published card: licence, base, languages, data sets; and Gemma's notice.

    front = front_matter_of(recipe, origin_of(recipe.model.base, recipe.model.chat_layout))
    (folder / "README.md").write_text(front.text() + card, "utf-8")
    if notice := notice_of(front, title):
        (folder / NOTICE_FILE).write_text(notice, "utf-8")

The keys are those of the hub's model card metadata (huggingface_hub.ModelCardData).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from foggen.engine.gguf_header import read_header
from foggen.errors import ModelFileError
from foggen.store.references import Reference
from foggen_export.provenance import Provenance, told_by

from ..data_sets.building import SOURCES
from ..files import read_json
from ..recipe import Recipe

GEMMA = "gemma"  # the hub's identifier of the licence
GEMMA_TERMS = "https://ai.google.dev/gemma/terms"
# The exact wording: section 3.1 of the terms asks for a "Notice" text file with this sentence.
GEMMA_NOTICE = (
    "Gemma is provided under and subject to the Gemma Terms of Use found at "
    "ai.google.dev/gemma/terms"
)
GEMMA_POLICY = "https://ai.google.dev/gemma/prohibited_use_policy"
NOTICE_FILE = "NOTICE"
TAGS = ("edge-cloud-routing", "verbalized-confidence", "self-aware", "routing")
HUB = "https://huggingface.co/"
_SNAPSHOT = re.compile(r"models--([^/]+?)--([^/]+)/snapshots/[0-9a-f]+/?$")


@dataclass(frozen=True)
class FrontMatter:
    """The metadata of a card; empty fields are left out. origin: licence and base models. languages: ISO
    639-1 codes. datasets: hub ids."""

    origin: Provenance = Provenance()  # noqa: RUF009 - frozen
    languages: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    tags: tuple[str, ...] = TAGS
    library_name: str = "transformers"
    pipeline_tag: str = "text-generation"

    def text(self) -> str:
        """The YAML block between two lines of dashes; the card's text follows it."""
        from huggingface_hub import ModelCardData

        known = {
            "license": self.origin.license,
            "license_link": self.origin.license_link,
            "base_model": list(self.origin.base_models),
            "language": list(self.languages),
            "datasets": list(self.datasets),
            "tags": list(self.tags),
            "library_name": self.library_name,
            "pipeline_tag": self.pipeline_tag,
        }
        data = ModelCardData(**cast(Any, {key: value for key, value in known.items() if value}))
        return f"---\n{data.to_yaml()}\n---\n"


def front_matter_of(
    recipe: Recipe, origin: Provenance, library_name: str = "transformers"
) -> FrontMatter:
    """The front matter of a recipe's model.

    origin: the base's origin, from `origin_of`. library_name: the library that loads the files.
    """
    more = ("continual-learning", "multi-round") if len(recipe.rounds) > 1 else ()
    distilled = ("sibling-distilled",) if recipe.distill.buffer else ()
    kazakh = ("kk",) if "kazakh_culture" in recipe.data.domains else ()
    files = recipe.data.source == "files"
    return FrontMatter(
        origin,
        ("en", *kazakh),
        data_sets_of(Path(recipe.data.folder)) if files else (),
        (*TAGS, *more, *distilled),
        library_name,
    )


def data_sets_of(folder: Path) -> tuple[str, ...]:
    """The hub ids of the data sets in a folder written by `foggen-train data`; empty for others."""
    path = folder / SOURCES
    return tuple(str(entry["id"]) for entry in read_json(path)["sets"]) if path.exists() else ()


def origin_of(base: str, chat_layout: str) -> Provenance:
    """Licence and base models of a model made from a base, as far as they are known.

    base: a hub id, a folder (also in the hub's cache) or a GGUF file. Its own card or metadata takes
    precedence over the licence of its family.
    """
    path = Path(base)
    if base.endswith(".gguf"):
        told = _told_by_gguf(path)
    elif path.is_dir():
        told = told_by(path)
        if cached := _SNAPSHOT.search(path.as_posix()):
            told = replace(told, base_models=(f"{cached[1]}/{cached[2]}",))
    else:
        told = Provenance(base_models=(base,) if Reference.parse(base) else ())
    return _with_family(told, chat_layout)


def _told_by_gguf(path: Path) -> Provenance:
    try:
        metadata = read_header(path).metadata
    except (OSError, ModelFileError):
        return Provenance()
    links = (str(metadata.get(f"general.base_model.{n}.repo_url", "")) for n in range(8))
    return Provenance(
        str(metadata.get("general.license", "")),
        str(metadata.get("general.license.link", "")),
        tuple(link.removeprefix(HUB) for link in links if link.startswith(HUB)),
    )


def _with_family(told: Provenance, chat_layout: str) -> Provenance:
    """Fill in a missing licence for derivatives of Gemma 3 and Qwen3."""
    license = told.license or (
        GEMMA
        if chat_layout == "gemma3"
        else "apache-2.0"
        if any(base.startswith("Qwen/Qwen3-") for base in told.base_models)
        else ""
    )
    link = told.license_link or (GEMMA_TERMS if license == GEMMA else "")
    return replace(told, license=license, license_link=link)


def notice_of(front: FrontMatter, title: str) -> str:
    """The text of the NOTICE file that a derivative of Gemma must have; "" for other models."""
    if front.origin.license != GEMMA:
        return ""
    return (
        f"{GEMMA_NOTICE}\n\n"
        f"{title} is a modification of {_named(front.origin.base_models)}: its weights were changed by "
        f"fine-tuning.\nIt must not be used for what the Gemma Prohibited Use Policy forbids: "
        f"{GEMMA_POLICY}\n"
    )


def license_section(front: FrontMatter, title: str) -> str:
    """The card's section on the licence; "" if the licence is not known."""
    if not front.origin.license:
        return ""
    base = _named(front.origin.base_models)
    if front.origin.license == GEMMA:
        return (
            f"## License\n\n{GEMMA_NOTICE} ([terms]({GEMMA_TERMS})). {title} is a modification of "
            f"{base}: its weights were changed by fine-tuning. It is subject to the same terms and to the "
            f"[Gemma Prohibited Use Policy]({GEMMA_POLICY}); see also `{NOTICE_FILE}`."
        )
    return f"## License\n\n`{front.origin.license}`, as of {base}."


def _named(base_models: Iterable[str]) -> str:
    links = [f"[{base}]({HUB}{base})" for base in base_models]
    return ", ".join(links) or "its base model"
