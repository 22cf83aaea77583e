"""The proof of an export: parity, agreement, figures, the report, and what happens if it fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import Contract, published
from foggen.engine.engine import Engine
from foggen.engine.native import MAX_OUTPUTS, Model
from foggen.errors import ModelFileError
from foggen.question.question import Question
from foggen.store.models import describe
from foggen_export import verified
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import Source, opened
from foggen_export.importance import importance
from foggen_export.loading import load_model, load_tokenizer
from foggen_export.metadata import with_contract
from foggen_export.parity import LogitParity, TokenParity, logit_parity, token_parity
from foggen_export.prompts import IMPORTANCE_QUESTIONS
from foggen_export.quality import Agreement, agreement, compared_places, figures
from foggen_export.quantize import quantize
from foggen_export.report import MOST_DIFFERENCE, QuantReport, Report
from foggen_export.tokens import prompt_ids
from foggen_export.verified import Proof, export_verified

from .gemma_checkpoint import write_gemma
from .test_gguf_file import tensors

QWEN, GEMMA = "qwen3", "gemma3"
LABELLED = [
    Keyed(
        f"{domain}-{n}",
        domain,
        Question.parse(f"What is {n} + {n}?\nA. {2 * n}\nB. 7\nC. 1"),
        n % 3,
    )
    for domain in ("math", "law")
    for n in range(10)
]


@pytest.fixture(scope="module", params=[QWEN, GEMMA])
def source(
    request: pytest.FixtureRequest,
    tied_checkpoint: tuple[Path, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Source]:
    folder = tied_checkpoint[0]
    if request.param == GEMMA:
        folder = tmp_path_factory.mktemp("gemma") / GEMMA
        write_gemma(folder)
    contract = published(request.param)
    with opened(
        Checkpoint.open(folder), contract, "n", tmp_path_factory.mktemp("f"), kind="f32"
    ) as s:
        yield s


# --- parity -------------------------------------------------------------------------------------


def test_an_export_has_the_tokens_and_the_logits_of_its_checkpoint(source: Source) -> None:
    model = Model(source.floats)
    tokens = token_parity(model, source.checkpoint.folder, source.contract)
    assert tokens.texts > 20
    assert tokens.different == ()
    logits = logit_parity(model, source.checkpoint.folder, source.contract)
    model.close()
    assert logits.prompts > 20
    assert 0 < logits.largest_difference < MOST_DIFFERENCE
    assert logits.other_best == 0


def test_another_tokenizers_texts_are_named(source: Source, tmp_path: Path) -> None:
    """A vocabulary with two tokens changed over: what holds them is found, the rest is not."""
    from shutil import copytree

    folder = copytree(source.checkpoint.folder, tmp_path / "copy")
    content = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    vocabulary = content["model"]["vocab"]
    vocabulary["q"], vocabulary["x"] = vocabulary["x"], vocabulary["q"]
    (folder / "tokenizer.json").write_text(json.dumps(content), "utf-8")
    model = Model(source.floats)
    found = token_parity(model, folder, source.contract).different
    model.close()
    assert [text for text in found if "x^2" in text]
    assert "A. 0.67\nB. 1.00\nC. 1.50\nD. 2.00" not in found


def test_other_weights_are_found(source: Source, tmp_path: Path) -> None:
    from shutil import copytree

    from safetensors.numpy import load_file, save_file

    folder = copytree(source.checkpoint.folder, tmp_path / "copy")
    weights = load_file(folder / "model.safetensors")
    weights["model.layers.1.mlp.up_proj.weight"][:9] *= 1.5  # all would be normed away again
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    model = Model(source.floats)
    assert logit_parity(model, folder, source.contract).largest_difference > MOST_DIFFERENCE
    model.close()


# --- quality ------------------------------------------------------------------------------------


def test_a_file_agrees_with_itself_and_less_the_fewer_bits_it_has(
    source: Source, tmp_path: Path
) -> None:
    found = {}
    with Engine(source.floats, context=1024) as floats:
        for quant in ("f32", "q8_0", "q4_0"):
            source.make(quant, tmp_path / quant)
            with Engine(tmp_path / quant, context=1024) as engine:
                found[quant] = agreement(floats, engine)
    assert found["f32"] == Agreement(1.0, pytest.approx(0.0, abs=1e-9), 1.0, 1.0)
    assert found["f32"].divergence < found["q8_0"].divergence < found["q4_0"].divergence
    assert found["q8_0"].best_token > found["q4_0"].best_token - 0.02


@pytest.mark.parametrize("length", [1, 7, 8, 9, 60, 200])
def test_the_places_compared_are_spread_over_a_prompt_up_to_its_end(length: int) -> None:
    """The reply begins after the last one; a prompt's first tokens alone are the system's."""
    places = compared_places(length)
    assert places == sorted(set(places))
    assert len(places) == min(length, MAX_OUTPUTS)
    assert places[-1] == length - 1
    gaps = {later - earlier for earlier, later in pairwise(places)}
    assert len(gaps) <= 1
    assert places[0] < MAX_OUTPUTS + length // MAX_OUTPUTS


def test_figures_are_means_of_the_domains(source: Source) -> None:
    with Engine(source.floats, context=1024) as engine:
        whole = figures(engine, LABELLED)
        parts = [figures(engine, [i for i in LABELLED if i.domain == d]) for d in ("math", "law")]
    assert whole.questions == 20
    assert whole.accuracy == pytest.approx(np.mean([part.accuracy for part in parts]))
    assert whole.cloud_share == pytest.approx(np.mean([part.cloud_share for part in parts]))


# --- importance ---------------------------------------------------------------------------------


def test_importance_is_the_mean_square_of_a_layers_inputs(source: Source) -> None:
    found = importance(source.checkpoint, source.contract)
    layers = int(source.checkpoint.number("num_hidden_layers"))
    kinds = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
    assert {f"blk.{n}.{kind}.weight" for n in range(layers) for kind in kinds} <= set(found)
    shapes = {name: tensor.shape for name, tensor in tensors(source.floats).items()}
    for name, values in found.items():
        if name in shapes:  # a tied output matrix is none in the file
            assert values.shape == (shapes[name][0],)  # columns come first in a GGUF
        assert (values >= 0).all()
    np.testing.assert_array_equal(found["blk.0.attn_q.weight"], found["blk.0.attn_k.weight"])
    expected = np.concatenate(inputs_of_a_layer(source)).astype(np.float64)  # (tokens, columns)
    assert found["blk.1.ffn_down.weight"] == pytest.approx((expected**2).mean(0), rel=1e-5)


def inputs_of_a_layer(source: Source) -> list[np.ndarray[Any, Any]]:
    """What the second layer's last product gets of each prompt, (tokens, columns)."""
    import torch

    model, folder = load_model(source.checkpoint.folder), source.checkpoint.folder
    inputs: list[np.ndarray[Any, Any]] = []
    model.model.layers[1].mlp.down_proj.register_forward_hook(
        lambda _, given, __: inputs.append(given[0][0].numpy())
    )
    tokenizer = load_tokenizer(folder)
    with torch.inference_mode():
        for question in IMPORTANCE_QUESTIONS:
            model(torch.tensor([prompt_ids(tokenizer, source.contract, question)]))
    return inputs


