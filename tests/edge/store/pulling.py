"""What the tests of pulling share: the model that is served, its variants, and what a failure may leave."""

from __future__ import annotations

import hashlib
from collections import namedtuple

import pytest

from foggen.config import STARTER, Settings
from foggen.engine.gguf_header import read_header
from foggen.errors import FogGenError, PullError
from foggen.store.models import locate
from foggen.store.pull import pull
from foggen.store.store import Entry, Store, problem

from ..conftest import Scripted
from ..loopback_hub import REPO

FILE, NAME = "tiny-Q8_0.gguf", "tiny-q8_0"
BOX = locate(STARTER)[1].read_bytes()
SHA256 = hashlib.sha256(BOX).hexdigest()
ROUND = read_header(locate(STARTER)[1]).metadata["foggen.round"]
FLIPPED = BOX[:-9] + bytes([BOX[-9] ^ 1]) + BOX[-8:]
PART = 1_000_000
OTHER = BOX[: PART - 9] + bytes([BOX[PART - 9] ^ 1]) + BOX[PART - 8 :]  # of the same size; it runs
DiskUsage = namedtuple("DiskUsage", "total used free")


def stored(settings: Settings) -> list[str]:
    return Store(settings.home).names()


def left_over(settings: Settings) -> int:
    """Bytes of all that lies in the home beside whole models; a lock is empty."""
    whole = {Store(settings.home).folder / name for name in stored(settings)}
    return sum(
        path.stat().st_size for path in settings.home.rglob("*.gguf") if path.parent not in whole
    )


def failed(
    settings: Settings,
    kind: type[FogGenError],
    *words: str,
    source: str = REPO,
    name: str = "",
    sha256: str = "",
) -> FogGenError:
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


def other_model(scripted: Scripted) -> bytes:
    return scripted().read_bytes()


def damage(entry: Entry) -> None:
    entry.path.write_bytes(FLIPPED)
