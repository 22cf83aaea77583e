"""A cloud by script, as a transport for `CloudClient(transport=)`; see `testing.py`."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2


@dataclass(frozen=True)
class FakeReply:
    """A scripted HTTP reply: status, JSON body, headers, and a delay before it in seconds."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


Step = str | int | FakeReply | Exception
Script = Step | Callable[[Mapping[str, Any]], Step]


def completion(text: str | None, **changes: Any) -> dict[str, Any]:
    """The body of a chat completion with this text. `changes` replace fields of its choice."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "stop",
    }
    return {
        "id": "fake",
        "object": "chat.completion",
        "model": "fake-model",
        "choices": [choice | changes],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }


class FakeCloud(httpx2.AsyncBaseTransport):
    """A scripted cloud with one step per request; the last step repeats.

    A step is a text (the model's reply), a number (the HTTP status of a failure), a `FakeReply`, an
    exception (OSError: no connection; TimeoutError: no answer; any other is raised as it is), or a
    function that takes the request's JSON and returns one of these. `requests` holds the JSON
    bodies and `headers` the request headers, in order.
    """

    def __init__(self, *script: Script) -> None:
        if not script:
            raise ValueError("a FakeCloud needs at least one step")
        self._script = script
        self._lock = threading.Lock()
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(await request.aread())
        with self._lock:
            step = self._script[min(len(self.requests), len(self._script) - 1)]
            self.requests.append(body)
            self.headers.append(dict(request.headers))
        return await _play(step(body) if callable(step) else step)


async def _play(step: Step) -> httpx2.Response:
    if isinstance(step, TimeoutError):
        raise httpx2.ReadTimeout("scripted") from step
    if isinstance(step, OSError):
        raise httpx2.ConnectError("scripted") from step
    if isinstance(step, Exception):
        raise step
    if isinstance(step, str):
        step = FakeReply(body=completion(step))
    if isinstance(step, int):
        step = FakeReply(status=step, body={"error": {"message": "scripted"}})
    await asyncio.sleep(step.delay_s)
    return httpx2.Response(
        step.status, content=json.dumps(step.body).encode("ascii"), headers=dict(step.headers)
    )
