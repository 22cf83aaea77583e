"""A hub on loopback that serves one repository, more data sets, or a plain file, and fails by script.

Faults are taken one by one by the requests for files; the listing (`/api/models/...`) has its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

REPO = "someone/tiny-GGUF"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one reply.

    stop: the bytes of the body after which it stops. stall_s: seconds of silence there, 0 to close
    at once. announce: added to the announced length. status: in place of 200. location: of a
    redirect. wholly: ignores ranges. pace_s: seconds after each byte.
    """

    stop: int | None = None
    stall_s: float = 0.0
    announce: int = 0
    status: int = 200
    location: str = ""
    wholly: bool = False
    pace_s: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request: its path with its query, its headers with lower-case names."""

    path: str
    headers: Mapping[str, str]

    @property
    def of_head(self) -> bool:
        """Whether it is for the first bytes of a file alone."""
        return re.fullmatch(r"bytes=0-\d+", self.headers.get("range", "")) is not None


@dataclass
class LoopbackHub:
    """Use it in a `with` block. `files` are the repository's, by name; what is changed in it while
    it runs is served changed.

    data_sets: further repositories, by their ids. license: on the data sets' cards.
    hidden: files whose sha256 the listing leaves out. sizes: lies about sizes. token: without it
    access is denied. etags: whether files have one. conditional: whether `If-Range` is looked at. ranges:
    whether the first bytes alone can be had. headers, head_headers: of whole files, and of their first
    bytes. listing_text: in place of the listing.
    """

    files: dict[str, bytes]
    faults: list[Fault] = field(default_factory=list)
    listing_faults: list[Fault] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    token: str = ""
    denied: int = 401
    etags: bool = True
    conditional: bool = True
    ranges: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    head_headers: dict[str, str] = field(default_factory=dict)
    listing_text: str = ""
    commit: str = COMMIT
    data_sets: dict[str, dict[str, bytes]] = field(default_factory=dict)
    license: str | list[str] = ""
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        hub = self

        class Handler(_Handler):
            served = hub

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def of_files(self) -> list[Asked]:
        """The requests for files, but not for manifests beside them or for the first bytes alone."""
        return [
            asked
            for asked in self.asked
            if not (asked.path.startswith("/api/") or "manifest" in asked.path or asked.of_head)
        ]

    def listing(self) -> dict[str, Any]:
        return {
            "id": REPO,
            "modelId": REPO,
            "sha": self.commit,
            "private": False,
            "tags": [],
            "siblings": [self._sibling(name, data) for name, data in self.files.items()],
        }

    def data_set_listing(self, repo: str) -> dict[str, Any]:
        files = self.data_sets[repo]
        return {
            "id": repo,
            "sha": self.commit,
            "private": False,
            "tags": [],
            "cardData": {"license": self.license},
            "siblings": [self._sibling(name, data) for name, data in files.items()],
        }

    def file(self, path: str) -> bytes | None:
        """What lies at a path, under whatever commit."""
        if found := re.fullmatch(r"/datasets/([^/]+/[^/]+)/resolve/[^/]+/(.+)", path):
            return self.data_sets.get(found[1], {}).get(found[2])
        return self.files.get(re.sub(r"^/([^/]+/[^/]+/resolve/[^/]+/)?", "", path))

    def _sibling(self, name: str, data: bytes) -> dict[str, Any]:
        size = self.sizes.get(name, len(data))
        sibling: dict[str, Any] = {"rfilename": name, "size": size, "blobId": "0" * 40}
        if name not in self.hidden:
            sha256 = self.hashes.get(name) or hashlib.sha256(data).hexdigest()
            sibling["lfs"] = {"sha256": sha256, "size": size, "pointerSize": 130}
        return sibling

    def tree(self) -> list[dict[str, Any]]:
        """What huggingface_hub lists before it fetches a whole repository."""
        return [
            {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
            for name, data in self.files.items()
        ]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: LoopbackHub

    def do_GET(self) -> None:
        hub = self.served
        hub.asked.append(
            Asked(self.path, {key.lower(): text for key, text in self.headers.items()})
        )
        path = self.path.partition("?")[0]
        if hub.token and self.headers.get("Authorization") != f"Bearer {hub.token}":
            self._reply(hub.denied, b'{"error": "denied"}')
        elif path.startswith("/api/models/"):
            self._list(hub, path)
        elif path.startswith("/api/datasets/"):
            self._list_data_set(hub, path)
        else:
            self._serve(hub, path)

    do_HEAD = do_GET

    def _list(self, hub: LoopbackHub, path: str) -> None:
        fault = hub.listing_faults.pop(0) if hub.listing_faults else Fault()
        asked = path.removeprefix("/api/models/")
        known = asked == REPO or asked.startswith(f"{REPO}/")
        if fault.status != 200 or not known:
            self._reply(fault.status if known else 404, b'{"error": "no"}')
        else:
            listed = hub.tree() if asked.startswith(f"{REPO}/tree/") else hub.listing()
            self._send(200, (hub.listing_text or json.dumps(listed)).encode(), {}, fault)

    def _list_data_set(self, hub: LoopbackHub, path: str) -> None:
        repo = "/".join(path.removeprefix("/api/datasets/").split("/")[:2])
        if repo not in hub.data_sets:
            return self._reply(404, b'{"error": "no"}')
        return self._reply(200, json.dumps(hub.data_set_listing(repo)).encode())

    def _serve(self, hub: LoopbackHub, path: str) -> None:
        data = hub.file(path)
        if data is None:
            return self._reply(404, b"no such file")
        if hub.asked[-1].of_head and hub.ranges:
            head = data[: int(self.headers["Range"].partition("-")[2]) + 1]
            extent = {"Content-Range": f"bytes 0-{len(head) - 1}/{len(data)}"}
            return self._send(206, head, {**hub.head_headers, **extent}, Fault())
        fault = hub.faults.pop(0) if hub.faults and "manifest" not in path else Fault()
        if fault.status != 200 or fault.location:
            return self._reply(fault.status, b"", {"Location": fault.location})
        etag = f'"{hashlib.md5(data).hexdigest()}"'
        headers = {
            **hub.headers,
            "X-Repo-Commit": hub.commit,
            **({"ETag": etag} if hub.etags else {}),
        }
        start = self._start(etag, hub) if not fault.wholly else 0
        if start >= len(data):
            return self._reply(416, b"")
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        return self._send(206 if start else 200, data[start:], headers, fault)

    def _start(self, etag: str, hub: LoopbackHub) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range")
        fits = condition in (None, etag) or not hub.conditional
        return int(found[1]) if found and fits else 0

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self._send(status, body, headers or {}, Fault())

    def _send(self, status: int, body: bytes, headers: Mapping[str, str], fault: Fault) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body) + fault.announce))
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            self._write(body if fault.stop is None else body[: fault.stop], fault)
        except OSError:
            self.close_connection = True  # the client hung up

    def _write(self, body: bytes, fault: Fault) -> None:
        if fault.pace_s:
            for position in range(len(body)):
                self.wfile.write(body[position : position + 1])
                time.sleep(fault.pace_s)
        self.wfile.write(body)
        self.wfile.flush()
        time.sleep(fault.stall_s)
        self.close_connection = fault.stop is not None or fault.announce != 0

    def log_message(self, *_: object) -> None:
        pass
