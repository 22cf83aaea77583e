"""`foggen-edge models pull` of a checkpoint: fetched from a hub, exported in a child process, stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foggen.config import load_settings
from foggen.engine.gguf_header import read_header
from foggen.store.store import Store

from ..edge.helpers import cli, command
from ..edge.loopback_hub import REPO, LoopbackHub

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("safetensors")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with LoopbackHub({}) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


def test_a_checkpoint_of_a_hub_is_exported(
    hub: LoopbackHub, tied_checkpoint: tuple[Path, Any]
) -> None:
    hub.files = {path.name: path.read_bytes() for path in tied_checkpoint[0].iterdir()}
    hub.files |= {"pytorch_model.bin": b"x" * 99, "onnx/model.safetensors": b"x" * 99}
    outcome = command("models", "pull", REPO, "-q", "q8_0")
    assert outcome.out == "tiny-gguf-q8_0\n", outcome.err
    entry = Store(load_settings().home).entry("tiny-gguf-q8_0")
    assert (entry.text("quant"), entry.manifest["exported"]) == ("q8_0", True)
    assert read_header(entry.path).metadata["general.name"] == "tiny-GGUF"
    assert not any(".bin" in asked.path or "onnx" in asked.path for asked in hub.asked)
    assert [path.name for path in Store(load_settings().home).folder.rglob("*.safetensors")] == []
    damage(entry.path)
    assert cli("models", "pull", "--repair", entry.name).code == 0
    assert cli("models", "verify", entry.name).code == 0


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(data)


def test_a_checkpoint_that_cannot_be_exported_leaves_nothing(hub: LoopbackHub) -> None:
    hub.files = {"model.safetensors": b"x" * 99, "config.json": b'{"architectures": ["Bert"]}'}
    outcome = command("models", "pull", REPO)
    assert outcome.code == 65
    assert "Bert" in outcome.err.splitlines()[-1]
    store = Store(load_settings().home)
    assert (store.names(), list(store.folder.rglob("*.safetensors"))) == ([], [])
