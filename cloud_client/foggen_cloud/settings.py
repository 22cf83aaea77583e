"""Where the cloud is and how long to wait for it, as one frozen object that is checked on creation.

Reading files and environment variables is left to the caller.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit, urlunsplit

from .errors import ConfigError
from .headers import check_headers, secret_values

CHAT_PATH = "/chat/completions"
SMALLEST_BODY_CAP_BYTES = 1024


@dataclass(frozen=True)
class CloudSettings:
    """One OpenAI-compatible server and one of its models.

    url: the base URL, in any form that `chat_completions_url` accepts.
    model: the model's name on the server.
    key: sent as `Authorization: Bearer`, to that URL only; "" sends no header.
    deadline_s: seconds for the whole request, from the name lookup to the last byte of the body.
    connect_s: how many of these seconds TCP may take, and again the TLS handshake.
    max_body_bytes: largest reply that is read, counted after decompression.
    headers: sent with each request besides our own, to that URL only; a gateway may need some.
    max_tokens: longest reply that is requested. A plain model needs far fewer tokens. A thinking
        model spends hundreds before it answers, and a reply that ends in the thinking is paid for
        and useless. 1024 is about what a server writes within the default deadline.

    Raises ConfigError, which names the field, for a bad value.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    deadline_s: float = 10.0
    connect_s: float = 2.0
    max_body_bytes: int = 262_144
    max_tokens: int = 1024
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        chat_completions_url(self.url)
        _check_model(self.model)
        _check_key(self.key)
        check_seconds("deadline_s", self.deadline_s)
        check_seconds("connect_s", self.connect_s)
        _check_count("max_body_bytes", self.max_body_bytes, SMALLEST_BODY_CAP_BYTES)
        _check_count("max_tokens", self.max_tokens, 1)
        check_headers(self.headers, has_key=bool(self.key))
        if self.secrets and urlsplit(self.endpoint).scheme == "http" and not self.is_loopback:
            raise ConfigError(
                f"url {self.url!r} would send the key unencrypted to another machine",
                hint="use https://, or leave the key empty",
            )

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that no log may show: the key, and the values of headers that carry one."""
        return tuple(filter(None, (self.key, *secret_values(self.headers))))

    @property
    def endpoint(self) -> str:
        """The URL that the question is posted to."""
        return chat_completions_url(self.url)

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this machine, in which case no proxy is used."""
        return is_loopback(urlsplit(self.endpoint).hostname or "")


def chat_completions_url(url: str) -> str:
    """The URL that chat completions are posted to, from a base URL.

    A path that ends in `/chat/completions` is kept. Any other path gets it appended, and no path
    becomes `/v1/chat/completions`. Trailing slashes do not matter:

        http://host:8080                   -> http://host:8080/v1/chat/completions
        http://host:8080/v1/               -> http://host:8080/v1/chat/completions
        https://host/api/chat/completions  -> https://host/api/chat/completions

    Raises ConfigError if the scheme is not http(s), the host is missing, or there is a user name, a
    query or a fragment, which would carry secrets into logs.
    """
    if not isinstance(url, str) or not url or not url.isprintable() or " " in url:
        raise ConfigError(f"url must be text without spaces, not {_shape(url)}")
    parts = _split(url)
    path = parts.path.rstrip("/")
    if not path.endswith(CHAT_PATH):
        path = (path or "/v1") + CHAT_PATH
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def check_seconds(name: str, value: object) -> None:
    """Raise ConfigError unless `value` is a finite number of seconds above zero."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value <= 0:  # type: ignore[arg-type, operator]
        raise ConfigError(f"{name} must be a number of seconds above 0, not {value!r}")


def _split(url: str) -> SplitResult:
    """Split a URL. Raises ConfigError if no question should be sent to it."""
    try:
        parts = urlsplit(url)
        valid_port = parts.port != 0
    except ValueError:
        raise ConfigError("url has a malformed host or port") from None
    if (
        "api-version=" in parts.query
    ):  # Azure's older addresses, with a header of their own for the key
        raise ConfigError(
            "url must not hold a query; Azure's newer address needs none",
            hint=f"use https://{parts.hostname or 'RESOURCE.openai.azure.com'}/openai/v1, "
            "and the deployment's name as the model",
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            "url must not hold a user name, a query or a fragment",
            hint="pass the key as `key`; it travels in the Authorization header",
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or not valid_port:
        raise ConfigError(f"url {url!r} is not of the form http(s)://host[:port][/path]")
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or its address."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _check_model(model: object) -> None:
    if not isinstance(model, str) or not model.strip() or not model.isprintable():
        raise ConfigError(f"model must be a name on one line, not {_shape(model)}")


def _check_key(key: object) -> None:
    if not isinstance(key, str) or not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError("key must be ASCII without spaces or line breaks (value not shown)")


def _check_count(name: str, value: object, smallest: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < smallest:
        raise ConfigError(f"{name} must be a whole number of at least {smallest}, not {value!r}")


def _shape(value: object) -> str:
    return repr(value[:80]) if isinstance(value, str) else type(value).__name__
