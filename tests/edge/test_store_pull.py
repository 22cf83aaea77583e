"""`foggen.pull` against a hub on loopback that fails: rows S04 to S09 and S11.

After each failure the store holds no model, and at most one partial.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from foggen import download, known_models
from foggen.config import Settings
from foggen.download import Watch
from foggen.errors import (
    ConfigurationError,
    FogGenError,
    KeyRefusedError,
    ModelFileError,
    PullError,
    UsageError,
)
from foggen.gguf_header import read_header
from foggen.known_models import manifest_path, read_manifest
from foggen.models import STARTER, locate
from foggen.pull import pull, repair
from foggen.store import Entry, Store, problem
from foggen_cloud.testing import RawServer, http_reply, redirects, replies

from ..cloud_client.certificates import GOOD
from ..cloud_client.test_tls import context
from .conftest import Scripted
from .helpers import LIMIT_S, python
from .loopback_hub import COMMIT, REPO, Fault, LoopbackHub

FILE, NAME = "tiny-Q8_0.gguf", "tiny-q8_0"
BOX = locate(STARTER)[1].read_bytes()
SHA256 = hashlib.sha256(BOX).hexdigest()
ROUND = read_header(locate(STARTER)[1]).metadata["foggen.round"]
FLIPPED = BOX[:-9] + bytes([BOX[-9] ^ 1]) + BOX[-8:]
PART = 1_000_000
OTHER = BOX[: PART - 9] + bytes([BOX[PART - 9] ^ 1]) + BOX[PART - 8 :]  # of the same size; it runs
DiskUsage = namedtuple("DiskUsage", "total used free")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with LoopbackHub({FILE: BOX, "README.md": b"hello"}) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def hasty(settings: Settings) -> Settings:
    """The same home, and soon a stall."""
    return replace(settings, stall_s=0.5)


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first load in a child takes half a second, and is of interest in m07 and a few more."""
    if "m07" not in request.node.name and request.node.name != "test_a_pull_from_a_hub":
        monkeypatch.setattr(known_models, "_load_in_child", lambda _: None)


def stored(settings: Settings) -> list[str]:
    return Store(settings.home).names()


def left_over(settings: Settings) -> int:
    """Bytes of all that lies in the home beside whole models; a lock is empty."""
    whole = {Store(settings.home).folder / name for name in stored(settings)}
    return sum(
        path.stat().st_size for path in settings.home.rglob("*.gguf") if path.parent not in whole
    )


def failed(settings: Settings, kind: type[FogGenError], *words: str, source: str = REPO,
           name: str = "", sha256: str = "") -> FogGenError:  # fmt: skip
    """The error of a pull that leaves the store empty, and at most one partial."""
    with pytest.raises(kind) as caught:
        pull(source, settings, name=name, sha256=sha256)
    assert type(caught.value) is kind or kind is PullError
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert stored(settings) == []
    assert left_over(settings) <= len(BOX)
    return caught.value


def is_right(entry: Entry) -> bool:
    return entry.path.read_bytes() == BOX and not problem(entry.path)


def pulled(settings: Settings, source: str = REPO) -> Entry:
    entry = pull(source, settings)
    assert is_right(entry)
    assert left_over(settings) == 0
    return entry


# --- what is right ------------------------------------------------------------------------------------


def test_a_pull_from_a_hub(hub: LoopbackHub, settings: Settings) -> None:
    told: list[str] = []
    steps: list[tuple[int, int]] = []

    def step(done: int, total: int) -> None:
        assert any("4.0 MB" in line for line in told), "the size is told before the first byte"
        steps.append((done, total))

    entry = pull(REPO, settings, watch=Watch(told.append, step))
    assert entry.name == NAME
    assert is_right(entry)
    assert steps[-1] == (len(BOX), len(BOX))
    assert read_manifest(entry.path) == {
        "file": f"{NAME}.gguf", "size": len(BOX), "sha256": SHA256, "quant": "q8_0", "round": ROUND,
        "source": f"{REPO}@{COMMIT}/{FILE}",
    }  # fmt: skip
    assert [asked.path for asked in hub.asked] == [
        f"/api/models/{REPO}?blobs=true", f"/{REPO}/resolve/{COMMIT}/{FILE}"]  # fmt: skip
    assert sorted(path.name for path in entry.path.parent.iterdir()) == [
        f"{NAME}.gguf", f"{NAME}.gguf.manifest.json"]  # fmt: skip


