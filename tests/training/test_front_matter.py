"""The front matter of a card as the hub reads it, and the notice of a Gemma."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("huggingface_hub")
pytest.importorskip("yaml")

import yaml

from foggen.config import STARTER
from foggen.store.models import locate
from foggen_export.metadata import with_contract
from foggen_export.provenance import Provenance, told_by
from foggen_training.evaluation.front_matter import (
    GEMMA_NOTICE,
    FrontMatter,
    data_sets_of,
    front_matter_of,
    license_section,
    notice_of,
    origin_of,
)
from foggen_training.recipe import DataPlan, DistillPlan, ModelPlan, Recipe

GEMMA_BASE, QWEN_BASE = "google/gemma-3-270m", "Qwen/Qwen3-0.6B"
TERMS = "https://ai.google.dev/gemma/terms"


def recipe(base: str = QWEN_BASE, layout: str = "qwen3", **changes: Any) -> Recipe:
    return replace(Recipe("r", ModelPlan(base, layout)), **changes)


def front(base: str, layout: str, **changes: Any) -> FrontMatter:
    return front_matter_of(recipe(base, layout, **changes), origin_of(base, layout))


def read(text: str) -> dict[str, Any]:
    assert text.startswith("---\n")
    assert text.endswith("\n---\n")
    content: dict[str, Any] = yaml.safe_load(text.removeprefix("---\n").removesuffix("---\n"))
    return content


def test_the_published_cards_front_matter_is_made_again(tmp_path: Path) -> None:
    """With the data sets of the folder that the questions came from."""
    sets = ["issai/foggen-data", "issai/KazCulture"]
    (tmp_path / "SOURCES.json").write_text(json.dumps({"sets": [{"id": one} for one in sets]}))
    made = front(
        GEMMA_BASE,
        "gemma3",
        data=DataPlan(folder=str(tmp_path)),
        distill=DistillPlan(buffer="buffer.jsonl"),
    )
    assert read(made.text()) == {
        "license": "gemma",
        "license_link": TERMS,
        "base_model": [GEMMA_BASE],
        "language": ["en", "kk"],
        "datasets": sets,
        "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "tags": [
            "edge-cloud-routing",
            "verbalized-confidence",
            "self-aware",
            "routing",
            "continual-learning",
            "multi-round",
            "sibling-distilled",
        ],
    }


def test_the_hub_s_own_reader_understands_it() -> None:
    from huggingface_hub import ModelCard

    card = ModelCard(front(QWEN_BASE, "qwen3").text() + "# A model\n")
    assert card.data.license == "apache-2.0"
    assert card.data.base_model == [QWEN_BASE]
    assert card.text.strip() == "# A model"


def test_what_is_not_known_is_left_out() -> None:
    made = read(FrontMatter(tags=()).text())
    assert made == {"library_name": "transformers", "pipeline_tag": "text-generation"}
    one = front(QWEN_BASE, "qwen3", passes=0, data=DataPlan("generated", domains=("law",), test=1))
    assert read(one.text())["language"] == ["en"]
    assert "datasets" not in read(one.text())
    assert "multi-round" not in one.tags


def test_a_card_tells_the_next_export_where_the_model_comes_from(tmp_path: Path) -> None:
    made = front(GEMMA_BASE, "gemma3")
    (tmp_path / "README.md").write_text(made.text() + "# A model\n", "utf-8")
    assert told_by(tmp_path) == made.origin


def test_data_sets_of_a_folder_of_one_s_own(tmp_path: Path) -> None:
    assert data_sets_of(tmp_path) == ()


# --- the origin of a base -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "layout", "expected"),
    [
        (GEMMA_BASE, "gemma3", Provenance("gemma", TERMS, (GEMMA_BASE,))),
        (QWEN_BASE, "qwen3", Provenance("apache-2.0", "", (QWEN_BASE,))),
        ("someone/qwen-tuned", "qwen3", Provenance("", "", ("someone/qwen-tuned",))),
        ("build/nowhere/R00/checkpoint", "qwen3", Provenance()),
        ("missing.gguf", "gemma3", Provenance("gemma", TERMS)),
    ],
)
def test_the_origin_of_a_name(base: str, layout: str, expected: Provenance) -> None:
    assert origin_of(base, layout) == expected


def test_a_folder_s_own_card_goes_first(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\nbase_model: a/b\n---\n", "utf-8")
    assert origin_of(str(tmp_path), "qwen3") == Provenance("mit", "", ("a/b",))


def test_a_folder_of_the_hub_s_cache_is_its_repository(tmp_path: Path) -> None:
    folder = tmp_path / "models--google--gemma-3-270m" / "snapshots" / "0123abc"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: gemma\n---\n", "utf-8")
    assert origin_of(str(folder), "gemma3") == Provenance("gemma", TERMS, (GEMMA_BASE,))


def test_a_gguf_tells_what_is_written_in_it(tmp_path: Path) -> None:
    from foggen.engine.contract import published

    path = tmp_path / "base.gguf"
    origin = Provenance("gemma", TERMS, (GEMMA_BASE, "google/gemma-3-270m-it"))
    with_contract(locate(STARTER)[1], path, published("qwen3"), origin)
    assert origin_of(str(path), "gemma3") == origin
    path.write_bytes(b"damaged")
    assert origin_of(str(path), "qwen3") == Provenance()


# --- the licence ----------------------------------------------------------------------------------


def test_a_gemma_has_its_notice_and_says_that_it_was_changed() -> None:
    made = front(GEMMA_BASE, "gemma3")
    notice, section = notice_of(made, "My model"), license_section(made, "My model")
    assert notice.splitlines()[0] == (
        "Gemma is provided under and subject to the Gemma Terms of Use found at "
        "ai.google.dev/gemma/terms"
    )
    for text in (notice, section):
        assert GEMMA_NOTICE in text
        assert f"My model is a modification of [{GEMMA_BASE}]" in text
        assert "prohibited_use_policy" in text


def test_another_model_has_none() -> None:
    made = front(QWEN_BASE, "qwen3")
    assert notice_of(made, "My model") == ""
    assert "`apache-2.0`" in license_section(made, "My model")
    assert license_section(FrontMatter(), "My model") == ""
