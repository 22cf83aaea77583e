"""A checkpoint's embedding and head: one matrix or two, by what is in its files."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("safetensors")

from foggen.errors import ConfigurationError
from foggen_export.checkpoint import EMBEDDING, HEAD, Checkpoint
from foggen_export.exporting import export
from foggen_export.loading import load_model
from foggen_export.report import MOST_DIFFERENCE
from foggen_export.safetensors_file import BLOCK, TensorInfo, read_table

from .adapters import Weights, difference, load, logits, said_by, write_adapter
from .conftest import CONTRACT, PUBLISHED
from .gemma_checkpoint import write_gemma
from .test_cli import one_line, run
from .test_gguf_file import edit, tensors


@pytest.fixture(params=["qwen3", "gemma3"])
def folder(request: pytest.FixtureRequest, checkpoint: Path, tmp_path: Path) -> Path:
    """A checkpoint that says it is tied, and is; a test may damage it."""
    if request.param == "gemma3":
        write_gemma(tmp_path / "gemma")
        return tmp_path / "gemma"
    return checkpoint


def stored(folder: Path) -> Weights:
    from safetensors.torch import load_file

    return dict(load_file(folder / "model.safetensors"))


def store(folder: Path, weights: Weights, *, name: str = "model.safetensors") -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / name, metadata={"format": "pt"})


def with_head(folder: Path, *, change: float, dtype: str = "float32") -> Weights:
    """The weights, and a head that is the embedding but for a random change."""
    import torch

    torch.manual_seed(1)
    weights = stored(folder)
    head = weights[EMBEDDING] + change * torch.randn_like(weights[EMBEDDING])
    return weights | {HEAD: head.to(getattr(torch, dtype))}


def in_shards(folder: Path, weights: Weights) -> None:
    """The head in one file, the rest in another, and an index."""
    names = {name: f"model-0000{1 + (name == HEAD)}-of-00002.safetensors" for name in weights}
    (folder / "model.safetensors").unlink()
    for file in set(names.values()):
        store(folder, {n: weights[n].clone() for n in weights if names[n] == file}, name=file)
    index = {"metadata": {}, "weight_map": names}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")


def as_transformers(folder: Path, gguf: Path) -> float:
    """How far the file's logits are from those of transformers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        return difference(said_by(gguf), logits(load(folder)))


@pytest.mark.parametrize("sharded", [False, True])
def test_case_29_two_matrices_are_both_written_although_the_config_ties_them(
    folder: Path, tmp_path: Path, sharded: bool
) -> None:
    weights = with_head(folder, change=0.2)
    in_shards(folder, weights) if sharded else store(folder, weights)
    path = export(Checkpoint.open(folder), CONTRACT, "f32", tmp_path / "m.gguf", name="m")
    assert "output.weight" in tensors(path)
    assert as_transformers(folder, path) < MOST_DIFFERENCE


@pytest.mark.parametrize("flag", ["--verify", "--no-verify"])
def test_case_29_the_command_exports_them_and_says_nothing(
    checkpoint: Path, tmp_path: Path, flag: str
) -> None:
    store(checkpoint, with_head(checkpoint, change=0.2))
    result = run(checkpoint, "-o", tmp_path / "out", "-q", "f32", flag, *PUBLISHED)
    assert (result.exit_code, result.stderr) == (0, "")
    assert as_transformers(checkpoint, tmp_path / "out" / "checkpoint-f32.gguf") < MOST_DIFFERENCE


@pytest.mark.parametrize("sharded", [False, True])
def test_case_29_an_equal_copy_is_written_once(folder: Path, tmp_path: Path, sharded: bool) -> None:
    weights = with_head(folder, change=0)
    in_shards(folder, weights) if sharded else store(folder, weights)
    path = export(Checkpoint.open(folder), CONTRACT, "f32", tmp_path / "m.gguf", name="m")
    assert "output.weight" not in tensors(path)
    assert as_transformers(folder, path) < MOST_DIFFERENCE


