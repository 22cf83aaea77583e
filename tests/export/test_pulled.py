"""`foggen-edge models pull` of a checkpoint without torch: the exporter's own file, or one clear line."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")

from foggen.config import load_settings
from foggen.engine.gguf_header import read_header
from foggen.store.store import Store
from foggen_export.checkpoint import Checkpoint
from foggen_export.contracts import contract_for
from foggen_export.exporting import export

from ..edge.helpers import Outcome, command, is_one_line, python
from ..edge.loopback_hub import REPO, LoopbackHub
from . import without_torch
from .gemma_checkpoint import write_gemma
from .test_gguf_file import edit

NAME = "tiny-gguf"
QUESTION = "What is 2 + 3?\nA. 4\nB. 5\nC. 6\nD. 7"
CONTRACT = {"chat_layout": "qwen3", "system_prompt": "Say your confidence, then answer."}


@dataclass(frozen=True)
class Loopback:
    """A hub on loopback, and a command line without torch that pulls from it."""

    hub: LoopbackHub
    environment: dict[str, str]

    def serve(self, folder: Path) -> None:
        self.hub.files = {path.name: path.read_bytes() for path in folder.iterdir()}

    def run(self, *arguments: object) -> Outcome:
        return command(*arguments, **self.environment)

    def fails(self, *words: str) -> None:
        outcome = self.run("models", "pull", REPO, "-q", "q8_0")
        last = outcome.err.strip().splitlines()[-1]
        assert (outcome.code, outcome.out) == (65, ""), outcome.err
        assert is_one_line(last)
        assert all(word in last for word in words), last
        assert Store(load_settings().home).names() == []
        assert list(load_settings().home.rglob("*.gguf")) == []

    def weights_asked_for(self) -> list[str]:
        return [asked.path for asked in self.hub.of_files() if asked.path.endswith(".safetensors")]


@pytest.fixture
def loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    (tmp_path / "blocked").mkdir()
    with LoopbackHub({}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield Loopback(hub, without_torch.environment(tmp_path / "blocked"))


def test_the_blocked_libraries_cannot_be_imported(loopback: Loopback, tmp_path: Path) -> None:
    """The proof that the tests below do without them, also in a process of a process."""
    program = """
        import subprocess, sys
        code = "import transformers"
        print(subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True).stderr)
        """
    import os

    os.environ.update(loopback.environment)
    try:
        assert "No module named 'transformers'" in python(program).out
    finally:
        os.environ["PYTHONPATH"] = loopback.environment["PYTHONPATH"].partition(os.pathsep)[2]


# --- the exporter's own file ----------------------------------------------------------------------


def qwen(folder: Path, source: Path, kind: str, tied: bool) -> None:
    """The nano checkpoint's tokenizer, with other weights, in two files or more."""
    import torch
    from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config.from_pretrained(source, tie_word_embeddings=tied)
    torch.manual_seed(8)
    model = Qwen3ForCausalLM(config).to(getattr(torch, kind))
    model.save_pretrained(folder, max_shard_size="1MB")
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)
    (folder / "foggen.json").write_text(json.dumps(CONTRACT), "utf-8")