def test_the_hub_is_one_for_huggingface_hub_too(hub: LoopbackHub, tmp_path: Path) -> None:
    """What the tests below are worth: the library itself reads this hub."""
    outcome = python(
        "from huggingface_hub import HfApi, hf_hub_download as get\n"
        f"(file, *_) = HfApi().model_info({REPO!r}, files_metadata=True).siblings\n"
        f"print(file.lfs.sha256, get({REPO!r}, {FILE!r}, local_dir={str(tmp_path)!r}))"
    )
    assert outcome.out.split() == [SHA256, str(tmp_path / FILE)], outcome.err
    assert (tmp_path / FILE).read_bytes() == BOX


def test_what_is_there_is_not_fetched_again(hub: LoopbackHub, settings: Settings) -> None:
    first, told = pulled(settings), list[str]()
    assert pull(REPO, settings, watch=Watch(told.append)) == first
    assert told == [f"{NAME} is in the store already"]
    assert len(hub.of_files()) == 1


def test_a_revision_and_a_file_can_be_named(hub: LoopbackHub, settings: Settings) -> None:
    hub.files["more/tiny-Q4_0.gguf"] = BOX
    entry = pulled(settings, f"{REPO}@v1/more/tiny-Q4_0.gguf")
    assert entry.name == "tiny-q4_0"
    assert hub.asked[0].path == f"/api/models/{REPO}/revision/v1?blobs=true"
    assert entry.text("source") == f"{REPO}@{COMMIT}/more/tiny-Q4_0.gguf"


def test_a_pull_from_a_url(hub: LoopbackHub, settings: Settings) -> None:
    told: list[str] = []
    entry = pull(f"{hub.url}/Some%20Model.gguf?sig=secret", settings_of(hub, settings, "Some Model.gguf"),
                 watch=Watch(told.append))  # fmt: skip
    assert (entry.name, entry.text("source")) == ("some-model", f"{hub.url}/Some%20Model.gguf")
    assert is_right(entry)
    assert any("nothing vouches" in line and SHA256 in line for line in told)
    assert "secret" not in "".join(told) + manifest_path(entry.path).read_text("utf-8")


def settings_of(hub: LoopbackHub, settings: Settings, file: str) -> Settings:
    hub.files[file.replace(" ", "%20")] = BOX
    return settings


def test_a_url_whose_manifest_vouches(hub: LoopbackHub, settings: Settings) -> None:
    told: list[str] = []
    hub.files[f"{FILE}.manifest.json"] = f'{{"sha256": "{SHA256}"}}'.encode()
    pull(f"{hub.url}/{FILE}", settings, watch=Watch(told.append))
    assert not any("vouches" in line for line in told)
    hub.files[FILE] = FLIPPED
    with pytest.raises(ModelFileError, match="sha256"):
        pull(f"{hub.url}/{FILE}", settings, name="other")
    assert stored(settings) == [NAME]


def test_a_pull_of_a_local_file(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "My Model.gguf").write_bytes(BOX)
    entry = pulled(settings, str(tmp_path / "My Model.gguf"))
    assert (entry.name, entry.text("source")) == ("my-model", str(tmp_path / "My Model.gguf"))
    (tmp_path / "My Model.gguf").unlink()
    assert is_right(Store(settings.home).entry("my-model"))


# --- the connection -----------------------------------------------------------------------------------


def test_s04_a_cut_is_gone_on_with_in_the_same_pull(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(stop=PART), Fault(stop=PART)]
    pulled(settings)
    ranges = [asked.headers.get("range") for asked in hub.of_files()]
    assert ranges == [None, f"bytes={PART}-", f"bytes={2 * PART}-"]


@pytest.mark.parametrize("source", [REPO, "url"])
def test_s04_a_cut_is_gone_on_with_in_the_next_pull(
    hub: LoopbackHub, settings: Settings, source: str
) -> None:
    source = source.replace("url", f"{hub.url}/{FILE}")
    hub.faults = [Fault(stop=PART), Fault(stop=0)]
    failed(settings, PullError, "run the same command again", source=source)
    assert left_over(settings) == PART
    pulled(settings, source)
    assert hub.of_files()[-1].headers["range"] == f"bytes={PART}-"
    assert "if-range" in hub.of_files()[-1].headers


