"""A question's parts become a question with options, laid out in one of many ways, its key kept right.

    rendered = render(random, asked_of(skill, draw, text))
    rendered.options[rendered.answer]  # the right one

Every variation has a probability of its own in `Rendering`. Where a variation is not valid, such as true or
false for "which of these", it is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from .asked import Asked, Category
from .spans import change_words, holds_code

TRUE, FALSE = "True", "False"
CLAIMS = (
    "True or false: {stem} {candidate}.",
    "{stem}\nProposed: {candidate}. True or false?",
    "{stem} Is the answer {candidate}? True or false?",
    "Say whether this is true. {stem} {candidate}.",
    "{stem}\nThe answer is {candidate}. Is that true or false?",
)
NONE_OF_THEM = ("None of the above", "None of these", "None of the others")
EXCEPTIONS = (
    "Which of these is not {phrase}?",
    "Which one is not {phrase}?",
    "Which of the following is not {phrase}?",
    "Each of these but one is {phrase}. Which is the exception?",
    "Find the one that is not {phrase}.",
    "Мыналардың қайсысы {phrase} емес?",
)
SENTENCES = (
    "It is {}.",
    "The answer is {}",
    "That is {}.",
    "I think it is {}.",
    "It must be {}.",
    "Answer: {}",
    "Жауабы: {}",
)
# Ends of a stem, by the mark that they replace.
ENDS = {"?": ("", " ?", "??", ":", "..."), ".": ("", ":", "...", "!")}
_ONE_NUMBER = re.compile(r"(\$?)(\d+)(\.\d+)?((?: ?[^\W\d]\S*| ?%)?)")


@dataclass(frozen=True)
class Rendering:
    """Probabilities in [0, 1] of each variation, and `counts`: the weights of two to six options.

    claim: true or false of a proposed answer. exception: "which of these is not", for questions with a
    category. none_of_them: a last option that says so, and left_out: that it is then the right one.
    sentences: options as sentences. dots: a full stop after every option. end: another mark, or none, at the
    stem's end. upper, lower: the stem's letters.
    """

    counts: Mapping[int, float] = field(
        default_factory=lambda: {2: 0.1, 3: 0.15, 4: 0.5, 5: 0.15, 6: 0.1}
    )
    claim: float = 0.08
    exception: float = 0.3
    none_of_them: float = 0.08
    left_out: float = 0.4
    sentences: float = 0.06
    dots: float = 0.06
    end: float = 0.1
    upper: float = 0.02
    lower: float = 0.06

    def __post_init__(self) -> None:
        if not self.counts or set(self.counts) - set(range(2, 7)):
            raise ValueError(f"counts of options are from 2 to 6, not {sorted(self.counts)}")


@dataclass(frozen=True)
class Rendered:
    """A question as it is asked. answer: the index of the right option; if not `knowable`, of any.

    form: "options", "claim", "exception" or "none" (with an option that says none is right).
    """

    stem: str
    options: tuple[str, ...]
    answer: int
    form: str
    knowable: bool = True


def render(random: Random, asked: Asked, rendering: Rendering | None = None) -> Rendered:
    """Lay out what is asked; the same random state gives the same question."""
    shares = rendering or Rendering()
    rendered = _laid_out(random, asked, shares)
    options = rendered.options
    if rendered.form != "claim" and random.random() < shares.sentences:
        sentence = random.choice(SENTENCES)
        options = tuple(o if o in NONE_OF_THEM else sentence.format(o) for o in options)
    if random.random() < shares.dots:
        options = tuple(o if o.endswith(".") else f"{o}." for o in options)
    stem = restyled(random, rendered.stem, shares)
    return Rendered(stem, options, rendered.answer, rendered.form, asked.knowable)


def _laid_out(random: Random, asked: Asked, shares: Rendering) -> Rendered:
    """The question in the form that chance chooses, without changes of its style."""
    if asked.category and random.random() < shares.exception:
        return exception(random, asked.category, _count(random, shares))
    can_be_claimed = asked.stands_alone and asked.answer not in (TRUE, FALSE)
    if can_be_claimed and random.random() < shares.claim:
        return _claim(random, asked)
    count = _count(random, shares)
    if asked.stands_alone and random.random() < shares.none_of_them:
        return _with_none(random, asked, count, random.random() < shares.left_out)
    wrong = _wrong(random, asked, count - 1)
    return _shuffled(random, asked.stem, asked.answer, wrong)


def _count(random: Random, shares: Rendering) -> int:
    return random.choices(list(shares.counts), list(shares.counts.values()))[0]


def _shuffled(
    random: Random, stem: str, answer: str, wrong: Sequence[str], form: str = "options"
) -> Rendered:
    options = [answer, *wrong]
    random.shuffle(options)
    return Rendered(stem, tuple(options), options.index(answer), form)


def _claim(random: Random, asked: Asked) -> Rendered:
    """Whether a candidate, right in half of the cases, is the answer."""
    right = random.random() < 0.5
    candidate = asked.answer if right else random.choice(asked.wrong)
    stem = random.choice(CLAIMS).format(stem=asked.stem, candidate=candidate.rstrip("."))
    if holds_code(asked.stem):  # its last line must stay as it is
        stem = f"{asked.stem}\nTrue or false: {candidate}"
    options = (TRUE, FALSE) if random.random() < 0.8 else (FALSE, TRUE)
    return Rendered(stem, options, options.index(TRUE if right else FALSE), "claim")


def _with_none(random: Random, asked: Asked, count: int, left_out: bool) -> Rendered:
    """The last option says that none is right, which holds if the answer is left out."""
    none = random.choice(NONE_OF_THEM)
    if left_out:
        options = (*_wrong(random, asked, count - 1), none)
        return Rendered(asked.stem, options, len(options) - 1, "none")
    shown = _shuffled(random, asked.stem, asked.answer, _wrong(random, asked, count - 2))
    return Rendered(asked.stem, (*shown.options, none), shown.answer, "none")


def exception(random: Random, category: Category, count: int = 4) -> Rendered:
    """Ask for the one of at most `count` options that does not belong to a category."""
    members = random.sample(list(category.members), min(count - 1, len(category.members)))
    stem = random.choice(EXCEPTIONS).format(phrase=category.phrase)
    return _shuffled(random, stem, random.choice(category.others), members, "exception")


def _wrong(random: Random, asked: Asked, count: int) -> list[str]:
    """At most `count` wrong answers; more than are given only if they can be made."""
    wrong = random.sample(list(asked.wrong), min(count, len(asked.wrong)))
    if asked.unique and len(wrong) < count:
        wrong += more_wrong(random, asked.answer, asked.wrong, count - len(wrong))
    return wrong


def more_wrong(random: Random, answer: str, wrong: Sequence[str], count: int) -> list[str]:
    """Further wrong answers: the right one with another number. None if it is not one number.

    Only for questions whose other answers are all wrong, unlike "which number is the largest".
    """
    found = _ONE_NUMBER.fullmatch(answer)
    if found is None:
        return []
    sign, whole, decimals, unit = found[1], int(found[2]), found[3] or "", found[4]
    taken = {answer, *wrong}
    made: list[str] = []
    while len(made) < count:
        number = max(0, whole + random.randint(-max(9, whole), max(9, whole)))
        text = f"{sign}{number}{_decimals(random, decimals)}{unit}"
        if text not in taken:
            taken.add(text)
            made.append(text)
    return made


def _decimals(random: Random, shown: str) -> str:
    """As many decimals as are shown, with their point."""
    return "." + "".join(random.choice("0123456789") for _ in shown[1:]) if shown else ""


def restyled(random: Random, stem: str, shares: Rendering) -> str:
    """The stem with another end and other letters; code is never touched."""
    can_end = stem.endswith("?") or (stem.endswith(".") and not holds_code(stem))
    if can_end and random.random() < shares.end:
        stem = stem[:-1] + random.choice(ENDS[stem[-1]])
    letters = random.random()
    if letters < shares.upper:
        return change_words(stem, str.upper)
    return change_words(stem, str.lower) if letters < shares.upper + shares.lower else stem