def gemma(folder: Path, kind: str, tied: bool) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    write_gemma(folder, tied=tied)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, kind))
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder, max_shard_size="300KB")


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
@pytest.mark.parametrize("kind", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize("architecture", ["qwen3", "gemma3"])
@pytest.mark.filterwarnings("ignore")
def test_a_pull_is_the_exporter_s_file(
    loopback: Loopback,
    tied_checkpoint: tuple[Path, Any],
    tmp_path: Path,
    architecture: str,
    kind: str,
    tied: bool,
) -> None:
    folder = tmp_path / "tiny-GGUF"
    if architecture == "qwen3":
        qwen(folder, tied_checkpoint[0], kind, tied)
    else:
        gemma(folder, kind, tied)
    assert len(list(folder.glob("*.safetensors"))) > 1
    loopback.serve(folder)
    outcome = loopback.run("models", "pull", f"{REPO}:Q8_0")
    assert outcome.out == f"{NAME}-q8_0\n", outcome.err
    assert "not compared with transformers" in outcome.err
    assert "a first answer" in outcome.err
    checkpoint = Checkpoint.open(folder)
    made = export(checkpoint, contract_for(checkpoint), "q8_0", tmp_path / "m.gguf", name="n")
    pulled = Store(load_settings().home).file(f"{NAME}-q8_0")
    assert tensor_bytes(pulled) == tensor_bytes(made)
    assert ("output.weight" in tensor_bytes(pulled)) != tied
    answer = loopback.run("ask", "-m", REPO, "--json", "--local-only", QUESTION)
    assert answer.json["model"]["name"] == f"{NAME}-q8_0"
    assert answer.json["edge_answer"] in ("A", "B", "C", "D")


def tensor_bytes(path: Path) -> dict[str, tuple[int, bytes]]:
    return {
        tensor.name: (int(tensor.tensor_type), tensor.data.tobytes())
        for tensor in gguf.GGUFReader(path).tensors
    }


def test_a_model_that_was_not_trained_to_the_contract_gets_none(
    loopback: Loopback, tied_checkpoint: tuple[Path, Any]
) -> None:
    loopback.serve(tied_checkpoint[0])
    assert loopback.run("models", "pull", REPO).code == 0
    metadata = read_header(Store(load_settings().home).file(f"{NAME}-q8_0")).metadata
    assert not any(key.startswith("foggen.") for key in metadata)
    assert metadata["general.name"] == "tiny-GGUF"


def test_a_gguf_beside_the_checkpoint_is_what_is_pulled(
    loopback: Loopback, tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    checkpoint = Checkpoint.open(tied_checkpoint[0])
    made = export(checkpoint, contract_for(checkpoint), "q4_0", tmp_path / "m.gguf", name="n")
    loopback.serve(tied_checkpoint[0])
    loopback.hub.files["tiny-Q4_0.gguf"] = made.read_bytes()
    outcome = loopback.run("models", "pull", REPO)
    assert outcome.out == "tiny-q4_0\n", outcome.err  # the file's own name
    assert Store(load_settings().home).file("tiny-q4_0").read_bytes() == made.read_bytes()
    assert loopback.weights_asked_for() == []


# --- what cannot be used ---------------------------------------------------------------------------

Damage = Callable[[Path], object]


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def too_many_tokens(folder: Path) -> None:
    path = folder / "tokenizer.json"
    content = json.loads(path.read_text("utf-8"))
    content["model"]["vocab"]["<beyond>"] = 99_999
    path.write_text(json.dumps(content), "utf-8")


def other_architecture(folder: Path) -> None:
    edit(folder / "config.json", architectures=["LlamaForCausalLM"], model_type="llama")


BEFORE_WEIGHTS = {
    "no tokenizer": (no_tokenizer, ("tokenizer.json", "save the tokenizer")),
    "a token beyond the embedding": (too_many_tokens, ("<beyond>", "rows")),
    "an architecture that is not exported": (other_architecture, ("LlamaForCausalLM",)),
}


@pytest.mark.parametrize(("damage", "words"), BEFORE_WEIGHTS.values(), ids=BEFORE_WEIGHTS)
def test_what_the_small_files_show_is_said_before_the_weights_are_fetched(
    loopback: Loopback, checkpoint: Path, damage: Damage, words: tuple[str, ...]
) -> None:
    damage(checkpoint)
    loopback.serve(checkpoint)
    loopback.fails(REPO, *words)
    assert loopback.weights_asked_for() == []


def test_an_unknown_quantization_is_refused_before_the_weights_are_fetched(
    loopback: Loopback, checkpoint: Path
) -> None:
    loopback.serve(checkpoint)
    outcome = loopback.run("models", "pull", f"{REPO}:Q9_K")
    assert outcome.code == 2
    assert "unknown quantization 'q9_k'" in outcome.err
    assert loopback.weights_asked_for() == []


def cut(data: bytes) -> bytes:
    return data[:-1000]


def longer(data: bytes) -> bytes:
    return data + b"\0" * 8


def no_table(data: bytes) -> bytes:
    return struct.pack("<Q", len(data)) + data[8:]


def overlapping(data: bytes) -> bytes:
    return with_table(data, lambda place: place.update(data_offsets=[0, 8]))


def another_shape(data: bytes) -> bytes:
    return with_table(data, lambda place: place.update(shape=[1, *place["shape"], 2]))


def with_table(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The file with another entry of its last tensor."""
    (length,) = struct.unpack("<Q", data[:8])
    table = json.loads(data[8 : 8 + length])
    change(table[max(name for name in table if name != "__metadata__")])
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


def not_finite(data: bytes) -> bytes:
    return data[:-4] + np.float32(np.nan).tobytes()


SHARDS = {
    "cut": (cut, "get the file again"),
    "longer": (longer, "get the file again"),
    "no table": (no_table, "get the file again"),
    "overlapping": (overlapping, "get the file again"),
    "another shape": (another_shape, "get the file again"),
    "not finite": (not_finite, "not finite"),
}


@pytest.mark.parametrize(("damage", "words"), SHARDS.values(), ids=SHARDS)
def test_a_shard_that_was_damaged_before_it_was_published(
    loopback: Loopback, checkpoint: Path, damage: Callable[[bytes], bytes], words: str
) -> None:
    path = checkpoint / "model.safetensors"
    path.write_bytes(damage(path.read_bytes()))
    loopback.serve(checkpoint)
    loopback.fails(words)


def test_a_tokenizer_that_llama_cpp_reads_otherwise(loopback: Loopback, checkpoint: Path) -> None:
    """An added token that its tokenizer matches only as a whole word."""
    path = checkpoint / "tokenizer.json"
    content = json.loads(path.read_text("utf-8"))
    content["normalizer"] = {"type": "Lowercase"}
    path.write_text(json.dumps(content), "utf-8")
    loopback.serve(checkpoint)
    loopback.fails("texts into other tokens than its tokenizer")


# --- the reader -------------------------------------------------------------------------------------


def test_a_model_that_is_not_here_names_the_command(loopback: Loopback) -> None:
    outcome = loopback.run("ask", "-m", "issai/foggen", QUESTION)
    assert outcome.code == 78
    assert is_one_line(outcome.err)
    assert "foggen-edge models pull issai/foggen" in outcome.err
