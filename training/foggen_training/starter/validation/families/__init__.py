"""Kinds of questions that the starter is never trained on, a module for each field."""

from __future__ import annotations

from ...family import Family
from . import codes, crafts, culture, games, health, logic, money, rules, science

FAMILIES: tuple[Family, ...] = (
    *games.FAMILIES,
    *logic.FAMILIES,
    *crafts.FAMILIES,
    *codes.FAMILIES,
    *science.FAMILIES,
    *rules.FAMILIES,
    *money.FAMILIES,
    *health.FAMILIES,
    *culture.FAMILIES,
)
