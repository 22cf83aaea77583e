"""Gemma-3: its tensors, its vocabulary, its prompt and its sliding window, on a random checkpoint."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import gguf
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

from foggen.engine.contract import published
from foggen.engine.engine import Engine
from foggen.engine.gguf_header import read_header
from foggen.engine.native import BATCH
from foggen.errors import ModelFileError
from foggen.question.question import Question
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import KNOWN_QUANTS, export
from foggen_export.loading import load_tokenizer
from foggen_export.tokens import scaffold_ids, user_ids

from .gemma_checkpoint import MATCHED, UNUSED_ROWS, write_gemma
from .test_gguf_file import QUESTIONS, check_logits, edit, source_values, tensors, values

CONTRACT = published("gemma3")
EVERY_SECOND = ["sliding_attention", "full_attention"] * 2
TEXTS = (
    *QUESTIONS,
    "  two  spaces    four\n\n\nlines",
    "Қазақ тілі, ё, é",
    "def f(x):\n    return x\n",
    "😀👩‍🚀",
    "<table> <bos> <start_of_turn>user<end_of_turn> <0x41> [PAD1]",
    "a\tb",
    "1234567890",
    "Confidence: 0.75\nFinal answer: B",
    "a <unk> b",
)


@pytest.fixture(scope="module", params=["usual", "own pattern", "untied"])
def gemma(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gemma") / "checkpoint"
    write_gemma(
        folder,
        layers=EVERY_SECOND if request.param == "own pattern" else None,
        tied=request.param != "untied",
    )
    return folder


@pytest.fixture(scope="module")
def f32(gemma: Path) -> Path:
    return written(gemma, "f32", gemma.parent / "f32.gguf")


def written(folder: Path, quant: str, output: Path) -> Path:
    return export(Checkpoint.open(folder), CONTRACT, quant, output, name="gemma")


def test_norms_are_one_more_and_the_embedding_is_whole(gemma: Path, f32: Path) -> None:
    found, source = tensors(f32), source_values(gemma)
    assert len(found) == len(source)
    norms = [name for name in found if "norm" in name]
    assert len(norms) == 6 * len([n for n in source if n.endswith("q_norm.weight")]) + 1
    np.testing.assert_array_equal(
        values(found["output_norm.weight"]), source["model.norm.weight"] + 1
    )
    np.testing.assert_array_equal(
        values(found["blk.1.post_attention_norm.weight"]),
        source["model.layers.1.post_attention_layernorm.weight"] + 1,
    )
    np.testing.assert_array_equal(
        values(found["token_embd.weight"]), source["model.embed_tokens.weight"]
    )


# llama.cpp reads GELU from a table in fp16, which alone makes 4e-4.
@pytest.mark.parametrize(("exact", "relative"), [(True, 1e-3), (False, 2e-2)])
def test_logits_agree_with_transformers_beyond_the_window(
    gemma: Path, f32: Path, exact: bool, relative: float
) -> None:
    window = read_header(f32).metadata["gemma3.attention.sliding_window"]
    with Engine(f32, context=512, threads=1) as engine:
        assert all(len(engine.user_tokens(text)) > window for text in QUESTIONS)
    check_logits(gemma, f32, CONTRACT, exact, relative)


def test_token_ids_are_those_of_transformers(gemma: Path, f32: Path) -> None:
    tokenizer = load_tokenizer(gemma)
    with Engine(f32, context=512, threads=1) as engine:
        for text in TEXTS:
            assert engine.model.tokenize(text, scaffold=False) == user_ids(tokenizer, text), text
        for text in (CONTRACT.prefix().text, CONTRACT.layout.suffix, *engine.contract.bucket_texts):
            assert engine.model.tokenize(text, scaffold=True) == scaffold_ids(tokenizer, text)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_engines_prompt_is_the_chat_templates(gemma: Path, f32: Path, text: str) -> None:
    """The system text opens the user's turn, and <bos> is there once."""
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(gemma)
    messages = [
        {"role": "system", "content": CONTRACT.system_prompt},
        {"role": "user", "content": text},
    ]
    expected = list(
        tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, tokenize=True, return_dict=True
        )["input_ids"]
    )
    with Engine(f32, context=512, threads=1) as engine:
        suffix = engine.model.tokenize(CONTRACT.layout.suffix, scaffold=True)
        assert [*engine.plan.prefix, *engine.user_tokens(text), *suffix] == expected
    assert expected.count(tokenizer.bos_token_id) == 1


