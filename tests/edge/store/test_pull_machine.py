"""Rows S06 to S08 and S11: full disks, other processes, kills and machines that are offline."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from platformdirs import user_config_path

from foggen.config import STARTER, Settings
from foggen.errors import ConfigurationError, PullError
from foggen.store.models import locate
from foggen.store.pull import pull
from foggen.store.store import Store

from ..helpers import LIMIT_S
from ..loopback_hub import REPO, Fault, LoopbackHub
from .pulling import (
    BOX,
    FILE,
    NAME,
    PART,
    DiskUsage,
    failed,
    is_right,
    left_over,
    pulled,
    stored,
)


def test_s07_a_full_disk_is_told_before_a_byte_comes(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: DiskUsage(9**9, 9**9, 66 << 20))
    for source in (REPO, f"{hub.url}/{FILE}", str(locate(STARTER)[1])):
        error = failed(
            settings, ConfigurationError, "7.6 MB are needed", "FOGGEN_HOME", source=source
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
    from foggen.store.download import Watch
    from foggen.errors import FogGenError
    from foggen.store.pull import pull
    from foggen.store.store import Store

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
        stdout=subprocess.PIPE,
        text=True,
    )


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
    wait_for_bytes(settings, PART)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=LIMIT_S)
    assert stored(settings) == []
    pulled(settings)
    assert 0 < int(hub.of_files()[-1].headers["range"][6:-1]) <= PART


def wait_for_bytes(settings: Settings, number: int) -> None:
    """Until so many bytes of a download are on the disk."""
    end = time.monotonic() + LIMIT_S
    while left_over_now(settings) < number:
        assert time.monotonic() < end, "it did not come so far"
        time.sleep(0.02)


def left_over_now(settings: Settings) -> int:
    with contextlib.suppress(OSError):
        return left_over(settings)
    return 0


def test_m14_ctrl_c_in_a_pull(hub: LoopbackHub, settings: Settings) -> None:
    """Nothing else would end this pull within the limit."""
    hub.faults = [Fault(stop=PART, stall_s=10 * LIMIT_S)]
    folder = user_config_path("foggen")
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"stall_s = {10 * LIMIT_S}", "utf-8")
    command = "from foggen.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "models", "pull", REPO],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"FOGGEN_HOME": str(settings.home)},
    )
    try:
        wait_for_bytes(settings, PART // 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
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