def test_case_29_a_difference_in_the_last_value_is_seen(tmp_path: Path) -> None:
    """Matrices are compared some values at a time."""
    import torch

    mine = torch.zeros(2 * BLOCK // 64 + 1, 64)
    other = mine.clone()
    other[-1, -1] = 1e-3
    store(tmp_path, {"mine": mine, "copy": mine.clone(), "other": other})
    path = tmp_path / "model.safetensors"
    found = {
        entry.name: TensorInfo(entry.name, entry.shape, "f32", path, entry.offset)
        for entry in read_table(path)
    }
    assert found["mine"].equals(found["copy"])
    assert not found["mine"].equals(found["other"])


def test_case_29_a_copy_in_another_type_is_judged_by_its_values(checkpoint: Path) -> None:
    weights = with_head(checkpoint, change=0, dtype="bfloat16")
    store(checkpoint, weights)
    found = {tensor.name for tensor in Checkpoint.open(checkpoint).tensors()}
    assert HEAD in found  # rounding has made it another matrix
    store(checkpoint, weights | {EMBEDDING: weights[HEAD].float()})
    assert HEAD not in {tensor.name for tensor in Checkpoint.open(checkpoint).tensors()}


LACKING = {
    "not tied, no head": (False, (), HEAD),
    "not tied, no embedding": (False, (HEAD,), EMBEDDING),
    "tied, no embedding": (True, (HEAD,), EMBEDDING),
}


@pytest.mark.parametrize(("tied", "kept", "missing"), LACKING.values(), ids=LACKING)
@pytest.mark.parametrize("flag", ["--verify", "--no-verify"])
def test_case_29_a_matrix_that_is_nowhere_is_named(
    checkpoint: Path, tmp_path: Path, tied: bool, kept: tuple[str, ...], missing: str, flag: str
) -> None:
    weights = with_head(checkpoint, change=0.2)
    ends = {EMBEDDING, HEAD} - set(kept or (EMBEDDING,))
    store(checkpoint, {name: weights[name] for name in weights if name not in ends})
    edit(checkpoint / "config.json", tie_word_embeddings=tied)
    result = run(checkpoint, "-o", tmp_path / "out", "-q", "f32", flag, *PUBLISHED)
    assert result.exit_code == 65
    assert f"has no {missing}, but tie_word_embeddings is {str(tied).lower()}" in one_line(result)
    assert list((tmp_path / "out").glob("*.gguf")) == []


def test_case_29_an_adapter_meets_both_matrices(checkpoint: Path, tmp_path: Path) -> None:
    store(checkpoint, with_head(checkpoint, change=0.2))
    expected = write_adapter(checkpoint, tmp_path / "adapter", target_modules=["lm_head"])
    out = tmp_path / "out"
    result = run(checkpoint, "--adapter", tmp_path / "adapter", "-o", out, "-q", "f32", *PUBLISHED)
    assert (result.exit_code, result.stderr) == (0, "")
    assert difference(said_by(out / "checkpoint-f32.gguf"), expected) < MOST_DIFFERENCE


# --- what transformers would make up ------------------------------------------------------------


def test_a_base_that_lacks_a_tensor_is_not_filled_at_random(
    checkpoint: Path, tmp_path: Path
) -> None:
    write_adapter(checkpoint, tmp_path / "adapter")
    name = "model.layers.2.mlp.up_proj.weight"
    store(checkpoint, {n: tensor for n, tensor in stored(checkpoint).items() if n != name})
    result = run(checkpoint, "--adapter", tmp_path / "adapter", "-o", tmp_path / "out", "-q", "f32")
    assert result.exit_code == 65
    assert f"lacks 1 of the model's tensors; the first is {name}" in one_line(result)


def test_a_base_with_more_than_the_model_has_is_not_cut_down(
    checkpoint: Path, tmp_path: Path
) -> None:
    write_adapter(checkpoint, tmp_path / "adapter")
    weights = stored(checkpoint)
    store(checkpoint, weights | {"model.layers.9.mlp.up_proj.weight": weights[EMBEDDING].clone()})
    result = run(checkpoint, "--adapter", tmp_path / "adapter", "-o", tmp_path / "out", "-q", "f32")
    assert result.exit_code == 65
    assert "'model.layers.9.mlp.up_proj.weight' has no place in a GGUF" in one_line(result)


def test_what_is_judged_here_is_not_logged_and_the_rest_is(
    checkpoint: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store(checkpoint, with_head(checkpoint, change=0.2))
    load_model(checkpoint)
    assert caplog.records == []
    store(checkpoint, stored(checkpoint) | {"model.extra.weight": stored(checkpoint)[EMBEDDING]})
    load_model(checkpoint)
    (record,) = caplog.records
    assert "model.extra.weight" in record.getMessage()


def test_a_base_of_other_shapes_is_one_line(checkpoint: Path) -> None:
    edit(checkpoint / "config.json", intermediate_size=24)
    with pytest.raises(ConfigurationError, match="cannot be loaded") as caught:
        load_model(checkpoint)
    assert "\n" not in str(caught.value)


def test_an_adapter_beside_the_weights_is_not_passed_over(checkpoint: Path, tmp_path: Path) -> None:
    """transformers would load it with them; with an index, a converter would not see it."""
    in_shards(checkpoint, with_head(checkpoint, change=0.2))
    write_adapter(checkpoint, tmp_path / "adapter")
    for path in (tmp_path / "adapter").glob("adapter_*"):
        path.rename(checkpoint / path.name)
    result = run(checkpoint, "-o", tmp_path / "out", "-q", "f16", "--no-verify")
    assert result.exit_code == 65
    assert "an adapter as well as weights" in one_line(result)
    assert "--adapter" in result.stderr