def test_importance_reaches_the_quantizer(source: Source, tmp_path: Path) -> None:
    """A column that alone counts is kept better than without."""
    name = "blk.0.ffn_down.weight"
    exact = tensors(source.floats)[name]
    weights = np.full(exact.shape[0], 1e-6, np.float32)
    weights[3] = 1.0
    errors = []
    for importance_of in (None, {name: weights}):
        quantize(source.floats, tmp_path / "q", "q4_0", importance_of)
        found = tensors(tmp_path / "q")[name]
        values = gguf.quants.dequantize(found.data, found.tensor_type)
        errors.append(np.abs(values[:, 3] - exact.data[:, 3]).mean())
    assert errors[1] < errors[0] / 2


# --- metadata -----------------------------------------------------------------------------------


def test_another_contract_changes_nothing_else(source: Source, tmp_path: Path) -> None:
    source.make("q4_0", tmp_path / "a")
    contract = replace(source.contract, tau=0.75, round="R9", assumed=False)
    with_contract(tmp_path / "a", tmp_path / "b", contract)
    before, after = (gguf.GGUFReader(tmp_path / name) for name in "ab")
    theirs = [{n for n in part.fields if not n.startswith("foggen.")} for part in (before, after)]
    assert theirs[0] == theirs[1]
    for name, field in before.fields.items():
        if not name.startswith(("foggen.", "GGUF.")):
            assert field.contents() == after.fields[name].contents(), name
            assert field.types == after.fields[name].types, name
    for old, new in zip(before.tensors, after.tensors, strict=True):
        assert (old.name, old.tensor_type, list(old.shape)) == (
            new.name,
            new.tensor_type,
            list(new.shape),
        )
        np.testing.assert_array_equal(old.data, new.data)
    with Engine(tmp_path / "b", context=512) as engine:
        assert engine.contract == contract
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


# --- the whole ----------------------------------------------------------------------------------


