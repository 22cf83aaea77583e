"""Case 19: models that refuse a parameter are asked without it, now and later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from foggen_cloud import CloudClient
from foggen_cloud.testing import FakeCloud, FakeReply, Step

from .helpers import LABELS, OPTIONS, QUESTION, error_of, settings


def refusal(param: str | None, message: str, code: str = "unsupported_parameter") -> FakeReply:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return FakeReply(400, {"error": error})


NO_MAX_TOKENS = refusal(
    "max_tokens",
    "Unsupported parameter: 'max_tokens' is not supported with this model. "
    "Use 'max_completion_tokens' instead.",
)
NO_TEMPERATURE = refusal(
    "temperature",
    "Unsupported value: 'temperature' does not support 0 with this model. "
    "Only the default (1) value is supported.",
    "unsupported_value",
)
NO_SYSTEM = refusal(
    "messages[0].role",
    "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    "unsupported_value",
)


def asked(fake: FakeCloud, times: int = 1) -> list[dict[str, Any]]:
    with CloudClient(settings(max_tokens=77), transport=fake) as client:
        for _ in range(times):
            assert client.ask(QUESTION, LABELS, OPTIONS).label_index == 1
    return fake.requests


def reasoning_model(body: Mapping[str, Any]) -> Step:
    """Names one parameter at a time, as OpenAI's server does."""
    if "max_tokens" in body:
        return NO_MAX_TOKENS
    return NO_TEMPERATURE if "temperature" in body else "Final answer: B"


def test_case_19_max_tokens_is_renamed_and_that_is_remembered() -> None:
    first, second, third = asked(FakeCloud(NO_MAX_TOKENS, "B"), times=2)
    assert first["max_tokens"] == 77
    for body in (second, third):
        assert "max_tokens" not in body
        assert (body["max_completion_tokens"], body["temperature"]) == (77, 0)


def test_case_19_the_temperature_is_left_out_and_that_is_remembered() -> None:
    first, second, third = asked(FakeCloud(NO_TEMPERATURE, "B"), times=2)
    assert first["temperature"] == 0
    for body in (second, third):
        assert "temperature" not in body
        assert body["max_tokens"] == 77


def test_case_19_a_reasoning_model_refuses_both_one_after_the_other() -> None:
    requests = asked(FakeCloud(reasoning_model), times=3)
    assert len(requests) == 5
    assert all("max_completion_tokens" in body for body in requests[2:])


def test_case_19_instructions_move_into_the_question_s_message() -> None:
    _, second = asked(FakeCloud(NO_SYSTEM, "B"))
    (message,) = second["messages"]
    assert message["role"] == "user"
    assert message["content"].endswith(QUESTION)
    assert "Final answer: C" in message["content"]


@pytest.mark.parametrize(
    ("reply", "gone"),
    [
        (
            FakeReply(400, {"error": {"message": "`temperature` is deprecated for this model."}}),
            "temperature",
        ),
        (
            FakeReply(
                422,
                {
                    "detail": [
                        {"loc": ["body", "max_tokens"], "msg": "Extra inputs are not permitted"}
                    ]
                },
            ),
            "max_tokens",
        ),
        (
            FakeReply(400, {"message": "Unrecognized request argument supplied: temperature"}),
            "temperature",
        ),
        (
            FakeReply(
                422,
                {"error": "`temperature` must be strictly positive", "error_type": "validation"},
            ),
            "temperature",
        ),
        (FakeReply(200, NO_TEMPERATURE.body), "temperature"),
    ],
)
def test_case_19_other_servers_words(reply: FakeReply, gone: str) -> None:
    first, second = asked(FakeCloud(reply, "B"))
    assert gone in first
    assert gone not in second


@pytest.mark.parametrize(
    "reply",
    [
        refusal(
            "max_tokens",
            "max_tokens is too large: 77. This model allows at most 50.",
            "invalid_value",
        ),
        refusal(
            None, "This model's maximum context length is 512 tokens.", "context_length_exceeded"
        ),
        refusal("tools", "Unsupported parameter: 'tools'"),
        FakeReply(500, NO_MAX_TOKENS.body),
        FakeReply(429, NO_MAX_TOKENS.body),
    ],
)
def test_case_19_other_errors_are_not_asked_again(reply: FakeReply) -> None:
    fake = FakeCloud(reply)
    with CloudClient(settings(), transport=fake) as client:
        error_of(lambda: client.ask(QUESTION, LABELS, OPTIONS))
    assert len(fake.requests) == 1


def test_case_19_a_limit_that_is_too_large_names_the_setting() -> None:
    reply = refusal("max_tokens", "max_tokens is too large: 77", "invalid_value")
    with CloudClient(settings(), transport=FakeCloud(reply)) as client:
        error = error_of(lambda: client.ask(QUESTION, LABELS, OPTIONS))
    assert (error.kind, error.setting) == ("rejected", "max_tokens")
    assert "lower max_tokens" in error.hint


@pytest.mark.parametrize("reply", [NO_MAX_TOKENS, NO_TEMPERATURE, NO_SYSTEM])
def test_case_19_a_server_that_refuses_again_is_not_asked_for_ever(reply: FakeReply) -> None:
    fake = FakeCloud(reply)
    with CloudClient(settings(), transport=fake) as client:
        error = error_of(lambda: client.ask(QUESTION, LABELS, OPTIONS))
    assert len(fake.requests) == 2
    assert (error.kind, error.retryable) == ("rejected", False)


def test_case_19_all_requests_share_one_deadline() -> None:
    def slow(body: Mapping[str, Any]) -> Step:
        refused = NO_MAX_TOKENS if "max_tokens" in body else NO_TEMPERATURE
        return FakeReply(400, refused.body, delay_s=0.2)

    with CloudClient(settings(), transport=FakeCloud(slow)) as client:
        error = error_of(lambda: client.ask(QUESTION, LABELS, OPTIONS, deadline_s=0.3))
    assert error.kind == "timeout"