def test_s04_cuts_without_end_are_an_error(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(stop=1000)] * 50
    failed(settings, PullError, "run the same command again")
    assert len(hub.of_files()) == download.TRIES


def test_s04_a_server_that_ignores_ranges(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(stop=PART), Fault(wholly=True)]
    pulled(settings)


def test_s04_a_stall_is_an_error_in_time(
    hub: LoopbackHub, settings: Settings, hasty: Settings
) -> None:
    hub.faults = [Fault(stop=PART, stall_s=60)]
    started = time.monotonic()
    failed(hasty, PullError, "nothing came for 0.5 s", "it goes on where it was")
    assert time.monotonic() - started < 30
    pulled(settings)
    assert hub.of_files()[-1].headers["range"] == f"bytes={PART}-"


def test_s04_a_drip_is_a_stall(hub: LoopbackHub, hasty: Settings) -> None:
    hub.faults = [Fault(pace_s=0.05, stop=100)]
    failed(hasty, PullError, "nothing came for 0.5 s")


def test_s04_a_listing_that_drips_or_stalls(hub: LoopbackHub, hasty: Settings) -> None:
    hub.listing_faults = [Fault(pace_s=0.05, stop=100), Fault(stop=5, stall_s=60)]
    failed(hasty, PullError, "nothing came for 0.5 s")
    failed(hasty, PullError, "nothing came for 0.5 s")


