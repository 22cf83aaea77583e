"""Graded questions of the seven domains, drawn by seed, for training and testing the starter.

    foggen-train questions --number 1000 --seed 7 --split test > generated.jsonl

The same seed and split give the same questions on every machine. The splits share no operands, and test
questions have separate wordings (`skills.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from foggen.confidence.labelled import Keyed
from foggen.question.question import Question

from ..recipe import DOMAINS
from .domains import SKILLS
from .round_wordings import ROUND_WORDINGS
from .skills import Draw, Skill, belongs
from .unknown import unknown

LABELS = "ABCDEFGHIJ"
FEWER_OPTIONS = 0.06  # share of training questions with two or three options
TIER_MIX = {1: 0.4, 2: 0.2, 3: 0.2, 4: 0.2}  # for rounds and tests
PRETRAINING_MIX = {1: 0.5, 2: 0.3, 3: 0.15, 4: 0.05}  # few hard questions, so that they stay hard
# Draws from a skill before another skill is tried. If few operands are left, one draw is seldom enough,
# and some skills would be rarer than others.
TRIES = {"train": 1, "round": 400, "test": 400}


@dataclass(frozen=True)
class GradedQuestion:
    """A question with its key. tier: from 1 (easy) to 4 (cannot be known)."""

    id: str
    domain: str
    skill: str
    tier: int
    question: Question
    answer: str  # a label

    @property
    def answer_text(self) -> str:
        return self.question.options[LABELS.index(self.answer)]

    @property
    def stands_alone(self) -> bool:
        """Whether the question can be answered without its options."""
        asks_for_one = "which" in self.question.stem.lower() or self.skill in ("largest", "element")
        return self.tier < 4 and not asks_for_one

    def row(self, split: str) -> dict[str, object]:
        """The question as one of the project's JSON rows, with its tier and skill."""
        return {
            "id": self.id,
            "domain": self.domain,
            "question": self.question.stem,
            "options": list(self.question.options),
            "answer": self.answer,
            "source": "foggen-generated",
            "split": split,
            "tier": self.tier,
            "skill": self.skill,
        }


def generate(
    seed: int,
    split: str = "train",
    mix: dict[int, float] | None = None,
    domains: Sequence[str] = DOMAINS,
) -> Iterator[GradedQuestion]:
    """An endless stream of questions; domains alternate, and tiers are drawn by `mix`."""
    random = Random(f"{split}-{seed}")
    tiers, weights = zip(*(mix or TIER_MIX).items(), strict=True)
    number = 0
    while True:
        for domain in domains:
            tier = random.choices(tiers, weights)[0]
            yield _one(random, domain, tier, split, f"{split}-{seed}-{number}")
            number += 1


def _one(random: Random, domain: str, tier: int, split: str, name: str) -> GradedQuestion:
    test = split == "test"
    if tier == 4:
        skill_name, draw = unknown(random, domain, split)
        stem = str(draw.values["stem"])
    else:
        skill, draw = draw_skill(random, domain, tier, split)
        wordings = _wordings(random, skill, split)
        skill_name, stem = skill.name, random.choice(wordings).format(**draw.values)
    return _assemble(random, GradedQuestionParts(name, domain, skill_name, tier, stem, draw, test))


def _wordings(random: Random, skill: Skill, split: str) -> Sequence[str]:
    """The wordings of a split: training's, the test's, or for rounds training's or new ones at random."""
    if split != "round":
        return skill.test_wordings if split == "test" else skill.wordings
    return random.choice([skill.wordings, ROUND_WORDINGS[skill.domain, skill.name]])


@dataclass(frozen=True)
class GradedQuestionParts:
    name: str
    domain: str
    skill: str
    tier: int
    stem: str
    draw: Draw
    test: bool


def _assemble(random: Random, parts: GradedQuestionParts) -> GradedQuestion:
    wrong = list(dict.fromkeys(parts.draw.wrong))
    if parts.tier < 4 and not parts.test and random.random() < FEWER_OPTIONS:
        wrong = wrong[: random.randint(1, 2)]
    options = [parts.draw.answer, *wrong]
    random.shuffle(options)
    answer = LABELS[options.index(parts.draw.answer)]
    question = Question.from_options(parts.stem, options)
    return GradedQuestion(parts.name, parts.domain, parts.skill, parts.tier, question, answer)


def draw_skill(random: Random, domain: str, tier: int, split: str) -> tuple[Skill, Draw]:
    """Draw a skill of the domain and tier, and operands of the split."""
    skills = [skill for skill in SKILLS if skill.domain == domain and tier in skill.tiers]
    for _ in range(100_000):
        skill = random.choice(skills)
        for _ in range(TRIES[split]):
            draw = skill.draw(random, tier)
            if draw.answer in draw.wrong or len(set(draw.wrong)) < len(draw.wrong):
                continue
            if belongs(skill, tier, draw, split):
                return skill, draw
    raise RuntimeError(f"no operands of {domain} at tier {tier} are left for this split")


def keyed(question: GradedQuestion) -> Keyed:
    """A graded question in the form that the evaluation uses."""
    answer = LABELS.index(question.answer)
    return Keyed(
        question.id,
        question.domain,
        question.question,
        answer,
        question.tier,
        question.stands_alone,
    )
