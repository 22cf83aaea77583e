"""What a reply means: T09-T13, T15, T16 and A03-A07, each one reason word and `retryable`."""

from __future__ import annotations

import contextlib
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from foggen_cloud import CloudError, KeyRefused
from foggen_cloud.response import read_completion
from foggen_cloud.status import retry_after_s
from foggen_cloud.testing import FakeReply, completion, cuts, http_reply
from foggen_cloud.transfer import RawReply

from .conftest import Ask
from .helpers import (
    ask_fake,
    body_bytes,
    error_from,
    error_of,
    error_of_reply,
    fake_client,
    serving,
    settings,
)


def failure(message: str = "", code: Any = None, kind: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, "type": kind}}


def says_message(**message: Any) -> dict[str, Any]:
    return completion(None, message={"role": "assistant", **message})


@pytest.mark.parametrize(
    ("header", "waits_s"),
    [
        ("2", 2.0),
        ("0", 0.0),
        (" 1.5 ", 1.5),
        ("1000000", 1000000.0),
        (None, None),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("9" * 400, None),
        ("٣", None),
        ("", None),
    ],
)
def test_t09_rate_limited(header: str | None, waits_s: float | None) -> None:
    headers = {} if header is None else {"Retry-After": header.encode()}
    error = error_of_reply(429, failure("slow down"), headers)
    assert (error.kind, error.retryable, error.retry_after_s) == ("rate_limited", True, waits_s)


def test_t09_retry_after_a_date() -> None:
    now = datetime.now(UTC)
    in_a_minute = retry_after_s(format_datetime(now + timedelta(seconds=60), usegmt=True))
    assert in_a_minute == pytest.approx(60, abs=2)
    assert retry_after_s(format_datetime(now - timedelta(days=1), usegmt=True)) == 0.0


@pytest.mark.parametrize("status", [500, 503, 529])
def test_t10_server_failure(status: int) -> None:
    error = error_of_reply(status, failure("no"))
    assert (error.kind, error.retryable, error.status) == ("server", True, status)


@pytest.mark.parametrize("status", [408, 409])
def test_t10_the_server_did_not_begin(status: int) -> None:
    error = error_of_reply(status, failure())
    assert (error.kind, error.retryable) == ("server", True)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, failure("maximum context length is 4096", "context_length_exceeded")),
        (400, failure("Unsupported parameter: 'max_tokens'", "unsupported_parameter")),
        (413, {}),
        (422, {"detail": [{"msg": "bad"}]}),
        (405, {}),
    ],
)
def test_t11_rejected(status: int, body: Any) -> None:
    error = error_of_reply(status, body)
    assert (error.kind, error.retryable) == ("rejected", False)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, failure("filtered", "content_filter")),
        (400, failure("Input data may contain", "data_inspection_failed")),
        (400, failure("no", "DataInspectionFailed")),
        (403, failure("requires moderation. Your input was flagged", 403)),
        (200, completion(None, finish_reason="content_filter")),
    ],
)
def test_t12_content_filter(status: int, body: Any) -> None:
    error = error_of_reply(status, body)
    assert (error.kind, error.retryable) == ("refused", False)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, failure("bad key", "invalid_api_key"), "auth"),
        (401, None, "auth"),
        (403, failure("no"), "auth"),
        (400, [failure("API key not valid. Please pass a valid API key.", 400)], "auth"),
        (402, failure("pay"), "credit"),
        (429, failure("You exceeded your quota", "insufficient_quota"), "credit"),
        (403, failure("Insufficient balance"), "credit"),
        (404, failure("model 'x' not found"), "model"),
        (400, failure("x is not a valid model ID", 400), "model"),
        (400, failure("The model `x` does not exist", "model_not_found"), "model"),
    ],
)
def test_t13_key_credit_model(status: int, body: Any, kind: str) -> None:
    error = error_of_reply(status, body)
    assert (error.kind, error.retryable) == (kind, False)
    assert error.hint
    assert isinstance(error, KeyRefused) == (kind == "auth")


PAGE = b"<html><title>Please log in</title></html>"


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        b"",
        b"null",
        b"[]",
        b'"B"',
        b"7",
        b"{}",
        b'{"choices": []}',
        b'{"choices": {}}',
        b'{"choices": [null]}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": "B"}]}',
        body_bytes(completion(None)),
        body_bytes(says_message(content=["B"])),
        body_bytes(says_message(content=7)),
        body_bytes(says_message(content={"text": "B"})),
        b'{"choices": "\xe9"}',
        b"[" * 100000,
        body_bytes(completion("B")) + b"{}",
        body_bytes(completion("B")).decode().encode("utf-16"),
    ],
)
def test_t15_not_an_answer(ask: Ask, body: bytes) -> None:
    error = error_from(cuts(http_reply(body)), ask)
    assert (error.kind, error.retryable) == ("bad_response", False)


def test_t15_web_page_from_a_gateway(ask: Ask) -> None:
    error = error_from(cuts(http_reply(PAGE, 502)), ask)
    assert (error.kind, error.retryable) == ("bad_response", True)


def test_t15_what_came_is_in_the_detail_only(ask: Ask) -> None:
    error = error_from(cuts(http_reply(b"\x1b[31m" + PAGE * 9)), ask)
    assert "Please log in" in error.detail
    assert len(error.detail) <= 80
    assert "\x1b" not in error.detail
    assert "log in" not in str(error) + repr(error)


