"""Row S04: connections that are cut, stall or drip, and files that change between tries."""

from __future__ import annotations

import pytest

from foggen.config import Settings
from foggen.errors import PullError, UsageError
from foggen.store import download
from foggen.store.pull import pull
from foggen.store.store import Store

from ..conftest import Scripted
from ..loopback_hub import REPO, Fault, LoopbackHub
from .pulling import (
    BOX,
    FILE,
    NAME,
    OTHER,
    PART,
    failed,
    is_right,
    left_over,
    other_model,
    pulled,
)

# --- the connection --------------------------------------------------------------------------------


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
    failed(hasty, PullError, "no data for 0.5 s", "to resume")
    pulled(settings)
    assert hub.of_files()[-1].headers["range"] == f"bytes={PART}-"


def test_s04_a_drip_is_a_stall(hub: LoopbackHub, hasty: Settings) -> None:
    hub.faults = [Fault(pace_s=0.05, stop=100)]
    failed(hasty, PullError, "no data for 0.5 s")


def test_s04_a_listing_that_drips_or_stalls(hub: LoopbackHub, hasty: Settings) -> None:
    hub.listing_faults = [Fault(pace_s=0.05, stop=100), Fault(stop=5, stall_s=60)]
    failed(hasty, PullError, "no data for 0.5 s")
    failed(hasty, PullError, "no data for 0.5 s")


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


# --- changes ---------------------------------------------------------------------------------------


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
    with pytest.raises(UsageError, match=r"not the version.*models rm tiny-q8_0"):
        pull(REPO, settings)
    assert is_right(entry)
    assert pull(REPO, settings, name="newer").path.read_bytes() == other_model(scripted)


def test_a_taken_name_is_told(hub: LoopbackHub, settings: Settings) -> None:
    entry = pulled(settings)
    with pytest.raises(UsageError, match=rf"is taken.*{REPO}.*--name"):
        pull(f"{hub.url}/{FILE}", settings)
    assert is_right(entry)
