"""What is loaded when: nothing heavy at import, no HTTP client without a cloud, no socket at all."""

from __future__ import annotations

import importlib
import json
import pkgutil

import pytest

import foggen
import foggen_cloud

from .conftest import Scripted
from .helpers import QUESTION, python

HTTP = (
    "httpx2",
    "httpx",
    "httpcore",
    "httpcore2",
    "requests",
    "urllib3",
    "aiohttp",
    "http.client",
    "huggingface_hub",
)
TRAINING = ("torch", "transformers", "tokenizers", "safetensors", "peft", "accelerate")
MODEL = ("llama_cpp", "foggen.engine.native", "foggen.engine.engine", "numpy", "gguf")

LOADED = """
    import json, sys
    exec(sys.argv[1])
    print(json.dumps(sorted(sys.modules)))
    """

COMMAND_LINE = """
    import json, sys
    events = []
    sys.addaudithook(lambda event, _: event.startswith("socket.") and events.append(event))
    from foggen.cli.main import app
    code = app(sys.argv[1:], standalone_mode=False)
    print(json.dumps({"modules": sorted(sys.modules), "events": events, "code": code}))
    """


def loaded_by(statement: str) -> set[str]:
    outcome = python(LOADED, statement)
    assert outcome.code == 0, outcome.err
    return set(json.loads(outcome.out))


def run_by_command_line(*arguments: object) -> tuple[set[str], list[str]]:
    """What a command loaded, and what it did with sockets."""
    outcome = python(COMMAND_LINE, *arguments)
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out.splitlines()[-1])
    return set(told["modules"]), told["events"]


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import foggen")
    assert not loaded & {*HTTP, *TRAINING, *MODEL, "typer", "rich", "foggen_cloud", "asyncio"}


def test_importing_every_public_name_loads_no_training_library_and_no_http_client() -> None:
    loaded = loaded_by(f"from foggen import {', '.join(foggen.__all__)}")
    assert "llama_cpp" not in loaded  # a router that is opened loads it
    assert not loaded & {*HTTP, *TRAINING}


def test_importing_the_cloud_client_loads_no_http_client() -> None:
    assert not loaded_by("import foggen_cloud") & {*HTTP, "asyncio"}


@pytest.mark.parametrize("flag", ["--local-only", "--dry-run"])
def test_without_the_cloud_no_http_client_and_no_socket(
    scripted: Scripted, flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the settings name a cloud, and the answer is unsure."""
    monkeypatch.setenv("FOGGEN_CLOUD_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("FOGGEN_CLOUD_MODEL", "m")
    loaded, events = run_by_command_line("ask", QUESTION, flag, "-m", scripted())
    assert "llama_cpp" in loaded
    assert not loaded & {*HTTP, *TRAINING}
    assert events == []


def test_s08_offline_no_http_client_and_no_socket(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOGGEN_CLOUD_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("FOGGEN_CLOUD_MODEL", "m")
    monkeypatch.setenv("FOGGEN_OFFLINE", "1")
    loaded, events = run_by_command_line("ask", QUESTION, "-m", scripted())
    assert not loaded & set(HTTP)
    assert events == []


def test_the_audit_sees_a_cloud_that_is_asked(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the two tests above can fail."""
    monkeypatch.setenv("FOGGEN_CLOUD_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("FOGGEN_CLOUD_MODEL", "m")
    loaded, events = run_by_command_line("ask", QUESTION, "-m", scripted())
    assert "httpx2" in loaded
    assert "socket.connect" in events


@pytest.mark.parametrize(
    "verb",
    [(), ("ask",), ("batch",), ("models",), ("models", "show"), ("models", "pull"), ("doctor",)],
)
def test_help_loads_no_model_and_no_http_client(verb: tuple[str, ...]) -> None:
    outcome = python(
        """
        import json, sys
        from foggen.cli.main import main
        sys.argv = ["foggen-edge", *sys.argv[1:], "--help"]
        try:
            main()
        finally:
            print(json.dumps(sorted(sys.modules)))
        """,
        *verb,
    )
    assert outcome.code == 0
    assert "Usage: foggen-edge" in outcome.out
    loaded = set(json.loads(outcome.out.splitlines()[-1]))
    assert not loaded & {*HTTP, *TRAINING, *MODEL, "rich"}


def test_no_verb_shows_the_help() -> None:
    from .helpers import cli

    outcome = cli()
    assert outcome.code == 2
    assert "Usage:" in outcome.out + outcome.err


# --- the public names -------------------------------------------------------------------------------


@pytest.mark.parametrize("package", [foggen, foggen_cloud])
def test_all_is_what_can_be_imported(package: object) -> None:
    names = package.__all__  # type: ignore[attr-defined]
    assert len(names) == len(set(names))
    assert all(getattr(package, name) is not None for name in names)


def test_all_has_every_public_name() -> None:
    assert foggen.__all__ == sorted(foggen.__all__)
    assert set(foggen.__all__) == set(foggen._HOMES)
    for name, home in foggen._HOMES.items():
        assert getattr(importlib.import_module(f"foggen.{home}"), name) is getattr(foggen, name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Rooter"):
        _ = foggen.Rooter


@pytest.mark.parametrize(
    "module", [found.name for found in pkgutil.walk_packages(foggen.__path__, "foggen.")]
)
def test_every_module_s_all_can_be_imported(module: str) -> None:
    found = importlib.import_module(module)
    assert all(hasattr(found, name) for name in getattr(found, "__all__", ()))
    assert (found.__doc__ or "").strip(), "every module says what it does"
