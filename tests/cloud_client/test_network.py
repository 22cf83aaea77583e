"""The way to the cloud: every row is a server that misbehaves, and one typed error in time."""

from __future__ import annotations

import socket
import sys
import threading
import time
from typing import NoReturn

import pytest

from foggen_cloud import CloudClient, ConfigError
from foggen_cloud.testing import (
    Handler,
    Peer,
    RawServer,
    completion,
    cuts,
    drips,
    http_reply,
    redirects,
    replies,
    resets,
    says,
    sends_forever,
    stays_silent,
)

from .conftest import Ask
from .helpers import (
    DEADLINE_S,
    WAIT_S,
    body_bytes,
    error_from,
    error_of,
    run_python,
    serving,
    settings,
)

ANSWER = http_reply(body_bytes(completion("Final answer: B")))


def test_a_sound_server_is_answered(ask: Ask) -> None:
    with serving(says("Final answer: B")) as (_, client):
        answer = ask(client)
    assert (answer.label_index, answer.text) == (1, "Final answer: B")


def test_t01_refused(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with CloudClient(settings(f"http://127.0.0.1:{port}/v1")) as client:
        error = error_of(lambda: ask(client))
    assert (error.kind, error.retryable) == ("offline", True)


def test_t01_name_unknown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with CloudClient(settings("http://nonexistent.invalid/v1")) as client:
        error = error_of(lambda: ask(client))
    assert (error.kind, error.retryable) == ("offline", True)


def test_t01_dead_name_server_holds_neither_the_call_nor_the_exit() -> None:
    program = """
        import socket, time
        from foggen_cloud import CloudClient, CloudError, CloudSettings
        socket.getaddrinfo = lambda *_, **__: time.sleep(3600)
        client = CloudClient(CloudSettings(url="http://a.invalid", model="m", deadline_s=0.2))
        try:
            client.ask("?", ["A"], ["x"])
        except CloudError as error:
            print(error.kind)
    """
    child = run_python(program)
    assert (child.stdout, child.stderr) == ("timeout\n", "")


def full_backlog(family: socket.AddressFamily, host: str) -> list[socket.socket]:
    """A listener on `host` that drops every further SYN, and what fills it."""
    listener = socket.create_server((host, 0), family=family, backlog=0)
    sockets = [listener]
    for _ in range(8):
        filler = socket.socket(family)
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
        sockets.append(filler)
    return sockets


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels refuse instead of dropping")
def test_t02_syn_dropped(ask: Ask) -> None:
    """The time for connecting ends the call, and not the deadline, which is far away."""
    sockets = full_backlog(socket.AF_INET, "127.0.0.1")
    try:
        port = sockets[0].getsockname()[1]
        with CloudClient(settings(f"http://127.0.0.1:{port}/v1", connect_s=0.2)) as client:
            error = error_of(lambda: ask(client))
    finally:
        for open_socket in sockets:
            open_socket.close()
    assert (error.kind, error.retryable) == ("timeout", False)
    assert "within the connect time" in str(error)


def test_t03_silent_server(ask: Ask) -> None:
    with serving(stays_silent, deadline_s=DEADLINE_S) as (server, client):
        started = time.monotonic()
        error = error_of(lambda: ask(client))
        elapsed = time.monotonic() - started
        assert len(server.requests) == 1
    assert (error.kind, error.retryable) == ("timeout", False)
    assert elapsed >= DEADLINE_S


def test_t04_first_byte_late(ask: Ask) -> None:
    gave_up, answered = threading.Event(), threading.Event()

    def late(peer: Peer) -> None:
        gave_up.wait(WAIT_S)
        try:
            peer.send(ANSWER)
        finally:
            answered.set()

    with serving(late, says("Final answer: C")) as (_, client):
        error = error_of(lambda: ask(client, deadline_s=DEADLINE_S))
        gave_up.set()
        assert answered.wait(WAIT_S)
        assert ask(client).label_index == 2
    assert error.kind == "timeout"


def test_t05_slow_drip(ask: Ask) -> None:
    """The whole answer would take many seconds, and no single byte of it is late."""
    head, _, body = ANSWER.partition(b"\r\n\r\n")

    def drip_body(peer: Peer) -> None:
        peer.send(head + b"\r\n\r\n")
        drips(body, 0.05)(peer)

    error = error_from(drip_body, ask, deadline_s=DEADLINE_S)
    assert (error.kind, error.retryable) == ("timeout", False)


def test_t05_slow_drip_in_the_headers(ask: Ask) -> None:
    error = error_from(drips(ANSWER, 0.05), ask, deadline_s=DEADLINE_S)
    assert error.kind == "timeout"


@pytest.mark.parametrize("handler", [resets(), cuts(b"")], ids=["reset", "closed"])
def test_t06_reset_before_headers(ask: Ask, handler: Handler) -> None:
    error = error_from(handler, ask)
    assert (error.kind, error.retryable) == ("offline", True)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "handler",
    [
        cuts(ANSWER[:-5]),
        resets(ANSWER[:-5]),
        cuts(CHUNKED + b'5\r\n{"cho\r\n'),
        cuts(CHUNKED + b"zz\r\n"),
        cuts(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip"),
        cuts(b"SMTP ready\r\n\r\n"),
    ],
    ids=["cut", "reset", "chunked", "bad-chunk", "bad-gzip", "not-http"],
)
def test_t07_broken_in_the_reply(ask: Ask, handler: Handler) -> None:
    error = error_from(handler, ask)
    assert (error.kind, error.retryable) == ("bad_response", False)


@pytest.mark.parametrize(
    "body",
    [
        body_bytes(completion("Final answer: B"))[:-10],
        b'data: {"choices":[{"delta":{"content":"Final answer: B"}}]}\n\n',
    ],
    ids=["half-json", "sse"],
)
def test_t08_cut_without_framing(ask: Ask, body: bytes) -> None:
    error = error_from(cuts(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body), ask)
    assert error.kind == "bad_response"


def test_t08_whole_body_without_framing_counts(ask: Ask) -> None:
    body = body_bytes(completion("B", finish_reason=None))
    with serving(cuts(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)) as (_, client):
        assert ask(client).label_index == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_t14_redirect_is_not_followed(ask: Ask, status: int) -> None:
    with RawServer(says("Final answer: B")) as target:
        elsewhere = redirects(status, f"{target.url}/chat/completions")
        with serving(elsewhere, key="k") as (server, client):
            error = error_of(lambda: ask(client))
            assert len(server.requests) == 1
        assert target.connections == 0
    assert isinstance(error, ConfigError)
    assert not error.retryable


@pytest.mark.parametrize("header", ["Content-Length: 1000000000", "Transfer-Encoding: chunked"])
def test_t17_endless_body(ask: Ask, header: str) -> None:
    head = f"HTTP/1.1 200 OK\r\n{header}\r\n\r\n".encode()
    piece = b"1000\r\n" + b" " * 0x1000 + b"\r\n"
    error = error_from(sends_forever(head, piece), ask)
    assert (error.kind, error.retryable) == ("too_large", False)


def test_t17_endless_headers(ask: Ask) -> None:
    piece = b"X-Fill: " + b"x" * 1000 + b"\r\n"
    assert error_from(sends_forever(b"HTTP/1.1 200 OK\r\n", piece), ask).kind == "too_large"


def test_body_at_the_cap_is_read_and_one_byte_more_is_not(ask: Ask) -> None:
    body = body_bytes(completion("B"))
    body += b" " * (2048 - len(body))
    handlers = replies(http_reply(body)), replies(http_reply(body + b" "))
    with serving(*handlers, max_body_bytes=2048) as (_, client):
        assert ask(client).label_index == 1
        assert error_of(lambda: ask(client)).kind == "too_large"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_t19_loopback_bypasses_the_proxy(
    ask: Ask, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(says("Final answer: C")) as proxy, RawServer(says("Final answer: B")) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        with CloudClient(settings(f"http://{host}:{server.port}/v1")) as client:
            assert ask(client).label_index == 1
        assert proxy.connections == 0


def test_t19_another_machine_is_reached_through_the_proxy(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(says("Final answer: C")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with CloudClient(settings("http://cloud.invalid/v1")) as client:
            assert ask(client).label_index == 2


def test_t19_unusable_proxy_is_a_config_error(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1:1")
    with CloudClient(settings("http://cloud.invalid/v1")) as client:
        assert isinstance(error_of(lambda: ask(client)), ConfigError)


def test_t21_connection_closed_between_questions(ask: Ask) -> None:
    with serving(cuts(ANSWER), says("Final answer: C")) as (_, client):
        assert ask(client).label_index == 1
        time.sleep(0.05)
        assert ask(client).label_index == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels refuse instead of dropping")
def test_t24_dead_ipv6_does_not_hide_ipv4(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(says("Final answer: B")) as server:
        try:
            dead = socket.create_server(("::1", server.port), family=socket.AF_INET6, backlog=0)
        except OSError:
            pytest.skip("no IPv6 loopback here")
        fillers = [socket.socket(socket.AF_INET6) for _ in range(8)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("::1", server.port))
        both = [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", server.port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
        url = f"http://cloud.invalid:{server.port}/v1"
        with CloudClient(settings(url, connect_s=WAIT_S / 2)) as client:
            assert ask(client).label_index == 1
        for open_socket in (dead, *fillers):
            open_socket.close()


def test_t21_a_kept_connection_that_the_server_closed_is_replaced(ask: Ask) -> None:
    with serving(says("A"), cuts(b""), says("B")) as (server, client):
        assert ask(client).label_index == 0
        assert ask(client).label_index == 1
        assert len(server.requests) == 3


def test_t21_a_fresh_connection_that_is_cut_is_not_tried_again(ask: Ask) -> None:
    with serving(cuts(b""), says("B")) as (server, client):
        assert error_of(lambda: ask(client)).kind == "offline"
        assert len(server.requests) == 1
