"""Checks of the values in a recipe; the message of a ValueError begins with the key."""

from __future__ import annotations


def require(condition: bool, problem: str) -> None:
    if not condition:
        raise ValueError(problem)


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    require(value in known, f"{name} is {value!r}; known: {', '.join(known)}")


def share(name: str, value: float) -> None:
    require(0 <= value <= 1, f"{name} is {value}; it must be in [0, 1]")


def positive(name: str, value: float) -> None:
    require(value > 0, f"{name} is {value}; it must be above 0")


def not_negative(name: str, value: float) -> None:
    require(value >= 0, f"{name} is {value}; it must be 0 or more")
