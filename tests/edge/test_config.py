"""`foggen.config`: flags win over the environment, that over the file, that over the defaults."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_config_path

from foggen.cli.doctor import examine
from foggen.config import ENVIRONMENT, Settings, load_settings
from foggen.errors import ConfigurationError, UsageError
from foggen.routing.cloud import CloudLink, cloud_settings
from foggen.routing.rule import Mode


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refused(file: Path, text: str) -> str:
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings({}, {}, file)
    assert caught.value.exit_code == 78
    assert caught.value.hint
    assert str(file) in str(caught.value)
    return str(caught.value)


def test_a_mode_may_be_given_by_its_name() -> None:
    assert Settings(mode="dry-run").mode is Mode.DRY_RUN  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        Settings(mode="dry")  # type: ignore[arg-type]


def test_the_defaults() -> None:
    settings = load_settings({}, {})
    assert (settings.model, settings.tau, settings.mode) == ("starter", None, Mode.AUTO)
    assert (settings.cloud_url, settings.has_cloud, settings.offline) == ("", False, False)
    assert (settings.edge_deadline_s, settings.cloud_deadline_s) == (60.0, 10.0)


def test_s10_flags_over_environment_over_file_over_defaults(file: Path) -> None:
    environment = {"FOGGEN_TAU": "0.5", "FOGGEN_MODEL": "of-environment.gguf"}
    assert load_settings({}, {}, file).tau is None
    file.write_text('tau = 0.25\nmodel = "of-file.gguf"\ncloud_deadline_s = 3\n', "utf-8")
    assert load_settings({}, {}, file).tau == 0.25
    assert load_settings({}, environment, file).tau == 0.5
    settings = load_settings({"tau": 0.75, "model": None}, environment, file)
    assert (settings.tau, settings.model) == (0.75, "of-environment.gguf")
    assert settings.cloud_deadline_s == 3.0


def test_a_flag_of_nought_is_given() -> None:
    assert load_settings({"tau": 0.0}, {"FOGGEN_TAU": "0.5"}).tau == 0.0


@pytest.mark.skipif(sys.platform == "win32", reason="no test can choose the config folder there")
def test_the_user_s_file_is_read(user_folder: Path) -> None:
    folder = user_config_path("foggen")
    assert user_folder in folder.parents
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("tau = '0,75'", "utf-8")
    assert load_settings({}, {}).tau == 0.75


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("model", "x.gguf", "x.gguf"),
        ("tau", "0,25", 0.25),
        ("cloud_model", "m", "m"),
        ("cloud_key", "secret", "secret"),
        ("cloud_deadline_s", "60", 60.0),
        ("cloud_connect_s", "0.5", 0.5),
        ("cloud_max_tokens", "8192", 8192),
        ("cloud_headers", '{"X-Title": "a: b"}', {"X-Title": "a: b"}),
        ("cloud_headers", "X-Title: a: b\nX-Other: c", {"X-Title": "a: b", "X-Other": "c"}),
        ("offline", "yes", True),
        ("home", "/x", Path("/x")),
    ],
)
def test_every_variable_is_read(name: str, text: str, value: Any) -> None:
    assert getattr(load_settings({}, {ENVIRONMENT[name]: text}), name) == value
    assert getattr(load_settings({}, {ENVIRONMENT[name]: ""}), name) == getattr(Settings(), name)


def test_case_25_the_file_s_settings_of_the_cloud_reach_its_client(file: Path) -> None:
    file.write_text(
        """
        cloud_url = "https://cloud.example/v1"
        cloud_model = "m"
        cloud_connect_s = 1.5
        cloud_deadline_s = 60
        cloud_max_tokens = 8192
        cloud_headers = { X-Title = "FogGen" }
        """,
        "utf-8",
    )
    cloud = cloud_settings(load_settings({}, {}, file))
    assert (cloud.connect_s, cloud.deadline_s, cloud.max_tokens) == (1.5, 60, 8192)
    assert cloud.headers == {"X-Title": "FogGen"}


@pytest.mark.parametrize("text", ["secret", ": secret", '{"X-Title": 5, "X": "secret"}', "{secret"])
def test_headers_that_cannot_be_read_are_not_shown(text: str) -> None:
    with pytest.raises(ConfigurationError, match="FOGGEN_CLOUD_HEADERS is malformed") as caught:
        load_settings({}, {"FOGGEN_CLOUD_HEADERS": text})
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_header_that_cannot_be_sent_stops_what_would_ask_the_cloud() -> None:
    environment = {"FOGGEN_CLOUD_URL": "http://127.0.0.1:9", "FOGGEN_CLOUD_MODEL": "m"}
    settings = load_settings({}, environment | {"FOGGEN_CLOUD_HEADERS": "Host: x"})
    with pytest.raises(ConfigurationError, match="Host cannot be set"):
        CloudLink(settings)


def test_the_cloud_of_the_environment() -> None:
    environment = {"FOGGEN_CLOUD_URL": "http://127.0.0.1:9", "FOGGEN_CLOUD_MODEL": "m"}
    assert load_settings({}, environment).has_cloud
    assert not load_settings({}, environment | {"FOGGEN_OFFLINE": "1"}).has_cloud


def test_a_cloud_without_a_model_stops_what_would_ask_it_and_nothing_else() -> None:
    settings = load_settings({}, {"FOGGEN_CLOUD_URL": "http://127.0.0.1:9"})
    for mode in (Mode.AUTO, Mode.CLOUD_ONLY):
        with pytest.raises(ConfigurationError, match="FOGGEN_CLOUD_MODEL"):
            CloudLink(replace(settings, mode=mode))
    for other in (
        replace(settings, mode=Mode.EDGE_ONLY),
        replace(settings, mode=Mode.DRY_RUN),
        replace(settings, offline=True),
    ):
        assert CloudLink(other).client is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no user without a profile")
def test_case_33_a_user_without_a_home_folder_needs_foggen_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a container, any user id may run the program, with no entry in the user database."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    with pytest.raises(ConfigurationError, match="no home folder; set FOGGEN_HOME"):
        load_settings({}, {})
    assert load_settings({}, {"FOGGEN_HOME": "/x"}).home == Path("/x")


def test_case_33_the_home_folder_of_another_user_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A container runs as any user id, and HOME is the folder of the user who built the image."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    stat = Path.stat

    def refuse(path: Path, **options: Any) -> os.stat_result:
        if "other" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    settings = load_settings({}, {})
    assert settings.home.is_relative_to(tmp_path / "other")
    (home,) = (finding for finding in examine(None) if finding.check == "home")
    assert "no config file, as this user may not look for" in home.found


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_case_33_a_file_of_one_s_own_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("tau = 0.5")
    file.chmod(0)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_settings({}, {}, file)


def test_the_home_folder_of_a_user_who_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="FOGGEN_HOME is '~nosuchuser/x'"):
        load_settings({}, {"FOGGEN_HOME": "~nosuchuser/x"})


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_case_34_a_file_with_a_byte_order_mark(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"{mark}tau = 0.25\n", "utf-8")
    assert load_settings({}, {}, file).tau == 0.25


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(load_settings({}, {"FOGGEN_CLOUD_KEY": "secret"}))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("tao", "tau"),
        ("cloud_ur", "cloud_url"),
        ("modell", "model"),
        ("edge_deadline", "edge_deadline_s"),
    ],
)
def test_s10_an_unknown_setting_says_what_was_meant(file: Path, name: str, near: str) -> None:
    assert f"did you mean {near!r}?" in refused(file, f"{name} = 1")


def test_s10_an_unknown_setting_far_from_all_lists_them(file: Path) -> None:
    message = refused(file, "colour = 1")
    assert "'colour'" in message
    assert "cloud_url" in message


@pytest.mark.parametrize(
    "text",
    [
        "tau = 2",
        "tau = nan",
        "tau = 'high'",
        "tau = []",
        "mode = 'fast'",
        "offline = 'maybe'",
        "context = 'large'",
        "context = []",
        "context = inf",
        "threads = {}",
        "edge_deadline_s = []",
        "cloud_deadline_s = 'soon'",
    ],
)
def test_s10_a_wrong_value_names_the_setting(file: Path, text: str) -> None:
    assert text.split()[0] in refused(file, text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("edge_deadline_s", 0.0),
        ("edge_deadline_s", float("inf")),
        ("cloud_connect_s", 0.0),
        ("cloud_max_tokens", 0),
        ("cloud_deadline_s", -1.0),
        ("cloud_deadline_s", float("nan")),
        ("context", 64),
        ("threads", 0),
    ],
)
def test_s10_a_number_out_of_range_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings(**{name: value})


@pytest.mark.parametrize("text", ["tau = \n", "= 1", "tau = 0.5\ntau = 0.6\n", "[tau\n"])
def test_s10_a_file_that_is_no_toml_names_the_line(file: Path, text: str) -> None:
    assert "line" in refused(file, text)


def test_s10_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=tmp_path.name):
        load_settings({}, {}, tmp_path)
    (tmp_path / "config.toml").write_bytes(b"model = '\xff'")
    with pytest.raises(ConfigurationError, match=r"config\.toml"):
        load_settings({}, {}, tmp_path / "config.toml")


@pytest.mark.parametrize("text", ["nan", "2", "half", "50%"])
def test_m08_tau_of_the_environment_is_checked(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"FOGGEN_TAU.*0 to 1"):
        load_settings({}, {"FOGGEN_TAU": text})


def test_m08_tau_of_a_flag_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="0 to 1"):
        load_settings({"tau": 1.5}, {})


def test_b9_gpu_layers_in_a_build_without_a_gpu_are_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foggen import Router
    from foggen.engine.native import library

    monkeypatch.setattr(library.lib, "llama_supports_gpu_offload", lambda: False)
    with pytest.raises(ConfigurationError, match="no GPU back end") as caught:
        Router.open(settings=Settings(home=tmp_path), gpu_layers=8)
    assert "gpu_layers to 0" in caught.value.hint
    with pytest.raises(ConfigurationError, match="gpu_layers is -1"):
        Settings(gpu_layers=-1)


def test_models_are_data_and_those_of_an_older_version_stay_where_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("foggen.config.user_data_path", lambda *_, **__: tmp_path / "data")
    monkeypatch.setattr("foggen.config.user_cache_path", lambda *_: tmp_path / "cache")
    assert Settings().home == tmp_path / "data"
    (tmp_path / "cache/models").mkdir(parents=True)
    assert Settings().home == tmp_path / "cache"
    (tmp_path / "data").mkdir()
    assert Settings().home == tmp_path / "data"
