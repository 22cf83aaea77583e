"""The store's models by name: list, show, verify, rm, ask; and checkpoints that become models."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from foggen import Router
from foggen.config import STARTER, Settings, load_settings
from foggen.engine.gguf_header import read_header
from foggen.engine.memory import memory_needed
from foggen.engine.native import Context, Model
from foggen.errors import ConfigurationError, ModelFileError, UsageError
from foggen.store import exporting, sources
from foggen.store.known_models import check_model, manifest_path, read_manifest, sha256_of
from foggen.store.models import locate
from foggen.store.pull import pull
from foggen.store.store import Entry, Store, check_name, is_name, problem

from ..conftest import RandomModel, Scripted
from ..helpers import QUESTION, cli, is_one_line
from ..loopback_hub import COMMIT, REPO, Fault, LoopbackHub
from ..test_imports import HTTP, TRAINING, run_by_command_line

BOX = locate(STARTER)[1]
SOURCE = f"{REPO}@{COMMIT}/tiny-Q8_0.gguf"
WAIT_S = 60.0  # far more than anything here takes


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with LoopbackHub({"tiny-Q8_0.gguf": BOX.read_bytes()}) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


@pytest.fixture
def entry(scripted: Scripted) -> Entry:
    """A model of the store under the user's home; it answers B with confidence 0.25."""
    return pull(str(scripted()), load_settings(), name="tiny")


def damage(entry: Entry) -> None:
    data = bytearray(entry.path.read_bytes())
    data[-9] ^= 1
    entry.path.write_bytes(data)


# --- pull ---------------------------------------------------------------------------------------------


def test_pull_gives_the_name_and_tells_the_size(hub: LoopbackHub) -> None:
    outcome = cli("models", "pull", REPO)
    assert (outcome.code, outcome.out) == (0, "tiny-q8_0\n")
    assert outcome.err.splitlines() == [
        f"7.6 MB from {hub.url}/{REPO}/resolve/{COMMIT}/tiny-Q8_0.gguf",
        "ask it: foggen-edge ask -m tiny-q8_0 ...",
    ]


