"""Wordings by grammar: a few questions or phrases, each put into some of many frames.

All worlds use the same frames, so that the frame of a question says nothing about whether it can be answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

FRAMES_OF_EACH = 3  # frames that a question gets besides none

# FULL is the question as written, SHORT without its end mark and with a small first letter.
_QUESTION = (
    "Q: FULL",
    "SHORT",
    "Question: FULL",
    "hey, SHORT?",
    "Quick question: SHORT?",
    "Please answer: FULL",
    "FULL Choose one.",
    "I forgot, SHORT?",
    "can you tell me: SHORT",
    "So, SHORT?",
    "My son asks: SHORT?",
    "FULL\nAnswer:",
    "SHORT ____",
    "Pick the right answer. FULL",
    "Hello! FULL",
    "Just curious: SHORT?",
    "Exercise 3. FULL",
    "SHORT?",
    "Help me please: SHORT?",
    "FULL Thank you!",
)
_STORY = (
    "Q: FULL",
    "FULL\nAnswer:",
    "Please answer: FULL",
    "Exercise 2: FULL",
    "Solve this. FULL",
    "Here is a question. FULL",
    "FULL Choose one.",
    "Hi! FULL",
    "Question 5. FULL",
    "FULL Thanks.",
)
_STATEMENT = (
    "Q: FULL",
    "FULL",
    "Exercise: FULL",
    "FULL Choose one.",
    "Task 4. FULL",
    "Pick the right option: FULL",
    "Question: FULL",
    "Please: FULL",
)
_PHRASE = (
    "What is PHRASE?",
    "what is PHRASE",
    "What's PHRASE?",
    "Q: What is PHRASE?",
    "PHRASE?",
    "PHRASE is ____",
    "PHRASE:",
    "Tell me PHRASE.",
    "Name PHRASE.",
    "Choose PHRASE.",
    "Select PHRASE.",
    "Give PHRASE.",
    "Can you tell me PHRASE?",
    "hi, what is PHRASE?",
    "I need to know PHRASE.",
    "Do you remember what PHRASE is?",
)


def asked(*questions: str) -> list[str]:
    """Each question (or story that ends in one, or sentence with a gap), plain and in some frames."""
    return _distinct(
        text for question in questions for text in (question, *_framed(question, _frames(question)))
    )


def phrased(*phrases: str) -> list[str]:
    """Questions for what a phrase such as "the day after {x}" names."""
    frames = 2 * FRAMES_OF_EACH
    return _distinct(
        frame.replace("PHRASE", phrase)
        for phrase in phrases
        for frame in _some(_PHRASE, phrase, frames)
    )


def _frames(question: str) -> Sequence[str]:
    body = question.rstrip("?.:! ")
    if "\n" in body or ". " in body:
        return _STORY
    return _QUESTION if question.endswith("?") else _STATEMENT


def _framed(question: str, frames: Sequence[str]) -> list[str]:
    body = question.rstrip("?.:! ")
    short = body[0].lower() + body[1:]
    return [
        frame.replace("SHORT", short).replace("FULL", question)
        for frame in _some(frames, question, FRAMES_OF_EACH)
    ]


def _some(frames: Sequence[str], key: str, count: int) -> list[str]:
    """Some of the frames, others for each key; the same on every machine."""
    start = crc32(key.encode())
    return [frames[(start + 7 * step) % len(frames)] for step in range(count)]


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
