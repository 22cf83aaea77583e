"""A question, short settings, and a way to ask that expects an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import foggen_cloud
from foggen_cloud import CloudAnswer, CloudClient, CloudError, CloudSettings
from foggen_cloud.testing import FakeCloud, FakeReply, Handler, RawServer

QUESTION = "A firm holds 200 and owes 100. Its ratio is\nA. 0.67\nB. 1.00\nC. 1.50\nD. 2.00"
LABELS = ("A", "B", "C", "D")
OPTIONS = ("0.67", "1.00", "1.50", "2.00")
DEADLINE_S = 0.3
WAIT_S = 20.0  # far more than anything here takes
KEY = "key-0123456789-secret"


def settings(url: str = "http://127.0.0.1:9/v1", **changes: Any) -> CloudSettings:
    values: dict[str, Any] = {"url": url, "model": "asked-model", "deadline_s": WAIT_S}
    return CloudSettings(**(values | changes))


@contextmanager
def serving(*handlers: Handler, **changes: Any) -> Iterator[tuple[RawServer, CloudClient]]:
    """A server with these handlers and a client of it; `changes` are settings."""
    with RawServer(*handlers) as server, CloudClient(settings(server.url, **changes)) as client:
        yield server, client


def fake_client(*script: Any, **changes: Any) -> CloudClient:
    return CloudClient(settings(**changes), transport=FakeCloud(*script))


def ask_fake(*script: Any, **changes: Any) -> CloudAnswer:
    with fake_client(*script, **changes) as client:
        return client.ask(QUESTION, LABELS, OPTIONS)


def error_of(work: Callable[[], object]) -> CloudError:
    with pytest.raises(CloudError) as caught:
        work()
    return caught.value


def error_from(handler: Handler, ask: Callable[..., CloudAnswer], **changes: Any) -> CloudError:
    """The error of one question to a server with this handler."""
    with serving(handler, **changes) as (_, client):
        return error_of(lambda: ask(client))


def error_of_reply(status: int, body: Any, headers: Any = None) -> CloudError:
    """The error that a whole reply with this status and JSON body becomes."""
    return error_of(lambda: ask_fake(FakeReply(status, body, headers or {}), key=KEY))


def body_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    """Run `program` in a fresh interpreter that finds the package."""
    source = str(Path(foggen_cloud.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env=os.environ | {"PYTHONPATH": source},
    )
