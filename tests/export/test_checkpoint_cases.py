"""Cases 28, 46 and 47: checkpoints whose config, index and weights disagree, and those that also see images."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

from foggen.engine.contract import published
from foggen.engine.gguf_header import read_header
from foggen.errors import ModelFileError
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import export
from foggen_export.loading import load_model

from .conftest import CONTRACT, PUBLISHED
from .gemma_checkpoint import write_gemma, write_seeing_gemma
from .test_cli import run
from .test_gguf_file import check_logits, edit, tensors

Change = Callable[[Path], object]
SCALING = {"rope_theta": 1e4, "rope_type": "yarn", "factor": 4.0}


def refused(folder: Path, tmp_path: Path, *words: str) -> None:
    """The export is refused in one line, in the checkpoint's own names, and nothing is left."""
    output = tmp_path / "out"
    result = run(folder, "-o", output, "-q", "f16")
    assert result.exit_code == 65, result.stderr
    (line,) = result.stderr.strip().splitlines()
    for word in (str(folder), *words):
        assert word in line, line
    assert str(output) not in line
    assert [path for path in output.rglob("*") if path.is_file()] == []


# --- case 28: YaRN ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["rope_parameters", "rope_scaling"])
def test_case_28_yarn_s_usual_context_is_the_model_s(
    checkpoint: Path, tmp_path: Path, key: str
) -> None:
    """The logits are compared with transformers', which takes the same."""
    edit(checkpoint / "config.json", **{"rope_parameters": None, "rope_theta": 1e4, key: SCALING})
    result = run(checkpoint, "-o", tmp_path, "-q", "f32", *PUBLISHED)
    assert (result.exit_code, result.stderr) == (0, "")
    metadata = read_header(Path(result.stdout.strip())).metadata
    config = json.loads((checkpoint / "config.json").read_text("utf-8"))
    original = metadata["qwen3.rope.scaling.original_context_length"]
    assert original == config["max_position_embeddings"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("attention_factor", 1.5), ("beta_fast", 16), ("beta_slow", 2), ("mscale", 0.7)],
)
def test_case_28_what_yarn_cannot_be_told_is_refused_by_name(
    checkpoint: Path, tmp_path: Path, name: str, value: float
) -> None:
    edit(checkpoint / "config.json", rope_parameters={**SCALING, name: value})
    refused(checkpoint, tmp_path, f"{name} is {value}")


def test_case_28_usual_values_may_be_written_out(checkpoint: Path, tmp_path: Path) -> None:
    usual = {**SCALING, "beta_fast": 32.0, "beta_slow": 1.0, "attention_factor": None}
    edit(checkpoint / "config.json", rope_parameters=usual)
    assert run(checkpoint, "-o", tmp_path, "-q", "f16", "--no-verify").exit_code == 0


# --- case 46: files that disagree -------------------------------------------------------------------


def stored(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return {
        name: tensor
        for path in folder.glob("*.safetensors")
        for name, tensor in load_file(path).items()
    }


def save(folder: Path, weights: dict[str, Any], name: str = "model.safetensors") -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / name, metadata={"format": "pt"})


def in_shards(folder: Path, total: int = 2, index: bool = True) -> None:
    """Replace the weights by shards, with an index."""
    weights = stored(folder)
    (folder / "model.safetensors").unlink(missing_ok=True)
    names = {
        name: f"model-{number % total + 1:05d}-of-{total:05d}.safetensors"
        for number, name in enumerate(weights)
    }
    for file in set(names.values()):
        save(folder, {name: weights[name] for name in weights if names[name] == file}, file)
    if index:
        write_index(folder, names)


def write_index(folder: Path, names: dict[str, str]) -> None:
    path = folder / "model.safetensors.index.json"
    path.write_text(json.dumps({"metadata": {}, "weight_map": names}), "utf-8")


def without(tensor: str) -> Change:
    def change(folder: Path) -> None:
        weights = stored(folder)
        del weights[tensor]
        save(folder, weights)

    return change


