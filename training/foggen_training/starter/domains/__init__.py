"""The skills of all domains, one module per domain."""

from __future__ import annotations

from ..skills import Skill
from . import coding, finance, kazakh, law, math, medical, science

SKILLS: tuple[Skill, ...] = tuple(
    skill
    for module in (finance, science, coding, law, math, kazakh, medical)
    for skill in module.SKILLS
)
