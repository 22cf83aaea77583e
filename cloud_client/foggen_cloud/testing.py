"""Public fakes for tests, which then patch nothing and need no network beyond loopback.

`FakeCloud` is a transport that answers or fails by script; pass it to `CloudClient(transport=)`.
`RawServer` is a loopback server that sends exact bytes, even those that no HTTP library would send:
half a body, one byte at a time, nothing at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx2

PIECE_BYTES = 65_536


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


class Peer:
    """A client's connection, as seen by a handler of `RawServer`. request: what to answer."""

    def __init__(
        self, connection: socket.socket, stopping: threading.Event, request: bytes = b""
    ) -> None:
        self._connection = connection
        self._stopping = stopping
        self.request = request

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def wait(self, seconds: float) -> None:
        """Sleep. Raises ConnectionAbortedError if the server stops meanwhile."""
        if self._stopping.wait(seconds):
            raise ConnectionAbortedError

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        linger_none = struct.pack("ii", 1, 0)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)
        self._connection.close()


Handler = Callable[[Peer], object]


class RawServer:
    """A loopback server in threads; use it in a `with` block.

    handlers: the n-th request goes to the n-th handler; the last one repeats. A handler writes to
    its peer, and returns True to keep the connection open for another request. tls: serve https
    with this context. `url` is the base URL, `requests` the raw requests so far, `connections` how
    many clients have connected.
    """

    def __init__(self, *handlers: Handler, tls: ssl.SSLContext | None = None) -> None:
        self._handlers = handlers
        self._tls = tls
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._spawn(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            while self._handle(connection):
                pass
        connection.close()

    def _handle(self, connection: socket.socket) -> bool:
        request = read_request(connection)
        if not request:
            return False
        with self._lock:
            handler = self._handlers[min(len(self.requests), len(self._handlers) - 1)]
            self.requests.append(request)
        return handler(Peer(connection, self._stopping, request)) is True


def read_request(connection: socket.socket) -> bytes:
    """Read one HTTP request with its body; b"" if the client closed the connection instead."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(PIECE_BYTES)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *([0-9]+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(PIECE_BYTES)
    return head + b"\r\n\r\n" + body


def http_reply(body: bytes, status: int = 200, *headers: str) -> bytes:
    """The bytes of a whole reply with its length. `headers` are lines like "Name: value"."""
    lines = [f"HTTP/1.1 {status} Scripted", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def says(text: str) -> Handler:
    """A healthy server whose model replies with `text`. It keeps the connection open."""
    return replies(http_reply(json.dumps(completion(text)).encode()))


def answers(reply: Callable[[Mapping[str, Any]], str | int]) -> Handler:
    """A healthy server. `reply` turns the request's JSON into the model's text, or the HTTP status
    of a failure."""

    def handle(peer: Peer) -> bool:
        step = reply(json.loads(peer.request.partition(b"\r\n\r\n")[2]))
        body = completion(step) if isinstance(step, str) else {"error": {"message": "scripted"}}
        status = 200 if isinstance(step, str) else step
        peer.send(http_reply(json.dumps(body).encode(), status))
        return True

    return handle


def replies(data: bytes) -> Handler:
    """Send exactly `data` and keep the connection open."""

    def handle(peer: Peer) -> bool:
        peer.send(data)
        return True

    return handle


def cuts(data: bytes) -> Handler:
    """Send `data` and close the connection, as if that were all."""
    return lambda peer: peer.send(data)


def drips(data: bytes, interval_s: float) -> Handler:
    """Send `data` byte by byte, with a pause of `interval_s` seconds after each."""

    def handle(peer: Peer) -> None:
        for position in range(len(data)):
            peer.send(data[position : position + 1])
            peer.wait(interval_s)

    return handle


def stays_silent(peer: Peer) -> None:
    """A handler: accept the request and never answer."""
    peer.wait(60)


def resets(data: bytes = b"") -> Handler:
    """Send `data`, which may be nothing, and reset the connection."""

    def handle(peer: Peer) -> None:
        if data:
            peer.send(data)
            peer.wait(0.05)  # a reset overtakes data that the client has not read
        peer.reset()

    return handle


def redirects(status: int, location: str) -> Handler:
    """Redirect the client to another address."""
    return replies(http_reply(b"", status, f"Location: {location}"))


def sends_gzip_bomb(megabytes: int) -> Handler:
    """A small gzip body that expands to `megabytes` MB of spaces."""
    packer = zlib.compressobj(9, wbits=31)
    blanks = b" " * 1_000_000
    body = b"".join(packer.compress(blanks) for _ in range(megabytes)) + packer.flush()
    return replies(http_reply(body, 200, "Content-Encoding: gzip"))


def sends_forever(head: bytes, piece: bytes) -> Handler:
    """Send `head`, then `piece` again and again until the client hangs up."""

    def handle(peer: Peer) -> None:
        peer.send(head)
        while True:
            peer.send(piece)

    return handle
