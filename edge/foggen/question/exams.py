"""Divides a text into its questions: GIFT, Aiken and other banks with a key, a numbered exam.

Each part is read on its own afterwards, so that a part that was cut badly is an error, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from foggen_cloud.answer_words import ANSWER, BEFORE, EXPLANATION

from . import formats
from .runs import options_of
from .several import question_starts

_REMARK = re.compile(  # of GIFT and text2qti
    r"(?:\s*(?://|\$CATEGORY:|(?i:quiz )?(?i:title|description|points):)[^\n]*)+\s*"
)
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n")
_KEY = re.compile(rf"^\W*{BEFORE}{ANSWER}[ \t]*[:：][ \t]*\(?\w\)?[.]?[ \t]*$", re.I | re.M)
_STILL_KEY = re.compile(rf"\s*\W*{BEFORE}{EXPLANATION}[ \t]*[:：.]", re.I)
_NUMBER = re.compile(
    r"^[ \t]*(?:question|вопрос|сұрақ)?[ \t]*(\d{1,3})[.):、][ \t]*(?=\S)", re.I | re.M
)
_OPTION = re.compile(r"^[ \t]*\*?[(\[]?[^\W\d_][)\].:、]", re.M)


def questions_of(text: str) -> list[tuple[int, str]]:
    """The questions of a text, each with the number of its first line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = _gift(text) or _keyed(text) or _numbered(text) or _others(text)
    return list(_divided(text, starts))


def _divided(text: str, starts: Sequence[int]) -> Iterator[tuple[int, str]]:
    edges = [0, *(start for start in starts if start), len(text)]
    for start, stop in pairwise(edges):
        part = text[start:stop]
        if part.strip() and not _REMARK.fullmatch(part):
            line = text.count("\n", 0, start + len(part) - len(part.lstrip())) + 1
            yield line, part.strip("\n")


def _gift(text: str) -> list[int]:
    """GIFT has an empty line between questions and none within one."""
    starts = [0, *(found.end() for found in _BLANK_LINES.finditer(text))]
    parts = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    return starts if any(formats.gift(part) for part in parts) else []


def _keyed(text: str) -> list[int]:
    """After each line `ANSWER: B`, and the explanation below it."""
    ends = []
    for key in _KEY.finditer(text):
        end = key.end()
        if _STILL_KEY.match(text, end):
            blank = _BLANK_LINES.search(text, end)
            end = blank.end() if blank else len(text)
        ends.append(end)
    return [0, *ends] if len(ends) > 1 else []


def _numbered(text: str) -> list[int]:
    """`1. ...`, `2. ...` where options with letters stand below each of them."""
    heads = list(_NUMBER.finditer(text))
    numbers = [int(found[1]) for found in heads]
    stops = [*(found.start() for found in heads[1:]), len(text)]
    in_order = len(heads) > 1 and numbers == list(range(numbers[0], numbers[0] + len(heads)))
    if not in_order:
        return []
    options = [len(_OPTION.findall(text, h.end(), s)) for h, s in zip(heads, stops, strict=True)]
    return [found.start() for found in heads] if min(options) > 1 else []


def _others(text: str) -> list[int]:
    run = options_of(text)
    return question_starts(text, run) if run else []
