"""Which parts of a question's text may change without changing what is asked.

Numbers, units, whatever stands in quotes, names with a capital inside, and the whole of a text with code in
it stay as they are; other words may be written in another case and, but for number words, be misspelt.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .domains import kazakh
from .number_words import ONES, TENS, UNITS

_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth hundred thousand million
billion half quarter dozen
"""
NUMBER_WORDS = frozenset([*ONES, *TENS, *_ORDINALS.split(), *kazakh.ONES, *kazakh.TENS])
# Single capitals (8 A, 20 C) count as units only after a number; L and K may stand alone.
UNIT_WORDS = frozenset(
    part for name in (*UNITS, "K", "h") for part in name.split("/") if part not in ("A", "C", "V")
)
_CODE = re.compile(
    r"\bprint\b|\bdef\b|\breturn\b|\w[(\[]|[\w)\]] *(?:\+=|-=|\*=|==)|^\w+ = .+$|[{}<>\\;]",
    re.MULTILINE,
)
_QUOTED = r"""(?<!\w)'[^'\n]*'(?!\w)|"[^"\n]*"|«[^»\n]*»"""
# Quoted text; a token with a digit, and a unit of one letter after it; a word.
_PIECE = re.compile(_QUOTED + r"""|\S*\d\S*(?: [A-Z]\b)?|[^\W\d_]+(?:['’][^\W\d_]+)*""")


def holds_code(text: str) -> bool:
    """Whether a text seems to hold code, of which no letter and no space may change."""
    return bool(_CODE.search(text))


def is_free(word: str) -> bool:
    """Whether a word may be changed: it is no number, no unit, and has no capital letter inside."""
    letters = word.replace("'", "").replace("’", "")
    plain = letters.isalpha() and (len(word) == 1 or letters[1:].islower() or letters.isupper())
    return plain and word not in UNIT_WORDS


def change_words(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` to every free word outside of quotes; a text with code comes back unchanged."""
    if holds_code(text):
        return text
    return _PIECE.sub(lambda piece: change(piece[0]) if is_free(piece[0]) else piece[0], text)


def free_words(text: str) -> list[str]:
    """The words that `change_words` changes, in order."""
    words = [] if holds_code(text) else _PIECE.findall(text)
    return [word for word in words if is_free(word)]


def outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` to the parts of a text between quoted ones."""
    parts = re.split(f"({_QUOTED})", text)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))
