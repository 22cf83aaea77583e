"""Sends one POST and reads its reply; no other module uses the network.

`httpx2` is imported at the first question. `response.py` interprets the reply.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from .errors import CloudError, ConfigError
from .request import request_headers
from .settings import CloudSettings

if TYPE_CHECKING:
    import httpx2

HEADERS_TOO_LARGE = 431


@dataclass(frozen=True)
class RawReply:
    """The server's reply: HTTP status, headers with lower-case names, and the decoded body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def make_client(
    settings: CloudSettings, transport: httpx2.AsyncBaseTransport | None
) -> httpx2.AsyncClient:
    """The pooled HTTP client: no redirects, no cookies, no proxy for loopback.

    Raises ConfigError if the environment's proxy settings are unusable, and CloudError of kind
    "tls" if SSL_CERT_FILE or SSL_CERT_DIR cannot be read.
    """
    import httpx2

    try:
        if transport is None and settings.is_loopback:
            # A client that is given a transport does not look for a proxy.
            transport = httpx2.AsyncHTTPTransport(verify=_trusted(settings))
        return httpx2.AsyncClient(
            transport=transport,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
    except (ssl.SSLError, OSError) as exc:
        raise CloudError("the trusted certificates cannot be read", kind="tls") from exc
    except (ValueError, ImportError, httpx2.InvalidURL) as exc:
        raise ConfigError(
            "the proxy settings in the environment cannot be used",
            hint="check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY",
        ) from exc


def _trusted(settings: CloudSettings) -> ssl.SSLContext | bool:
    """The system's certificate authorities; for plain http none, as loading them takes 20 ms."""
    return settings.endpoint.startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def exchange(
    client: httpx2.AsyncClient,
    settings: CloudSettings,
    body: bytes,
    deadline: float,
) -> RawReply:
    """Post `body` and read the whole reply.

    It is posted only once, with one exception: if the server had closed a kept connection, after a
    pause or a laptop's sleep, and not a byte came back, it is posted again on another connection.

    deadline: a time of `time.monotonic`; nothing runs longer, whatever the server does. Raises
    CloudError of kind offline, timeout, tls, bad_response or too_large.
    """
    remaining_s = deadline - time.monotonic()
    try:
        async with asyncio.timeout(remaining_s):
            try:
                return await _post(client, settings, body, remaining_s)
            except _StaleConnectionError:
                return await _post(client, settings, body, deadline - time.monotonic())
    except TimeoutError:
        raise CloudError("no complete answer within the deadline", kind="timeout") from None


async def _post(
    client: httpx2.AsyncClient,
    settings: CloudSettings,
    body: bytes,
    remaining_s: float,
) -> RawReply:
    import httpx2

    response: httpx2.Response | None = None
    trace = _Trace()
    try:
        async with client.stream(
            "POST",
            settings.endpoint,
            content=body,
            headers=httpx2.Headers(request_headers(settings)),  # its repr masks the key
            timeout=httpx2.Timeout(remaining_s, connect=min(settings.connect_s, remaining_s)),
            extensions={"trace": trace},
        ) as response:
            content = await _read_body(response, settings.max_body_bytes)
    except CloudError:
        raise
    except Exception as exc:  # a broken server can make the library raise anything
        error = _error_before_reply(exc) if response is None else _error_in_body(exc)
        if response is None and error.kind == "offline" and trace.reused:
            error = _StaleConnectionError(error.args[0], kind="offline", retryable=True)
        # The parser's own message quotes the server, which may repeat the key.
        raise error from (None if _parser_status(exc) is not None else exc)
    lower_headers = {name.lower(): value for name, value in response.headers.items()}
    return RawReply(response.status_code, lower_headers, content)


class _StaleConnectionError(CloudError):
    """A kept connection was closed before any byte of the reply arrived."""


class _Trace:
    """Records whether the request opened a connection or reused one. It also closes the connection
    of an aborted TLS handshake, which httpx2 leaves open."""

    _connected = _sent = False
    _stream: Any = None

    @property
    def reused(self) -> bool:
        """Whether the request was sent on a connection that already existed."""
        return self._sent and not self._connected

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.started"):
            self._connected = True
        elif event.endswith("send_request_headers.started"):
            self._sent = True
        elif event.endswith("connect_tcp.complete"):
            self._stream = info["return_value"]
        elif event.endswith("start_tls.failed") and self._stream is not None:
            await self._stream.aclose()


async def _read_body(response: httpx2.Response, cap_bytes: int) -> bytes:
    """Read the body piece by piece, so that a decompression bomb is stopped at its first pieces."""
    content = bytearray()
    async for piece in response.aiter_bytes():
        if len(content) + len(piece) > cap_bytes:
            raise CloudError(
                f"the reply is larger than {cap_bytes} bytes",
                kind="too_large",
                status=response.status_code,
            )
        content += piece
    return bytes(content)


def _error_before_reply(exc: Exception) -> CloudError:
    """The error for a failure before the reply's headers were complete."""
    import httpx2

    if isinstance(exc, httpx2.ConnectTimeout):
        return CloudError(
            "no connection within the connect time",
            kind="timeout",
            setting="connect_s",
            hint="the server or the network is slow; a larger connect_s may help",
        )
    if isinstance(exc, httpx2.TimeoutException):
        return CloudError("no complete answer within the deadline", kind="timeout")
    if isinstance(exc, httpx2.ProxyError):
        return CloudError("the proxy did not connect to the server", kind="offline")
    if isinstance(exc, httpx2.ConnectError):
        return _connect_error(exc)
    if isinstance(exc, (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError)):
        return ConfigError("the url's host cannot be used")
    parser_status = _parser_status(exc)
    if parser_status == HEADERS_TOO_LARGE:
        return CloudError("the reply's headers are too large", kind="too_large")
    if parser_status is not None:
        return CloudError("the reply is not HTTP", kind="bad_response")
    if isinstance(exc, (httpx2.NetworkError, httpx2.RemoteProtocolError)):
        message = "the server closed the connection before it answered"
        return CloudError(message, kind="offline", retryable=True)
    return CloudError("the request could not be sent", kind="offline")


def _connect_error(exc: Exception) -> CloudError:
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(exc)):
        return CloudError("the server's certificate or TLS was not accepted", kind="tls")
    if any(isinstance(cause, UnicodeError) for cause in _causes(exc)):
        return ConfigError("the url's host cannot be used")
    return CloudError("the server cannot be reached", kind="offline", retryable=True)


def _error_in_body(exc: Exception) -> CloudError:
    """The error for a failure after the headers. The server has worked, so it is not retryable."""
    import httpx2

    if isinstance(exc, httpx2.TimeoutException):
        return CloudError("no complete answer within the deadline", kind="timeout")
    if isinstance(exc, httpx2.DecodingError):
        return CloudError("the reply cannot be decompressed", kind="bad_response")
    return CloudError("the reply was cut off", kind="bad_response")


def _parser_status(exc: Exception) -> int | None:
    """The status that the HTTP parser suggests for bytes that it refused, or None."""
    for cause in _causes(exc):
        status = getattr(cause, "error_status_hint", None)
        if isinstance(status, int):
            return status
    return None


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """`exc` and its causes, even if a library raised it `from None`, as httpx2's pool does."""
    cause: BaseException | None = exc
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
