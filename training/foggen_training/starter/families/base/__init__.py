"""The families of pretraining: what people type first, and what a tiny model can learn or compute."""

from __future__ import annotations

from ...family import Family
from . import (
    animals,
    calendar,
    code,
    comparing,
    counting,
    health,
    kazakh,
    language,
    months,
    nature,
    numbers,
    people,
    places,
    shopping,
    spelling,
    sums,
    things,
)

BASE: tuple[Family, ...] = (
    *calendar.FAMILIES,
    *months.FAMILIES,
    *counting.FAMILIES,
    *spelling.FAMILIES,
    *numbers.FAMILIES,
    *sums.FAMILIES,
    *comparing.FAMILIES,
    *shopping.FAMILIES,
    *things.FAMILIES,
    *people.FAMILIES,
    *animals.FAMILIES,
    *nature.FAMILIES,
    *places.FAMILIES,
    *language.FAMILIES,
    *health.FAMILIES,
    *code.FAMILIES,
    *kazakh.FAMILIES,
)