def test_no_proxy_stands_before_this_machine(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    pulled(settings)


def test_no_server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    failed(settings, PullError, "127.0.0.1:9 cannot be reached")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_fails(hub: LoopbackHub, settings: Settings, status: int) -> None:
    hub.faults = [Fault(status=status)]
    failed(settings, PullError, f"HTTP {status}")
    hub.listing_faults = [Fault(status=status)]
    failed(settings, PullError, f"HTTP {status}")


# --- lies ---------------------------------------------------------------------------------------------


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


# --- changes ------------------------------------------------------------------------------------------


def other_model(scripted: Scripted) -> bytes:
    return scripted().read_bytes()


def test_s04_a_hub_s_file_that_changes_between_tries(
    hub: LoopbackHub, settings: Settings, scripted: Scripted
) -> None:
    hub.faults = [Fault(stop=PART), Fault(stop=0)]
    failed(settings, PullError)
    hub.files[FILE] = other_model(scripted)
    entry = pull(REPO, settings)
    assert entry.path.read_bytes() == other_model(scripted)
    assert "range" not in hub.of_files()[-1].headers


def test_s04_a_url_s_file_that_changes_between_tries(
    hub: LoopbackHub, settings: Settings, scripted: Scripted
) -> None:
    hub.faults = [Fault(stop=PART), Fault(stop=0)]
    failed(settings, PullError, source=f"{hub.url}/{FILE}")
    hub.files[FILE] = other_model(scripted)
    entry = pull(f"{hub.url}/{FILE}", settings)
    assert entry.path.read_bytes() == other_model(scripted)
    assert hub.of_files()[-1].headers["range"] == f"bytes={PART}-"


@pytest.mark.parametrize("source", [REPO, "url"])
@pytest.mark.parametrize("fault", ["no etag", "no If-Range"])
def test_s04_a_change_that_a_server_does_not_tell(
    hub: LoopbackHub, settings: Settings, source: str, fault: str
) -> None:
    source = source.replace("url", f"{hub.url}/{FILE}")
    hub.etags, hub.conditional = fault != "no etag", fault != "no If-Range"
    hub.faults = [Fault(stop=PART), Fault(stop=0)]
    failed(settings, PullError, source=source)
    hub.files[FILE] = OTHER
    assert pull(source, settings).path.read_bytes() == OTHER


def test_s04_without_an_etag_a_url_begins_anew(hub: LoopbackHub, settings: Settings) -> None:
    hub.etags = False
    hub.faults = [Fault(stop=PART), Fault(stop=0)]
    failed(settings, PullError, source=f"{hub.url}/{FILE}")
    pulled(settings, f"{hub.url}/{FILE}")
    assert "range" not in hub.of_files()[-1].headers


def test_s04_a_url_s_file_that_became_smaller(hub: LoopbackHub, settings: Settings) -> None:
    hub.conditional = False
    hub.files["big.gguf"] = BOX * 2
    hub.faults = [Fault(stop=len(BOX) + 9), Fault(stop=0)]
    with pytest.raises(PullError):
        pull(f"{hub.url}/big.gguf", settings)
    hub.files["big.gguf"] = BOX
    assert is_right(pull(f"{hub.url}/big.gguf", settings))


def test_all_came_but_was_not_placed(hub: LoopbackHub, settings: Settings) -> None:
    """As after a kill between the last byte and the renaming: one byte is asked for again."""
    hub.faults = [Fault(stop=len(BOX) - 1), Fault(stop=0)]
    failed(settings, PullError)
    partial = Store(settings.home).partial(NAME) / f"{NAME}.gguf"
    partial.write_bytes(BOX)
    pulled(settings)
    assert hub.of_files()[-1].headers["range"] == f"bytes={len(BOX) - 1}-"


def test_s11_a_partial_of_another_source_is_no_orphan(
    hub: LoopbackHub, settings: Settings, scripted: Scripted
) -> None:
    hub.files["other.gguf"] = other_model(scripted)
    hub.faults = [Fault(stop=PART), Fault(stop=0)] * 2
    failed(settings, PullError, name="mine")
    assert left_over(settings) == PART
    failed(settings, PullError, name="mine", source=f"{hub.url}/other.gguf")
    entry = pull(f"{hub.url}/other.gguf", settings, name="mine")
    assert entry.path.read_bytes() == other_model(scripted)
    assert left_over(settings) == 0


def test_a_newer_version_is_not_put_over_the_one_of_the_store(
    hub: LoopbackHub, settings: Settings, scripted: Scripted
) -> None:
    entry = pulled(settings)
    hub.files[FILE], hub.commit = other_model(scripted), "f" * 40
    with pytest.raises(UsageError, match=r"another version.*models rm tiny-q8_0"):
        pull(REPO, settings)
    assert is_right(entry)
    assert pull(REPO, settings, name="newer").path.read_bytes() == other_model(scripted)


def test_a_taken_name_is_told(hub: LoopbackHub, settings: Settings) -> None:
    entry = pulled(settings)
    with pytest.raises(UsageError, match=rf"is taken.*{REPO}.*--name"):
        pull(f"{hub.url}/{FILE}", settings)
    assert is_right(entry)


# --- access -------------------------------------------------------------------------------------------


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
    failed(settings, PullError, "is not there", "no/such", source="no/such")
    failed(settings, PullError, "is not there", source=f"{hub.url}/none.gguf")
    failed(settings, PullError, "no file none.gguf", source=f"{REPO}/none.gguf")
    failed(settings, ConfigurationError, "none.gguf", source=str(tmp_path / "none.gguf"))
    failed(settings, ConfigurationError, "folder/none.gguf", source="folder/none.gguf")


# --- encryption ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["http://example.com/x.gguf", "ftp://example.com/x.gguf",
                                    "file:///etc/passwd", "https://"])  # fmt: skip
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


# --- the machine --------------------------------------------------------------------------------------


def test_s07_a_full_disk_is_told_before_a_byte_comes(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: DiskUsage(9**9, 9**9, 66 << 20))
    for source in (REPO, f"{hub.url}/{FILE}", str(locate(STARTER)[1])):
        error = failed(
            settings, ConfigurationError, "4.0 MB are needed", "FOGGEN_HOME", source=source
        )
        assert error.exit_code == 78
        assert left_over(settings) == 0


def test_a_home_that_cannot_be_written(hub: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="FOGGEN_HOME"):
        pull(REPO, Settings(home=tmp_path / "file" / "home"))


PULL = """
    import sys
    from contextlib import nullcontext
    from pathlib import Path
    from foggen.config import Settings
    from foggen.download import Watch
    from foggen.errors import FogGenError
    from foggen.pull import pull
    from foggen.store import Store

    source, home, broken = sys.argv[1:]
    if broken:
        Store.lock = lambda *_: nullcontext()
    try:
        print(pull(source, Settings(home=Path(home), stall_s=5), watch=Watch(print)).name)
    except FogGenError as error:
        print(error)
    """


