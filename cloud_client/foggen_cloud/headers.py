"""Extra headers of a request, such as a gateway's: which may be given, and which carry a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import ConfigError

NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # a token of RFC 9110
# What these say is decided by the body and the connection.
OURS = re.compile(
    r"accept-encoding|connection|content-(?:length|type)|host|te|trailer|transfer-encoding|upgrade",
    re.I,
)
SECRET = re.compile(r"auth|key|token|secret|cookie|password|credential|signature", re.I)


def check_headers(headers: object, *, has_key: bool) -> None:
    """Raise ConfigError for a header that cannot be sent. No message shows a value."""
    if not isinstance(headers, Mapping):
        raise ConfigError("headers must be a mapping of names to values")
    for name, value in headers.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ConfigError(f"headers: {name!r} is not a header's name")
        if OURS.fullmatch(name):
            raise ConfigError(f"headers: {name} cannot be set", hint="remove that header")
        if name.lower() == "authorization" and has_key:
            raise ConfigError(
                "headers: Authorization is already the key's", hint="give one of them"
            )
        if not _sendable(value):
            raise ConfigError(f"headers: the value of {name} must be ASCII on one line (not shown)")


def secret_values(headers: Mapping[str, str]) -> list[str]:
    """The values of the headers whose names say that they are secret."""
    return [value for name, value in headers.items() if SECRET.search(name)]


def _sendable(value: object) -> bool:
    text = value if isinstance(value, str) else ""
    return bool(text) and text.isascii() and text.isprintable() and text == text.strip()
