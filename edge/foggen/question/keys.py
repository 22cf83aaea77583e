"""Finds answer keys and explanations that were pasted together with a question.

Everything from the first key after the options to the end is cut off, as the model must not be told
the answer that it is asked for. The words are in `foggen_cloud.answer_words`; what follows them
decides whether a line is a key (`Answer: B`, `Ans. (b)`, `The answer is B.`, `Solution: ...`) or a
line of the question's own text (`answer is unknown`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from foggen_cloud.answer_words import (
    ANSWER,
    BEFORE,
    CHOSEN,
    EXPLANATION,
    KEY,
    OPTION,
    RIGHT,
    VERB,
)

_GLYPH = r"[A-Za-zА-Яа-яӘәҒғІі]|\d{1,2}|[①-⒵Ⓐ-ⓩ]"
# A label that is set apart: "B", "(b)", "**B**", "option B", and not the article of "A firm".
_JOINING = "\u3040-\u9fff\uac00-\ud7af"  # scripts without blanks: 答案是B的 names B
_END = rf"(?![^\W{_JOINING}])"
_GIVEN = rf"(?:</?\w{{1,8}}>)?[(\[{{*_\"'“`$\\> \t]*(?:{OPTION}[ \t]*[(\[*_\"']*)?(?P<given>{_GLYPH}){_END}"
_CLOSE = r"[)\]}*_\"'”`$>’]*(?:</?\w{1,8}>)*"
_APART = (
    rf"(?={_CLOSE}[ \t]*(?:[.,;:!&/+–—、，。；)\]】'’{_JOINING}-]|$|[ \t]{{2}}|\t)"
    rf"|{_CLOSE}[ \t]+(?:and\b|or\b|because\b|since\b|as\b|{EXPLANATION}|{KEY}|[(\[]))"
)
_LISTED = rf"(?={_CLOSE}(?:[ \t]*(?:[,;/&+]|and\b|or\b)[ \t]*(?:{_GLYPH})(?!\w))*{_CLOSE}(?:(?:['’]\w{{1,4}})?[ \t.!。！]*$|[ \t]+(?:because|since|as)\b))"

# Signs that dress a line: `**Answer:** B`, `> Answer: B`, `【答案】B`, `[Ans: B]`.
_DRESS = r"[ \t*_#>|~=•▪◦\-–—\[({<「【《\"'“«✓✔✅☑👉→/]*"
_TAG = r"(?:</?\w{1,8}>[ \t]*){0,4}"
# A key opens a line, or a sentence within one.
_OPENING = rf"(?:^{_DRESS}{_TAG}|(?<=[.!?;。][ \t])[(\[{{*_]*)"
# "Answer 3: B", "Answer to question 3: B", "Answer (3): B".
_NUMBER = (
    r"(?:[ \t]*(?:to|for|of|no)?\.?[ \t]*(?:the[ \t]+)?(?:question|q)?[ \t]*[.(#]?\d{1,3}[).]?)?"
)
_COLON = r"\.?[ \t*_)\]」》>\"]*[:：】]+"
_DASH = r"[ \t]*(?:[-–—]{1,2}>?|→|⇒|=>)"
_WIDE_DASH = r"[ \t]+[-–—][ \t]+(?=\S)"

# What may follow an opening, an example beside each. A colon is a sure sign; without one the label
# must be an option's, and a whole sentence must not be the rest of a long line.
_FORMS = (
    ("colon", rf"(?P<word>{KEY}|{EXPLANATION}){_NUMBER}{_COLON}"),  # Answer: B    Explanation: ...
    ("colon", rf"(?P<word>{ANSWER}|{EXPLANATION}){_WIDE_DASH}"),  # Answer - gold
    ("colon", rf"(?P<word>{KEY}|{EXPLANATION})[ \t*_#\])】」》.]*$(?=\s+\S)"),  # ### Explanation
    ("label", rf"(?P<word>{KEY}){_NUMBER}{_DASH}{_GIVEN}{_APART}"),  # Key -> B
    # Answer = B, but not the code `ans = b`
    ("label", rf"(?-i:(?![a-z])){ANSWER}{_NUMBER}[ \t]*=(?![\W\d]*\d){_GIVEN}{_LISTED}"),
    # Ans. (b)    选B
    ("label", rf"(?:{ANSWER}|{CHOSEN}){_NUMBER}[ \t*_)\].」】]*{_GIVEN}{_LISTED}"),
    ("label", rf"(?-i:(?![a-z])){KEY}\.[ \t]*{_GIVEN}{_LISTED}"),  # Sol. B
    ("label", rf"(?:{RIGHT}){_COLON}(?![\W\d]*\d){_GIVEN}{_APART}"),  # Correct: B, not "right: 0"
    # The correct answer is B.
    ("sentence", rf"(?:{KEY}|{CHOSEN}){_NUMBER}[ \t*_]*(?:{VERB})[ \t]*[:：]?{_GIVEN}{_APART}"),
    # The correct answer is Au.
    ("text", rf"{ANSWER}{_NUMBER}[ \t*_]*(?:{VERB})[ \t]+(?=[^\n]*\w)"),
    # Solution. Au comes from ..., at the beginning of a line alone
    ("stop", rf"(?-i:(?![a-z]))(?P<word>{KEY}|{EXPLANATION})\.[ \t]+(?-i:(?=[A-ZА-ЯЁ]))"),
)
_KINDS = [(kind, re.compile(form, re.I | re.M)) for kind, form in _FORMS]
_STARTS = re.compile(rf"{_OPENING}{BEFORE}(?={KEY}|{EXPLANATION}|{RIGHT}|{CHOSEN})", re.I | re.M)
# Option B is correct.    (b) is the right answer
_LABEL_FIRST = re.compile(
    rf"{_OPENING}(?:(?:so|hence|thus|therefore|the)[ \t,]+){{0,2}}(?:{OPTION}[ \t]+)?[(\[\"'*]*(?P<given>{_GLYPH})(?!\w){_CLOSE}\.?[ \t]*"
    rf"(?:{VERB}|[-–—])[ \t*_]*{BEFORE}(?:{RIGHT}|{ANSWER})(?:[ \t]+(?:{OPTION}|{ANSWER}))?"
    rf"(?=[*_]*[ \t]*(?:[.!;:。)]|$)|[ \t]+(?:because|since|as|for)\b)",
    re.I | re.M,
)
_ROW = r"\d{1,3}[ \t]*[.):-](?=\W*[^\W\d])"
# 1. B    1-B    → B    option B    and B alone below an empty line
_LAST_LINE = re.compile(
    rf"(?:^{_DRESS}(?:{_ROW}|{OPTION}|(?<=[→✓✔✅☑👉>=#|]))[ \t]*|(?<=\n\n))"
    rf"[ \t]*(?P<given>{_GLYPH})[)\]*_| \t.]*(?:{_ROW}[ \t]*[A-Z][ \t.,;]*)*\s*\Z",
    re.I | re.M,
)
# Gold Answer: B    Gold (Answer - B)
_SIGNED = re.compile(rf"(?:[:：】]|[ \t][-–—]){_GIVEN}{_APART}", re.I | re.M)
_NOUN_BEFORE = re.compile(
    rf"(?:(?<=\s)|\A)[(\[{{【（*_]*{BEFORE}{ANSWER}{_NUMBER}[ \t*_)\]]*\Z", re.I
)
_PROMPT_AT_END = re.compile(  # not the code `while n > ans:`
    rf"(?:(?<=\s)|\A)[(\[{{*_]*(?-i:(?!ans)){BEFORE}{ANSWER}[ \t*]*(?:[(\[][^()\n]{{0,40}}[)\]][ \t*]*)?[:：]\s*\Z",
    re.I,
)
_STRONG = re.compile(rf"{ANSWER}|{EXPLANATION}", re.I)
_EXPLAINS = re.compile(rf"\s*{_DRESS}{BEFORE}{EXPLANATION}", re.I)
_LABEL_AFTER = re.compile(rf"{_GIVEN}{_APART}", re.I | re.M)
_NOTHING = re.compile(r"[\s_.…()\[\]?*:|]*")
_WINDOW = 60  # characters that may hold the words before a colon


@dataclass(frozen=True)
class Key:
    """What may be a key: `start` to `end` announces it, `given` is the label that follows.

    kind: "colon" (`Answer: gold`), "label" (`Ans. (b)`), "sentence" (`The answer is B.`) or "text"
    (`The answer is gold.`, where gold is an option).
    """

    start: int
    end: int
    given: str | None
    kind: str
    line_start: bool
    explains: bool


@lru_cache(maxsize=2)  # a question is searched for keys after its options, then between them
def find(text: str) -> tuple[Key, ...]:
    """All that may be keys, by their places."""
    found: dict[int, Key] = {}
    for opening in _STARTS.finditer(text):
        key = _at(text, opening.start(), opening.end())
        if key:
            found[key.start] = key
    for match in _LABEL_FIRST.finditer(text):
        key = Key(
            match.start(),
            match.end(),
            match["given"],
            "sentence",
            _opens_line(text, match.start()),
            False,
        )
        found.setdefault(key.start, key)
    last = _LAST_LINE.search(text, max(0, len(text.rstrip()) - _WINDOW))
    if last:
        found.setdefault(
            last.start(), Key(last.start(), last.end(), last["given"], "label", True, False)
        )
    ends = {key.end for key in found.values()}
    for match in _SIGNED.finditer(text):
        window = max(0, match.start() - _WINDOW, text.rfind("\n", 0, match.start()) + 1)
        noun = _NOUN_BEFORE.search(text[window : match.start()])
        if noun and not ends.intersection(range(match.start(), match.end() + 1)):
            start = window + noun.start()
            kind = "label" if text[match.start()].isspace() else "colon"
            found.setdefault(start, Key(start, match.end(), match["given"], kind, False, False))
    return tuple(sorted(found.values(), key=lambda key: key.start))


def _at(text: str, start: int, word: int) -> Key | None:
    """The key whose line or sentence opens at `start` and whose first noun stands at `word`."""
    line_start, explains = _opens_line(text, start), _EXPLAINS.match(text, start) is not None
    for kind, pattern in _KINDS:
        match = pattern.match(text, word)
        if match and (kind != "stop" or line_start):
            parts = match.groupdict()
            after = (
                None
                if kind == "text" or parts.get("given")
                else _LABEL_AFTER.match(text, match.end())
            )
            given = after["given"] if after else parts.get("given")
            end = after.end("given") if after else match.end()
            if _is_sure(parts.get("word"), given, kind):
                kind = "colon" if kind == "stop" else kind
                return Key(start, end, given, kind, line_start, explains)
    return None


def _is_sure(word: str | None, given: str | None, kind: str) -> bool:
    """Weak words and weak signs need a capital: not "key: value", not the code `ans = n`."""
    if word is None or not word[0].islower():
        return True
    if kind == "colon" and given is None:
        return _STRONG.fullmatch(word) is not None
    return given is not None and (kind == "colon" or not given.islower())


def _opens_line(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] == "\n"


def trailing_prompt(text: str) -> int:
    """Where a bare `Answer:` at the end begins, else the text's length."""
    tail = max(0, len(text.rstrip()) - _WINDOW)
    found = _PROMPT_AT_END.search(text, tail)
    return found.start() if found else len(text)


def says_nothing(text: str, key: Key) -> bool:
    """Is the key a prompt for an answer, with nothing after it?"""
    return not key.given and _NOTHING.fullmatch(text, key.end) is not None


def opens_explanation(text: str) -> bool:
    return _EXPLAINS.match(text) is not None
