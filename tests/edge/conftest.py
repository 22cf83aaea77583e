"""Models that are loaded once: the starter, scripted ones, and a random one through the exporter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from foggen import Router

from .scripted_model import Script, write_model

Scripted = Callable[..., Path]
Opened = Callable[..., Router]


@pytest.fixture(scope="session")
def router(_session_environment: None) -> Iterator[Router]:
    """The model in the box, without a cloud."""
    with Router.open() as opened:
        yield opened


@pytest.fixture(scope="session")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Scripted:
    """`scripted(bucket=0.75, answer="C")` is the file of a model that says so."""
    made: dict[str, Path] = {}
    folder = tmp_path_factory.mktemp("scripted")

    def make(**words: Any) -> Path:
        script = replace(Script(), **words)
        if repr(script) not in made:
            made[repr(script)] = write_model(folder / f"scripted-{len(made)}.gguf", script)
        return made[repr(script)]

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
