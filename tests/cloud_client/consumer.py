"""An application that uses every public name with its types; mypy --strict and pyright check it."""

from __future__ import annotations

import asyncio
from typing import assert_type

from foggen_cloud import (
    CloudAnswer,
    CloudClient,
    CloudError,
    CloudSettings,
    ConfigError,
    KeyRefused,
    Kind,
    chat_completions_url,
    extract_label,
)
from foggen_cloud.testing import FakeCloud

QUESTION = "Which one?\nA. this\nB. that"
LABELS, OPTIONS = ("A", "B"), ("this", "that")


def asked(client: CloudClient) -> tuple[CloudAnswer | None, Kind | None]:
    try:
        answer = client.ask(QUESTION, LABELS, OPTIONS, deadline_s=20)
        assert_type(answer.label_index, int | None)
        return answer, None
    except (ConfigError, KeyRefused) as error:
        assert_type(error.kind, Kind)
        return None, error.kind
    except CloudError as error:
        return None, error.kind if error.retryable else "server"


def main() -> list[str | int | None]:
    """The answers of a cloud that chooses B three times and then refuses the key."""
    settings = CloudSettings(url="http://127.0.0.1:9/v1", model="teacher")
    with CloudClient(settings, transport=FakeCloud("B", "B", "B", 401)) as client:
        first, _ = asked(client)
        second = asyncio.run(client.aask(QUESTION, LABELS, OPTIONS))
        opened = client.submit_open("Why?").result()
        _, kind = asked(client)
    chosen = extract_label("Final answer: B", LABELS, OPTIONS)
    index = first.label_index if first else None
    address = chat_completions_url(settings.url)
    return [index, second.label_index, opened.text, kind, chosen, address]
