"""The seven domains of the recipe, in its order; each module lists its skills."""

from __future__ import annotations

from ..skills import Skill
from . import coding, finance, kazakh, law, math, medical, science

DOMAINS = ("finance", "science", "coding", "law", "math", "kazakh_culture", "medical")

SKILLS: tuple[Skill, ...] = tuple(
    skill
    for module in (finance, science, coding, law, math, kazakh, medical)
    for skill in module.SKILLS
)
