"""The request for the cloud: the prompts, the JSON body and the headers."""

from __future__ import annotations

import json

from .settings import CloudSettings

CHOICE_PROMPT = (
    "You answer multiple-choice questions. Exactly one option is correct. "
    "Think briefly, then end with one last line of the form\n"
    "Final answer: <letter>\n"
    "where <letter> is the letter of the option, and nothing after it."
)
OPEN_PROMPT = "Answer the question briefly and directly."


def request_body(settings: CloudSettings, system_prompt: str, question_text: str) -> bytes:
    """The JSON body of one chat completion: two messages, temperature 0, no streaming.

    It is ASCII, so that a lone surrogate in the question cannot break the encoding.
    """
    body = {
        "model": settings.model,
        "messages": [
            {"role": "system", "content": system_prompt},
            {"role": "user", "content": question_text},
        ],
        "temperature": 0,
        "max_tokens": settings.max_tokens,
        "stream": False,
    }
    return json.dumps(body).encode("ascii")


def request_headers(settings: CloudSettings) -> dict[str, str]:
    """The headers of the request, with `Authorization` only if there is a key.

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
    return headers
