"""The questions that the starter is made of, from three worlds, laid out in many ways.

    train    pretraining: skills, and the families of the base
    round    the rounds: those in other wordings, and what the base has never met: other families, everyday
             questions and near misses, where its measured success teaches that the unfamiliar fails
    apart    the gate and the calibration: half of it is known, half is not, of families and everyday
             questions that the rounds do not have

The split `test` belongs to the skills' own templates (`questions.py`), and what the model is judged by off them
to `validation/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from random import Random

from foggen.question.question import Question

from ..recipe import DOMAINS
from .asked import Asked, asked_of
from .families import BASE, EVERYDAY, ROUNDS
from .family import Family
from .more_wordings import MORE_WORDINGS
from .near_misses import TEMPLATES, of_template
from .near_misses.template import Template
from .noise import disturbed
from .phrasing import PRETRAINING, phrased
from .phrasing import ROUNDS as ROUND_FRAMES
from .questions import LABELS, TIER_MIX, GradedQuestion, draw_skill
from .rendering import render
from .round_wordings import ROUND_WORDINGS
from .skills import Skill
from .unknown import unknown

SKILLS, FAMILIES, FOREIGN, DAILY, NEAR_MISSES = "skills", "families", "foreign", "daily", "near"
SHARES: Mapping[str, Mapping[str, float]] = {
    "train": {SKILLS: 0.6, FAMILIES: 0.4},
    "round": {SKILLS: 0.45, FAMILIES: 0.15, FOREIGN: 0.22, DAILY: 0.10, NEAR_MISSES: 0.08},
    "apart": {SKILLS: 0.4, FAMILIES: 0.1, FOREIGN: 0.22, DAILY: 0.2, NEAR_MISSES: 0.08},
}
APART = 0.25  # share of the rounds' families that only the gate and the calibration have
FOR_ROUNDS = 0.3  # share of a base family's wordings that pretraining does not have
KNOWN, UNGRADED, UNKNOWABLE = 1, 0, 4  # tiers


def stream(
    seed: int,
    split: str,
    tiers: Mapping[int, float] | None = None,
    domains: Sequence[str] = DOMAINS,
) -> Iterator[GradedQuestion]:
    """An endless stream of a split's questions; domains alternate. tiers: weights of the skills' tiers."""
    random = Random(f"{split}-world-{seed}")
    weights = dict(tiers or TIER_MIX)
    number = 0
    while True:
        for domain in domains:
            yield _one(random, domain, split, weights, f"{split}-world-{seed}-{number}")
            number += 1


def _one(
    random: Random, domain: str, split: str, tiers: Mapping[int, float], name: str
) -> GradedQuestion:
    shares = {
        source: share
        for source, share in SHARES[split].items()
        if source == SKILLS or sources(source, domain, split)
    }
    source = random.choices(list(shares), list(shares.values()))[0]
    if source == SKILLS:
        return _of_a_skill(random, domain, split, tiers, name)
    chosen = random.choice(sources(source, domain, split))
    if isinstance(chosen, Family):
        tier = KNOWN if source == FAMILIES else UNGRADED
        asked = _of_a_family(random, chosen, split)
        return _laid_out(random, asked, name, domain, chosen.name, tier)
    asked = of_template(random, chosen, "round")
    tier = UNGRADED if asked.knowable else UNKNOWABLE
    return _laid_out(random, asked, name, domain, f"near {chosen.skill}", tier)


@cache
def sources(source: str, domain: str, split: str) -> Sequence[Family | Template]:
    """The families, or the templates of near misses, that a split of a domain draws from."""
    if source == NEAR_MISSES:
        return [one for one in TEMPLATES if one.domain == domain]
    pool: Sequence[Family] = {FAMILIES: BASE, FOREIGN: ROUNDS, DAILY: EVERYDAY}[source]
    own = [family for family in pool if family.domain == domain]
    if source == FAMILIES:
        return own
    return [family for family in own if is_apart(family) == (split == "apart")]


def is_apart(family: Family) -> bool:
    """Whether only the gate and the calibration have a family of the rounds; the same on every machine."""
    return _place(family.name) < APART


def _of_a_skill(
    random: Random, domain: str, split: str, tiers: Mapping[int, float], name: str
) -> GradedQuestion:
    tier = random.choices(list(tiers), list(tiers.values()))[0]
    operands = "train" if split == "train" else "round"
    if tier == UNKNOWABLE:
        kind, draw = unknown(random, domain, operands)
        options = [draw.answer, *dict.fromkeys(draw.wrong)]
        random.shuffle(options)
        stem, answer = str(draw.values["stem"]), options.index(draw.answer)
        return _question(name, domain, kind, tier, stem, options, answer)
    skill, draw = draw_skill(random, domain, tier, operands)
    frames = PRETRAINING if split == "train" else ROUND_FRAMES
    text = phrased(random, random.choice(_wordings(random, skill, split)), draw.values, frames)
    return _laid_out(random, asked_of(skill, draw, text), name, domain, skill.name, tier)


def _wordings(random: Random, skill: Skill, split: str) -> Sequence[str]:
    """Wordings of one kind: the skill's own, and those that are only for pretraining or for the rounds."""
    key = skill.domain, skill.name
    more = MORE_WORDINGS[key]
    if split == "train":
        return random.choice([skill.wordings, more.pretraining])
    return random.choice([skill.wordings, more.pretraining, ROUND_WORDINGS[key], more.rounds])


def _of_a_family(random: Random, family: Family, split: str) -> Asked:
    draw = family.draw(random)
    text = random.choice(_family_wordings(family, split)).format(**draw.values)
    wrong = tuple(dict.fromkeys(draw.wrong))
    return Asked(text, draw.answer, wrong, stands_alone=False, unique=False)


@cache
def _family_wordings(family: Family, split: str) -> Sequence[str]:
    """The wordings of a family; those of the base's families are divided between pretraining and rounds."""
    if family not in BASE:
        return tuple(family.wordings)
    kept = [one for one in family.wordings if _place(one) >= FOR_ROUNDS] or family.wordings
    if split == "train":
        return tuple(kept)
    return tuple(one for one in family.wordings if _place(one) < FOR_ROUNDS) or tuple(kept)


def _laid_out(
    random: Random, asked: Asked, name: str, domain: str, kind: str, tier: int
) -> GradedQuestion:
    rendered = render(random, asked)
    stem = disturbed(random, rendered.stem)
    return _question(name, domain, kind, tier, stem, rendered.options, rendered.answer)


def _question(
    name: str, domain: str, kind: str, tier: int, stem: str, options: Sequence[str], answer: int
) -> GradedQuestion:
    question = Question.from_options(stem, list(options))
    return GradedQuestion(name, domain, kind, tier, question, LABELS[answer])


def _place(text: str) -> float:
    """A number in [0, 1) that depends on the text alone."""
    digest = hashlib.blake2b(text.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
