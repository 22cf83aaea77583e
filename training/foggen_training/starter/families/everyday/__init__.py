"""Everyday questions for the rounds: school, calendar, shopping, sums in words, code, doses, deadlines."""

from __future__ import annotations

from ...family import Family
from . import clock, computing, dates, health, money, school, sums

EVERYDAY: tuple[Family, ...] = (
    *clock.FAMILIES,
    *dates.FAMILIES,
    *money.FAMILIES,
    *sums.FAMILIES,
    *health.FAMILIES,
    *computing.FAMILIES,
    *school.FAMILIES,
)