def with_more_rows(folder: Path) -> None:
    import torch

    weights = stored(folder)
    embedding = weights["model.embed_tokens.weight"]
    weights["model.embed_tokens.weight"] = torch.cat([embedding, embedding[:3]])
    save(folder, weights)


def with_config(**changes: Any) -> Change:
    return lambda folder: edit(folder / "config.json", **changes)


def two_sets(folder: Path) -> None:
    in_shards(folder, 2, index=False)
    in_shards(folder, 3, index=False)


def two_sets_one_indexed(folder: Path) -> None:
    copied = (folder / "model.safetensors").read_bytes()
    in_shards(folder)
    (folder / "model-00001-of-00003.safetensors").write_bytes(copied)


def whole_beside_indexed(folder: Path) -> None:
    weights = stored(folder)
    in_shards(folder)
    save(folder, weights)


def whole_beside_shards(folder: Path) -> None:
    whole_beside_indexed(folder)
    (folder / "model.safetensors.index.json").unlink()


def absent_shard(folder: Path) -> None:
    in_shards(folder)
    (folder / "model-00002-of-00002.safetensors").unlink()


def absent_shard_without_index(folder: Path) -> None:
    absent_shard(folder)
    (folder / "model.safetensors.index.json").unlink()


def stale_index(folder: Path) -> None:
    names = dict.fromkeys(stored(folder), "model.safetensors")
    write_index(folder, {**names, "model.layers.9.mlp.up_proj.weight": "model.safetensors"})


def empty_index(folder: Path) -> None:
    (folder / "model.safetensors.index.json").write_text('{"weight_map": []}', "utf-8")


def twice(folder: Path) -> None:
    in_shards(folder)
    first = folder / "model-00001-of-00002.safetensors"
    second = folder / "model-00002-of-00002.safetensors"
    from safetensors.torch import load_file

    ours, theirs = load_file(first), load_file(second)
    save(folder, {**theirs, next(iter(ours)): next(iter(ours.values()))}, second.name)


def old_format(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


UP = "model.layers.2.mlp.up_proj.weight"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            without(UP),
            (f"lacks 1 of the model's tensors; the first is {UP}", "save the checkpoint again"),
        ),
        (without("model.norm.weight"), ("the first is model.norm.weight",)),
        (with_more_rows, ("model.embed_tokens.weight", "vocab_size {vocab_size};")),
        (with_config(num_hidden_layers=3), ("model.layers.3.", "num_hidden_layers 3")),
        (with_config(num_hidden_layers=5), ("lacks 11 of", "the first is model.layers.4.")),
        (with_config(intermediate_size=999), ("mlp.gate_proj", "intermediate_size 999")),
        (
            with_config(num_key_value_heads=1),
            ("k_proj", "num_key_value_heads * head_dim {head_dim};"),
        ),
        (with_config(head_dim=8), ("head_dim",)),
        (two_sets, ("two sets of weights", "-of-00002.safetensors", "-of-00003.safetensors")),
        (two_sets_one_indexed, ("two sets of weights", "model-00001-of-00003.safetensors")),
        (whole_beside_indexed, ("two sets of weights", " model.safetensors")),
        (whole_beside_shards, ("two sets of weights", "model-00001-of-00002.safetensors")),
        (absent_shard, ("has no model-00002-of-00002.safetensors",)),
        (absent_shard_without_index, ("has no model-00002-of-00002.safetensors",)),
        (stale_index, ("places model.layers.9.mlp.up_proj.weight", "in none of the files")),
        (empty_index, ("index.json has no weight_map",)),
        (twice, ("model-00001-of-00002.safetensors and in model-00002-of-00002.safetensors",)),
        (old_format, ("only pytorch_model.bin", "save_pretrained")),
    ],
)
def test_case_46_what_disagrees_is_refused_in_the_checkpoint_s_names(
    checkpoint: Path, tmp_path: Path, change: Change, words: tuple[str, ...]
) -> None:
    change(checkpoint)
    config = json.loads((checkpoint / "config.json").read_text("utf-8"))
    refused(checkpoint, tmp_path, *(word.format(**config) for word in words))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "consolidated.safetensors", "optimizer.pt"])
