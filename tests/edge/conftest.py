"""Models that are loaded once: the starter, scripted ones, and a random one through the exporter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from foggen import Router
from foggen.engine.engine import Engine
from foggen.store.known_models import remember_tried, sha256_of

from .nano_model import NANO, QWEN, QWEN_FOLDER, write_checkpoint, write_gguf
from .scripted_model import Script, write_model

Scripted = Callable[..., Path]
Opened = Callable[..., Router]


@pytest.fixture(scope="session")
def router(_session_environment: None) -> Iterator[Router]:
    """The model in the box, without a cloud."""
    with Router.open() as opened:
        yield opened


@pytest.fixture(scope="session")
def scripted_file(tmp_path_factory: pytest.TempPathFactory) -> Scripted:
    """As `scripted`, but unknown to the test's home: the first load of it is in a child process."""
    made: dict[str, Path] = {}
    folder = tmp_path_factory.mktemp("scripted")

    def make(**words: Any) -> Path:
        script = replace(Script(), **words)
        if repr(script) not in made:
            made[repr(script)] = write_model(folder / f"scripted-{len(made)}.gguf", script)
        return made[repr(script)]

    return make


@pytest.fixture
def scripted(scripted_file: Scripted, user_folder: Path) -> Scripted:
    """`scripted(bucket=0.75, answer="C")` is the file of a model that says so.

    The test's home knows it, as a first load in a child process takes half a second.
    """

    def make(**words: Any) -> Path:
        path = scripted_file(**words)
        remember_tried(path, Path(os.environ["FOGGEN_HOME"]), sha256_of(path))
        return path

    return make


@pytest.fixture
def opened(scripted: Scripted) -> Iterator[Opened]:
    """`opened(words_of_the_script, **settings)` is a router with a scripted model."""
    routers: list[Router] = []

    def make(words: dict[str, Any] | None = None, **settings: Any) -> Router:
        routers.append(Router.open(str(scripted(**words or {})), **settings))
        return routers[-1]

    yield make
    for router in routers:
        router.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The rows of a batch."""
    return tmp_path / "in.jsonl"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The results of a batch."""
    return tmp_path / "out.jsonl"


@dataclass(frozen=True)
class RandomModel:
    """A random model: its checkpoint, its tokenizer, its GGUF in q8_0, and an engine in f32.

    Quantized activations come out differently for one token and for many, and a random model makes
    much of little; what must be equal is compared in f32.
    """

    folder: Path
    tokenizer: Any
    path: Path
    engine: Engine


@pytest.fixture(scope="session")
def nano(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RandomModel]:
    """A small vocabulary of the training's own."""
    yield from _random_model(tmp_path_factory.mktemp("nano"), NANO)


@pytest.fixture(scope="session")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RandomModel]:
    """Qwen's real vocabulary."""
    if not QWEN_FOLDER.is_dir():
        pytest.skip(f"no vocabulary in {QWEN_FOLDER}")
    yield from _random_model(tmp_path_factory.mktemp("qwen"), QWEN)


def _random_model(folder: Path, kind: str) -> Iterator[RandomModel]:
    for library in ("torch", "transformers", "safetensors"):
        pytest.importorskip(library)
    tokenizer = write_checkpoint(folder / "checkpoint", kind)
    path = write_gguf(folder / "checkpoint", kind, folder / f"{kind}-q8_0.gguf", "q8_0")
    exact = write_gguf(folder / "checkpoint", kind, folder / f"{kind}-f32.gguf", "f32")
    with Engine(exact) as engine:
        yield RandomModel(folder / "checkpoint", tokenizer, path, engine)
