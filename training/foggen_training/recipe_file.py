"""Recipe files: TOML to `recipe.Recipe`, and one clear line for what is wrong, with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from foggen.errors import ConfigurationError

from .recipe import Recipe

Plan = TypeVar("Plan")


class _Wrong(Exception):
    """A key that cannot be used: which, why, what to do."""

    def __init__(self, section: str, key: str, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.section, self.key, self.problem, self.hint = section, key, problem, hint


def read_recipe(path: Path) -> Recipe:
    """Raises ConfigurationError naming the file, the line and the remedy."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"{path}: {exc}", hint="give a recipe file") from exc
    try:
        return _plan(Recipe, tomllib.loads(text), "")
    except tomllib.TOMLDecodeError as exc:
        raise ConfigurationError(f"{path}: {exc}", hint="correct the file") from exc
    except _Wrong as exc:
        place = f"{path}:{_line_of(text, exc.section, exc.key)}"
        raise ConfigurationError(f"{place}: {exc.problem}", hint=exc.hint) from exc


def recipe_from(table: dict[str, Any], origin: Path) -> Recipe:
    """The recipe that a chain wrote down; ConfigurationError if it is not one."""
    try:
        return _plan(Recipe, table, "")
    except _Wrong as exc:
        raise ConfigurationError(f"{origin}: {exc.problem}", hint=exc.hint) from exc


def _plan(kind: type[Plan], table: dict[str, Any], section: str) -> Plan:
    """The dataclass of a section from its table, checked key by key."""
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
            raise _Wrong(
                section, "", f"{item.name!r} is missing", f"add it to [{section or 'top'}]"
            )
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
        raise _Wrong(section, key, f"{key} is {value!r}", "give a list of texts")
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        names = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
        raise _Wrong(section, key, f"{key} is {value!r}", f"give {names[kind]}")
    return value


def _line_of(text: str, section: str, key: str) -> int:
    """The number of the line where a key of a section stands; of the section's head without one."""
    here, found = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[([\w.-]+)\]", line):
            here = head[1]
            if here in (section, key):
                found = number
        if here == section and key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
    return found