def start(source: str, home: Path, broken: str = "") -> subprocess.Popen[str]:
    import textwrap

    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PULL), source, str(home), broken],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_s06_two_processes_at_once_are_one_download(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(stop=len(BOX), stall_s=2)]  # the first is slow, so that the second waits
    processes = [start(REPO, settings.home) for _ in range(2)]
    said = [process.communicate(timeout=LIMIT_S)[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert [lines[-1] for lines in said] == [NAME, NAME]
    assert "waiting for another process that changes tiny-q8_0" in said[0] + said[1]
    assert len(hub.of_files()) == 1
    assert is_right(Store(settings.home).entry(NAME))


def test_s06_where_locks_do_not_hold_nothing_bad_is_stored(
    hub: LoopbackHub, settings: Settings
) -> None:
    processes = [start(REPO, settings.home, "broken") for _ in range(3)]
    for process in processes:
        said, _ = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0, "an error is one of ours"
        assert said
    entries = [Store(settings.home).entry(name) for name in stored(settings)]
    assert all(is_right(entry) for entry in entries)
    pulled(settings)


def test_s11_a_killed_pull_is_gone_on_with(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(stop=PART, stall_s=60)]
    process = start(REPO, settings.home)
    deadline = time.monotonic() + LIMIT_S
    while left_over_now(settings) < PART and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=LIMIT_S)
    assert stored(settings) == []
    pulled(settings)
    assert 0 < int(hub.of_files()[-1].headers["range"][6:-1]) <= PART


def left_over_now(settings: Settings) -> int:
    with contextlib.suppress(OSError):
        return left_over(settings)
    return 0


def test_m14_ctrl_c_in_a_pull(hub: LoopbackHub, settings: Settings) -> None:
    hub.faults = [Fault(stop=PART, stall_s=60)]
    command = "from foggen.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "models", "pull", REPO], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"FOGGEN_HOME": str(settings.home)},
    )  # fmt: skip
    deadline = time.monotonic() + LIMIT_S
    while left_over_now(settings) < PART // 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    out, err = process.communicate(timeout=LIMIT_S)
    assert time.monotonic() - started < 5
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "foggen: interrupted"
    pulled(settings)


@pytest.mark.parametrize("setting", ["FOGGEN_OFFLINE", "HF_HUB_OFFLINE"])
def test_s08_offline(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    if setting == "FOGGEN_OFFLINE":
        settings = Settings(home=settings.home, offline=True)
    else:
        monkeypatch.setenv(setting, "1")
    for source in (REPO, f"{hub.url}/{FILE}?secret"):
        error = failed(settings, PullError, setting, source=source)
        assert "secret" not in str(error)
    assert hub.asked == []
    assert is_right(pull(str(locate(STARTER)[1]), settings, name="local"))


# --- which file, and is it one ------------------------------------------------------------------------


def test_q8_0_is_preferred_and_another_can_be_chosen(hub: LoopbackHub, settings: Settings) -> None:
    hub.files["tiny-Q4_K_M.gguf"] = BOX
    assert pulled(settings).text("source").endswith(FILE)
    entry = pull(REPO, settings, quant="Q4_K_M")
    assert entry.name == "tiny-q4_k_m"
    assert entry.text("source").endswith("tiny-Q4_K_M.gguf")


@pytest.mark.parametrize("quant", ["", "q5_0"])
def test_an_unclear_choice_lists_the_files(
    hub: LoopbackHub, settings: Settings, quant: str
) -> None:
    hub.files |= {"b-Q4_0.gguf": BOX, "c-F16.gguf": BOX}
    if not quant:
        del hub.files[FILE]
    with pytest.raises(ConfigurationError) as caught:
        pull(REPO, settings, quant=quant)
    for word in ("b-Q4_0.gguf (4.0 MB)", "c-F16.gguf (4.0 MB)", "-q"):
        assert word in str(caught.value)


def test_a_file_in_pieces_is_refused(hub: LoopbackHub, settings: Settings) -> None:
    hub.files = {f"tiny-Q8_0-0000{n}-of-00002.gguf": BOX for n in (1, 2)}
    failed(settings, ModelFileError, "in pieces", "--merge")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({b"foggen.": b"others.", b"qwen3": b"llama"}, ("architecture is 'llama'", "qwen3, gemma3")),
        ({b"<|im_end|>": b"<|im_gne|>"}, ("vocabulary does not fit", "Qwen3 or Gemma-3")),
        ({b"GGUF\x03": b"GGUF\x09"}, ("GGUF version 9", "upgrade")),
        ({b"foggen.contract_version\x04\0\0\0\x01": b"foggen.contract_version\x04\0\0\0\x02"},
         ("contract has version 2", "upgrade")),
    ],
    ids=["architecture", "token", "gguf", "contract"],
)  # fmt: skip
def test_m07_what_cannot_be_run_is_refused_with_the_reason(
    hub: LoopbackHub, settings: Settings, changes: dict[bytes, bytes], words: tuple[str, ...]
) -> None:
    for old, new in changes.items():
        assert old in hub.files[FILE]
        hub.files[FILE] = hub.files[FILE].replace(old, new)
    failed(settings, ModelFileError, REPO, *words)
    assert left_over(settings) == 0


