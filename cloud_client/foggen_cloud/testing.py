"""Public fakes for tests, which then patch nothing and need no network beyond loopback.

`FakeCloud` is a transport that answers or fails by script; pass it to `CloudClient(transport=)`.
`RawServer` is a loopback server that sends exact bytes, even those that no HTTP library would send:
half a body, one byte at a time, nothing at all.
"""

from __future__ import annotations

from .fake_cloud import FakeCloud, FakeReply, Script, Step, completion
from .raw_replies import (
    answers,
    cuts,
    drips,
    http_reply,
    redirects,
    replies,
    resets,
    says,
    sends_forever,
    sends_gzip_bomb,
    stays_silent,
)
from .raw_server import Handler, Peer, RawServer, read_request

__all__ = [
    "FakeCloud",
    "FakeReply",
    "Handler",
    "Peer",
    "RawServer",
    "Script",
    "Step",
    "answers",
    "completion",
    "cuts",
    "drips",
    "http_reply",
    "read_request",
    "redirects",
    "replies",
    "resets",
    "says",
    "sends_forever",
    "sends_gzip_bomb",
    "stays_silent",
]
