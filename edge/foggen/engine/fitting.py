"""A question that is too long for the context: its stem is cut at the front, its options never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..question.question import Question

NOTE = "stem_truncated"


def with_shorter_stem(question: Question, length: Callable[[str], int], room: int) -> Question:
    """The question with as much of its stem as fits; its stem is empty if the options alone do not.

    length: how many tokens a text has. room: how many fit. The least cut is found by bisection.
    """
    low, high = 0, len(question.stem)
    while low < high:
        middle = (low + high) // 2
        fits = length(_cut(question, middle).text()) <= room
        low, high = (low, middle) if fits else (middle + 1, high)
    return replace(_cut(question, low), notes=(*question.notes, NOTE))


def _cut(question: Question, characters: int) -> Question:
    return replace(question, stem=question.stem[characters:].strip())
