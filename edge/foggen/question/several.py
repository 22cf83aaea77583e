"""Counts the questions of a text: an exam pasted whole is an error, a stem with a list is not.

Statements to judge, lists to match and people who speak stay in the stem. A list before the options
is another question's when an answer key follows it, when the two questions are numbered in a row,
or when words that ask stand before both and the options do not speak of its labels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from foggen_cloud.alphabets import index_of

from ..errors import QuestionError
from . import keys as _keys
from .inline_lists import opens
from .labels import Label, Run, by_style, counted, scan
from .line_lists import asks
from .refusals import line_at, refusal

_NAME = r"question|problem|q|вопрос|задание|сұрақ|тапсырма|frage|pregunta|pergunta|domanda|soru|pytanie|vraag"
_NUMBERED = re.compile(
    rf"^\W*(?:(?:{_NAME})\W{{0,3}}(?P<named>\d{{1,3}})\b|第?(?P<plain>\d{{1,3}})[.):、题])",
    re.I | re.M,
)
# Words by which a question speaks of the list before it.
_BACK = re.compile(
    r"\b(?:above|these|those|statements?|them|preceding|assertions?|both|утвержд\w*|выше\w*|перечисл\w*"
    r"|из них|тұжырым\w*|жоғарыда\w*|aussagen?|affirmations?|afirmaci\w*|afirmaç\w*)\b|上述|以上|下列",
    re.I,
)
_MATCHING = re.compile(
    r"\b(?:following|given|lists?|columns?|below|codes?|combinations?|pairs?|match\w*|sequence|order|arrange\w*"
    r"|correct|true|false|select|choose|hold|apply|valid|дұрыс|верн\w*|правильн\w*)\b",
    re.I,
)


_BULLET = re.compile(r"^[ \t]*[-*+•▪◦][ \t]+\S", re.M)
_BULLETS = re.compile(
    r"[?？:：_][^\S\n]*\n(?:[^\S\n]*[-*•▪◦][^\S\n]+\S[^\n]*\n\s*){2,}(?=[^\n]*\S)"
)


def lists_in(labels: Sequence[Label]) -> list[Run]:
    """Every list of two or more labels that counts from the first, by its place."""
    found = []
    for group in by_style(labels).values():
        for alphabet, members in counted(group).items():
            starts = [n for n, (_, ordinal) in enumerate(members) if ordinal == 1]
            for start, stop in pairwise((*starts, len(members))):
                part = members[start:stop]
                end = next(
                    (n for n, (_, ordinal) in enumerate(part) if ordinal != n + 1), len(part)
                )
                if end > 1:
                    own, ordinals = zip(*part[:end], strict=True)
                    found.append(Run(own, ordinals, alphabet))
    return sorted(found, key=lambda run: run.start)


def refuse_several(text: str, run: Run) -> None:
    """Raise `QuestionError`, with their number, if there are questions before that of `run`."""
    if starts := question_starts(text, run):
        raise _several(text, starts)


def question_starts(text: str, run: Run) -> list[int]:
    """Where the questions of a text begin, if `run` is not the only one's options."""
    lists = [found for found in lists_in(scan(text)) if opens(text, found.labels)]
    heads = _questions_as_items(text, lists, run)
    if heads:
        return heads
    earlier = [found for found in lists if found.last.at < run.start]
    apart = [a for a, b in pairwise((*earlier, run)) if not a.start < b.start < a.last.at]
    starts, prompt_at = [], 0
    for found, following in pairwise((*apart, run)):
        line_end = text.find("\n", found.last.end, following.start) + 1
        below = line_end or found.last.end
        if _is_question(text, prompt_at, found, below, following, run):
            starts.append(_first_word(text, prompt_at))
            prompt_at = _after_keys(text, below, following.start)
    return [*starts, _first_word(text, prompt_at)] if starts else []


def refuse_several_on_a_line(text: str) -> None:
    """Raise `QuestionError` if labels are repeated because questions follow each other on a line:
    `2+2=? a) 3 b) 4 3+3=? a) 5 b) 6`."""
    lists = [found for found in lists_in(scan(text)) if opens(text, found.labels)]
    starts = [0]
    for found, following in pairwise(lists):
        between = text[found.last.end : following.start]
        if found.style == following.style and "\n" not in between.strip() and asks(between):
            starts.append(found.last.at)
    if len(starts) > 1:
        raise _several(text, [_first_word(text, start) for start in starts])


def refuse_several_bulleted(text: str, stem: str) -> None:
    """Raise `QuestionError` if the stem of bulleted options holds bulleted options of its own."""
    ends = [found.end() for found in _BULLETS.finditer(stem)]
    if ends:
        raise _several(text, [_first_word(text, 0), *(_first_word(text, end) for end in ends)])


