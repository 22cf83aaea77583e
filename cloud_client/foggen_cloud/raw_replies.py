"""Handlers of a `RawServer`: replies that are whole, slow, cut off or endless; see `testing.py`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from .fake_cloud import completion
from .raw_server import Handler, Peer


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
