"""`foggen_export.checkpoint` and `vocabulary`: a checkpoint that cannot be exported says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import pytest

from foggen.engine.gguf_header import read_header
from foggen.errors import ConfigurationError, FogGenError, ModelFileError
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import exact_kind, export
from foggen_export.vocabulary import read_vocabulary

from .conftest import CONTRACT
from .test_gguf_file import edit

Damage = Callable[[Path], object]


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"architectures": [', "utf-8")


def listed_config(folder: Path) -> None:
    (folder / "config.json").write_text("[]", "utf-8")


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def other_tokenizer(folder: Path) -> None:
    edit(folder / "tokenizer.json", model={"type": "Unigram", "vocab": []})


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def missing_shard(folder: Path) -> None:
    index = {"weight_map": {"a": "model.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")


def with_config(**changes: Any) -> Damage:
    return lambda folder: edit(folder / "config.json", **changes)


def with_settings(**changes: Any) -> Damage:
    return lambda folder: edit(folder / "tokenizer_config.json", **changes)


DAMAGES: list[tuple[Damage, type[FogGenError], str]] = [
    (no_config, ConfigurationError, r"no config\.json"),
    (broken_config, ModelFileError, r"config\.json"),
    (listed_config, ModelFileError, r"config\.json"),
    (
        with_config(architectures=["LlamaForCausalLM"]),
        ModelFileError,
        "LlamaForCausalLM.*Qwen3ForCausalLM",
    ),
    (with_config(architectures=["Qwen2ForCausalLM"]), ModelFileError, "Qwen2ForCausalLM.*Qwen3"),
    (with_config(architectures=None), ModelFileError, "architecture"),
    (with_config(head_dim=None), ModelFileError, "head_dim"),
    (with_config(vocab_size=700), ModelFileError, "700 rows"),
    (no_tokenizer, ModelFileError, r"tokenizer\.json.*save the tokenizer"),
    (other_tokenizer, ModelFileError, "Unigram.*not BPE"),
    (with_settings(eos_token=None), ModelFileError, "eos_token"),
    (with_settings(eos_token="<nowhere>"), ModelFileError, "<nowhere>"),
    (no_weights, ModelFileError, r"no \.safetensors"),
    (cut_weights, ModelFileError, r"model\.safetensors.*again"),
    (missing_shard, ModelFileError, "model-00002-of-00002"),
]


@pytest.mark.parametrize(("damage", "kind", "words"), DAMAGES)
def test_what_cannot_be_exported_is_one_clear_error_and_no_file(
    checkpoint: Path, tmp_path: Path, damage: Damage, kind: type[FogGenError], words: str
) -> None:
    damage(checkpoint)
    output = tmp_path / "out"
    output.mkdir()
    with pytest.raises(FogGenError, match=words) as caught:
        export(Checkpoint.open(checkpoint), CONTRACT, "q8_0", output / "m.gguf", name="m")
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    assert list(output.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="give a merged checkpoint"):
        Checkpoint.open(tmp_path / "nowhere")


ROPES = {
    "none": ({"rope_parameters": None}, (10_000, None)),
    "transformers 5": (
        {"rope_parameters": {"rope_theta": 5e5, "rope_type": "default"}},
        (5e5, None),
    ),
    "before": ({"rope_parameters": None, "rope_theta": 1_000_000}, (1e6, None)),
    "two bases": (
        {
            "rope_parameters": {
                "full_attention": {"rope_theta": 1e6, "rope_type": "default"},
                "sliding_attention": {"rope_theta": 1e4, "rope_type": "default"},
            }
        },
        (1e6, 1e4),
    ),
    "two bases, before": (
        {"rope_parameters": None, "rope_theta": 1e6, "rope_local_base_freq": 1e4},
        (1e6, 1e4),
    ),
}


@pytest.mark.parametrize(("changes", "bases"), ROPES.values(), ids=ROPES)
def test_the_rotary_bases_are_read_under_both_names(
    checkpoint: Path, tmp_path: Path, changes: dict[str, Any], bases: tuple[float, float | None]
) -> None:
    edit(checkpoint / "config.json", **changes)
    path = export(Checkpoint.open(checkpoint), CONTRACT, "f16", tmp_path / "m.gguf", name="m")
    metadata = read_header(path).metadata
    found = [metadata.get(f"qwen3.rope.freq_base{end}") for end in ("", "_swa")]
    assert found == list(bases)


def test_rope_scaling_is_written_or_refused(checkpoint: Path, tmp_path: Path) -> None:
    scaling = {
        "rope_theta": 1e6,
        "rope_type": "yarn",
        "factor": 4.0,
        "original_max_position_embeddings": 512,
    }
    edit(checkpoint / "config.json", rope_parameters=scaling)
    path = export(Checkpoint.open(checkpoint), CONTRACT, "f16", tmp_path / "m.gguf", name="m")
    metadata = read_header(path).metadata
    assert metadata["qwen3.rope.scaling.type"] == "yarn"
    assert metadata["qwen3.rope.scaling.factor"] == 4
    assert metadata["qwen3.rope.scaling.original_context_length"] == 512
    edit(checkpoint / "config.json", rope_parameters={**scaling, "rope_type": "longrope"})
    with pytest.raises(ModelFileError, match=r"longrope.*linear, yarn"):
        export(Checkpoint.open(checkpoint), CONTRACT, "f16", tmp_path / "n.gguf", name="m")


def test_tensors_are_read_as_they_are_stored(untied_checkpoint: tuple[Path, Any]) -> None:
    folder = untied_checkpoint[0]
    assert len(list(folder.glob("*.safetensors"))) > 1
    found = {tensor.name: tensor for tensor in Checkpoint.open(folder).tensors()}
    assert {tensor.kind for tensor in found.values()} == {"bf16"}
    assert {"model.embed_tokens.weight", "lm_head.weight"} <= found.keys()
    for tensor in found.values():
        assert sum(block.size for block in tensor.blocks()) == prod(tensor.shape)


def test_floats_without_loss_are_of_the_checkpoints_own_type(
    tied_checkpoint: tuple[Path, Any], untied_checkpoint: tuple[Path, Any]
) -> None:
    assert exact_kind(Checkpoint.open(tied_checkpoint[0])) == "f32"
    assert exact_kind(Checkpoint.open(untied_checkpoint[0])) == "bf16"


def test_a_tokenizer_without_padding_has_none(checkpoint: Path) -> None:
    """Not the token `None`, which programs are full of."""
    add_token(checkpoint, "None")
    edit(checkpoint / "tokenizer_config.json", pad_token=None)
    assert read_vocabulary(checkpoint, 2000).padding is None


def test_a_special_token_may_be_given_with_its_settings(checkpoint: Path) -> None:
    plain = read_vocabulary(checkpoint, 2000)
    edit(checkpoint / "tokenizer_config.json", eos_token={"content": "<|im_end|>", "lstrip": False})
    assert read_vocabulary(checkpoint, 2000).end == plain.end
    assert plain.tokens[plain.end] == "<|im_end|>"


def test_the_chat_template_is_read_from_either_place(checkpoint: Path) -> None:
    (checkpoint / "chat_template.jinja").write_text("from its file", "utf-8")
    assert read_vocabulary(checkpoint, 2000).chat_template == "from its file"
    (checkpoint / "chat_template.jinja").unlink()
    assert read_vocabulary(checkpoint, 2000).chat_template is None
    edit(checkpoint / "tokenizer_config.json", chat_template="from the settings")
    assert read_vocabulary(checkpoint, 2000).chat_template == "from the settings"


def add_token(folder: Path, text: str) -> None:
    path = folder / "tokenizer.json"
    content = json.loads(path.read_text("utf-8"))
    vocabulary = content["model"]["vocab"]
    vocabulary.setdefault(text, 1500)
    path.write_text(json.dumps(content), "utf-8")
