"""`foggen_export.gguf_file`: what is in the file equals the checkpoint, and the file appears whole."""

from __future__ import annotations

import hashlib
import json
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from foggen.engine.contract import Contract, from_metadata, published
from foggen.engine.engine import Engine
from foggen.engine.gguf_header import read_header
from foggen.engine.native import Context, Model
from foggen.errors import ModelFileError, UsageError
from foggen.store.known_models import check_model, manifest_path
from foggen_export import exporting
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import KNOWN_QUANTS, export

from .conftest import CONTRACT, Exported

LAYERS = 4
BLOCK = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
# llama.cpp's names, written out here, of transformers' names.
NAMES = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    **{
        f"blk.{n}.{name}.weight": f"model.layers.{n}.{source}.weight"
        for n in range(LAYERS)
        for name, source in BLOCK.items()
    },
}
QUESTIONS = (
    "What is 2 + 3?\nA. 4\nB. 5\nC. 6\nD. 7",
    "A firm reports $400M in total liabilities and $600M in shareholders' equity.\n"
    "What is the firm's debt-to-equity ratio?\nA. 0.67\nB. 1.00\nC. 1.50\nD. 2.00",
    "Бұл қандай сан: жиырма бір?\nA. 21\nB. 12",
    "x = [3, 1]\nprint(x[0])\n\nWhat?\nA. 1\nB. 3\nC. 0",
)


def tensors(path: Path) -> dict[str, Any]:
    return {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}


def values(tensor: Any) -> np.ndarray:
    return np.asarray(gguf.quants.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)


def source_values(folder: Path) -> dict[str, np.ndarray]:
    """The checkpoint's values as transformers loads them."""
    model = loaded(folder)
    return {name: weights.detach().numpy() for name, weights in model.named_parameters()}