def test_files_come_with_a_report_and_their_own_calibration(source: Source, tmp_path: Path) -> None:
    proof = Proof(LABELLED, "questions.jsonl", use_importance=True, keep_failed=True)
    paths = export_verified(source, ["q8_0", "q4_0"], tmp_path, proof)
    name = source.checkpoint.name
    assert [path.name for path in paths] == [f"{name}-q8_0.gguf", f"{name}-q4_0.gguf"]
    assert {path.name for path in tmp_path.iterdir()} == {
        *(path.name for path in paths),
        *(f"{path.name}.manifest.json" for path in paths),
        f"{name}-report.md",
        f"{name}-report.json",
    }
    for path, quant in zip(paths, ("q8_0", "q4_0"), strict=True):
        shown = describe(str(path), tmp_path).as_dict()
        with Engine(path, context=1024) as engine:
            measured = figures(engine, LABELLED)
        assert shown["calibration"]["buckets"] == measured.calibration
        assert (shown["calibration"]["quant"], shown["calibration"]["data"]) == (
            quant,
            "questions.jsonl",
        )
    found = json.loads((tmp_path / f"{name}-report.json").read_text("utf-8"))
    assert [quant["quant"] for quant in found["quants"]] == ["q8_0", "q4_0"]
    assert {quant["importance"] for quant in found["quants"]} <= {"used", "no help"}
    text = (tmp_path / f"{name}-report.md").read_text("utf-8")
    assert "| q4_0 |" in text
    assert "| floats |" in text


def test_an_export_that_fails_its_checks_places_no_file(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verified, "token_parity", lambda *_: TokenParity(27, ("Қазақ",)))
    with pytest.raises(ModelFileError, match=r"tokens of 'Қазақ'.*report\.md.*--keep-failed"):
        export_verified(source, ["q8_0"], tmp_path, Proof())
    assert {path.suffix for path in tmp_path.iterdir()} == {".md", ".json"}
    assert "tokens of 'Қазақ'" in next(tmp_path.glob("*.md")).read_text("utf-8")


GOOD = Report(
    "here",
    "",
    TokenParity(27, ()),
    LogitParity(24, 1e-5, 0, 1),
    None,
    (
        QuantReport("q8_0", 1, Agreement(1.0, 0.0, 1.0, 1.0)),
        QuantReport("iq4_nl", 1, Agreement(0.9, 0.1, 0.9, 0.9)),
    ),
)
BAD = {
    "a logit differs from transformers' by 2.0e-03": replace(
        GOOD, logits=LogitParity(24, 2e-3, 0, 0)
    ),
    "the best token differs from transformers' in 2 prompts": replace(
        GOOD, logits=LogitParity(24, 1e-5, 2, 0)
    ),
    "a logit differs from the live adapter's by 2.0e-03 of the largest": replace(
        GOOD, merge=LogitParity(24, 2e-3, 0, 0)
    ),
    "a logit differs from the live adapter's by nan of the largest": replace(
        GOOD, merge=LogitParity(24, float("nan"), 0, 0)
    ),
    "the best token differs from the live adapter's in 3 prompts": replace(
        GOOD, merge=LogitParity(24, 1e-5, 3, 0)
    ),
    "q8_0: only 90.0% of the best tokens match": replace(
        GOOD, quants=(QuantReport("q8_0", 1, Agreement(0.9, 0.0, 1.0, 1.0)),)
    ),
    "q4_k_m: a divergence of 0.500": replace(
        GOOD, quants=(QuantReport("q4_k_m", 1, Agreement(1.0, 0.5, 1.0, 1.0)),)
    ),
}


def test_what_is_within_the_limits_passes() -> None:
    assert GOOD.problems == []
    assert GOOD.text().endswith("Passed.\n")


@pytest.mark.parametrize(("words", "report"), BAD.items(), ids=BAD)
def test_what_is_beyond_a_limit_is_said(words: str, report: Report) -> None:
    (problem,) = report.problems
    assert words in problem
    assert f"- {problem}" in report.text()


def test_a_checkpoint_says_what_it_was_trained_to(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    from shutil import copytree

    folder = copytree(tied_checkpoint[0], tmp_path / "copy")
    assert Checkpoint.open(folder).stored_contract() is None
    plan = {
        "chat_layout": "qwen3",
        "system_prompt": "Be sure.",
        "raw_system_prompt": "x",
        "base": "y",
    }
    (folder / "foggen.json").write_text(json.dumps(plan), "utf-8")
    assert Checkpoint.open(folder).stored_contract() == Contract("qwen3", "Be sure.")