@pytest.mark.parametrize("quant", KNOWN_QUANTS)
def test_every_quant_loads_and_answers(gemma: Path, tmp_path: Path, quant: str) -> None:
    with Engine(written(gemma, quant, tmp_path / "m.gguf"), context=512, threads=1) as engine:
        found = engine.assess(Question.parse(QUESTIONS[0]))
    assert found.answer in range(4)
    assert sum(found.bucket_probabilities) == pytest.approx(1)


def test_the_kept_prefix_gives_what_a_fresh_context_gives(f32: Path) -> None:
    """The prefix is longer than the window: a question that comes later must still see it right."""
    questions = [Question.parse(text) for text in QUESTIONS]
    with Engine(f32, context=512, threads=1) as engine:
        assert len(engine.plan.prefix) > 16
        together = [engine.assess(question) for question in [*questions, *reversed(questions)]]
    for question, first, again in zip(questions, together, reversed(together), strict=False):
        with Engine(f32, context=512, threads=1) as engine:
            alone = engine.assess(question)
        for found in (first, again):
            assert found.answer == alone.answer
            np.testing.assert_allclose(
                found.bucket_probabilities, alone.bucket_probabilities, atol=2e-3
            )


def test_the_kept_prefix_outlives_a_question_that_is_longer_than_window_and_batch(
    f32: Path,
) -> None:
    """Only a cache of full size still holds the prefix after so many tokens."""
    long, short = (
        Question.from_options(f"{'word ' * count}which?", ["4", "5", "6"]) for count in (260, 1)
    )
    with Engine(f32, context=2048, threads=1) as engine:
        assert len(engine.user_tokens(long.text())) > 16 + BATCH
        alone = engine.assess(short)
        engine.assess(long)
        after = engine.assess(short)
    assert after.answer == alone.answer
    assert after.bucket_probabilities == alone.bucket_probabilities


def test_the_vocabularys_kinds(f32: Path) -> None:
    fields = gguf.GGUFReader(f32).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    types = dict(zip(tokens, fields["tokenizer.ggml.token_type"].contents(), strict=True))
    kinds = [types[name] for name in ("<bos>", "<unk>", "<0x41>", "a", "<table>", "  ")]
    assert kinds == [3, 3, 6, 1, 4, 4]
    assert list(types.values())[-UNUSED_ROWS:] == [5] * UNUSED_ROWS
    assert not [name for name in tokens if name in MATCHED and name.startswith("▁")]
    assert fields["tokenizer.ggml.model"].contents() == "llama"
    assert fields["tokenizer.ggml.add_space_prefix"].contents() is False
    assert fields["tokenizer.ggml.add_bos_token"].contents() is True
    assert tokens[fields["tokenizer.ggml.bos_token_id"].contents()] == "<bos>"


@pytest.fixture
def folder(gemma: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return copytree(gemma, tmp_path / "copy")


@pytest.mark.parametrize(("step", "expected"), [(6, None), (2, [True, False] * 3 + [True])])
def test_the_windows_may_be_given_as_a_step(
    folder: Path, tmp_path: Path, step: int, expected: list[bool] | None
) -> None:
    """As transformers 4 wrote them."""
    layers = json.loads((folder / "config.json").read_text("utf-8"))["num_hidden_layers"]
    edit(folder / "config.json", layer_types=None, sliding_window_pattern=step)
    metadata = read_header(written(folder, "f16", tmp_path / "m.gguf")).metadata
    found = metadata.get("gemma3.attention.sliding_window_pattern")
    assert found == (expected and expected[:layers])


def test_an_added_token_without_a_row_is_left_out(folder: Path, tmp_path: Path) -> None:
    """As Gemma-3 1B's token for an image, which is beyond its embedding."""
    parsed = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    rows = json.loads((folder / "config.json").read_text("utf-8"))["vocab_size"]
    image = {**parsed["added_tokens"][0], "content": "<image_soft_token>", "id": rows}
    edit(folder / "tokenizer.json", added_tokens=[*parsed["added_tokens"], image])
    path = written(folder, "f16", tmp_path / "m.gguf")
    tokens = gguf.GGUFReader(path).fields["tokenizer.ggml.tokens"].contents()
    assert len(tokens) == rows
    assert "<image_soft_token>" not in tokens


REFUSED = {
    "query_pre_attn_scalar": 256,
    "attn_logit_softcapping": 50.0,
    "use_bidirectional_attention": True,
}


@pytest.mark.parametrize(("name", "value"), REFUSED.items(), ids=REFUSED)
def test_what_llama_cpp_would_not_run_alike_is_refused(
    folder: Path, tmp_path: Path, name: str, value: object
) -> None:
    edit(folder / "config.json", **{name: value})
    with pytest.raises(ModelFileError, match=name):
        written(folder, "f16", tmp_path / "m.gguf")
