"""Settings: flags override the environment, which overrides the user's file and the defaults.

All defaults of the runtime are defined here. The file is `config.toml` in the user's config folder:

    model = "starter"
    tau = 0.5
    cloud_url = "https://api.example.com/v1"
    cloud_model = "name"
    cloud_headers = { X-Title = "FogGen" }
"""

from __future__ import annotations

import difflib
import json
import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_config_path, user_data_path

from .confidence.scores import BUCKET
from .engine.layouts import check_layout
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
    "cloud_deadline_s": "FOGGEN_CLOUD_DEADLINE_S",
    "cloud_connect_s": "FOGGEN_CLOUD_CONNECT_S",
    "cloud_max_tokens": "FOGGEN_CLOUD_MAX_TOKENS",
    "cloud_headers": "FOGGEN_CLOUD_HEADERS",
    "offline": "FOGGEN_OFFLINE",
    "home": "FOGGEN_HOME",
}
LEAST = {"context": 128, "threads": 1, "gpu_layers": 0, "cloud_max_tokens": 1}
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


def default_home() -> Path:
    """The folder for pulled models: the user's data folder, which no program clears on its own.

    If an earlier version kept models in the cache folder, that folder stays in use. Raises
    ConfigurationError if the user has no home folder.
    """
    try:
        data, cache = user_data_path("foggen", appauthor=False), user_cache_path("foggen")
    except RuntimeError as exc:  # neither HOME nor the user database names one
        raise ConfigurationError("this user has no home folder", hint="set FOGGEN_HOME") from exc
    return cache if not _is_there(data) and _is_there(cache / "models") else data


def _is_there(path: Path) -> bool:
    """Whether a path exists, as far as this user may know."""
    try:
        return path.exists()
    except OSError:
        return False


def _boolean(value: Any) -> bool:
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ValueError("give true or false")


def _folder(value: Any) -> Path:
    """A folder, with `~` expanded. Raises ValueError if that user has no home folder."""
    try:
        return Path(str(value)).expanduser()
    except RuntimeError as exc:
        raise ValueError("that user has no home folder; give the whole path") from exc


def _headers(value: Any) -> dict[str, str]:
    """HTTP headers: a table, or a text with a JSON object or with lines of the form `Name: value`."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = json.loads(value)
    elif isinstance(value, str):
        lines = (line.partition(":") for line in value.splitlines() if line.strip())
        value = {name.strip(): text.strip() for name, _, text in lines}
    if not isinstance(value, Mapping) or not all(map(_is_header, value.items())):
        raise ValueError("give each header a name and a text, such as 'X-Title: FogGen'")
    return dict(value)


def _is_header(header: tuple[Any, Any]) -> bool:
    return all(isinstance(part, str) and part for part in header)


def _by(convert: Callable[[Any], Any]) -> dict[str, Any]:
    """The metadata of a field whose value `convert` makes from a text or a TOML value."""
    return {"convert": convert}


@dataclass(frozen=True)
class Settings:
    """The settings of a Router. Raises ConfigurationError, or UsageError for tau, if one is wrong.

    Creating them directly reads neither the environment nor a file; `load_settings` reads both.

    tau: None means the model's own. edge_deadline_s, cloud_deadline_s: seconds for one question.
    cloud_connect_s: how many of these seconds the connection may take. cloud_max_tokens: longest
    reply of the cloud, its thinking included. cloud_headers: extra headers of its requests.
    context: tokens; None means as many as the memory budget allows. threads: None means one per big
    core. gpu_layers: layers of the model on a GPU. score: "bucket" leaves the model's calibration out, so that
    the confidence is compared with tau. layout: the chat layout of a model without a contract; "" means that of
    its own template. offline: never use the network, in any mode.
    home: the folder for what is kept between runs. stall_s: seconds without data after which a
    download ends.
    """

    model: str = field(default=STARTER, metadata=_by(str))
    tau: float | None = field(default=None, metadata=_by(parse_tau))
    mode: Mode = field(default=Mode.AUTO, metadata=_by(parse_mode))
    cloud_url: str = field(default="", metadata=_by(str))
    cloud_model: str = field(default="", metadata=_by(str))
    cloud_key: str = field(default="", metadata=_by(str), repr=False)
    cloud_connect_s: float = field(default=2.0, metadata=_by(float))
    cloud_max_tokens: int = field(default=1024, metadata=_by(int))
    cloud_headers: Mapping[str, str] = field(
        default_factory=dict, metadata=_by(_headers), repr=False, hash=False
    )
    edge_deadline_s: float = field(default=60.0, metadata=_by(float))
    cloud_deadline_s: float = field(default=10.0, metadata=_by(float))
    stall_s: float = field(default=30.0, metadata=_by(float))
    context: int | None = field(default=None, metadata=_by(int))
    threads: int | None = field(default=None, metadata=_by(int))
    gpu_layers: int = field(default=0, metadata=_by(int))
    score: str = field(default="", metadata=_by(str))
    layout: str = field(default="", metadata=_by(str))
    offline: bool = field(default=False, metadata=_by(_boolean))
    home: Path = field(default_factory=default_home, metadata=_by(_folder))

    def __post_init__(self) -> None:
        object.__setattr__(self, "mode", parse_mode(self.mode))  # "dry-run" means Mode.DRY_RUN
        for name in ("edge_deadline_s", "cloud_deadline_s", "cloud_connect_s", "stall_s"):
            seconds = getattr(self, name)
            if not (math.isfinite(seconds) and seconds > 0):
                raise ConfigurationError(f"{name} is {seconds}", hint="give seconds above 0")
        for name, least in LEAST.items():
            number = getattr(self, name)
            if number is not None and number < least:
                raise ConfigurationError(f"{name} is {number}", hint=f"give {least} or more")
        if self.score not in ("", BUCKET):
            raise UsageError(
                f"score is {self.score!r}",
                hint=f"give {BUCKET!r}, or nothing to use the model's calibration",
            )
        if self.layout:
            check_layout(self.layout)
        if self.tau is not None and not 0 <= self.tau <= 1:
            raise UsageError(f"tau is {self.tau}", hint="give a number from 0 to 1, such as 0.5")

    @property
    def has_cloud(self) -> bool:
        return bool(self.cloud_url) and not self.offline


def load_settings(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Settings:
    """Combine flags, environment, file and defaults. A flag that is None was not given.

    Raises ConfigurationError for an unknown or wrong setting, UsageError for a wrong flag.
    """
    environment = os.environ if environment is None else environment
    path = file or user_config_file()
    values = _from_file(path) if path and (file or not is_out_of_reach(path)) else {}
    for name, variable in ENVIRONMENT.items():
        if environment.get(variable, "") != "":
            values[name] = _converted(name, environment[variable], variable)
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    return Settings(**values)


def user_config_file() -> Path | None:
    """The place of the user's config file; None for a user without a home folder."""
    try:
        return user_config_path("foggen") / "config.toml"
    except RuntimeError:
        return None


def is_out_of_reach(path: Path) -> bool:
    """Whether this user may not even look for a file there, as in the home folder of another user."""
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


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
    """Convert a text or a TOML value to the type of its setting."""
    (entry,) = (entry for entry in fields(Settings) if entry.name == name)
    shown = repr(value) if entry.repr else "malformed"
    try:
        return entry.metadata["convert"](value)
    except (ValueError, TypeError, OverflowError, UsageError) as exc:
        raise ConfigurationError(
            f"{origin} is {shown}", hint=getattr(exc, "hint", "") or str(exc)
        ) from (exc if entry.repr else None)
