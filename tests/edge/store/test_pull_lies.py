"""Row S05 and its like: sizes, hashes and listings that lie; access and encryption."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from foggen.config import Settings
from foggen.errors import ConfigurationError, KeyRefusedError, ModelFileError, PullError, UsageError
from foggen.store.download import Watch
from foggen.store.pull import pull
from foggen.store.store import Store
from foggen_cloud.testing import RawServer, http_reply, redirects, replies

from ...cloud_client.certificates import GOOD
from ...cloud_client.test_tls import context
from ..helpers import command
from ..loopback_hub import REPO, Fault, LoopbackHub
from .pulling import (
    BOX,
    FILE,
    FLIPPED,
    NAME,
    PART,
    SHA256,
    failed,
    is_right,
    left_over,
    pulled,
)

# --- lies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [-1000, 1000])
def test_a_listing_that_lies_about_the_size(
    hub: LoopbackHub, settings: Settings, more: int
) -> None:
    hub.sizes[FILE] = len(BOX) + more
    failed(settings, PullError, str(len(BOX) + more), str(len(BOX)))
    assert left_over(settings) == 0


@pytest.mark.parametrize("more", [-1000, 1000])
def test_a_server_that_lies_about_the_size(hub: LoopbackHub, settings: Settings, more: int) -> None:
    hub.faults = [Fault(announce=more)] * 10
    failed(settings, PullError, str(len(BOX) + more))


def test_a_url_that_announces_too_much(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(announce=1000)] * 10
    failed(settings, PullError, source=f"{hub.url}/{FILE}")


def test_a_url_that_announces_too_little(hub: LoopbackHub, settings: Settings) -> None:
    """All that can be seen of it is a file that is cut off."""
    hub.faults = [Fault(announce=-1000)]
    failed(settings, ModelFileError, "past the end", source=f"{hub.url}/{FILE}")
    assert left_over(settings) == 0


def test_s05_a_flipped_bit(hub: LoopbackHub, settings: Settings) -> None:
    hub.files[FILE] = FLIPPED
    hub.hashes[FILE] = SHA256
    error = failed(settings, ModelFileError, SHA256, hashlib.sha256(FLIPPED).hexdigest())
    assert error.exit_code == 65
    assert left_over(settings) == 0
    hub.files[FILE] = BOX
    pulled(settings)


def test_s05_a_flipped_bit_in_what_came_before(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(stop=PART), Fault(stop=0)]
    failed(settings, PullError)
    partial = Store(settings.home).partial(NAME) / f"{NAME}.gguf"
    partial.write_bytes(b"\0" + partial.read_bytes()[1:])
    failed(settings, ModelFileError, "sha256")
    pulled(settings)


def test_a_hash_that_the_caller_knows(hub: LoopbackHub, settings: Settings) -> None:
    failed(settings, ModelFileError, "0" * 64, SHA256, sha256="0" * 64)
    assert hub.of_files() == []
    failed(settings, ModelFileError, "0" * 64, SHA256, source=f"{hub.url}/{FILE}", sha256="0" * 64)
    failed(settings, UsageError, "64 hexadecimal digits", sha256="abc")
    assert is_right(pull(REPO, settings, sha256=SHA256.upper()))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"sha": 1}', b"<html>", b'{"siblings": 5}'])
def test_s09_an_endpoint_that_is_no_hub(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    with RawServer(replies(http_reply(body))) as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.port}")
        failed(settings, PullError, "HF_ENDPOINT")


def test_a_listing_that_is_too_large(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(replies(http_reply(b" " * (9 << 20)))) as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.port}")
        failed(settings, PullError, "larger than")


# --- access ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
def test_access_denied(hub: LoopbackHub, settings: Settings, status: int) -> None:
    hub.token, hub.denied = "hf_right", status
    error = failed(settings, KeyRefusedError, f"HTTP {status}", "HF_TOKEN")
    assert error.exit_code == 77


def test_access_denied_to_the_file_alone(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(status=403)]
    failed(settings, KeyRefusedError, "HTTP 403", FILE)


def test_a_token_opens_and_is_not_told(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.token = "hf_right"
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    assert "hf_wrong" not in str(failed(settings, KeyRefusedError))
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    told: list[str] = []
    pull(REPO, settings, watch=Watch(told.append))
    kept = "".join(path.read_text("utf-8") for path in settings.home.rglob("*.json"))
    assert "hf_right" not in kept + "".join(told)


def test_a_token_stays_at_home_where_the_user_forbids_it(
    hub: LoopbackHub, settings: Settings
) -> None:
    """huggingface-hub reads this variable when it is imported."""
    environment = {"HF_TOKEN": "hf_right", "FOGGEN_HOME": str(settings.home)}
    for forbidden in ("0", "1"):
        hub.asked.clear()
        outcome = command(
            "models",
            "pull",
            REPO,
            "--name",
            f"n{forbidden}",
            **environment,
            HF_HUB_DISABLE_IMPLICIT_TOKEN=forbidden,
        )
        assert outcome.code == 0, outcome.err
        sent = {"authorization" in asked.headers for asked in hub.asked}
        assert sent == {forbidden == "0"}


def test_a_token_goes_to_no_other_host(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    with LoopbackHub({FILE: BOX}) as storage:
        hub.faults = [Fault(status=302, location=f"{storage.url}/{FILE}")]
        pulled(settings)
        assert len(storage.asked) == 1
        assert "authorization" not in storage.asked[0].headers
        assert all(asked.headers["authorization"] == "Bearer hf_right" for asked in hub.asked)
        pull(f"{storage.url}/{FILE}", settings, name="by-url")
        assert all("authorization" not in asked.headers for asked in storage.asked)


def test_not_there(hub: LoopbackHub, settings: Settings, tmp_path: Path) -> None:
    failed(settings, PullError, "was not found", "no/such", source="no/such")
    failed(settings, PullError, "was not found", source=f"{hub.url}/none.gguf")
    failed(settings, PullError, "no file none.gguf", source=f"{REPO}/none.gguf")
    failed(settings, ConfigurationError, "none.gguf", source=str(tmp_path / "none.gguf"))
    failed(settings, ConfigurationError, "folder/none.gguf", source="folder/none.gguf")


# --- encryption ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["http://example.com/x.gguf", "ftp://example.com/x.gguf", "file:///etc/passwd", "https://"],
)
def test_only_https(settings: Settings, source: str) -> None:
    failed(settings, UsageError, "not encrypted", source=source)


def test_no_password_in_a_url(settings: Settings) -> None:
    error = failed(settings, UsageError, source="https://me:secret@example.com/x.gguf")
    assert "secret" not in str(error)


def test_an_endpoint_that_is_not_encrypted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://example.com")
    failed(settings, UsageError, "not encrypted")


def test_a_redirect_to_http_elsewhere(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(status=302, location="http://example.com/x.gguf?secret")]
    error = failed(settings, PullError, "http://example.com", "not encrypted")
    assert "secret" not in str(error)


def test_a_redirect_from_https_to_http_on_this_machine(
    hub: LoopbackHub, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = context(tmp_path, GOOD)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with RawServer(redirects(302, f"{hub.url}/{FILE}"), tls=tls) as server:
        source = f"https://127.0.0.1:{server.port}/{FILE}"
        failed(settings, PullError, "redirects to http://127.0.0.1", source=source)
    assert hub.asked == []
