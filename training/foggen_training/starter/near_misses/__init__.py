"""Near misses: a text like a skill's own, with another question at its end.

Whoever answers by the look of the text falls for them. Some can be solved from the text, to others the text
has no answer; those have a key at random, and are marked so.

    domain, asked = near_miss(random, split="round")
"""

from __future__ import annotations

from random import Random

from ..asked import Asked
from ..domains import SKILLS
from ..phrasing import ROUNDS, Frames, Phrasing, phrased
from ..skills import Draw, Skill, belongs
from . import amounts, words
from .template import NAMES, Template

TEMPLATES: tuple[Template, ...] = (
    *amounts.FINANCE,
    *amounts.SCIENCE,
    *words.CODING,
    *words.LAW,
    *amounts.MATH,
    *words.KAZAKH,
    *amounts.MEDICAL,
)
_SKILLS = {(skill.domain, skill.name): skill for skill in SKILLS}


def near_miss(
    random: Random,
    split: str = "round",
    frames: Frames = ROUNDS,
    phrasing: Phrasing | None = None,
) -> tuple[str, Asked]:
    """Draw a near miss; returns its domain and what is asked.

    split: whose operands it has (`skills.py`). frames and phrasing: as for `phrased`.
    """
    template = random.choice(TEMPLATES)
    return template.domain, of_template(random, template, split, frames, phrasing)


def of_template(
    random: Random,
    template: Template,
    split: str = "round",
    frames: Frames = ROUNDS,
    phrasing: Phrasing | None = None,
) -> Asked:
    """Draw a near miss of one template."""
    draw = _operands(random, _SKILLS[template.domain, template.skill], split)
    name, other = random.sample(NAMES, 2)
    found = template.ask(random, {**draw.values, "name": name}, draw)
    texts = {**draw.values, "name": name, "other": other}
    stem = phrased(random, template.text, texts, frames, phrasing)
    return Asked(stem, found.answer, found.wrong, knowable=found.knowable)


def _operands(random: Random, skill: Skill, split: str) -> Draw:
    for _ in range(100_000):
        tier = random.choice(skill.tiers)
        draw = skill.draw(random, tier)
        distinct = len({draw.answer, *draw.wrong}) == 1 + len(draw.wrong)
        if distinct and belongs(skill, tier, draw, split):
            return draw
    raise RuntimeError(f"no operands of {skill.name} are left for the split {split!r}")
