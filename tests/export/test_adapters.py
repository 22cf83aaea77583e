"""`foggen_export.adapters`: what is merged says what the live adapter said, and that is proven."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from foggen.errors import ModelFileError
from foggen_export.adapters import Adapted, with_adapter
from foggen_export.parity import LogitParity, merge_parity
from foggen_export.spoken import Spoken

from .adapters import (
    IDS,
    difference,
    edit_weights,
    load,
    logits,
    said_by,
    write_adapter,
)
from .conftest import PUBLISHED
from .gemma_checkpoint import write_gemma
from .test_cli import run

SAME = 1e-4  # a merge in fp32 moves logits by some 1e-6 of the largest, another model by about 1


@pytest.fixture(scope="module", params=["qwen3", "gemma3"])
def base(
    request: pytest.FixtureRequest,
    tied_checkpoint: tuple[Path, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A base with one matrix for both its ends."""
    if request.param == "qwen3":
        return tied_checkpoint[0]
    folder = tmp_path_factory.mktemp("gemma") / "base"
    write_gemma(folder)
    return folder


# --- case 45: the ends of a tied base -----------------------------------------------------------


@dataclass(frozen=True)
class Ends:
    """Settings of an adapter, and whether one matrix can still be both ends after the merge."""

    settings: dict[str, Any]
    tied: bool


ENDS = {
    "neither": Ends({}, True),
    "all linear": Ends({"target_modules": "all-linear"}, True),
    "head": Ends({"target_modules": ["q_proj", "lm_head"]}, False),
    "embedding": Ends({"target_modules": ["q_proj", "embed_tokens"]}, False),
    "both": Ends({"target_modules": ["lm_head", "embed_tokens"]}, False),
    "head, dora": Ends({"target_modules": ["lm_head"], "use_dora": True}, False),
    "saved head": Ends({"modules_to_save": ["lm_head"]}, False),
    "saved embedding": Ends({"modules_to_save": ["embed_tokens"]}, False),
    "saved both": Ends({"modules_to_save": ["embed_tokens", "lm_head"]}, False),
    "some tokens": Ends({"trainable_token_indices": [7, 9, 200]}, True),
    "some tokens of the head": Ends({"trainable_token_indices": {"lm_head": [7, 200]}}, False),
    "as this room trains": Ends(
        {"target_modules": "all-linear", "trainable_token_indices": [7, 200]}, True
    ),
    "embedding, kept tied": Ends(
        {"target_modules": ["q_proj", "embed_tokens"], "ensure_weight_tying": True}, True
    ),
    "saved embedding, kept tied": Ends(
        {"modules_to_save": ["embed_tokens"], "ensure_weight_tying": True}, True
    ),
}


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
def test_case_45_the_merged_checkpoint_says_what_the_live_adapter_says(
    base: Path, tmp_path: Path, ends: Ends
) -> None:
    expected = write_adapter(base, tmp_path / "adapter", **ends.settings)
    merged = with_adapter(load(base), tmp_path / "adapter")
    merged.save_pretrained(tmp_path / "merged")
    again = load(tmp_path / "merged")
    assert difference(logits(again), expected) < SAME
    assert difference(logits(load(base)), expected) > 0.1
    assert again.config.tie_word_embeddings is ends.tied


@pytest.mark.parametrize("flag", ["--verify", "--no-verify"])
def test_case_45_the_exported_file_says_what_the_live_adapter_says(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path, flag: str
) -> None:
    expected = write_adapter(
        tied_checkpoint[0], tmp_path / "adapter", target_modules=["q_proj", "lm_head"]
    )
    result = run(
        tied_checkpoint[0],
        "--adapter",
        tmp_path / "adapter",
        "-o",
        tmp_path,
        "-q",
        "f32",
        flag,
        *PUBLISHED,
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert difference(said_by(tmp_path / "tied-f32.gguf"), expected) < SAME


def test_case_45_an_adapter_of_another_head_than_the_shared_one_is_refused(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    """Loaded, its own copy of the head would replace the embedding too."""
    write_adapter(tied_checkpoint[0], tmp_path / "adapter", target_modules=["lm_head"])
    edit_weights(
        tmp_path / "adapter",
        lambda w: {name: w[name] + (0.1 if "base_layer" in name else 0) for name in w},
    )
    with pytest.raises(ModelFileError, match=r"its own .*lm_head.*separate embedding and head"):
        Adapted.of(load(tied_checkpoint[0]), tmp_path / "adapter")


# --- the proof ----------------------------------------------------------------------------------


@dataclass
class OtherLive:
    """A live model that does not say what its merge will say."""

    live: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.live, name)

    def __call__(self, ids: Any) -> Any:
        return self.live(ids.flip(1))


def test_a_merge_that_says_something_else_is_refused(
    tied_checkpoint: tuple[Path, Any], adapter: Path
) -> None:
    adapted = Adapted.of(load(tied_checkpoint[0]), adapter)
    with pytest.raises(ModelFileError, match="a logit differs from the live adapter's by"):
        replace(adapted, live=OtherLive(adapted.live)).merged()


def test_a_merged_checkpoint_is_compared_with_what_its_live_adapter_said(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path
) -> None:
    adapted = Adapted.of(load(tied_checkpoint[0]), adapter)
    prompts = (tuple(IDS), tuple(IDS[:9]))
    live = Spoken(prompts, tuple(adapted.last_logits(prompt) for prompt in prompts))
    adapted.merged().save_pretrained(tmp_path / "merged")
    found = merge_parity(tmp_path / "merged", live)
    assert found == LogitParity(2, pytest.approx(0, abs=SAME), 0, 0)
    assert merge_parity(tied_checkpoint[0], live).largest_difference > 0.1


def test_logits_that_are_no_numbers_are_not_taken_for_equal(
    tied_checkpoint: tuple[Path, Any],
) -> None:
    size = load(tied_checkpoint[0]).config.vocab_size
    live = Spoken((tuple(IDS),), (np.full(size, np.nan, np.float32),))
    assert np.isnan(merge_parity(tied_checkpoint[0], live).largest_difference)


def test_the_report_holds_the_merges_own_figure(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path
) -> None:
    run(tied_checkpoint[0], "--adapter", adapter, "-o", tmp_path, "-q", "f32")
    found = json.loads((tmp_path / "tied-report.json").read_text("utf-8"))["merge"]
    assert found["prompts"] == 24
    assert 0 < found["largest_difference"] < SAME
    text = (tmp_path / "tied-report.md").read_text("utf-8")
    assert "Merged weights and live adapter: differences of at most" in text
    run(tied_checkpoint[0], "-o", tmp_path / "plain", "-q", "f32")
    plain = json.loads((tmp_path / "plain" / "tied-report.json").read_text("utf-8"))
    assert plain["merge"] is None
