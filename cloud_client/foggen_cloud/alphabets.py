"""Labels of options in Latin, Cyrillic and digits, and which option a written letter means.

`foggen.question` reads labels with these tables, and `letters.py` the cloud's replies, so that both
treat look-alikes in the same way: among A, B, C, the letter В looks like the second label but is
the third of its own alphabet, and therefore names no option.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST_NUMBER = 3  # digits; longer numbers are not labels, and int() refuses thousands of digits

_LOOKS = dict(zip("АВСЕНІКМОРЅТХУЈ", "ABCEHIKMOPSTXYJ", strict=True))
_SOUNDS = dict(zip("ДФГ", "DFG", strict=True))  # written for D, F and G, but they look different
_CYRILLIC_LOOKS = dict(zip("ABCEHKMOPTXY", "АВСЕНКМОРТХУ", strict=True))


def _alphabet(letters: str, twins: dict[str, str]) -> dict[str, int]:
    """Letter -> ordinal from 1; a twin from the other script counts as the letter itself."""
    own = {letter: ordinal for ordinal, letter in enumerate(letters, 1)}
    return {twin: own[letter] for twin, letter in twins.items() if letter in own} | own


LATIN = _alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LOOKS | _SOUNDS)
RUSSIAN = _alphabet("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ", _CYRILLIC_LOOKS)  # lists skip Ё Й Ъ Ы Ь
ALPHABETS = (
    LATIN,
    RUSSIAN,
    _alphabet("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ", _CYRILLIC_LOOKS),
    _alphabet("АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ", _CYRILLIC_LOOKS),
    {str(number): number for number in range(1, 100)},
)


def fold(label: str) -> str:
    """The form in which labels are compared: `ａ`, `ⓐ`, `⒜` and `a` are all `A`; `②` is `2`."""
    folded = unicodedata.normalize("NFKC", label).strip("(). ").upper()
    if len(folded) == 1 and (number := unicodedata.numeric(folded, None)) is not None:
        return str(int(number))
    if folded.isdecimal() and len(folded) <= LONGEST_NUMBER:
        return str(int(folded))
    return folded


def index_of(label: str, labels: Sequence[str]) -> int | None:
    """The index in `labels` of the one that `label` means, or None if that is not certain.

    Case and width are ignored. A letter of another script is read by its look and by its place in
    its own alphabet; if these name different options, the result is None.
    """
    folded, wanted = [fold(own) for own in labels], fold(label)
    if wanted in folded:
        return folded.index(wanted)
    found = _of_another_script(wanted, folded)
    return found.pop() if len(found) == 1 else None


def _of_another_script(wanted: str, folded: Sequence[str]) -> set[int]:
    """The indices that a letter of another script can mean, by its look and by its place."""
    look = LATIN.get(wanted)
    found = {n for n, letter in enumerate(folded) if look and look == LATIN.get(letter)}
    place = (LATIN if wanted.isascii() else RUSSIAN).get(wanted, 0)
    if all(letter.isalpha() and letter.isascii() != wanted.isascii() for letter in folded):
        if wanted in _SOUNDS and place > len(folded):
            return set()  # Д after A, B, C, D: a fifth option or the fourth
        found |= {place - 1} & set(range(len(folded)))
    return found
