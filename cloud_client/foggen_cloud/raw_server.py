"""A loopback server that sends exact bytes; see `testing.py`."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

PIECE_BYTES = 65_536


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
