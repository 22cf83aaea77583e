"""What people paste along with a question and its options: keys, explanations, more questions.

A key after the options is cut off with all that follows it, and one before or between them is cut
out; both are told as a given answer. More than one question is an error that counts them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import formats
from . import keys as _keys
from .keys import Key
from .labels import Label, Run, at, members_of, scan
from .refusals import refusal
from .runs import options_of
from .several import lists_in, names_one, refuse_several_bulleted

_RULES = re.compile(r"(?:\n[^\S\n]*[-=*_]{3,}[^\S\n]*|\s)+\Z")  # lines that part the key off
LOOKED_AT = 8  # bounds the time on a text full of words for answers

_FIELD = re.compile(r"^\W*\w+(?: \w+)?[:：]", re.M)  # "Question: 6 * 7", a line of a form
_WRAPPED = re.compile(r"[^\n]{40}[^\n.!?:;)]*[^\s.!?:;)]\n\Z")  # a long line that goes on below
_LINE_ENDS = re.compile(r"[^\n]*(?:\n|\Z)")
_CLOSES = re.compile(r"[)\]}】）.*_]*[ \t]*(?:$|(?<=[)\]}】）]))", re.M)


def without_key(text: str) -> tuple[str, bool]:
    """`text` up to the first key after its options, and whether an answer was given there."""
    text = text[: _keys.trailing_prompt(text)]
    keys = _keys.find(text)
    first = _second_label(text) if keys else 0
    for key in [key for key in keys if key.start > first][:LOOKED_AT]:
        if _ends_options(text, key, keys):
            given = not _keys.says_nothing(text, key)
            return _RULES.sub("", text[: key.start]), given
    return text, False


def _second_label(text: str) -> int:
    """Where a list may have its second option; no key before it stands after the options."""
    lists = [run.labels[1].at for run in lists_in(scan(text))]
    bullets = [match.start() for match in re.finditer(r"^[ \t]*[-*•▪◦+][ \t]", text, re.M)][1:2]
    return min(lists + bullets, default=len(text))


def _ends_options(text: str, key: Key, keys: Sequence[Key]) -> bool:
    """Do options stand before the key, and neither more of them nor another question after it?

    Raises `QuestionError` where the key's line may as well be the rest of the last option.
    """
    before, below = text[: key.start], text[text.find("\n", key.end) + 1 or len(text) :]
    run = options_of(before)
    if run is None:
        found = formats.read(before) or formats.bullets(before)
        if found and _asks_again(below, key):
            refuse_several_bulleted(text, text)
        own = before.rstrip().rpartition("\n")[2].strip()[:1]  # "- Solution" is one more option
        return found is not None and not text.startswith(own, key.start)
    if not run.texts(before)[-1]:  # the text of "B." stands on the line below it
        return False
    if not key.line_start and not _is_alone(before, run, keys):
        return False
    if _goes_on(text, run, key) or _asks_again(below, key):
        return False
    named = names_one(run, key) or _names_text(text, key, run.texts(before))
    if key.kind != "colon" and not named:
        return False
    announced = key.line_start and text[key.start].isupper() and names_one(run, key)
    if _is_open(run.texts(before)[-1]) and not announced:  # code: `{` and below it `answer: 2`
        return False
    wrapped = key.kind == "sentence" and _WRAPPED.search(before)
    form = key.line_start and not named and _FIELD.search(run.texts(before)[-1])
    if wrapped or form:
        what = "this line may be a part of the last option or the question's answer"
        hint = "leave the answer out, or write the option on one line"
        raise refusal(text, what, run.last.at, key.start, hint)
    return True


def _names_text(text: str, key: Key, options: Sequence[str]) -> bool:
    """Is what follows the key the text of an option?"""
    said = text[key.end :].partition("\n")[0].strip(" \t.*_\"'“”").casefold()
    return said in [option.casefold() for option in options]


def _is_open(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("()", "[]", "{}"))


def _is_alone(text: str, run: Run, keys: Sequence[Key]) -> bool:
    """Is a key on the last option's own line the only one of its kind in the options?"""
    return all(key.line_start or not run.start < key.start < len(text) for key in keys)


def _goes_on(text: str, run: Run, key: Key) -> bool:
    """Does the list of options go on after the key?"""
    later = members_of(scan(text), run.alphabet, key.end)
    last = max(run.ordinals)
    return any(
        label.line_start and label.style == run.style and n == last + 1 for label, n in later
    )


def _asks_again(below: str, key: Key) -> bool:
    """Does another question with options follow, and not only an explanation with a list?"""
    run = options_of(below)
    if run is None:
        return False
    prompt = below[: run.start].strip()
    if key.explains or _keys.opens_explanation(prompt):
        return prompt.endswith(("?", "？", "_"))
    return bool(prompt)


def without_inner_keys(text: str, run: Run) -> tuple[str, bool]:
    """`text` without the keys in its stem and between its options.

    Raises `QuestionError` where such a line may as well belong to an option's text.
    """
    kept, position = [], 0
    for start, stop in _inner(text, run):
        if start >= position:
            kept.append(text[position:start])
            position = stop
    return "".join((*kept, text[position:])), position > 0


def _inner(text: str, run: Run) -> list[tuple[int, int]]:
    """From where to where the keys reach that stand in the stem or between the options."""
    own = [label.at for label in run.labels]
    keys = [
        key
        for key in _keys.find(text)
        if key.kind != "text"
        and not _keys.says_nothing(text, key)
        and not any(key.start <= n < key.end for n in own)
    ]
    stem = [key for key in keys if key.start < run.start and _tells(text, run, key)]
    owners = [(_owner(text, run, key), key) for key in keys if key.start > run.start]
    owned = [(label, key) for label, key in owners if label is not None]
    for label, key in owned:
        if len({owner.at for owner, _ in owned}) > 1 or not _tells(text, run, key):
            what = f"this line may belong to the text of {label.glyph} or tell the answer"
            hint = "leave the answer out, or write every option on one line"
            raise refusal(text, what, label.at, key.start, hint)
    starts = sorted(label.start for label in run.labels)
    ends = [next((start for start in starts if start > key.start), len(text)) for _, key in owned]
    return sorted(
        [(key.start, _end_in_stem(text, key)) for key in stem]
        + [(key.start, end) for (_, key), end in zip(owned, ends, strict=True)]
    )


def _tells(text: str, run: Run, key: Key) -> bool:
    """Does the key name one of the options, with nothing else in its line or its brackets?"""
    plain = names_one(run, key) and not key.explains and key.kind != "sentence"
    return plain and (key.line_start or _CLOSES.match(text, key.end) is not None)


def _end_in_stem(text: str, key: Key) -> int:
    """The key's own end, or that of its line, unless the question stands on that line too."""
    closes, line = _CLOSES.match(text, key.end), _LINE_ENDS.match(text, key.end)
    if key.line_start and line and "?" not in line[0] and not (closes and line[0].strip(")] ")):
        return line.end()
    return closes.end() if closes else key.end


def _owner(text: str, run: Run, key: Key) -> Label | None:
    """The label of the option in whose text the key stands as a line of its own."""
    before = [label for label in run.labels if label.at < key.start]
    label = max(before, key=at)
    above = text[label.end : key.start].strip()
    return label if key.line_start and above and not _is_open(above) else None
