"""One OpenAI-compatible request, done safely.

    from foggen_cloud import CloudClient, CloudSettings
    with CloudClient(CloudSettings(url="http://127.0.0.1:8080/v1", model="qwen3")) as cloud:
        answer = cloud.ask("2 + 2 = ?\\nA. 3\\nB. 4", ["A", "B"], ["3", "4"], deadline_s=5)

`foggen_cloud.testing` has the fakes for tests. Importing this package loads no HTTP client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import CloudAnswer, CloudClient
    from .errors import CloudError, ConfigError, KeyRefused, Kind
    from .letters import extract_label
    from .settings import CloudSettings, chat_completions_url

__all__ = [
    "CloudAnswer",
    "CloudClient",
    "CloudError",
    "CloudSettings",
    "ConfigError",
    "KeyRefused",
    "Kind",
    "chat_completions_url",
    "extract_label",
]

_HOMES = {
    "CloudAnswer": "client",
    "CloudClient": "client",
    "CloudError": "errors",
    "CloudSettings": "settings",
    "ConfigError": "errors",
    "KeyRefused": "errors",
    "Kind": "errors",
    "chat_completions_url": "settings",
    "extract_label": "letters",
}


def __getattr__(name: str) -> Any:
    """Load a public name at its first use. Reading a question needs only the table of words."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
