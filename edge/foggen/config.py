"""Settings: flags win over the environment, that over the user's file, that over the defaults.

The one home of every default of the runtime. The file is `config.toml` in the user's config folder:

    model = "starter"
    tau = 0.5
    cloud_url = "https://api.example.com/v1"
    cloud_model = "name"
"""

from __future__ import annotations

import difflib
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_config_path, user_data_path

from .errors import ConfigurationError, NoQuestionError, QuestionError, UsageError
from .routing.rule import Mode, parse_mode, parse_tau
from .text_files import read_text

STARTER = "starter"  # the name of the model in the box, which is not in the store
ENVIRONMENT = {
    "model": "FOGGEN_MODEL",
    "tau": "FOGGEN_TAU",
    "cloud_url": "FOGGEN_CLOUD_URL",
    "cloud_model": "FOGGEN_CLOUD_MODEL",
    "cloud_key": "FOGGEN_CLOUD_KEY",
    "offline": "FOGGEN_OFFLINE",
    "home": "FOGGEN_HOME",
}
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


def default_home() -> Path:
    """Where pulled models are: the user's data folder, since no program clears it of its own accord.

    An installation that kept them in the cache folder, as version 0.1 did, goes on there.
    """
    data, cache = user_data_path("foggen", appauthor=False), user_cache_path("foggen")
    return cache if not data.exists() and (cache / "models").exists() else data


@dataclass(frozen=True)
class Settings:
    """Everything that a Router can be told. Checked when it is made; ConfigurationError if wrong.

    Made by hand it reads neither the environment nor a file; `load_settings` reads both.

    tau: None means the model's own. edge_deadline_s, cloud_deadline_s: seconds for one question.
    context: tokens, None means what fits the memory budget. threads: None means one for each big
    core. gpu_layers: layers of the model on a GPU. offline: no network whatever the mode. home: what is
    kept between runs. stall_s: seconds without bytes that end a download.
    """

    model: str = STARTER
    tau: float | None = None
    mode: Mode = Mode.AUTO
    cloud_url: str = ""
    cloud_model: str = ""
    cloud_key: str = field(default="", repr=False)
    edge_deadline_s: float = 60.0
    cloud_deadline_s: float = 10.0
    stall_s: float = 30.0
    context: int | None = None
    threads: int | None = None
    gpu_layers: int = 0
    offline: bool = False
    home: Path = field(default_factory=default_home)

    def __post_init__(self) -> None:
        for name in ("edge_deadline_s", "cloud_deadline_s", "stall_s"):
            seconds = getattr(self, name)
            if not (math.isfinite(seconds) and seconds > 0):
                raise ConfigurationError(f"{name} is {seconds}", hint="give seconds above 0")
        for name, least in (("context", 128), ("threads", 1), ("gpu_layers", 0)):
            number = getattr(self, name)
            if number is not None and number < least:
                raise ConfigurationError(f"{name} is {number}", hint=f"give {least} or more")
        if self.tau is not None and not 0 <= self.tau <= 1:
            raise UsageError(f"tau is {self.tau}", hint="give a number from 0 to 1, such as 0.5")
        if self.cloud_url and not self.cloud_model:
            raise ConfigurationError(
                "a cloud URL is set and no cloud model",
                hint="set FOGGEN_CLOUD_MODEL or cloud_model in the config file",
            )

    @property
    def has_cloud(self) -> bool:
        return bool(self.cloud_url) and not self.offline


def load_settings(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Settings:
    """The settings in force; a flag that is None was not given.

    Raises ConfigurationError for an unknown or wrong setting, UsageError for a wrong flag.
    """
    environment = os.environ if environment is None else environment
    path = file or user_config_path("foggen") / "config.toml"
    values = _from_file(path)
    for name, variable in ENVIRONMENT.items():
        if environment.get(variable, "") != "":
            values[name] = _converted(name, environment[variable], variable)
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(read_text(path))
    except NoQuestionError:
        return {}
    except QuestionError as exc:
        raise ConfigurationError(exc.message, hint=exc.hint) from exc
    except tomllib.TOMLDecodeError as exc:
        raise ConfigurationError(f"{path}: {exc}", hint="correct the file or remove it") from exc
    known = [entry.name for entry in fields(Settings)]
    for name in table:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise ConfigurationError(f"{path}: unknown setting {name!r}", hint=hint)
    return {name: _converted(name, value, f"{path}: {name}") for name, value in table.items()}


def _converted(name: str, value: Any, origin: str) -> Any:
    """A text or TOML value as the type of its setting."""
    try:
        if name == "tau":
            return parse_tau(value)
        if name == "mode":
            return parse_mode(value)
        if name == "home":
            return Path(str(value)).expanduser()
        if name == "offline":
            return _boolean(value)
        if name in ("context", "threads", "gpu_layers"):
            return int(value)
        return float(value) if name.endswith("_s") else str(value)
    except (ValueError, TypeError, OverflowError, UsageError) as exc:
        raise ConfigurationError(
            f"{origin} is {value!r}", hint=getattr(exc, "hint", "") or str(exc)
        ) from exc


def _boolean(value: Any) -> bool:
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ValueError("give true or false")