def are_options(text: str, stem: str, run: Run) -> bool:
    """Are the bullets below `stem` the options, rather than lists within the options of `run`?

    Raises `QuestionError` where only the last option would have such a list.
    """
    if len(run.labels) < 2 or "\n" in stem[run.last.at :].strip():
        return True  # a line that asks stands between
    if run.last.at > len(stem):
        return False  # "- A. Neon": the bullets stand before the labels
    below = text[len(stem) :]
    if 2 * _naming(below, run) >= len(_BULLET.findall(below)):
        return True  # "- I only", "- I and III"
    *others, last = run.texts(text)
    on_lines = all(label.line_start for label in run.labels)
    if on_lines or any(map(_BULLET.search, others)) or not _BULLET.search(last):
        return False
    what = f"the bullets may be the options, or belong to the text of {run.last.glyph}"
    hint = "write one option a line, and every label as the others"
    raise refusal(text, what, run.last.at, len(stem.rstrip()) + 1, hint)


def _naming(text: str, run: Run) -> int:
    """How many lines of the text name a label of the list."""
    names = _any_label(run)
    return sum(bool(names.search(line)) for line in text.splitlines())


def _any_label(run: Run) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(label.glyph) for label in run.labels)})(?!\w)"
    )


def _questions_as_items(text: str, lists: Sequence[Run], run: Run) -> list[int]:
    """The places of numbered items each of which asks and has lettered options of its own."""
    if not run.labels[0].folded.isdecimal():
        return []
    stops = [*(label.start for label in run.labels[1:]), len(text)]
    inner = [found for found in lists if not found.labels[0].folded.isdecimal()]
    asked = []
    for own, stop in zip(run.labels, stops, strict=True):
        prompts = [text[own.end : found.start] for found in inner if own.end < found.start < stop]
        if any(prompt.strip() and ("\n" in prompt or asks(prompt)) for prompt in prompts):
            asked.append(own.at)
    return asked if len(asked) > 1 else []


def _is_question(
    text: str, prompt_at: int, found: Run, below: int, following: Run, run: Run
) -> bool:
    """Is `found` a list of options, rather than statements that `following` is asked about?"""
    prompt, between = text[prompt_at : found.start].strip(), text[below : following.start].strip()
    if not between:
        return False
    if prompt and any(
        key.kind != "sentence" and not key.explains and names_one(found, key)
        for key in _keys.find(between + "\n")
    ):
        return True
    if _numbers(prompt) and _numbers(prompt)[-1] + 1 in _numbers(between):
        return True
    if _speaks_of(text, run, found) or _BACK.search(between):
        return False
    alike = found.labels[0].folded.isdecimal() == following.labels[0].folded.isdecimal()
    if prompt.endswith(("?", "？", "_")):
        on_lines = "\n" in text[found.last.end : following.start]
        opening = asks(between) or (on_lines and not between[0].islower())
        return opening if alike else asks(between) and not _MATCHING.search(between)
    same = found.style == following.style and len(found.labels) == len(following.labels)
    prose = not between[0].islower() and not between.endswith(("?", "？"))
    return bool(prompt) and same and prose


def names_one(run: Run, key: _keys.Key) -> bool:
    """Does the key give one of the list's labels?"""
    glyphs = [label.glyph for label in run.labels]
    return key.given is not None and index_of(key.given, glyphs) is not None


def _numbers(text: str) -> list[int]:
    return [int(match["named"] or match["plain"]) for match in _NUMBERED.finditer(text)]


def _speaks_of(text: str, run: Run, found: Run) -> bool:
    """Do at least half of the options name labels of the list (`1 and 2 only`, `A-1, B-2`)?"""
    names = _any_label(found)
    texts = run.texts(text)
    return 2 * sum(bool(names.search(option)) for option in texts) >= len(texts)


def _first_word(text: str, place: int) -> int:
    found = re.compile(r"\S").search(text, place)
    return found.start() if found else place


def _after_keys(text: str, start: int, stop: int) -> int:
    """Where the next question's own words begin, after the answer to the one before."""
    keys = [key for key in _keys.find(text[start:stop]) if key.line_start]
    if not keys:
        return start
    return text.find("\n", start + keys[-1].end, stop) + 1 or start


def _several(text: str, starts: Sequence[int]) -> QuestionError:
    lines = f"{line_at(text, starts[0])} and {line_at(text, starts[1])}"
    message = f"{len(starts)} questions in one text: {lines}"
    return QuestionError(message, hint="ask one at a time, or use batch")
