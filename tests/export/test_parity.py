"""Tokens and logits of an export are transformers', for every shape of checkpoint that is taken."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

from foggen.engine.contract import Contract, published
from foggen.engine.native import Model
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import export
from foggen_export.parity import logit_parity, prompts_of, token_parity

from ..edge.nano_model import QWEN, QWEN_FOLDER, write_checkpoint
from .conftest import CONTRACT
from .gemma_checkpoint import write_gemma

PROMPTS = 200
LARGEST = {"f32": 1e-3, "f16": 3e-3}  # differences from transformers' fp32, of the largest logit


def qwen(
    folder: Path,
    source: Path,
    *,
    dtype: str = "float32",
    head_dim: int = 32,
    unused_rows: int = 0,
    tied: bool = True,
) -> None:
    """Random weights under the tokenizer and the sizes of `source`. Norms stay one: larger ones make
    attention so sharp that rounding to fp16 alone moves the logits by 3e-2."""
    import torch
    from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config.from_pretrained(source, tie_word_embeddings=tied, head_dim=head_dim)
    config.vocab_size += unused_rows
    torch.manual_seed(8)
    model = Qwen3ForCausalLM(config)
    for weights in model.parameters():
        weights.data *= 2 if weights.ndim > 1 else 1
    model.to(getattr(torch, dtype)).save_pretrained(folder)
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)


def real_vocabulary(folder: Path, _: object) -> None:
    if not QWEN_FOLDER.is_dir():
        pytest.skip("needs the shared folder's Qwen vocabulary")
    write_checkpoint(folder, QWEN)


SHAPES: dict[str, Callable[[Path, Path], object]] = {
    "qwen3": qwen,
    "qwen3, untied, bf16": lambda folder, source: qwen(
        folder, source, tied=False, dtype="bfloat16"
    ),
    "qwen3, heads wider than hidden": lambda folder, source: qwen(folder, source, head_dim=48),
    "qwen3, padded": lambda folder, source: qwen(folder, source, unused_rows=37),
    "qwen3, real vocabulary": real_vocabulary,
    "gemma3": lambda folder, _: write_gemma(folder),
    "gemma3, every second layer sliding": lambda folder, _: write_gemma(
        folder, layers=["sliding_attention", "full_attention"] * 2
    ),
    "gemma3, untied": lambda folder, _: write_gemma(folder, tied=False),
}


@pytest.fixture(scope="module", params=SHAPES.values(), ids=SHAPES)
def shape(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tied_checkpoint: tuple[Path, Any],
) -> Path:
    folder = tmp_path_factory.mktemp("shape") / "checkpoint"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        request.param(folder, tied_checkpoint[0])
    return folder


def contract_of(checkpoint: Checkpoint) -> Contract:
    return CONTRACT if checkpoint.architecture == "qwen3" else published("gemma3")


@pytest.mark.parametrize("kind", LARGEST)
def test_two_hundred_prompts_have_transformers_logits(
    shape: Path, tmp_path: Path, kind: str
) -> None:
    from foggen_training.starter.questions import generate

    checkpoint = Checkpoint.open(shape)
    contract = contract_of(checkpoint)
    questions = [made.question for made in islice(generate(11), PROMPTS)]
    model = Model(export(checkpoint, contract, kind, tmp_path / "model.gguf", name="n"))
    found = logit_parity(model, shape, contract, questions)
    lengths = [len(prompt) for prompt in prompts_of(model, contract, questions)]
    model.close()
    print(found)
    assert found.prompts == PROMPTS
    assert found.largest_difference <= LARGEST[kind]
    assert found.other_best == 0
    assert found.near_ties < PROMPTS // 20
    assert min(lengths) > 16  # the window of the Gemma shapes


def test_the_whole_text_set_has_transformers_token_ids(shape: Path, tmp_path: Path) -> None:
    checkpoint = Checkpoint.open(shape)
    contract = contract_of(checkpoint)
    model = Model(export(checkpoint, contract, "f16", tmp_path / "model.gguf", name="n"))
    found = token_parity(model, shape, contract)
    model.close()
    assert found.texts > 25
    assert found.different == ()
