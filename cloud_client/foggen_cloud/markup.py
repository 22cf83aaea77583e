r"""Removes the markup around the words of a reply: Markdown, LaTeX, HTML, and brackets.

`\boxed{B}` and `<answer>B</answer>` state the answer and become `answer: B`. `<B>`, which models
copy from a prompt's placeholder, becomes `B`.
"""

from __future__ import annotations

import re
import unicodedata

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PUNCTUATION = {"。": ". ", "｡": ". ", "।": ". ", "۔": ". ", "、": ", ", "،": ", ", "؛": "; "}
_BLANKS = dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " ")
# Zero-width characters and the directions of Arabic and Hebrew, which stand around Latin letters.
_INVISIBLE = dict.fromkeys(
    "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufe0f\ufeff"
)
_CHARACTERS = str.maketrans(_PUNCTUATION | _BLANKS | _INVISIBLE) | _FULL_WIDTH

LATEX_TEXT = re.compile(r"\\(?:text|math|bold)[a-z]{0,10}\s?\{([^{}]*)\}")
LATEX_BOX = re.compile(r"\\f?box(?:ed)?\s?\{([^{}]*)\}")
DEEPEST_LATEX = 3  # \boxed{\textbf{\text{B}}}
DECORATION = re.compile(r"(?<!\w)[*_]+|[*_]+(?!\w)|[`\"$\\«»“”„‹›「」『』《》〈〉〔〕⟨⟩{}✅✔✓☑👉]+")
TAG = re.compile(
    r"<\s?(?P<closing>/?)(?P<name>[^\W_][\w-]{0,20})(?:\s[^<>=]{1,60}=[^<>]{0,200})?\s?/?>"
)
ANSWER_TAG = re.compile(r"(?:final[-_]?)?answer", re.I)


def has_tags(text: str) -> bool:
    """Whether `text` holds something like an HTML tag."""
    return TAG.search(text) is not None


def plain(text: str, *, tags_are_text: bool = False) -> str:
    """`text` without markup, in NFC, with ASCII punctuation.

    tags_are_text: leave tags as they are, as the question is about them.
    """
    text = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
    for _ in range(DEEPEST_LATEX):
        text = LATEX_TEXT.sub(r"\1", text)
    text = LATEX_BOX.sub(r" answer: \1 ", text)
    if not tags_are_text:
        text = _without_tags(text)
    return DECORATION.sub("", text)


def _without_tags(text: str) -> str:
    """`text` without tags: those of pairs and of HTML are dropped, `<B>` is only unwrapped."""
    pairs = {tag["name"].casefold() for tag in TAG.finditer(text) if tag["closing"]}

    def replaced(tag: re.Match[str]) -> str:
        name = tag["name"]
        if name.casefold() not in pairs and (name.isupper() or name.isdecimal()) and len(name) < 3:
            return f" {name} "
        if ANSWER_TAG.fullmatch(name):
            return " " if tag["closing"] else " answer: "
        return "\n" if name.casefold() in ("br", "p", "div", "li") else ""

    return TAG.sub(replaced, text)
