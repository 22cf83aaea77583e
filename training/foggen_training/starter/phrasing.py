"""A wording becomes a question's text: a greeting before it, thanks after it, numbers as words.

Pretraining and the rounds have greetings of their own (`PRETRAINING`, `ROUNDS`), as they have wordings.

    text = phrased(random, random.choice(wordings), draw.values, ROUNDS)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from .number_words import in_words


@dataclass(frozen=True)
class Frames:
    """Words around a question. openers: before it, and closers: after it; they carry no facts."""

    openers: tuple[str, ...]
    closers: tuple[str, ...]


@dataclass(frozen=True)
class Phrasing:
    """Probabilities in [0, 1]. opened, closed: words before and after. spelled: numbers as words."""

    opened: float = 0.2
    closed: float = 0.1
    spelled: float = 0.1


PRETRAINING = Frames(
    (
        "Hello!",
        "Hi there.",
        "Hi, I have a question.",
        "Good morning.",
        "Question:",
        "Quick question:",
        "A question for you:",
        "Help me with this:",
        "Could you help?",
        "I am stuck on this one.",
        "I was asked this:",
        "From my homework:",
        "From a test:",
        "Next one.",
        "Answer this:",
        "Try this one:",
        "Tell me:",
        "One more:",
        "ok,",
        "hello,",
        "Now:",
        "Exercise:",
        "Сұрақ:",
        "Сәлем!",
    ),
    (
        "Thanks!",
        "Thank you.",
        "Choose one.",
        "Pick one answer.",
        "Choose the right answer.",
        "Only one answer is right.",
        "Please answer.",
        "What do you think?",
        "Рақмет!",
        "Жауабы қандай?",
    ),
)
ROUNDS = Frames(
    (
        "Good evening.",
        "Hey there!",
        "Sorry to bother you.",
        "This may be easy:",
        "Here is one:",
        "Let us see:",
        "My friend wonders:",
        "Something for school:",
        "Task:",
        "Problem:",
        "Do this one:",
        "ehm,",
        "right,",
        "Solve:",
        "I need to know this:",
        "Just checking:",
        "Көмектесіңізші:",
        "Жауап беріңізші.",
    ),
    (
        "Many thanks.",
        "Mark the correct one.",
        "One of these is correct.",
        "Which is it?",
        "Take your time.",
        "I need it soon.",
        "Just the letter, please.",
        "Дұрысын таңда.",
    ),
)

# A wording that greets already, or asks in a manner of its own.
_OPENED = re.compile(r"(hey|so|q|please|quick|quiz|can you|need|сұрақ|айтыңызшы)\b", re.IGNORECASE)
# First words that may be written small after a colon or a comma; names may not.
_SMALL_WORDS = """
A An At By Calculate Change Convert Count Divide During Each Find For From Give Given How If In It Multiply My
Name On One Our Out Over Pick Put Suppose Take The There Through To Turn Under Use We What When Which With
Work Write
"""
_SMALL = frozenset(_SMALL_WORDS.split())
# English number words read badly where a field touches a letter or an operator (`{a}+{b}`), or in Kazakh.
_DIGITS_ONLY = re.compile(r"[^\W_]\{|\}[^\W_]|[-+*/%=^]\{|\}[-+*/%=^]|[\u0400-\u04ff]")
_ONE_OF_MANY = re.compile(
    r"\b(1|[Oo]ne) (apple|bag|book|box|coin|crate|day|duck|egg|flower|melon|page|passenger|pen|point"
    r"|row|team|wagon|week|year)(?:s|es)\b"
)


def phrased(
    random: Random,
    wording: str,
    values: Mapping[str, object],
    frames: Frames,
    phrasing: Phrasing | None = None,
) -> str:
    """A question's text: a wording with its operands, perhaps in words, perhaps with a greeting."""
    shares = phrasing or Phrasing()
    spelled = random.random() < shares.spelled and not _DIGITS_ONLY.search(wording)
    framed = _framed(random, wording, frames, shares)
    text = framed.format(**values)
    if spelled:
        began_with_digits = text[:1].isdigit() or text.startswith("$")
        text = framed.format(**in_words(values))
        text = text[:1].upper() + text[1:] if began_with_digits else text
    return _ONE_OF_MANY.sub(r"\1 \2", text)


def _framed(random: Random, wording: str, frames: Frames, shares: Phrasing) -> str:
    if random.random() < shares.opened and not _OPENED.match(wording):
        wording = _opened(random.choice(frames.openers), wording)
    if random.random() < shares.closed and wording.endswith(("?", ".")):
        wording = f"{wording} {random.choice(frames.closers)}"
    return wording


def _opened(opener: str, wording: str) -> str:
    """The opener before the wording, on a line of its own before code."""
    if wording.startswith("{code}"):
        return f"{opener}\n{wording}"
    first, space, rest = wording.partition(" ")
    if opener.endswith((":", ",")) and first in _SMALL:
        return f"{opener} {first.lower()}{space}{rest}"
    return f"{opener} {wording}"