def test_case_46_files_that_transformers_would_not_load_are_left_out(
    checkpoint: Path, tmp_path: Path, name: str
) -> None:
    (checkpoint / name).write_bytes(b"stale")
    assert run(checkpoint, "-o", tmp_path, "-q", "f16").exit_code == 0


@pytest.mark.parametrize("index", [True, False])
def test_case_46_shards_are_one_checkpoint(checkpoint: Path, tmp_path: Path, index: bool) -> None:
    whole = export(Checkpoint.open(checkpoint), CONTRACT, "f16", tmp_path / "a", name="m")
    in_shards(checkpoint, 3, index)
    shards = export(Checkpoint.open(checkpoint), CONTRACT, "f16", tmp_path / "b", name="m")
    assert {name: bytes(tensor.data) for name, tensor in tensors(whole).items()} == {
        name: bytes(tensor.data) for name, tensor in tensors(shards).items()
    }


def test_case_46_a_config_with_a_byte_order_mark(checkpoint: Path, tmp_path: Path) -> None:
    path = checkpoint / "config.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run(checkpoint, "-o", tmp_path, "-q", "f16", "--no-verify").exit_code == 0


# --- case 47: the text part of a model that also sees images ----------------------------------------


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeing") / "gemma"
    write_seeing_gemma(folder)
    return folder


def test_case_47_the_text_part_is_exported_and_verified(seeing: Path, tmp_path: Path) -> None:
    result = run(seeing, "-o", tmp_path, "-q", "f32", *PUBLISHED)
    assert (result.exit_code, result.stderr) == (0, "")
    path = Path(result.stdout.strip())
    assert not any("vision" in name or "mm." in name for name in tensors(path))
    metadata = read_header(path).metadata
    assert metadata["gemma3.rope.scaling.factor"] == 8
    assert metadata["gemma3.attention.head_count"] == 8  # the file says nothing: the usual number
    check_logits(
        seeing, path, published("gemma3"), exact=True, relative=1e-3
    )  # with all of the model


@pytest.mark.parametrize("prefix", ["model.language_model.", "model."])
def test_case_47_the_prefixes_of_other_versions(seeing: Path, tmp_path: Path, prefix: str) -> None:
    import torch

    folder = copytree(seeing, tmp_path / "other")
    save(
        folder,
        {
            name.replace("language_model.model.", prefix): tensor
            for name, tensor in stored(folder).items()
        },
    )
    ours, theirs = (load_model(path).state_dict() for path in (folder, seeing))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    found = tensors(
        export(Checkpoint.open(folder), published("gemma3"), "f32", tmp_path / "m", name="m")
    )
    assert len(found) == len(theirs) - 1  # the head is the embedding


def test_case_47_what_the_text_part_lacks_is_named_as_it_is_stored(
    seeing: Path, tmp_path: Path
) -> None:
    folder = copytree(seeing, tmp_path / "other")
    weights = stored(folder)
    name = "language_model.model.layers.2.mlp.up_proj.weight"
    save(folder, {**weights, name: weights[name][:-1].contiguous()})
    refused(folder, tmp_path, f"has {name} of shape (127, 64)", "intermediate_size 128")


def test_case_47_a_model_of_text_alone_is_as_before(tmp_path: Path) -> None:
    write_gemma(tmp_path / "gemma")
    assert run(tmp_path / "gemma", "-o", tmp_path / "out", "-q", "f16").exit_code == 0


def test_case_47_other_architectures_are_refused_before_the_weights_are_read(
    checkpoint: Path, tmp_path: Path
) -> None:
    edit(checkpoint / "config.json", architectures=["LlavaForConditionalGeneration"])
    (checkpoint / "model.safetensors").write_bytes(b"never read")
    with pytest.raises(ModelFileError, match=r"unknown architecture.*Llava"):
        Checkpoint.open(checkpoint)
    refused(checkpoint, tmp_path, "LlavaForConditionalGeneration")
