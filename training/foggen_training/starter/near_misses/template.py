"""The form of a near miss, and the names that its text may add to a skill's operands."""

from __future__ import annotations

from dataclasses import dataclass

from .asks import Ask

NAMES = (
    "Alatau",
    "Bolat",
    "Dana",
    "Irbis",
    "Kerbez",
    "Nomad",
    "Omirbek",
    "Raushan",
    "Samal",
    "Sunkar",
    "Tulpar",
    "Zere",
)


@dataclass(frozen=True)
class Template:
    """A near miss of a skill. text: over the skill's operands, `name` and `other` (two of `NAMES`: firms,
    persons or places). ask: what is asked of them."""

    domain: str
    skill: str
    text: str
    ask: Ask
