"""The request for the cloud: the prompts, the JSON body and the headers."""

from __future__ import annotations

import json
from typing import Any

from .parameters import EVERYTHING, Accepted
from .settings import CloudSettings

# An example and no placeholder: models copy the brackets of `<letter>`.
CHOICE_PROMPT = (
    "You answer multiple-choice questions. Exactly one option is correct. "
    "Think briefly, then end with one last line that names its letter, for example\n"
    "Final answer: C\n"
    "and write nothing after it."
)
OPEN_PROMPT = "Answer the question briefly and directly."


def request_body(
    settings: CloudSettings,
    system_prompt: str,
    question_text: str,
    accepted: Accepted = EVERYTHING,
) -> bytes:
    """The JSON body of one chat completion: temperature 0, no streaming, what the model accepts.

    It is ASCII, so that a lone surrogate in the question cannot break the encoding.
    """
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": _messages(system_prompt, question_text, accepted.system),
        "stream": False,
    }
    if accepted.temperature:
        body["temperature"] = 0
    body["max_tokens" if accepted.max_tokens else "max_completion_tokens"] = settings.max_tokens
    return json.dumps(body).encode("ascii")


def _messages(system_prompt: str, question_text: str, system: bool) -> list[dict[str, str]]:
    if not system:
        return [{"role": "user", "content": f"{system_prompt}\n\n{question_text}"}]
    return [
        {"role": "system", "content": system_prompt},
        {"role": "user", "content": question_text},
    ]


def request_headers(settings: CloudSettings) -> dict[str, str]:
    """The headers of the request: ours, `Authorization` if there is a key, those of the settings.

    Compression is declined: it saves nothing on a short reply, and hides its size.
    """
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "foggen-cloud",
    }
    if settings.key:
        headers["Authorization"] = f"Bearer {settings.key}"
    return headers | dict(settings.headers)