def loaded(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        import torch
        from transformers import AutoModelForCausalLM

        return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


# --- tensors ------------------------------------------------------------------------------------


def test_f32_tensors_are_the_checkpoints_values_under_llama_cpps_names(exported: Exported) -> None:
    found, source = tensors(exported.write("f32")), source_values(exported.folder)
    expected = dict(NAMES)
    if "lm_head.weight" in source:
        expected["output.weight"] = "lm_head.weight"
    assert set(found) == set(expected)
    assert set(source) == set(expected.values())
    for name, origin in expected.items():
        assert found[name].tensor_type == gguf.GGMLQuantizationType.F32
        np.testing.assert_array_equal(values(found[name]), source[origin], err_msg=name)


def test_a_tied_checkpoint_has_no_output_matrix_and_an_untied_one_has(
    exported: Exported,
) -> None:
    tied = exported.folder.name == "tied"
    assert ("output.weight" in tensors(exported.write("f32"))) != tied


@pytest.mark.parametrize(("quant", "error"), [("f16", 1e-3), ("q8_0", 0.01), ("q4_0", 0.15)])
def test_matrices_have_the_quants_type_and_vectors_stay_f32(
    exported: Exported, quant: str, error: float
) -> None:
    exact, found = tensors(exported.write("f32")), tensors(exported.write(quant))
    for name, tensor in found.items():
        vector = values(tensor).ndim == 1
        kind = gguf.GGMLQuantizationType[quant.upper()]
        assert tensor.tensor_type in (
            [gguf.GGMLQuantizationType.F32]
            if vector
            # llama.cpp keeps the output matrix finer at 4 bits
            else [kind, gguf.GGMLQuantizationType.Q6_K, gguf.GGMLQuantizationType.Q8_0]
            if "token_embd" in name or "output" in name
            else [kind]
        ), name
        largest = np.abs(values(exact[name])).max()
        assert np.abs(values(tensor) - values(exact[name])).max() <= error * largest, name


@pytest.mark.parametrize("quant", KNOWN_QUANTS)
def test_every_quant_loads_and_answers(exported: Exported, quant: str) -> None:
    with Engine(exported.write(quant), context=512, threads=1) as engine:
        assert len(engine.user_tokens(QUESTIONS[0])) > 10
        row = engine.context.decode(engine.plan.opening, len(engine.plan.prefix), [0])
        assert np.isfinite(row).all()


# --- logits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("exact", "relative"), [(True, 1e-4), (False, 1e-2)])
def test_logits_agree_with_transformers_in_fp32(
    exported: Exported, exact: bool, relative: float
) -> None:
    """Exactly where keys and values are kept in fp32 too; the runtime keeps them in fp16."""
    check_logits(exported.folder, exported.write("f32"), CONTRACT, exact, relative)


def check_logits(
    folder: Path, path: Path, contract: Contract, exact: bool, relative: float
) -> None:
    """Three rows of every prompt, as far from transformers' as a share of the largest logit."""
    import torch

    reference, model = loaded(folder), Model(path)
    context = Context(model, context=512, threads=1, exact=exact)
    for text in QUESTIONS:
        tokens = model.tokenize(contract.prompt(text), scaffold=True)
        last = len(tokens) - 1
        rows = [5, last // 2, last]
        with torch.inference_mode():
            expected = reference(torch.tensor([tokens])).logits[0, rows].numpy()
        context.cut(0)
        found = context.decode(tokens, 0, rows)
        assert np.abs(found - expected).max() <= relative * np.abs(expected).max(), text
    context.close()
    model.close()


# --- contract and vocabulary --------------------------------------------------------------------


def test_the_contract_comes_back_from_the_metadata(exported: Exported) -> None:
    header = read_header(exported.write("q8_0"))
    assert header.architecture == "qwen3"
    assert header.metadata["general.name"] == "n"
    found = from_metadata(header.metadata, header.architecture)
    assert found == CONTRACT
    assert not found.assumed


def test_the_published_contract_is_the_files_own_once_it_is_exported(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    contract = published("qwen3")
    path = export(
        Checkpoint.open(tied_checkpoint[0]), contract, "q8_0", tmp_path / "p.gguf", name="p"
    )
    with Engine(path, context=512, threads=1) as engine:
        assert engine.contract.system_prompt == contract.system_prompt
        assert not engine.contract.assumed


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_engines_prompt_is_the_chat_templates(exported: Exported, text: str) -> None:
    """A checkpoint asked through transformers' chat template sees the very same tokens."""
    messages = [
        {"role": "system", "content": CONTRACT.system_prompt},
        {"role": "user", "content": text},
    ]
    expected = exported.tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, tokenize=True, return_dict=True
    )["input_ids"]
    with Engine(exported.write("q8_0"), context=512, threads=1) as engine:
        suffix = engine.model.tokenize(CONTRACT.layout.suffix, scaffold=True)
        assert [*engine.plan.prefix, *engine.user_tokens(text), *suffix] == list(expected)
        assert list(engine.plan.opening[: len(suffix)]) == suffix


def test_special_tokens_have_their_types_and_the_end_is_the_chats(exported: Exported) -> None:
    fields = gguf.GGUFReader(exported.write("q8_0")).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    types = dict(zip(tokens, fields["tokenizer.ggml.token_type"].contents(), strict=True))
    assert (types["<|im_end|>"], types["<think>"], types["a"]) == (3, 4, 1)
    assert tokens[fields["tokenizer.ggml.eos_token_id"].contents()] == "<|im_end|>"
    assert tokens[fields["tokenizer.ggml.padding_token_id"].contents()] == "<|endoftext|>"
    assert fields["tokenizer.ggml.add_bos_token"].contents() is False
    assert fields["tokenizer.chat_template"].contents() == exported.tokenizer.chat_template


def test_embedding_rows_without_a_token_are_unused_ones(checkpoint: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    weights = load_file(checkpoint / "model.safetensors")
    embedding = weights["model.embed_tokens.weight"]
    weights["model.embed_tokens.weight"] = np.concatenate([embedding, embedding[:8]])
    save_file(weights, checkpoint / "model.safetensors", {"format": "pt"})
    edit(checkpoint / "config.json", vocab_size=len(embedding) + 8)
    path = export(Checkpoint.open(checkpoint), CONTRACT, "f32", tmp_path / "w.gguf", name="w")
    fields = gguf.GGUFReader(path).fields
    assert fields["tokenizer.ggml.token_type"].contents()[-8:] == [5] * 8
    with Engine(path, context=512, threads=1) as engine:
        assert engine.model.vocabulary_size == len(embedding) + 8


# --- the file and its manifest ------------------------------------------------------------------


def test_the_manifest_has_the_files_size_and_hash(exported: Exported, tmp_path: Path) -> None:
    path = exported.write("q8_0")
    manifest = json.loads(manifest_path(path).read_text("utf-8"))
    assert manifest == {
        "file": "q8_0.gguf",
        "size": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "quant": "q8_0",
        "source": str(exported.folder),
        "commit": "",
        "tools": {name: version(name) for name in ("foggen", "gguf", "llama-cpp-python")},
    }
    assert check_model(path, tmp_path) == manifest["sha256"]


def test_exporting_twice_gives_the_same_bytes(exported: Exported, tmp_path: Path) -> None:
    again = export(
        Checkpoint.open(exported.folder), CONTRACT, "q8_0", tmp_path / "again.gguf", name="n"
    )
    assert again.read_bytes() == exported.write("q8_0").read_bytes()


def test_the_file_is_not_there_before_it_is_whole(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    path = tmp_path / "model.gguf"
    seen: list[tuple[str, int, int]] = []

    def progress(step: str, done: int, total: int) -> None:
        assert not path.exists()
        seen.append((step, done, total))

    export(Checkpoint.open(tied_checkpoint[0]), CONTRACT, "f16", path, name="m", progress=progress)
    assert seen == [("reading", done, len(NAMES)) for done in range(len(NAMES) + 1)]
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name, manifest_path(path).name}


class Stopped(Exception):
    """What a test raises in the middle."""


@pytest.mark.parametrize("where", ["while reading tensors", "while quantizing"])
def test_a_failure_in_the_middle_leaves_what_was_there(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path, where: str
) -> None:
    path, source = tmp_path / "model.gguf", Checkpoint.open(tied_checkpoint[0])

    def stop(*_: object, **__: object) -> None:
        raise Stopped

    def failing() -> None:
        with pytest.MonkeyPatch.context() as patch, pytest.raises(Stopped):
            if where == "while quantizing":
                patch.setattr(exporting, "quantize", stop)
                export(source, CONTRACT, "q8_0", path, name="m")
            else:
                export(source, CONTRACT, "q8_0", path, name="m", progress=stop)

    failing()
    assert list(tmp_path.iterdir()) == []
    export(source, CONTRACT, "q8_0", path, name="m")
    before = path.read_bytes()
    failing()
    assert path.read_bytes() == before
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name, manifest_path(path).name}


def test_an_unknown_quant_is_a_usage_error_that_names_the_known_ones(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"q3_x.*f32, f16, bf16, q8_0, .*q4_0"):
        export(Checkpoint.open(tied_checkpoint[0]), CONTRACT, "q3_x", tmp_path / "m.gguf", name="m")
    assert list(tmp_path.iterdir()) == []


def test_a_tensor_without_a_place_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    path = checkpoint / "adapter_model.safetensors"
    save_file({"model.layers.0.self_attn.q_proj.lora_A.weight": np.ones((2, 2), np.float32)}, path)
    with pytest.raises(ModelFileError, match="lora_A"):
        export(Checkpoint.open(checkpoint), CONTRACT, "f32", tmp_path / "m.gguf", name="m")
    assert not (tmp_path / "m.gguf").exists()


def edit(path: Path, **changes: Any) -> None:
    """Change keys of a JSON file; None removes one."""
    content = json.loads(path.read_text("utf-8")) | changes
    kept = {key: value for key, value in content.items() if value is not None}
    path.write_text(json.dumps(kept), "utf-8")
