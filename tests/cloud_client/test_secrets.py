"""The key goes into one header, to one host, and nowhere else."""

from __future__ import annotations

import logging
import pickle
import traceback

import pytest

from foggen_cloud import CloudClient, CloudError
from foggen_cloud.testing import (
    FakeCloud,
    FakeReply,
    Handler,
    cuts,
    http_reply,
    redirects,
    resets,
    says,
    stays_silent,
)

from .conftest import Ask
from .helpers import KEY, LABELS, OPTIONS, QUESTION, error_from, error_of, serving, settings


def test_the_key_is_sent_as_a_bearer() -> None:
    fake = FakeCloud("B")
    with CloudClient(settings(key=KEY), transport=fake) as client:
        client.ask(QUESTION, LABELS, OPTIONS)
    assert fake.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(fake.requests)


def test_no_key_no_header() -> None:
    fake = FakeCloud("B")
    with CloudClient(settings(), transport=fake) as client:
        client.ask(QUESTION, LABELS, OPTIONS)
    assert "authorization" not in fake.headers[0]


def test_extra_headers_are_sent_and_the_server_s_echo_of_them_is_not_shown() -> None:
    fake = FakeCloud(FakeReply(500, {"error": f"bad gateway key {KEY}"}))
    headers = {"X-Gateway-Key": KEY, "X-Title": "FogGen"}
    with CloudClient(settings(headers=headers), transport=fake) as client:
        error = error_of(lambda: client.ask(QUESTION, LABELS, OPTIONS))
    assert fake.headers[0]["x-gateway-key"] == KEY
    assert fake.headers[0]["x-title"] == "FogGen"
    assert KEY not in error.detail + str(error)


def test_no_repr_shows_the_key() -> None:
    client = CloudClient(settings(key=KEY))
    assert KEY not in repr(client) + str(client) + repr(settings(key=KEY))


ECHO = f'{{"error": {{"message": "Incorrect API key provided: {KEY}", "code": 1}}}}'.encode()


@pytest.mark.parametrize(
    "handler",
    [
        cuts(http_reply(ECHO, 401)),
        cuts(http_reply(ECHO, 400)),
        cuts(http_reply(ECHO, 500)),
        cuts(http_reply(ECHO, 200)),
        cuts(http_reply(KEY.encode(), 200)),
        cuts(http_reply(b" " * 70 + KEY.encode(), 200)),
        cuts(http_reply(f"<p>{KEY[:12]}".encode(), 404)),
        cuts(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + KEY.encode()),
        cuts(KEY.encode() + b"\r\n\r\n"),
        redirects(307, f"https://elsewhere.invalid/{KEY}"),
        stays_silent,
    ],
    ids=["401", "400", "500", "200", "text", "edge", "piece", "cut", "not-http", "307", "silent"],
)
def test_no_error_shows_the_key(
    ask: Ask, handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    error = error_from(handler, ask, key=KEY, deadline_s=0.3)
    shown = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(error)
    for piece in (KEY, KEY[:8]):
        assert piece not in shown
        assert piece not in caplog.text


def test_what_we_send_is_in_no_log(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(says("B"), resets(), key=KEY) as (_, client):
        ask(client)
        error_of(lambda: ask(client))
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    "handler",
    [stays_silent, resets(), cuts(http_reply(b"{}", 500))],
    ids=["silent", "reset", "500"],
)
def test_what_we_send_is_in_no_local_variable(ask: Ask, handler: Handler) -> None:
    """Crash reporters print the local variables of every frame, the causes' frames too."""
    error = error_from(handler, ask, key=KEY, deadline_s=0.3)
    report: traceback.TracebackException | None
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = 0
    while report is not None:
        for frame in report.stack:
            if "/tests/" not in frame.filename:
                frames += 1
                assert KEY not in str(frame.locals), frame
        report = report.__cause__ or report.__context__
    assert frames


def test_errors_travel_between_processes() -> None:
    fake = FakeCloud(FakeReply(429, {}, {"Retry-After": "2"}))
    with CloudClient(settings(), transport=fake) as client:
        error = error_of(lambda: client.ask(QUESTION, LABELS, OPTIONS))
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, CloudError)
    assert (vars(copy), str(copy)) == (vars(error), str(error))


def test_no_cookie_is_kept(ask: Ask) -> None:
    body = b'{"choices": [{"message": {"content": "B"}}]}'
    sets_cookie = cuts(http_reply(body, 200, "Set-Cookie: user=7; Path=/"))
    with serving(sets_cookie, says("B")) as (server, client):
        ask(client)
        ask(client)
        assert b"user=7" not in server.requests[1]
