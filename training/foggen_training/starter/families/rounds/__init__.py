"""The families that only the rounds meet: what pretraining never teaches, so that success is near chance."""

from __future__ import annotations

from ...family import Family
from . import (
    chance,
    culture,
    daily,
    english,
    kazakh,
    medicine,
    money,
    nature,
    number_theory,
    numerals,
    programs,
    puzzles,
    reasoning,
    rules,
    shapes,
    stories,
    tools,
    treatment,
)

ROUNDS: tuple[Family, ...] = (
    *puzzles.FAMILIES,
    *numerals.FAMILIES,
    *number_theory.FAMILIES,
    *shapes.FAMILIES,
    *chance.FAMILIES,
    *reasoning.FAMILIES,
    *stories.FAMILIES,
    *money.FAMILIES,
    *daily.FAMILIES,
    *nature.FAMILIES,
    *culture.FAMILIES,
    *english.FAMILIES,
    *programs.FAMILIES,
    *tools.FAMILIES,
    *rules.FAMILIES,
    *medicine.FAMILIES,
    *treatment.FAMILIES,
    *kazakh.FAMILIES,
)
