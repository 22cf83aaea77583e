"""T18: a server whose certificate does not hold is a typed error, and no setting turns that off."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from foggen_cloud import CloudClient, CloudSettings
from foggen_cloud.testing import RawServer, http_reply, says

from .certificates import EXPIRED, GOOD, KEY, OTHER_HOST
from .conftest import Ask
from .helpers import WAIT_S, error_of, settings


def context(folder: Path, certificate: str) -> ssl.SSLContext:
    """A server context with `certificate`, which is also written to `folder`/cert.pem."""
    (folder / "cert.pem").write_text(certificate, encoding="ascii")
    (folder / "key.pem").write_text(KEY, encoding="ascii")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server


def test_t18_private_authority_is_trusted_through_ssl_cert_file(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(says("B"), tls=context(tmp_path, GOOD)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with CloudClient(settings(server.url, key="k")) as client:
            assert ask(client).label_index == 1


def test_t18_self_signed(ask: Ask, tmp_path: Path) -> None:
    with RawServer(says("B"), tls=context(tmp_path, GOOD)) as server:
        with CloudClient(settings(server.url)) as client:
            error = error_of(lambda: ask(client))
        assert server.requests == []
    assert (error.kind, error.retryable) == ("tls", False)
    assert "SSL_CERT_FILE" in error.hint


@pytest.mark.parametrize("certificate", [EXPIRED, OTHER_HOST], ids=["expired", "other-host"])
def test_t18_trusted_but_not_valid_here(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    with RawServer(says("B"), tls=context(tmp_path, certificate)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with CloudClient(settings(server.url)) as client:
            assert error_of(lambda: ask(client)).kind == "tls"
        assert server.requests == []


def test_t18_plain_http_behind_https(ask: Ask) -> None:
    """The server answers the client's hello as if it were a request that it does not understand."""

    def answer_plainly() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(http_reply(b"", 400))

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        listener.settimeout(WAIT_S)
        answered = pool.submit(answer_plainly)
        with CloudClient(settings(f"https://127.0.0.1:{listener.getsockname()[1]}/v1")) as client:
            assert error_of(lambda: ask(client)).kind == "tls"
        answered.result()


def test_t18_handshake_cut_at_the_deadline_leaves_no_connection_open(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/v1"
        with CloudClient(settings(url, deadline_s=0.2, connect_s=5.0)) as client:
            error = error_of(lambda: ask(client))
            peer, _ = silent.accept()
            with peer:
                peer.settimeout(WAIT_S)
                assert peer.recv(65_536)  # the client's hello
                assert peer.recv(65_536) == b""
    assert error.kind == "timeout"


def test_t18_unreadable_certificate_file(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/cert.pem")
    with CloudClient(settings("https://127.0.0.1:9/v1")) as client:
        assert error_of(lambda: ask(client)).kind == "tls"


def test_no_setting_turns_verification_off() -> None:
    names = {field.name for field in fields(CloudSettings)}
    assert not {name for name in names if "verify" in name or "insecure" in name}
