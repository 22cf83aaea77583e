"""What is asked, before it is laid out: the text, the answer, and what may be done with them.

`rendering.py` turns it into a question with options.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .domains.law import RULES
from .skills import Draw, Skill

# Skills whose right answer depends on the options given.
BY_OPTIONS = {("math", "largest"), ("law", "element"), ("law", "age")}


@dataclass(frozen=True)
class Category:
    """A class of things. phrase: with its article, as in "an element of fraud". members belong to it,
    others do not; each has at least one entry, and none is in both."""

    phrase: str
    members: Sequence[str]
    others: Sequence[str]

    def __post_init__(self) -> None:
        if not self.members or not self.others or set(self.members) & set(self.others):
            raise ValueError(f"{self.phrase}: no members, no others, or some are both")


@dataclass(frozen=True)
class Asked:
    """A question's parts. wrong: at least one wrong answer, all of them distinct and not the answer.

    stands_alone: whether the answer is right whatever the options are, so that it may be judged alone or
    be left out of them. unique: whether every other answer of its kind is wrong. knowable: whether there is
    an answer; if not, `answer` is one of the options at random. category: whose members are right answers.
    """

    stem: str
    answer: str
    wrong: Sequence[str]
    stands_alone: bool = True
    unique: bool = True
    knowable: bool = True
    category: Category | None = None

    def __post_init__(self) -> None:
        texts = [self.answer, *self.wrong]
        if not self.wrong or len(set(texts)) < len(texts):
            raise ValueError(f"not distinct answers, or fewer than two: {texts} of {self.stem!r}")


def asked_of(skill: Skill, draw: Draw, stem: str) -> Asked:
    """What a skill's question asks; stem: its wording with the operands of the draw."""
    free = (skill.domain, skill.name) not in BY_OPTIONS
    category = None
    if (skill.domain, skill.name) == ("law", "element"):
        rule = str(draw.values["rule"])
        category = Category(f"an element of {rule}", RULES[rule], tuple(draw.wrong))
    stands_alone = free or skill.name == "age"
    wrong = tuple(dict.fromkeys(draw.wrong))
    return Asked(stem, draw.answer, wrong, stands_alone, free, category=category)
