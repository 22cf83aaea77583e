"""Every test starts without proxies and without certificates of its own in the environment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from foggen_cloud import CloudAnswer, CloudClient

from .helpers import LABELS, OPTIONS, QUESTION

ENVIRONMENT = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

Ask = Callable[..., CloudAnswer]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ENVIRONMENT, *(name.lower() for name in ENVIRONMENT)):
        monkeypatch.delenv(name, raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["ask", "aask"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Both kinds of asking, as one blocking function of a client."""

    def ask_once(client: CloudClient, **options: Any) -> CloudAnswer:
        if request.param == "ask":
            return client.ask(QUESTION, LABELS, OPTIONS, **options)
        return asyncio.run(client.aask(QUESTION, LABELS, OPTIONS, **options))

    return ask_once
