"""Safe GET requests: encrypted, with time limits, and with the token for its own host only.

`httpx2` is imported at the first request. The caller interprets the reply.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from foggen_cloud.settings import is_loopback

from ..errors import ConfigurationError, KeyRefusedError, ModelFileError, PullError, UsageError

if TYPE_CHECKING:
    import httpx2

CONNECT_S = 10.0
LEAST_RATE = 256  # bytes per second; less than that for `stall_s` seconds is a stall too
PAGE_KINDS = ("text/html", "application/xhtml+xml")
AGAIN = "run the same command again to resume"


@dataclass(frozen=True)
class Remote:
    """A remote file. size: in bytes, None if only the server knows it. sha256: "" if unknown.

    headers: for the URL's own origin. A redirect to another one drops `authorization`.
    """

    url: str
    size: int | None = None
    sha256: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def shown(self) -> str:
        """The URL without its query, which may hold a signature."""
        return bare(self.url)


class Cut(PullError):
    """The connection ended before the file was complete. Another request may get the rest."""


def bare(url: str) -> str:
    """A URL without user name, query and fragment, which may hold secrets."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def check_url(url: str) -> None:
    """Raise UsageError unless the URL is https, or http to this machine, and has no user name."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise UsageError(
            f"{bare(url)} contains a user name", hint="leave it out, as it would be stored"
        )
    if not parts.hostname or not may_ask(parts.scheme, parts.hostname):
        raise UsageError(f"{bare(url)} is not encrypted", hint="give an https URL")


def may_ask(scheme: str, host: str, *, origin_scheme: str = "http") -> bool:
    """Whether a URL may be requested after a redirect from one with `origin_scheme`."""
    return scheme == "https" or (scheme == origin_scheme == "http" and is_loopback(host))


@contextmanager
def get(
    remote: Remote, stall_s: float, headers: Mapping[str, str] | None = None
) -> Iterator[httpx2.Response]:
    """Send a GET request. The reply has status 200, 206 or 416, and its body is not read yet.

    Raises UsageError, PullError, KeyRefusedError, also within the `with` block if `pieces` fails.
    """
    check_url(remote.url)
    # Ask for an uncompressed body, so that Content-Length is the file's size.
    sent = {**remote.headers, "Accept-Encoding": "identity", **(headers or {})}
    with (
        _typed(remote, stall_s),
        _client(remote, stall_s) as client,
        client.stream("GET", remote.url, headers=sent) as response,
    ):
        if response.status_code not in (200, 206, 416):
            raise _refusal(remote, response.status_code)
        yield response


def pieces(response: httpx2.Response, remote: Remote, stall_s: float) -> Iterator[bytes]:
    """The body as it arrives. Raises PullError if it arrives too slowly."""
    since, received = time.monotonic(), 0
    for piece in response.iter_raw():
        received += len(piece)
        yield piece
        if time.monotonic() - since > stall_s:
            if received < LEAST_RATE * stall_s:
                raise _stalled(remote, stall_s)
            since, received = time.monotonic(), 0


def read_small(remote: Remote, limit: int, stall_s: float) -> bytes:
    """Read a whole body of at most `limit` bytes. Raises as `get` does."""
    body = b""
    with get(remote, stall_s) as response:
        for piece in pieces(response, remote, stall_s):
            body += piece
            if len(body) > limit:
                raise PullError(f"{remote.shown}: the reply is larger than {limit} bytes")
    return body


def check_no_page(remote: Remote, response: httpx2.Response, head: bytes = b"") -> None:
    """Raise ModelFileError if a reply is a web page in place of a file. head: its first bytes, if known."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in PAGE_KINDS or head.lstrip()[:1] == b"<":
        raise ModelFileError(
            f"{remote.shown} is a web page (HTML), not a file of a model",
            hint="open it in a browser: the network may want you to sign in, "
            "or the address is that of a page about the file",
        )


def _client(remote: Remote, stall_s: float) -> httpx2.Client:
    import httpx2

    origin_scheme = urlsplit(remote.url).scheme

    def check(request: httpx2.Request) -> None:
        if not may_ask(request.url.scheme, request.url.host, origin_scheme=origin_scheme):
            target = f"{request.url.scheme}://{request.url.host}"
            raise PullError(f"{remote.shown} redirects to {target}, which is not encrypted")

    try:
        return httpx2.Client(
            follow_redirects=True,
            timeout=httpx2.Timeout(stall_s, connect=min(stall_s, CONNECT_S)),
            event_hooks={"request": [check]},
            mounts={
                f"all://{host}": None for host in ("127.0.0.1", "localhost")
            },  # never through a proxy
        )
    except (ValueError, ImportError, OSError, httpx2.InvalidURL) as exc:
        raise ConfigurationError(
            "the proxy or certificate settings in the environment cannot be used",
            hint="check HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE",
        ) from exc


@contextmanager
def _typed(remote: Remote, stall_s: float) -> Iterator[None]:
    """Convert the errors of the HTTP library to ours."""
    import httpx2

    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as exc:
        host = urlsplit(remote.url).netloc
        raise PullError(f"{host} cannot be reached: {exc}", hint="check the network") from exc
    except httpx2.TimeoutException as exc:
        raise _stalled(remote, stall_s) from exc
    except (httpx2.NetworkError, httpx2.RemoteProtocolError) as exc:
        raise Cut(f"{remote.shown}: the connection was cut", hint=AGAIN) from exc
    except (httpx2.HTTPError, httpx2.InvalidURL) as exc:
        raise PullError(
            f"{remote.shown}: {type(exc).__name__}: {exc}", hint="try again later"
        ) from exc


def _stalled(remote: Remote, stall_s: float) -> PullError:
    return PullError(f"{remote.shown}: no data for {stall_s:g} s", hint=AGAIN)


def _refusal(remote: Remote, status: int) -> PullError | KeyRefusedError:
    if status in (401, 403):
        hint = "check the name; if it is private or gated, accept its terms and set HF_TOKEN"
        return KeyRefusedError(f"{remote.shown}: access denied (HTTP {status})", hint=hint)
    if status in (404, 410):
        return PullError(f"{remote.shown} was not found (HTTP {status})", hint="check the name")
    return PullError(f"{remote.shown}: the server answered HTTP {status}", hint="try again later")
