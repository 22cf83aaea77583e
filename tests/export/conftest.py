"""Two random checkpoints, made once: one whose embedding is the output matrix too, one with its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from foggen.engine.contract import Contract
from foggen_export.checkpoint import Checkpoint
from foggen_export.exporting import export

from ..edge.nano_model import NANO, write_checkpoint
from .adapters import write_adapter

TIED, UNTIED = "tied", "untied"
PUBLISHED = ("--contract", "published")  # so that nothing is said of a model without a contract
CONTRACT = Contract(
    "qwen3",
    'Say your confidence, then answer.\nСенім "дәрежесі".',
    tau=0.25,
    round="R3",
    calibration={"buckets": {"0.75": {"n": 4, "accuracy": 0.5}}, "score": "bucket"},
)


@dataclass(frozen=True)
class Exported:
    """A checkpoint's folder, its tokenizer as transformers has it, and GGUF files by quant."""

    folder: Path
    tokenizer: Any
    write: Callable[[str], Path]


@pytest.fixture(scope="session", params=[TIED, UNTIED])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """`exported.write("f32")` is the GGUF of a checkpoint, once with and once without tying."""
    folder = tmp_path_factory.mktemp(request.param)
    checkpoint = request.getfixturevalue(f"{request.param}_checkpoint")
    made: dict[str, Path] = {}

    def write(quant: str) -> Path:
        if quant not in made:
            made[quant] = export(
                Checkpoint.open(checkpoint[0]), CONTRACT, quant, folder / f"{quant}.gguf", name="n"
            )
        return made[quant]

    return Exported(*checkpoint, write)


@pytest.fixture(scope="session")
def tied_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    for library in ("torch", "transformers", "safetensors"):
        pytest.importorskip(library)
    folder = tmp_path_factory.mktemp("checkpoint") / TIED
    return folder, write_checkpoint(folder, NANO)


@pytest.fixture(scope="session")
def untied_checkpoint(tied_checkpoint: tuple[Path, Any]) -> tuple[Path, Any]:
    """The same tokenizer, other weights, in bfloat16 and in two files."""
    source, tokenizer = tied_checkpoint
    folder = source.with_name(UNTIED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        import torch
        from transformers import Qwen3Config, Qwen3ForCausalLM

        config = Qwen3Config.from_pretrained(source, tie_word_embeddings=False)
        torch.manual_seed(6)
        model = Qwen3ForCausalLM(config)
        for weights in model.parameters():
            weights.data *= 3
        model.to(torch.bfloat16).save_pretrained(folder, max_shard_size="1MB")
        tokenizer.save_pretrained(folder)
    return folder, tokenizer


@pytest.fixture
def checkpoint(tied_checkpoint: tuple[Path, Any], tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return copytree(tied_checkpoint[0], tmp_path / "checkpoint")


@pytest.fixture(scope="session")
def adapter(tied_checkpoint: tuple[Path, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound adapter of the tied checkpoint, to be copied and damaged."""
    pytest.importorskip("peft")
    folder = tmp_path_factory.mktemp("adapter") / "sound"
    write_adapter(tied_checkpoint[0], folder)
    return folder
