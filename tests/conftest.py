"""No test sees the user's settings or writes to the user's folders; property tests are steady."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, and no time limit for one: the machine may be busy.
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")

# A shell that starts the tests in the background has them ignore Ctrl-C, and their children too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

FOLDERS = {
    "HOME": ".",
    "USERPROFILE": ".",
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "LOCALAPPDATA": "local",
    "APPDATA": "roaming",
    "FOGGEN_HOME": "foggen",
}
KEPT = ("FOGGEN_SHARED",)  # where the shared test data is, no setting of the product


@pytest.fixture(scope="session", autouse=True)
def _session_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For what is made once for all tests, such as a loaded model."""
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, tmp_path_factory.mktemp("user"))
        yield


@pytest.fixture(autouse=True)
def user_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the test's own."""
    folder = tmp_path_factory.mktemp("user")
    isolate(monkeypatch, folder)
    return folder


def isolate(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("FOGGEN_", "HF_")) and name not in KEPT:
            patch.delenv(name)
    patch.delenv("NO_COLOR", raising=False)
    for name, place in FOLDERS.items():
        patch.setenv(name, str(folder / place))
