"""`foggen.store.hub_cache`: what the hub's own cache on this machine has is not downloaded again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foggen.config import Settings
from foggen.errors import PullError
from foggen.store.download import Watch
from foggen.store.hub_cache import cache_folder
from foggen.store.pull import pull

from ..loopback_hub import COMMIT, REPO, LoopbackHub
from .pulling import BOX, FILE, FLIPPED, NAME, SHA256, is_right, pulled, stored

OTHER_COMMIT = "f" * 40


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository's folder in a cache of the test's own, as huggingface_hub lays it out."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub" / f"models--{REPO.replace('/', '--')}"


def keep(cache: Path, data: bytes, *, commit: str = COMMIT, blob: str = SHA256) -> None:
    """A file in the cache, at a commit that `main` stands for."""
    snapshot = cache / "snapshots" / commit
    for folder in (cache / "blobs", cache / "refs", snapshot):
        folder.mkdir(parents=True, exist_ok=True)
    (cache / "blobs" / blob).write_bytes(data)
    (snapshot / FILE).symlink_to(Path("../../blobs") / blob)
    (cache / "refs" / "main").write_text(commit)


def test_a_cached_file_is_copied_and_not_downloaded(
    hub: LoopbackHub, cache: Path, settings: Settings
) -> None:
    keep(cache, BOX)
    said: list[str] = []
    assert is_right(pull(REPO, settings, watch=Watch(said.append)))
    assert hub.of_files() == []
    assert "from the hub's cache" in said[0]
    (blob,) = (cache / "blobs").iterdir()
    assert blob.read_bytes() == BOX  # it stays where it is


def test_the_same_file_of_another_commit_is_used_too(
    hub: LoopbackHub, cache: Path, settings: Settings
) -> None:
    keep(cache, BOX, commit=OTHER_COMMIT)
    pulled(settings)
    assert hub.of_files() == []


def test_a_file_without_a_hash_is_used_at_its_own_commit_only(
    hub: LoopbackHub, cache: Path, settings: Settings
) -> None:
    hub.hidden.add(FILE)
    keep(cache, BOX, blob="a" * 40)
    pulled(settings)
    assert hub.of_files() == []
    hub.commit = OTHER_COMMIT
    assert is_right(pull(REPO, settings, name="again"))
    assert len(hub.of_files()) == 1


@pytest.mark.parametrize("data", [FLIPPED, BOX[:-1]], ids=["changed", "shorter"])
def test_a_damaged_copy_is_downloaded_instead(
    hub: LoopbackHub, cache: Path, settings: Settings, data: bytes
) -> None:
    keep(cache, data)
    pulled(settings)
    assert len(hub.of_files()) == 1


def test_a_file_outside_of_the_repository_is_never_taken(
    hub: LoopbackHub, cache: Path, settings: Settings, tmp_path: Path
) -> None:
    keep(cache, BOX)
    outside = tmp_path / "elsewhere.gguf"
    outside.write_bytes(BOX)
    (cache / "blobs" / SHA256).unlink()
    (cache / "snapshots" / COMMIT / FILE).unlink()
    (cache / "snapshots" / COMMIT / FILE).symlink_to(outside)
    pulled(settings)
    assert len(hub.of_files()) == 1


@pytest.mark.parametrize("revision", ["", "@main", f"@{COMMIT}"])
def test_without_a_network_the_cache_is_what_there_is(
    hub: LoopbackHub,
    cache: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    revision: str,
) -> None:
    keep(cache, BOX)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert is_right(pull(f"{REPO}{revision}", settings))
    assert stored(settings) == [NAME]
    assert hub.asked == []
    entry = pull(REPO, replace(settings, offline=True))
    assert entry.text("source") == f"{REPO}@{COMMIT}/{FILE}"


@pytest.mark.parametrize("revision", ["", "@other", "@..", "@."])
def test_without_a_network_what_is_not_cached_is_refused(
    hub: LoopbackHub,
    cache: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    revision: str,
) -> None:
    if revision:
        keep(cache, BOX)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(PullError, match="HF_HUB_OFFLINE is set"):
        pull(f"{REPO}{revision}", settings)
    assert hub.asked == []


def test_the_cache_is_where_the_environment_places_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/a/place")
    assert cache_folder() == Path("/a/place/huggingface/hub")
    monkeypatch.setenv("HF_HOME", "/a/home")
    assert cache_folder() == Path("/a/home/hub")
    monkeypatch.setenv("HF_HUB_CACHE", "/a/cache")
    assert cache_folder() == Path("/a/cache")
    for name in ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", "/a/user")
    assert cache_folder() == Path("/a/user/.cache/huggingface/hub")
