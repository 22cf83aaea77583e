"""Disturbances of a question's text that leave its answer true: typos, a stray sentence, loose spacing.

No digit changes and no option is touched: only the stem is given, and only its free words (`spans.py`) are
misspelt. Text in quotes and code stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from .fillers import irrelevant
from .spans import NUMBER_WORDS, change_words, free_words, holds_code, outside_quotes

SHORTEST = 4  # letters of a word that may be misspelt
_ENDED = (".", "?", "!")
_SPACE = re.compile(r"(?<=[^\W\d]) (?=[^\W\d])")  # a space between two words


@dataclass(frozen=True)
class Noise:
    """Probabilities in [0, 1] of each disturbance of a stem.

    typos: one to three misspelt words. sentence: one that is beside the point, before or after. unmarked: no
    question mark. spaces: some doubled. lower: no capitals.
    """

    typos: float = 0.12
    sentence: float = 0.08
    unmarked: float = 0.08
    spaces: float = 0.04
    lower: float = 0.06


def disturbed(random: Random, stem: str, noise: Noise | None = None) -> str:
    """The stem with each disturbance by its probability."""
    shares = noise or Noise()
    if random.random() < shares.unmarked:
        stem = stem.removesuffix("?")
    if random.random() < shares.typos:
        stem = with_typos(random, stem, random.randint(1, 3))
    if random.random() < shares.sentence:
        stem = with_sentence(random, stem)
    if random.random() < shares.lower:
        stem = change_words(stem, str.lower)
    return with_spaces(random, stem) if random.random() < shares.spaces else stem


def with_typos(random: Random, stem: str, count: int) -> str:
    """Misspell at most `count` of the stem's words of four or more letters."""
    words = [word for word in free_words(stem) if _can_be_misspelt(word)]
    chosen = set(random.sample(words, min(count, len(words))))
    return change_words(stem, lambda word: _misspelt(random, word) if word in chosen else word)


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= SHORTEST and word.casefold() not in NUMBER_WORDS


def _misspelt(random: Random, word: str) -> str:
    """Two letters swapped, one dropped or one doubled; never the first letter."""
    at = random.randrange(1, len(word) - 1)
    kind = random.choice(("swap", "drop", "double"))
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + (word[at + 1 :] if kind == "drop" else word[at] + word[at:])


def with_sentence(random: Random, stem: str) -> str:
    """A sentence beside the point before the stem, or after it if it ends like a sentence."""
    sentence = irrelevant(random)
    if stem.endswith(_ENDED) and not holds_code(stem) and random.random() < 0.4:
        return f"{stem} {sentence}"
    return f"{sentence}\n{stem}" if holds_code(stem) else f"{sentence} {stem}"


def with_spaces(random: Random, stem: str) -> str:
    """Double some of the spaces between words; those of code have a meaning and stay."""
    if holds_code(stem):
        return stem
    return outside_quotes(
        stem, lambda part: _SPACE.sub(lambda _: "  " if random.random() < 0.3 else " ", part)
    )