def test_every_option_of_pull(hub: LoopbackHub) -> None:
    hub.files["tiny-Q4_0.gguf"] = hub.files["tiny-Q8_0.gguf"]
    sha256 = read_manifest(BOX)["sha256"]
    outcome = cli("models", "pull", REPO, "-q", "q4_0", "--name", "mine", "--sha256", sha256)
    assert (outcome.code, outcome.out) == (0, "mine\n")
    assert Store(load_settings().home).entry("mine").text("source").endswith("tiny-Q4_0.gguf")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["no/such"], 69),
        (["http://example.com/x.gguf"], 2),
        ([REPO, "--name", "../x"], 2),
        ([REPO, "--sha256", "x"], 2),
        ([REPO, "-q", "q4_0"], 78),
        (["tiny", "--repair"], 78),
        ([REPO, "--repair", "--name", "x"], 2),
        ([str(BOX), "-q", "q4_0"], 2),
        (["nowhere.gguf"], 78),
    ],
)
def test_an_error_of_pull_is_one_line(hub: LoopbackHub, arguments: list[str], code: int) -> None:
    outcome = cli("models", "pull", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert is_one_line(outcome.err)


def test_a_local_pull_opens_no_socket(user_folder: Path) -> None:
    loaded, events = run_by_command_line("models", "pull", BOX)
    assert not loaded & {*HTTP, *TRAINING}
    assert events == []


def test_stall_s_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(stall_s=2).stall_s == 2
    with pytest.raises(ConfigurationError, match="stall_s"):
        Settings(stall_s=0)


# --- list, show ---------------------------------------------------------------------------------------


def test_list(entry: Entry) -> None:
    outcome = cli("models", "list")
    assert (outcome.code, outcome.err) == (0, "")
    head, box, tiny = [line.split() for line in outcome.out.splitlines()]
    assert head == ["name", "quant", "MB", "round", "sha256", "source"]
    assert box[:3] == ["starter", "q8_0", "7.6"]
    assert box[-3:] == ["in", "the", "box"]
    size = f"{entry.path.stat().st_size / 1e6:.1f}"
    assert tiny == ["tiny", "f32", size, "R9", entry.text("sha256")[:12], entry.text("source")]


def test_list_for_machines(entry: Entry) -> None:
    box, tiny = cli("models", "list", "--json").json["models"]
    assert (box["name"], box["sha256"]) == ("starter", read_manifest(BOX)["sha256"])
    assert tiny == entry.as_dict()
    assert tiny["size_bytes"] == entry.path.stat().st_size


def test_list_of_an_empty_store_and_of_a_broken_one(user_folder: Path) -> None:
    assert [model["name"] for model in cli("models", "list", "--json").json["models"]] == [
        "starter"
    ]
    store = Store(load_settings().home)
    (store.folder / "odd").mkdir(parents=True)
    (store.folder / ".partial" / "half").mkdir(parents=True)
    (store.folder / "file").write_text("")
    assert "missing" in cli("models", "list").out.splitlines()[2]
    assert store.names() == ["odd"]


def test_show_of_a_name(entry: Entry) -> None:
    shown = cli("models", "show", "tiny", "--json").json
    expected = {
        "name": "tiny",
        "file": str(entry.path),
        "quant": "f32",
        "round": "R9",
        "sha256": entry.text("sha256"),
        "source": entry.text("source"),
    }
    assert {key: shown[key] for key in expected} == expected
    assert "memory bytes" in cli("models", "show", "tiny").out


def test_the_memory_that_is_shown_is_of_weights_and_context() -> None:
    model = Model(BOX)
    context = Context(model)
    width, heads, layers = 64, 2, 0
    metadata = model.header.metadata
    width = metadata["qwen3.attention.key_length"] + metadata["qwen3.attention.value_length"]
    heads, layers = metadata["qwen3.attention.head_count_kv"], metadata["qwen3.block_count"]
    expected = BOX.stat().st_size + context.size * 2 * heads * width * layers
    assert memory_needed(read_header(BOX)) == expected
    assert cli("models", "show", "--json").json["memory_bytes"] == expected
    context.close()
    model.close()


# --- ask by name --------------------------------------------------------------------------------------


def test_ask_by_name(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {"name": "tiny", "sha256": entry.text("sha256"), "round": "R9"}
    asked = cli("ask", QUESTION, "-m", "tiny", "--json").json
    assert (asked["label"], asked["model"]) == ("B", expected)
    monkeypatch.setenv("FOGGEN_MODEL", "tiny")
    assert cli("ask", QUESTION, "--json").json["model"] == expected
    with Router.open(model="tiny") as router:
        assert router.model.as_dict() == expected
    findings = {found["check"]: found for found in cli("doctor", "--json").json["findings"]}
    assert findings["model"]["found"].startswith("tiny.gguf")


def test_ask_by_name_loads_no_http_client(entry: Entry) -> None:
    loaded, events = run_by_command_line("ask", QUESTION, "-m", "tiny", "--local-only")
    assert not loaded & {*HTTP, *TRAINING, "filelock"}
    assert events == []


def test_a_name_is_before_a_file_and_a_file_can_still_be_given(
    entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = load_settings().home
    (tmp_path / "tiny").write_bytes(b"")
    (tmp_path / "other").write_bytes(b"")
    assert locate("tiny", home) == ("tiny", entry.path)
    assert locate("./tiny", home) == ("tiny", Path("./tiny"))
    assert locate("other", home) == ("other", Path("other"))
    assert locate("none.gguf", home) == ("none", Path("none.gguf"))


@pytest.mark.parametrize(
    "verb",
    [
        ("ask", QUESTION, "-m"),
        ("models", "show"),
        ("models", "verify"),
        ("models", "rm"),
        ("models", "pull", "--repair"),
    ],
)
def test_an_unknown_name_is_told_with_what_comes_near(entry: Entry, verb: tuple[str, ...]) -> None:
    outcome = cli(*verb, "tinny")
    assert (outcome.code, outcome.out) == (78, "")
    assert is_one_line(outcome.err)
    for words in ("no model named 'tinny'", "did you mean tiny?", "models pull", "models list"):
        assert words in outcome.err


def test_doctor_of_an_unknown_name(entry: Entry) -> None:
    outcome = cli("doctor", "-m", "tinny")
    assert outcome.code == 78
    assert outcome.out.count("problem") == 1
    assert "did you mean tiny?" in outcome.out


# --- verify, damage, repair ---------------------------------------------------------------------------


def test_verify(entry: Entry) -> None:
    outcome = cli("models", "verify")
    assert (outcome.code, outcome.out, outcome.err) == (0, "starter: ok\ntiny: ok\n", "")


@pytest.mark.parametrize("what", ["flipped", "short", "missing", "manifest"])
def test_m07_a_damaged_model_is_told_and_repaired(entry: Entry, what: str) -> None:
    assert cli("ask", QUESTION, "-m", "tiny").code == 0
    data = entry.path.read_bytes()
    {
        "flipped": lambda: damage(entry),
        "short": lambda: entry.path.write_bytes(data[:-1000]),
        "missing": entry.path.unlink,
        "manifest": lambda: manifest_path(entry.path).write_text(
            json.dumps(dict(entry.manifest) | {"sha256": "0" * 64}), "utf-8"
        ),
    }[what]()
    outcome = cli("models", "verify")
    assert outcome.code == 65
    ok, bad = outcome.out.splitlines()
    assert ok == "starter: ok"
    assert bad.startswith("tiny: ")
    assert bad.endswith("get it again: foggen-edge models pull --repair tiny")
    if what == "manifest":
        return  # a known file is not read again to be asked, and its manifest's hash is not its source's
    asked = cli("ask", QUESTION, "-m", "tiny")
    assert asked.code == (78 if what == "missing" else 65)
    assert is_one_line(asked.err)
    assert "foggen-edge models pull --repair tiny" in asked.err
    assert cli("models", "pull", "--repair", "tiny").out == "tiny\n"
    assert entry.path.read_bytes() == data
    assert cli("models", "verify", "tiny").out == "tiny: ok\n"
    assert cli("ask", QUESTION, "-m", "tiny").code == 0


def test_verify_of_what_has_no_manifest(entry: Entry, tmp_path: Path) -> None:
    manifest_path(entry.path).unlink()
    assert "no manifest with a SHA-256" in cli("models", "verify", "tiny").out
    (tmp_path / "x.gguf").write_bytes(b"x")
    assert cli("models", "verify", tmp_path / "x.gguf").code == 65


# --- rm, names ----------------------------------------------------------------------------------------


def test_rm(entry: Entry, scripted: Scripted) -> None:
    settings = load_settings()
    pull(str(scripted()), settings, name="second")
    store = Store(settings.home)
    assert cli("models", "rm", "tiny", "nothing").code == 78
    assert store.names() == ["second", "tiny"], "all or none"
    outcome = cli("models", "rm", "tiny", "second")
    assert (outcome.code, outcome.err) == (0, "")
    assert store.names() == []
    assert not list(store.folder.rglob("*.gguf"))


def test_rm_of_an_unfinished_pull(user_folder: Path) -> None:
    store = Store(load_settings().home)
    store.begin("half", "somewhere").write_bytes(b"half a model")
    assert cli("models", "rm", "half").code == 0
    assert not store.partial("half").exists()


class Killed(BaseException):
    """The process ends here."""


class CutPath(type(Path())):  # type: ignore[misc]
    """Paths of a process that is killed between its first renaming and its second."""

    renamed: ClassVar[list[str]] = []

    def replace(self, target: Any) -> Any:
        if self.renamed:
            raise Killed
        self.renamed.append(self.name)
        return super().replace(target)


def test_a_model_that_was_half_replaced_is_refused(entry: Entry, scripted: Scripted) -> None:
    """Its new file is there and its old manifest: neither may be taken for the other's."""
    home = load_settings().home
    assert check_model(entry.path, home) == entry.text("sha256")
    store, newer = Store(CutPath(home)), scripted(answer="C")
    shutil.copy(newer, store.begin("tiny", "somewhere"))
    with pytest.raises(Killed):
        store.place("tiny", {"sha256": sha256_of(newer)})
    with pytest.raises(ModelFileError, match="manifest says"):
        check_model(entry.path, home)
    assert "manifest says" in problem(entry.path)


def test_rm_waits_for_a_pull_of_the_same_name(entry: Entry) -> None:
    store = Store(load_settings().home)
    removing = threading.Thread(target=store.remove, args=("tiny",))
    with store.lock("tiny"):
        removing.start()
        removing.join(0.5)
        assert removing.is_alive()
        assert store.has("tiny")
    removing.join(WAIT_S)
    assert not store.has("tiny")


@pytest.mark.parametrize(
    ("name", "code"),
    [("starter", 2), ("..", 78), ("../models", 78), (".locks", 78), (".partial", 78), ("", 78)],
)
def test_rm_keeps_what_is_no_model(entry: Entry, name: str, code: int) -> None:
    outcome = cli("models", "rm", name)
    assert outcome.code == code
    assert is_one_line(outcome.err)
    assert entry.path.is_file()


@pytest.mark.parametrize("name", ["qwen3-0.6b-q8_0", "a", "A.B_c-1", "x" * 100, "console", "com"])
def test_names_that_are_safe(name: str) -> None:
    assert is_name(name)
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".a",
        "-a",
        "a/b",
        "a\\b",
        "a\0",
        "a\n",
        "a b",
        "é",
        "con",
        "NUL",
        "com1.gguf",
        "lpt9",
        "a.",
        "x" * 101,
        "c:x",
    ],
)
def test_names_that_are_not_safe(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(UsageError, match="--name"):
        check_name(name)


# --- checkpoints --------------------------------------------------------------------------------------


def test_a_checkpoint_without_the_exporter_is_one_line_with_the_command(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(exporting, "NEEDED", ("foggen_export", "no_such_library"))
    hub.files = {"model.safetensors": b"x" * 99, "config.json": b"{}"}
    for source in (REPO, str(tmp_path)):
        outcome = cli("models", "pull", source)
        assert outcome.code == 78
        assert is_one_line(outcome.err)
        expected = f"reinstall foggen, then run: foggen-edge models pull {source} -q q8_0"
        assert expected in outcome.err
    assert hub.of_files() == []


def test_s05_a_flipped_bit_in_a_checkpoint(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "judge", lambda *_: None)
    hub.files = {"model.safetensors": b"x" * 99, "config.json": b"{}"}
    hub.hashes = {"model.safetensors": "0" * 64}
    outcome = cli("models", "pull", REPO)
    assert outcome.code == 65
    assert "model.safetensors arrived with sha256" in outcome.err
    assert list(load_settings().home.rglob("*.safetensors")) == []


def test_s11_a_checkpoint_s_partial_is_no_orphan_beside_another(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "judge", lambda *_: None)
    hub.files |= {"model.safetensors": b"x" * 99, "config.json": b"{}"}
    box = hub.files.pop("tiny-Q8_0.gguf")
    hub.faults = [Fault(), *[Fault(stop=50), Fault(stop=0)] * 2]
    home = load_settings().home
    assert cli("models", "pull", REPO, "--name", "mine").code == 69
    assert [path.stat().st_size for path in home.rglob("*.safetensors")] == [50]
    hub.files["tiny-Q8_0.gguf"] = box
    assert cli("models", "pull", REPO, "--name", "mine").code == 69
    assert list(home.rglob("*.safetensors")) == []
    assert [path.stat().st_size for path in home.rglob("*.gguf")] == [50]


def test_a_repository_with_no_model(hub: LoopbackHub) -> None:
    hub.files = {"README.md": b"hello", "pytorch_model.bin": b"x"}
    with pytest.raises(ModelFileError, match="neither a GGUF nor a safetensors"):
        pull(REPO, load_settings())


def test_a_random_model_s_own_manifest_vouches(nano: RandomModel) -> None:
    entry = pull(str(nano.path), load_settings())
    assert entry.text("sha256") == read_manifest(nano.path)["sha256"]
    manifest_path(nano.path).rename(nano.path.with_suffix(".kept"))
    try:
        manifest_path(nano.path).write_text('{"sha256": "0"}', "utf-8")
        with pytest.raises(ModelFileError, match="sha256"):
            pull(str(nano.path), load_settings(), name="other")
    finally:
        nano.path.with_suffix(".kept").replace(manifest_path(nano.path))
