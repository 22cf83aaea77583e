"""The errors of this package:

    CloudError          base class; `kind` is the reason in one word
    |-- ConfigError     kind "config": a setting is wrong; the same request can never work
    `-- KeyRefused      kind "auth": the server does not accept the key

`retryable` says whether another try at once is safe and may help; `hint` is meant for people.
`str(error)` is one line and contains neither the key nor anything that the server wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Kind = Literal[
    "offline",
    "timeout",
    "tls",
    "auth",
    "credit",
    "model",
    "rejected",
    "refused",
    "rate_limited",
    "server",
    "bad_response",
    "too_large",
    "config",
    "bad_answer",
]

HINTS: Mapping[Kind, str] = {
    "offline": "check the network, the proxy settings and that the server is running",
    "timeout": "the server or the network is slow; a larger deadline_s may help",
    "tls": "check the server's certificate; for a private authority set SSL_CERT_FILE",
    "auth": "check the key; a firewall or a blocked region can answer the same way",
    "credit": "the account has no credit left, or its quota is used up",
    "model": "check the model's name and the URL",
    "rejected": "the question may be too long, or the model takes other parameters",
    "refused": "the server's content filter stopped this question",
    "rate_limited": "wait before the next question",
    "server": "the server failed; try again later",
    "bad_response": "check the URL; a captive portal or a proxy may have answered instead",
    "too_large": "no answer is this large; check the URL",
    "config": "correct the setting",
    "bad_answer": "the model did not name one of the options; try another model",
}
SETTINGS: Mapping[Kind, str] = {"timeout": "deadline_s"}  # those that HINTS name


class CloudError(Exception):
    """Base class of the errors that this package raises for a question.

    kind: the reason in one word. retryable: the server cannot have worked on the question, so
    another request at once is safe. hint: what a person can do. status: the HTTP status, if there
    is one. setting: the field of CloudSettings whose other value may help, or "". parameters: the
    request's parameters that the server refuses. retry_after_s: how many seconds the server asked to wait, not capped. detail: the first
    80 characters that the server wrote, never the key; for a debug log, not for users.
    """

    kind: Kind = "server"

    def __init__(
        self,
        message: str,
        *,
        kind: Kind | None = None,
        retryable: bool = False,
        hint: str | None = None,
        setting: str = "",
        parameters: frozenset[str] = frozenset(),
        status: int | None = None,
        retry_after_s: float | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.kind = kind or type(self).kind
        self.retryable = retryable
        self.hint = HINTS[self.kind] if hint is None else hint
        self.setting = SETTINGS.get(self.kind, "") if hint is None else setting
        self.parameters = parameters
        self.status = status
        self.retry_after_s = retry_after_s
        self.detail = detail

    def hint_naming(self, setting: str) -> str:
        """The hint, with the name that an application gives to the setting which it names."""
        return self.hint.replace(self.setting, setting) if self.setting else self.hint

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} ({self.hint})" if self.hint else message


class ConfigError(CloudError):
    """A setting is wrong, or the server's address has changed. Retrying does not help."""

    kind: Kind = "config"


class KeyRefused(CloudError):
    """The server does not accept the key (401, 403). Other questions would fail as well."""

    kind: Kind = "auth"


def closed_error() -> CloudError:
    """The error of a question to a client that was closed."""
    return CloudError("the cloud client is closed", kind="offline", hint="make a new client")
