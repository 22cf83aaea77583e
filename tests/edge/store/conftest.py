"""A hub on loopback that serves one model, and a home for the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from foggen.config import Settings
from foggen.store import known_models

from ..loopback_hub import LoopbackHub
from .pulling import BOX, FILE


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with LoopbackHub({FILE: BOX, "README.md": b"hello"}) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def hasty(settings: Settings) -> Settings:
    """The same home, and soon a stall."""
    return replace(settings, stall_s=0.5)


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first load in a child takes half a second, and is of interest in m07 and a few more."""
    if "m07" not in request.node.name and request.node.name != "test_a_pull_from_a_hub":
        monkeypatch.setattr(known_models, "load_in_child", lambda *_, **__: None)
