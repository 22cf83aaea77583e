"""The frozen sets, drawn by fixed seeds: the same questions on every machine and in every run.

    questions = unseen_families()    # ids as unseen-knots-0012
    questions = other_wordings()     # ids as other-finance-margin-0012
    questions = everyday()           # ids as everyday-calendar-03

A family has a random stream of its own, and so has a known skill: when one is added or taken away, the others
keep their questions. Every set has a fingerprint, which a test holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from foggen.confidence.labelled import Keyed, read_questions
from foggen.question.question import Question

from ...recipe import DOMAINS
from ..domains import SKILLS
from ..family import Family
from ..skills import Draw, Skill, belongs
from .families import FAMILIES
from .wordings import OTHER_WORDINGS

EVERYDAY = Path(__file__).with_name("everyday.jsonl")
TIERS = {
    1: 0.5,
    2: 0.25,
    3: 0.25,
}  # as in the test questions of own templates, less those without an answer
TRIES = 2000  # draws in a row without a new question before there are no more


def unseen_families(count: int = 3000) -> list[Keyed]:
    """Different questions of the families that no training uses, equally many of each, a family after another.

    Raises ValueError if there are not so many.
    """
    least, more = divmod(count, len(FAMILIES))
    return [
        question
        for place, family in enumerate(FAMILIES)
        for question in of_family(family, least + (place < more))
    ]


def of_family(family: Family, count: int) -> list[Keyed]:
    """The first different questions of a family. Raises ValueError if it has not so many."""
    random = Random(f"unseen-{family.name}")

    def one(name: str) -> Keyed:
        return _keyed(random, name, family.domain, *family.question(random))

    return _different(one, f"unseen-{family.name}", count)


def other_wordings(count: int = 3000) -> list[Keyed]:
    """Different questions of the known skills on operands of the split `test`, in the words of `wordings.py`.

    The domains have equally many, and so have the skills of a domain. Raises ValueError if there are not so many.
    """
    shares = _shares(count)
    return [question for skill in shares for question in _of_skill(skill, shares[skill])]


def everyday() -> list[Keyed]:
    """The 200 everyday questions, which were written by hand."""
    return read_questions(EVERYDAY)


def fingerprint(questions: Iterable[Keyed]) -> str:
    """A SHA-256, in hexadecimal, of the ids, domains, texts, options and answers of a set."""
    digest = hashlib.sha256()
    for keyed in questions:
        asked = keyed.question
        row = [keyed.id, keyed.domain, keyed.tier, asked.stem, asked.options, keyed.answer]
        digest.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def _shares(count: int) -> dict[Skill, int]:
    """How many questions each skill gives."""
    shares: dict[Skill, int] = {}
    for place, domain in enumerate(DOMAINS):
        skills = [skill for skill in SKILLS if skill.domain == domain]
        skills = [skill for skill in skills if (domain, skill.name) in OTHER_WORDINGS]
        of_domain = count // len(DOMAINS) + (place < count % len(DOMAINS))
        least, more = divmod(of_domain, len(skills))
        shares |= {skill: least + (n < more) for n, skill in enumerate(skills)}
    return shares


def _of_skill(skill: Skill, count: int) -> list[Keyed]:
    prefix = f"other-{skill.domain}-{skill.name}"
    random = Random(prefix)
    wordings = OTHER_WORDINGS[skill.domain, skill.name]
    tiers = [tier for tier in TIERS if tier in skill.tiers]

    def one(name: str) -> Keyed:
        tier = random.choices(tiers, [TIERS[tier] for tier in tiers])[0]
        draw = _test_draw(random, skill, tier)
        stem = random.choice(wordings).format(**draw.values)
        return _keyed(random, name, skill.domain, stem, draw, tier)

    return _different(one, prefix, count)


def _test_draw(random: Random, skill: Skill, tier: int) -> Draw:
    """Draw operands that belong to the split `test`; every tier of a skill has some."""
    while True:
        draw = skill.draw(random, tier)
        if _distinct(draw.answer, draw.wrong) and belongs(skill, tier, draw, "test"):
            return draw


def _distinct(answer: str, wrong: Sequence[str]) -> bool:
    return len({answer, *wrong}) == 1 + len(wrong)


def _keyed(random: Random, name: str, domain: str, stem: str, draw: Draw, tier: int = 0) -> Keyed:
    options = random.sample([draw.answer, *draw.wrong], 1 + len(draw.wrong))
    question = Question.from_options(stem, options)
    return Keyed(name, domain, question, options.index(draw.answer), tier)


def _different(one: Callable[[str], Keyed], prefix: str, count: int) -> list[Keyed]:
    """Draw until there are `count` questions that differ in their text or in the options they offer."""
    found: dict[tuple[str, frozenset[str]], Keyed] = {}
    tries = 0
    while len(found) < count:
        keyed = one(f"{prefix}-{len(found):04}")
        key = keyed.question.stem, frozenset(keyed.question.options)
        tries = tries + 1 if key in found else 0
        found.setdefault(key, keyed)
        if tries > TRIES:
            raise ValueError(
                f"{prefix} has {len(found)} different questions; ask for fewer than {count}"
            )
    return list(found.values())