@pytest.mark.parametrize(
    ("error_body", "kind", "retryable"),
    [
        ({"code": 429, "message": "slow"}, "rate_limited", True),
        ({"code": "503", "message": "busy"}, "server", True),
        ({"code": 401, "message": "key"}, "auth", False),
        ({"code": 402, "message": "pay"}, "credit", False),
        ({"type": "rate_limit_error"}, "rate_limited", True),
        ({"type": "server_error"}, "server", True),
        ({"code": "insufficient_quota"}, "credit", False),
        ({"code": "content_filter"}, "refused", False),
        ({"code": "context_length_exceeded"}, "rejected", False),
        ("model 'x' not found", "model", False),
        ({"message": "hm"}, "server", False),
        ({"code": True}, "server", False),
    ],
)
def test_t16_error_in_a_200(error_body: Any, kind: str, retryable: bool) -> None:
    for body in ({"error": error_body}, completion("Final answer: B", error=error_body)):
        error = error_of_reply(200, body)
        assert (error.kind, error.retryable) == (kind, retryable)


def test_t16_an_empty_error_is_none() -> None:
    assert ask_fake(FakeReply(body=completion("B") | {"error": None})).label_index == 1


def test_a03_thinking_is_stripped_from_the_text() -> None:
    answer = ask_fake("<think>C? no</think>\nFinal answer: B")
    assert (answer.label_index, answer.text) == (1, "Final answer: B")


def test_a03_reasoning_content_does_not_count() -> None:
    message = {"content": "Final answer: B", "reasoning_content": "Final answer: C"}
    assert ask_fake(FakeReply(body=says_message(**message))).label_index == 1
    only_thought = says_message(content="", reasoning_content="Final answer: C")
    assert error_of_reply(200, only_thought).kind == "bad_answer"


@pytest.mark.parametrize(
    "text", ["<think>Final answer: B", "A or B", "I cannot say.", "E", "", " "]
)
def test_a04_no_single_letter_is_an_error(text: str) -> None:
    error = error_of(lambda: ask_fake(text))
    assert (error.kind, error.retryable) == ("bad_answer", False)


@pytest.mark.parametrize("text", ["Let me think. The first", "Final answer: B", None, ""])
def test_a04_cut_at_max_tokens(text: str | None) -> None:
    error = error_of_reply(200, completion(text, finish_reason="length"))
    assert error.kind == "bad_answer"


def test_a05_the_served_model_is_reported() -> None:
    assert ask_fake("B").model == "fake-model"
    assert ask_fake(FakeReply(body=completion("B") | {"model": None})).model == "asked-model"


@pytest.mark.parametrize(
    "message",
    [
        {"content": None, "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]},
        {"content": None, "function_call": {"name": "f"}},
        {"content": None, "refusal": "I will not"},
        {"content": [{"type": "image_url", "image_url": {"url": "x"}}]},
    ],
    ids=["tool", "function", "refusal", "image"],
)
def test_a07_not_plain_text(message: Any) -> None:
    error = error_of_reply(200, says_message(**message))
    assert (error.kind, error.retryable) == ("bad_answer", False)


def test_usage_is_counted_where_it_makes_sense() -> None:
    assert ask_fake("B").usage == {"prompt_tokens": 7, "completion_tokens": 3}
    odd: list[Any] = [None, [], {"prompt_tokens": "7", "completion_tokens": True}, {"x": 1}]
    for usage in odd:
        assert ask_fake(FakeReply(body=completion("B") | {"usage": usage})).usage == {}


def test_the_text_cannot_control_a_terminal() -> None:
    text = "\x1b]0;title\x07two\x9b lines\ud800\n\tFinal answer: B\r\n"
    assert ask_fake(text).text == "]0;titletwo lines?\n\tFinal answer: B"


def test_an_open_question_has_a_text_and_no_letter() -> None:
    with fake_client("It is <b>42</b>.", "") as client:
        answer = client.ask_open("What is 6 * 7?")
        assert (answer.label_index, answer.text) == (None, "It is <b>42</b>.")
        assert error_of(lambda: client.ask_open("?")).kind == "bad_answer"
    with fake_client("x" * 100_000) as client:
        assert len(client.ask_open("?").text) == 16_000


def test_blank_lines_before_the_body_do_not_matter(ask: Ask) -> None:
    """Some servers send them to keep the connection alive."""
    body = b"\n\n\n" + body_bytes(completion("B"))
    with serving(cuts(http_reply(body))) as (_, client):
        assert ask(client).label_index == 1


def test_garbage_is_a_typed_error_or_an_answer() -> None:
    """A sound reply with pieces torn out and put elsewhere: never another exception."""
    chance = random.Random(7)
    whole = body_bytes(completion("<think>C</think>\nFinal answer: B", error={"code": 429}))
    for _ in range(2000):
        start, end, target = sorted(chance.randrange(len(whole)) for _ in range(3))
        body = whole[:start] + whole[end:target] + whole[start:end] + whole[target:]
        reply = RawReply(chance.choice([200, 200, 200, 400, 429, 503]), {}, body)
        with contextlib.suppress(CloudError):
            assert read_completion(reply, settings()).text is not None
