"""One OpenAI-compatible request, done safely.

    from foggen_cloud import CloudClient, CloudSettings
    with CloudClient(CloudSettings(url="http://127.0.0.1:8080/v1", model="qwen3")) as cloud:
        answer = cloud.ask("2 + 2 = ?\\nA. 3\\nB. 4", ["A", "B"], ["3", "4"], deadline_s=5)

`foggen_cloud.testing` has the fakes for tests. Importing this package loads no HTTP client.
"""

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
