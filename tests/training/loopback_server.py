"""An OpenAI-compatible server on loopback that serves one model, and answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from foggen_training.scale.served import Server
from foggen_training.scale.server_executor import ServerExecutor

Reply = Callable[[dict[str, Any], int], tuple[int, Any]]  # body, which request -> status, answer
Listing = Callable[[], tuple[int, Any]]
NAME = "name"  # of the served model


def said(text: str | None) -> dict[str, Any]:
    return {"choices": [{"message": {"content": text}}], "usage": {"total_tokens": 50}}


def listed(*models: dict[str, Any]) -> tuple[int, Any]:
    """A list of models as servers give it."""
    return 200, {"object": "list", "data": list(models)}


def names_alone() -> tuple[int, Any]:
    """The list of a server that does not tell what it loaded."""
    return listed({"id": "another"}, {"id": NAME, "owned_by": "somebody"})


@contextmanager
def serving(
    reply: Reply, listing: Listing = names_alone
) -> Iterator[tuple[ServerExecutor, list[dict[str, Any]]]]:
    """An executor of a running server, and what is asked of it beyond its list."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*(listing() if self.path == "/v1/models" else (404, {})))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body | {"path": self.path, "key": self.headers.get("Authorization")})
            self._send(*reply(body, len(asked)))

        def _send(self, status: int, answer: Any) -> None:
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/v1"
        yield ServerExecutor(Server(url, NAME), key="k"), asked
    finally:
        server.shutdown()
        server.server_close()
