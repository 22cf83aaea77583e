"""The labels of options in many alphabets, and which option a written letter means.

`foggen.question` reads labels with these tables, and `letters.py` the cloud's replies, so that both
treat look-alikes in the same way: among A, B, C, the letter В looks like the second label but is
the third of its own alphabet, and therefore names no option.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

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
NUMBERS = {str(number): number for number in range(1, 100)}
_NUMERALS = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
    "XX",
]
ROMAN = {numeral: number for number, numeral in enumerate(_NUMERALS, 1)}
EVEN = {letter: number for number, letter in enumerate("FGHJK", 1)}  # of an exam's even questions
_GREEK_LOOKS = dict(zip("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True))
_ALEPHS = dict.fromkeys(("أ", "إ", "آ", "الف"), "ا") | {"هـ": "ه"}
# Letters in the order in which lists use them.
_OTHERS = (
    _alphabet("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", _GREEK_LOOKS),
    _alphabet("ابجدهوزحطيكلمن", _ALEPHS),  # Arabic, in the old order of the letters as numbers
    _alphabet("ابتثجحخدذر", _ALEPHS),
    _alphabet("אבגדהוזחטי", {}),
    _alphabet("कखगघङचछजझञ", {}),  # Hindi, by the order of the letters and by the sound of A B C D
    _alphabet("अबसदइ", {}),
    _alphabet("অআইঈউ", {}),
    _alphabet("কখগঘঙচছজ", {}),
    _alphabet("กขคงจฉชซ", {}),
    _alphabet("가나다라마바사아자차카타파하", {}),
    _alphabet("甲乙丙丁戊己庚辛壬癸", {}),
    _alphabet("アイウエオカキクケコ", {}),
    _alphabet("イロハニホヘト", {}),
    _alphabet("あいうえおかきくけこ", {}),
    _alphabet("ԱԲԳԴԵԶԷԸԹԺ", {}),
    _alphabet("აბგდევზთიკ".upper(), {}),
)
ALPHABETS = (
    LATIN,
    RUSSIAN,
    _alphabet("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ", _CYRILLIC_LOOKS),
    _alphabet("АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ", _CYRILLIC_LOOKS),
    NUMBERS,
    ROMAN,
    EVEN,
    *_OTHERS,
)
# Letters one of which must be there for an alphabet to count: a Latin letter alone is no Greek one.
_OWN = [{letter for letter in table if not letter.isascii()} or set(table) for table in ALPHABETS]
_OWN[0], _OWN[5] = set(LATIN), {"II"}


def alphabets_of(letters: Collection[str]) -> list[int]:
    """Which of ALPHABETS a list with these folded labels may be counted in, as their indices."""
    present = set(letters)
    found = [n for n, own in enumerate(_OWN) if not own.isdisjoint(present)]
    return [n for n in found if ALPHABETS[n] is not EVEN or _is_even(present)]


def _is_even(letters: set[str]) -> bool:
    """F, G, H, J: not where letters before F are labels too."""
    return {"F", "G", "H"} <= letters and letters.isdisjoint("ABCDEI")


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