def test_m07_a_page_of_html_is_refused(hub: LoopbackHub, settings: Settings) -> None:
    hub.files["x.gguf"] = b"<html>" * 20
    error = failed(settings, ModelFileError, "not a GGUF file", source=f"{hub.url}/x.gguf")
    assert str(settings.home) not in str(error)


def test_m07_weights_without_numbers_are_refused(
    hub: LoopbackHub, settings: Settings, scripted: Scripted
) -> None:
    hub.files[FILE] = scripted(finite=False).read_bytes()
    failed(settings, ModelFileError, "not finite")


@pytest.mark.parametrize("name", ["../x", "a/b", ".x", "", "con", "nul.gguf", "a\nb", "x" * 101,
                                  "x.", "starter", "Starter", "-q", "a\\b"])  # fmt: skip
def test_unsafe_names(hub: LoopbackHub, settings: Settings, name: str) -> None:
    if name:
        failed(settings, UsageError, repr(name), name=name)
    else:
        failed(settings, UsageError, "cannot name", source=str(nameless(settings)))
    assert hub.of_files() == []


def nameless(settings: Settings) -> Path:
    path = settings.home.parent / "....gguf"
    path.write_bytes(BOX)
    return path


# --- repair -------------------------------------------------------------------------------------------


def damage(entry: Entry) -> None:
    entry.path.write_bytes(FLIPPED)


@pytest.mark.parametrize("source", [REPO, "url", "path"])
def test_repair_gets_the_same_file_again(
    hub: LoopbackHub, settings: Settings, source: str, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_bytes(BOX)
    source = {"url": f"{hub.url}/{FILE}", "path": str(tmp_path / FILE)}.get(source, source)
    entry = pulled(settings, source)
    manifest = dict(entry.manifest)
    damage(entry)
    assert problem(entry.path)
    again = repair(entry.name, settings)
    assert is_right(again)
    assert again.manifest == manifest
    assert left_over(settings) == 0
    entry.path.unlink()
    assert is_right(repair(entry.name, settings))


def test_repair_of_a_whole_file_asks_nobody(hub: LoopbackHub, settings: Settings) -> None:
    entry, asked = pulled(settings), len(hub.asked)
    repair(entry.name, settings)
    assert len(hub.asked) == asked


def test_repair_takes_no_other_version(
    hub: LoopbackHub, settings: Settings, scripted: Scripted
) -> None:
    damage(pulled(settings))
    hub.files[FILE] = other_model(scripted)
    with pytest.raises(ModelFileError, match=f"{SHA256} is wanted"):
        repair(NAME, settings)
    assert problem(Store(settings.home).file(NAME))


def test_repair_without_a_recorded_source(hub: LoopbackHub, settings: Settings) -> None:
    entry = pulled(settings)
    manifest_path(entry.path).write_text("{", "utf-8")
    with pytest.raises(ModelFileError, match="models rm tiny-q8_0"):
        repair(NAME, settings)
    with pytest.raises(ConfigurationError, match="no model named 'nothing'"):
        repair("nothing", settings)


def test_a_pull_of_a_damaged_model_repairs_it(hub: LoopbackHub, settings: Settings) -> None:
    damage(pulled(settings))
    pulled(settings)
