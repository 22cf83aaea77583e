"""`foggen.store.pull` where all is well; which file is taken; what is refused; repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from foggen.config import Settings
from foggen.errors import ConfigurationError, ModelFileError, UsageError
from foggen.store.download import Watch
from foggen.store.known_models import manifest_path, read_manifest
from foggen.store.models import checked
from foggen.store.pull import pull, repair
from foggen.store.store import Store, problem

from ..conftest import Scripted
from ..helpers import python
from ..loopback_hub import COMMIT, REPO, LoopbackHub
from .pulling import (
    BOX,
    FILE,
    FLIPPED,
    NAME,
    ROUND,
    SHA256,
    damage,
    failed,
    is_right,
    left_over,
    other_model,
    pulled,
    stored,
)

# --- what is right ---------------------------------------------------------------------------------


def test_a_pull_from_a_hub(hub: LoopbackHub, settings: Settings) -> None:
    told: list[str] = []
    steps: list[tuple[int, int]] = []

    def step(done: int, total: int) -> None:
        assert any("7.6 MB" in line for line in told), "the size is told before the first byte"
        steps.append((done, total))

    entry = pull(REPO, settings, watch=Watch(told.append, step))
    assert entry.name == NAME
    assert is_right(entry)
    assert steps[-1] == (len(BOX), len(BOX))
    assert read_manifest(entry.path) == {
        "file": f"{NAME}.gguf",
        "size": len(BOX),
        "sha256": SHA256,
        "quant": "q8_0",
        "round": ROUND,
        "source": f"{REPO}@{COMMIT}/{FILE}",
    }
    assert [asked.path for asked in hub.asked] == [
        f"/api/models/{REPO}?blobs=true",
        f"/{REPO}/resolve/{COMMIT}/{FILE}",  # its first bytes
        f"/{REPO}/resolve/{COMMIT}/{FILE}",
    ]
    assert len(hub.of_files()) == 1
    assert sorted(path.name for path in entry.path.parent.iterdir()) == [
        f"{NAME}.gguf",
        f"{NAME}.gguf.manifest.json",
    ]


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
    assert told == [f"{NAME} is already in the store"]
    assert len(hub.of_files()) == 1


def test_a_revision_and_a_file_can_be_named(hub: LoopbackHub, settings: Settings) -> None:
    hub.files["more/tiny-Q4_0.gguf"] = BOX
    entry = pulled(settings, f"{REPO}@v1/more/tiny-Q4_0.gguf")
    assert entry.name == "tiny-q4_0"
    assert hub.asked[0].path == f"/api/models/{REPO}/revision/v1?blobs=true"
    assert entry.text("source") == f"{REPO}@{COMMIT}/more/tiny-Q4_0.gguf"


def test_a_pull_from_a_url(hub: LoopbackHub, settings: Settings) -> None:
    told: list[str] = []
    entry = pull(
        f"{hub.url}/Some%20Model.gguf?sig=secret",
        settings_of(hub, settings, "Some Model.gguf"),
        watch=Watch(told.append),
    )
    assert (entry.name, entry.text("source")) == ("some-model", f"{hub.url}/Some%20Model.gguf")
    assert is_right(entry)
    assert any("no published hash" in line and SHA256 in line for line in told)
    assert "secret" not in "".join(told) + manifest_path(entry.path).read_text("utf-8")


def settings_of(hub: LoopbackHub, settings: Settings, file: str) -> Settings:
    hub.files[file.replace(" ", "%20")] = BOX
    return settings


def test_a_url_with_a_manifest(hub: LoopbackHub, settings: Settings) -> None:
    told: list[str] = []
    hub.files[f"{FILE}.manifest.json"] = f'{{"sha256": "{SHA256}"}}'.encode()
    pull(f"{hub.url}/{FILE}", settings, watch=Watch(told.append))
    assert not any("no published hash" in line for line in told)
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


# --- which file, and is it one ---------------------------------------------------------------------


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
    for word in ("b-Q4_0.gguf (7.6 MB)", "c-F16.gguf (7.6 MB)", "-q"):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {b"foggen.": b"others.", b"qwen3": b"mamba"},
            ("architecture is 'mamba'", "qwen3, qwen2, gemma3, llama"),
        ),
        ({b"<|im_end|>": b"<|im_gne|>"}, ("vocabulary does not fit", "Qwen3 or Gemma-3")),
        ({b"GGUF\x03": b"GGUF\x09"}, ("GGUF version 9", "upgrade")),
        (
            {b"foggen.contract_version\x04\0\0\0\x01": b"foggen.contract_version\x04\0\0\0\x02"},
            ("contract has version 2", "upgrade"),
        ),
    ],
    ids=["architecture", "token", "gguf", "contract"],
)
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
    error = failed(settings, ModelFileError, "web page (HTML)", source=f"{hub.url}/x.gguf")
    assert str(settings.home) not in str(error)


def test_m07_weights_without_numbers_are_refused(
    hub: LoopbackHub, settings: Settings, scripted: Scripted
) -> None:
    hub.files[FILE] = scripted(finite=False).read_bytes()
    failed(settings, ModelFileError, "not finite")


@pytest.mark.parametrize("trusted", [False, True])
def test_m07_what_was_pulled_is_tried_once(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    """By the pull itself, unless it was told to trust the file; then whoever opens it is asked."""
    if trusted:
        monkeypatch.setattr("sys.executable", None)  # no child could run
    entry = pull(REPO, settings, trusted=trusted)
    monkeypatch.setattr("sys.executable", None)
    if trusted:
        with pytest.raises(ConfigurationError, match="trusted=True"):
            checked(NAME, settings.home)
    assert checked(NAME, settings.home, trusted=trusted) == (NAME, entry.path, SHA256)


def test_m07_where_no_child_can_run_nothing_is_pulled(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "")
    failed(settings, ConfigurationError, "trusted=True")


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/b",
        ".x",
        "",
        "con",
        "nul.gguf",
        "a\nb",
        "x" * 101,
        "x.",
        "starter",
        "Starter",
        "-q",
        "a\\b",
    ],
)
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


# --- repair ----------------------------------------------------------------------------------------


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
    with pytest.raises(ModelFileError, match=f"{SHA256} is expected"):
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
