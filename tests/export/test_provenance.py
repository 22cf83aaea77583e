"""`foggen_export.provenance`: licence, base models and size in a GGUF, under llama.cpp's names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import pytest

from foggen.engine.gguf_header import read_header
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import export
from foggen_export.metadata import with_contract
from foggen_export.provenance import Provenance, size_label, told_by

from .conftest import CONTRACT

GEMMA = Provenance("gemma", "https://ai.google.dev/gemma/terms", ("google/gemma-3-270m",))
KEYS = {
    "general.license": "gemma",
    "general.license.link": "https://ai.google.dev/gemma/terms",
    "general.base_model.count": 1,
    "general.base_model.0.name": "Gemma 3 270m",
    "general.base_model.0.organization": "Google",
    "general.base_model.0.repo_url": "https://huggingface.co/google/gemma-3-270m",
}
CARD = """---
license: apache-2.0
base_model:
- Qwen/Qwen3-0.6B
- Qwen/Qwen3-0.6B-Base
---
# A model
"""


def general(path: Path) -> dict[str, Any]:
    """What a file says of its origin."""
    metadata = read_header(path).metadata
    return {
        key: value
        for key, value in metadata.items()
        if key.startswith(("general.license", "general.base_model"))
    }


@pytest.mark.parametrize("quant", ["f32", "f16", "q8_0"])
def test_licence_and_base_are_in_every_kind_of_file(
    checkpoint: Path, tmp_path: Path, quant: str
) -> None:
    path = export(
        Checkpoint.open(checkpoint),
        CONTRACT,
        quant,
        tmp_path / "m.gguf",
        name="m",
        provenance=GEMMA,
    )
    assert general(path) == KEYS
    metadata = read_header(path).metadata
    total = sum(int(tensor.n_elements) for tensor in gguf.GGUFReader(path).tensors)
    assert metadata["general.size_label"] == gguf.size_label(total, total, 0, 0)
    assert metadata["general.size_label"][-1] in "KM"


def test_a_checkpoint_s_own_card_tells_them_unless_they_are_given(
    checkpoint: Path, tmp_path: Path
) -> None:
    (checkpoint / "README.md").write_text(CARD, "utf-8")
    source = Checkpoint.open(checkpoint)
    found = general(export(source, CONTRACT, "f32", tmp_path / "a.gguf", name="m"))
    assert found["general.license"] == "apache-2.0"
    assert found["general.base_model.count"] == 2
    assert found["general.base_model.1.name"] == "Qwen3 0.6B Base"
    given = export(source, CONTRACT, "f32", tmp_path / "b.gguf", name="m", provenance=GEMMA)
    assert general(given) == KEYS


@pytest.mark.parametrize(
    "card",
    [
        "",
        "# no front matter",
        "---\nlicense: [\n---\n",
        "---\n- a list\n---\n",
        "---\n---\n",
        "---\nlicense: 3\nbase_model: {a: b}\n---\n",
    ],
)
def test_a_card_that_tells_nothing_stops_nothing(tmp_path: Path, card: str) -> None:
    assert told_by(tmp_path) == Provenance()
    (tmp_path / "README.md").write_text(card, "utf-8")
    assert told_by(tmp_path) == Provenance()


def test_nothing_known_is_nothing_written(checkpoint: Path, tmp_path: Path) -> None:
    path = export(Checkpoint.open(checkpoint), CONTRACT, "f32", tmp_path / "m.gguf", name="m")
    assert general(path) == {}


def test_another_contract_keeps_them_and_another_origin_replaces_them(
    checkpoint: Path, tmp_path: Path
) -> None:
    (checkpoint / "README.md").write_text(CARD, "utf-8")
    path = export(Checkpoint.open(checkpoint), CONTRACT, "f32", tmp_path / "a", name="m")
    with_contract(path, tmp_path / "b", CONTRACT)
    assert general(tmp_path / "b") == general(path)
    with_contract(path, tmp_path / "c", CONTRACT, GEMMA)
    assert general(tmp_path / "c") == KEYS
    assert read_header(tmp_path / "c").metadata["general.name"] == "m"


@pytest.mark.parametrize(
    ("shapes", "label"),
    [
        ([(262_144, 640), (100_000_000,)], "268M"),
        ([(596_049_920,)], "596M"),
        ([(1_720_574_976,)], "1.7B"),
    ],
)
def test_the_size_is_the_number_of_parameters(shapes: list[tuple[int, ...]], label: str) -> None:
    assert size_label(shapes) == label
