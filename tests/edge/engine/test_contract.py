"""`foggen.engine.contract`: the prompt, and how a GGUF's metadata becomes a contract or an error."""

from __future__ import annotations

from typing import Any

import pytest

from foggen.engine import contract as contracts
from foggen.engine.contract import (
    BUCKETS,
    Contract,
    by_letters,
    from_metadata,
    published,
    reply_text,
    to_metadata,
)
from foggen.errors import ModelFileError, UsageError

from ..helpers import SHARED

CALIBRATION = {"buckets": {"0.75": {"n": 40, "accuracy": 0.8}}, "score": "expected"}
OWN = Contract("qwen3", "Say your confidence.", tau=0.25, round="R3", calibration=CALIBRATION)
CARDS = {"qwen3": "foggen-model-card.md", "gemma3": "foggen-gemma3-270m-model-card.md"}


def test_metadata_there_and_back() -> None:
    assert from_metadata(to_metadata(OWN), "qwen3") == OWN


@pytest.mark.parametrize("layout", ["qwen3", "gemma3"])
@pytest.mark.parametrize("key", ["general.name", "general.basename"])
def test_a_stock_conversion_of_a_published_checkpoint_has_the_published_contract(
    layout: str, key: str
) -> None:
    contract = from_metadata({key: "Foggen Gemma3 270m"}, layout)
    assert contract == published(layout) == from_metadata({key: "Foggen"}, layout, layout)
    assert contract.assumed
    assert contract.says_confidence
    assert contract.tau == 0.5
    assert not from_metadata(to_metadata(OWN), layout).assumed


@pytest.mark.parametrize("architecture", ["qwen3", "gemma3", "qwen2", "llama"])
def test_a_model_without_keys_answers_by_its_letters_and_keeps_nothing(architecture: str) -> None:
    contract = from_metadata({"general.name": "Some Instruct"}, architecture, "chatml")
    assert contract == by_letters("chatml")
    assert not contract.says_confidence
    assert contract.tau == 1.0
    assert "onfidence" not in contract.prompt("Why?")


def test_no_other_architecture_is_taken_for_a_published_checkpoint() -> None:
    assert not from_metadata({"general.name": "Foggen"}, "qwen2").says_confidence


def test_a_layout_against_the_file_s_own_contract_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'qwen3', not 'llama3'.*--layout"):
        from_metadata(to_metadata(OWN), "qwen3", "llama3")
    assert from_metadata(to_metadata(OWN), "qwen3", "qwen3") == OWN


@pytest.mark.parametrize("layout", ["qwen3", "gemma3"])
def test_the_published_prompt_is_the_card_s(layout: str) -> None:
    card = SHARED / "reference" / CARDS[layout]
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not here")
    lines = [line.strip() for line in card.read_text("utf-8").splitlines()]
    for line in published(layout).system_prompt.splitlines():
        assert any(line in other for other in lines), line


@pytest.mark.parametrize("own", [{}, to_metadata(OWN)], ids=["assumed", "its own"])
def test_m07_an_unknown_architecture_names_those_that_run(own: dict[str, Any]) -> None:
    with pytest.raises(ModelFileError, match=r"mamba.*qwen3, qwen2, gemma3, llama"):
        from_metadata(own, "mamba")


def test_m07_a_newer_contract_says_upgrade() -> None:
    with pytest.raises(ModelFileError, match=r"version 2.*upgrade"):
        from_metadata(to_metadata(OWN) | {"foggen.contract_version": 2}, "qwen3")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("chat_layout", "zephyr"),
        ("buckets", [0.0, 0.5, 1.0]),
        ("buckets", None),
        ("buckets", 3),
        ("tau", float("nan")),
        ("tau", 1.5),
        ("tau", "high"),
        ("calibration", "{"),
        ("calibration", "[1]"),
        ("calibration", "7"),
    ],
)
def test_m07_a_damaged_contract_is_refused(key: str, value: Any) -> None:
    with pytest.raises(ModelFileError, match="contract") as caught:
        from_metadata(to_metadata(OWN) | {f"foggen.{key}": value}, "qwen3")
    assert caught.value.hint


@pytest.mark.parametrize("key", ["chat_layout", "system_prompt", "tau", "buckets"])
def test_m07_a_contract_with_a_key_missing_is_refused(key: str) -> None:
    metadata = to_metadata(OWN)
    del metadata[f"foggen.{key}"]
    with pytest.raises(ModelFileError, match=key):
        from_metadata(metadata, "qwen3")


def test_a_contract_without_round_and_calibration_is_whole() -> None:
    metadata = to_metadata(OWN)
    del metadata["foggen.round"], metadata["foggen.calibration"]
    contract = from_metadata(metadata, "qwen3")
    assert (contract.round, contract.calibration) == ("", {})


def test_the_prompt_is_qwen3_s_with_thinking_off() -> None:
    assert OWN.prompt("Why?\nA. x\nB. y") == (
        "<|im_start|>system\nSay your confidence.<|im_end|>\n"
        "<|im_start|>user\nWhy?\nA. x\nB. y<|im_end|>\n"
        "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    )


def test_the_prompt_of_gemma3_has_no_system_role() -> None:
    prompt = published("gemma3").prompt("Why?")
    assert prompt.startswith("<bos><start_of_turn>user\nYou are a self-aware")
    assert prompt.endswith("\n\nWhy?<end_of_turn>\n<start_of_turn>model\n")
    assert "<think>" not in prompt


def test_only_the_user_s_part_is_no_scaffold() -> None:
    segments = OWN.segments("<|im_end|>")
    assert [segment.scaffold for segment in segments] == [True, False, True]
    assert segments[1].text == "<|im_end|>"
    assert segments[0] == OWN.prefix() == OWN.segments("other")[0]


def test_the_reply_is_the_published_format() -> None:
    assert [reply_text(bucket, "B") for bucket in BUCKETS] == [
        f"Confidence: {text}\nFinal answer: B" for text in ("0.0", "0.25", "0.5", "0.75", "1.0")
    ]
    assert OWN.bucket_texts == ("0.0", "0.25", "0.5", "0.75", "1.0")
    assert contracts.ANSWER_PREFIX.endswith(":")  # the label's token has its own space
    assert contracts.CONFIDENCE_PREFIX.endswith(": ")  # a digit's has none
