"""Recipe files: reads TOML into `recipe.Recipe`, and reports an error with its file and line.

A recipe is given as a file, or as the name of one in the package. It may start from another recipe:

    like = "foggen-qwen3-0.6b"
    name = "mine"
    [model]
    base = "my/checkpoint"
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from foggen.errors import ConfigurationError

from .recipe import Recipe

Plan = TypeVar("Plan")
FOLDER = Path(__file__).with_name("recipes")


class _Wrong(Exception):
    """An invalid key: its section, the problem, and a hint."""

    def __init__(self, section: str, key: str, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.section, self.key, self.problem, self.hint = section, key, problem, hint


@dataclass(frozen=True)
class _File:
    """The contents of a recipe file. table: its own keys, without `like`."""

    path: Path
    text: str
    table: dict[str, Any]


def read_recipe(recipe: str | Path) -> Recipe:
    """Read a recipe from a file, or by its name in the package.

    Raises ConfigurationError with the file, the line and a hint.
    """
    files = _with_ancestors(recipe_path(recipe))
    table: dict[str, Any] = {}
    for file in reversed(files):
        table = _over(table, file.table)
    try:
        return _plan(Recipe, table, "")
    except _Wrong as exc:
        place = _place_of(files, exc.section, exc.key)
        raise ConfigurationError(f"{place}: {exc.problem}", hint=exc.hint) from exc


def recipe_path(recipe: str | Path) -> Path:
    """Return the path of a recipe: the given file, or the package's recipe of this name."""
    if Path(recipe).is_file():
        return Path(recipe)
    known = recipe_names()
    if str(recipe) in known:
        return FOLDER / f"{recipe}.toml"
    near = difflib.get_close_matches(str(recipe), known, 1)
    raise ConfigurationError(
        f"{recipe}: there is no such recipe",
        hint=f"did you mean {near[0]}?" if near else f"give a file, or one of {', '.join(known)}",
    )


def recipe_names() -> list[str]:
    """Return the names of the package's recipes."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def _with_ancestors(path: Path) -> list[_File]:
    """Read the file, the one named in its `like`, the one named there, and so on."""
    files: list[_File] = []
    while True:
        if any(file.path.samefile(path) for file in files):
            raise ConfigurationError(f"{path}: like leads back to itself", hint="correct like")
        file, like = _read(path)
        files.append(file)
        if like is None:
            return files
        beside = path.parent / f"{like}.toml"
        path = beside if beside.is_file() else recipe_path(like)


def _read(path: Path) -> tuple[_File, str | None]:
    """Read a file; returns it with the value of its `like`."""
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"{path}: {exc}", hint="give a recipe file") from exc
    except tomllib.TOMLDecodeError as exc:
        raise ConfigurationError(f"{path}: {exc}", hint="correct the file") from exc
    like = table.pop("like", None)
    if not isinstance(like, str | None):
        line = _line_of(text, "", "like")
        raise ConfigurationError(f"{path}:{line}: like is {like!r}", hint="give a recipe's name")
    return _File(path, text, table), like


def _over(below: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """Return `below` with the keys of `table` in its place, section by section."""
    merged = dict(below)
    for key, value in table.items():
        both = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = {**below[key], **value} if both else value
    return merged


def _place_of(files: Sequence[_File], section: str, key: str) -> str:
    """Return the file and line that set the effective value of a key."""
    for file in files:
        if key and (number := _line_of(file.text, section, key)):
            return f"{file.path}:{number}"
    return f"{files[0].path}:{_line_of(files[0].text, '', section) or 1}"


def recipe_from(table: dict[str, Any], origin: Path) -> Recipe:
    """Return the recipe from a chain's recipe.json; raises ConfigurationError if it is invalid."""
    try:
        return _plan(Recipe, table, "")
    except _Wrong as exc:
        raise ConfigurationError(f"{origin}: {exc.problem}", hint=exc.hint) from exc


def _plan(kind: type[Plan], table: dict[str, Any], section: str) -> Plan:
    """Build the dataclass of a section from its table, checking every key."""
    hints = get_type_hints(kind)
    known = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise _Wrong(section, key, f"unknown key {key!r}", hint)
    for item in fields(kind):  # type: ignore[arg-type]
        needed = item.default is MISSING and item.default_factory is MISSING
        if needed and item.name not in table:
            place = f"to [{section}]" if section else "at the top of the file"
            raise _Wrong(section, "", f"{item.name!r} is missing", f"add it {place}")
    values = {key: _value(hints[key], value, section, key) for key, value in table.items()}
    try:
        return kind(**values)
    except ValueError as exc:
        key = str(exc).split(" ", 1)[0]
        raise _Wrong(section, key, str(exc), "correct the value") from exc


def _value(kind: Any, value: Any, section: str, key: str) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise _Wrong(section, key, f"{key} is {value!r}", f"write it as a section: [{key}]")
        return _plan(kind, value, key)
    if get_origin(kind) is tuple:
        if isinstance(value, list) and all(isinstance(v, get_args(kind)[0]) for v in value):
            return tuple(value)
        raise _Wrong(section, key, f"{key} is {value!r}", "give a list of strings")
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        names = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
        raise _Wrong(section, key, f"{key} is {value!r}", f"give {names[kind]}")
    return value


def _line_of(text: str, section: str, key: str) -> int | None:
    """Return the line number of a section's key, or of the header of a section with this name."""
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[([\w.-]+)\]", line):
            current = head[1]
            if not section and current == key:
                return number
        if current == section and key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
    return None
