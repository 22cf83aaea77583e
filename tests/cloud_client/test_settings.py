"""A bad setting is a ConfigError that names it when the settings are made, not at the question."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from foggen_cloud import CloudSettings, ConfigError, chat_completions_url

from .helpers import error_of, settings


@pytest.mark.parametrize(
    ("url", "posted_to"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://127.0.0.1:8080/v1//", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions"),
        ("https://h/v1/chat/completions", "https://h/v1/chat/completions"),
        ("https://h/v1/chat/completions/", "https://h/v1/chat/completions"),
        ("https://h/chat/completions", "https://h/chat/completions"),
        ("https://h/api/paas/v4", "https://h/api/paas/v4/chat/completions"),
        ("https://h/v1beta/openai/", "https://h/v1beta/openai/chat/completions"),
    ],
)
def test_urls_are_normalised(url: str, posted_to: str) -> None:
    assert chat_completions_url(url) == posted_to
    assert CloudSettings(url=url, model="m").endpoint == posted_to


@pytest.mark.parametrize(
    "url",
    [
        "",
        "h",
        "127.0.0.1:8080/v1",
        "ftp://h/v1",
        "http://",
        "http:///v1",
        "http://h:x/v1",
        "http://h:99999/v1",
        "http://h:0/v1",
        "http://h /v1",
        "http://h/v1\n",
        "http://[::1/v1",
        5,
    ],
)
def test_bad_url(url: Any) -> None:
    assert isinstance(error_of(lambda: settings(url)), ConfigError)


@pytest.mark.parametrize("path", ["", "/openai", "/openai/deployments/d/chat/completions"])
def test_case_44_azure_s_older_address_names_the_newer_one(path: str) -> None:
    url = f"https://r.openai.azure.com{path}?api-version=2024-02-01&api-key=hunter2"
    error = error_of(lambda: settings(url))
    assert isinstance(error, ConfigError)
    assert "https://r.openai.azure.com/openai/v1," in error.hint
    assert "hunter2" not in str(error)
    chat_completions_url("https://r.openai.azure.com/openai/v1")


@pytest.mark.parametrize(
    "url", ["https://user:hunter2@h/v1", "https://h/v1?key=hunter2", "https://h/v1#hunter2"]
)
def test_secrets_in_the_url_are_refused_and_not_repeated(url: str) -> None:
    assert "hunter2" not in str(error_of(lambda: settings(url)))


@pytest.mark.parametrize(
    "changes",
    [
        {"model": ""},
        {"model": " "},
        {"model": "a\nb"},
        {"model": None},
        {"deadline_s": 0},
        {"deadline_s": -1},
        {"deadline_s": math.nan},
        {"deadline_s": math.inf},
        {"deadline_s": "10"},
        {"deadline_s": True},
        {"connect_s": 0},
        {"max_body_bytes": 1023},
        {"max_body_bytes": 2048.0},
        {"max_tokens": 0},
        {"max_tokens": True},
    ],
    ids=str,
)
def test_bad_value_is_named(changes: dict[str, Any]) -> None:
    error = error_of(lambda: settings(**changes))
    assert (error.kind, error.retryable) == ("config", False)
    assert next(iter(changes)) in str(error)


@pytest.mark.parametrize("key", ["hunter2\n", "hunter 2", "hunter2é", "hunter2\x00", 5])
def test_bad_key_is_not_repeated(key: Any) -> None:
    message = str(error_of(lambda: settings(key=key)))
    assert "key" in message
    assert "hunter" not in message


@pytest.mark.parametrize(
    "host",
    ["cloud.example", "192.168.1.5", "localhost.example", "127.0.0.1.example", "128.0.0.1"],
)
def test_a_key_over_plain_http_to_another_machine_is_refused(host: str) -> None:
    error = error_of(lambda: settings(f"http://{host}/v1", key="k"))
    assert isinstance(error, ConfigError)
    assert "https" in error.hint
    assert settings(f"http://{host}/v1").key == ""
    assert settings(f"https://{host}/v1", key="k").key == "k"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "api.localhost",
        "127.0.0.1",
        "127.8.8.8",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_a_key_over_plain_http_to_this_machine_is_fine(host: str) -> None:
    assert settings(f"http://{host}:8080/v1", key="k").is_loopback


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        settings().model = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "headers",
    [
        {"X Title": "hunter2"},
        {"X-Title:": "hunter2"},
        {"": "hunter2"},
        {"X-Title": "hunter2\r\nX-Other: 1"},
        {"X-Title": " hunter2"},
        {"X-Title": "hunter2é"},
        {"X-Title": 5},
        {"Host": "hunter2"},
        {"content-length": "7"},
        {"Transfer-Encoding": "chunked"},
        "X-Title: hunter2",
    ],
    ids=str,
)
def test_bad_header_is_refused_and_its_value_not_repeated(headers: Any) -> None:
    error = error_of(lambda: settings(headers=headers))
    assert isinstance(error, ConfigError)
    assert "headers" in str(error)
    assert "hunter2" not in str(error)


def test_a_header_does_not_replace_the_key() -> None:
    headers = {"authorization": "Basic hunter2"}
    assert isinstance(error_of(lambda: settings(headers=headers, key="k")), ConfigError)
    assert settings(headers=headers).headers == headers


def test_a_header_with_a_secret_is_treated_as_the_key_is() -> None:
    headers = {"X-Api-Key": "hunter2"}
    error = error_of(lambda: settings("http://cloud.example/v1", headers=headers))
    assert "unencrypted" in str(error)
    assert "hunter2" not in repr(settings(headers=headers))
    assert settings("http://cloud.example/v1", headers={"X-Title": "t"}).headers == {"X-Title": "t"}
