"""Signs by which a question bank marks the right option: `12 ✓`, `**12**`, `12 (correct)`, `12 *`.

The model must not be told the answer, so that they are cut off. A star is a part of some texts
(`SELECT *`, `*args`): where nothing decides, the question is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from foggen_cloud.answer_words import ANSWER, BEFORE, OPTION, RIGHT

from .labels import Run
from .refusals import refusal

_TICKS = "✓✔✅☑✗✘❌☒"
_TICK = re.compile(rf"[{_TICKS}]\ufe0f?")
# Au (correct)    Au [right answer]    Au <-- correct. "(right)" alone may be a side.
_SAID = re.compile(
    rf"(?:[(\[]|(?:<|←)[-–=]*|[ \t][-–—])[ \t]*(?!(?:right|true)[ \t]*[)\]]){BEFORE}(?:{RIGHT}|{ANSWER})"
    rf"(?:[ \t]+(?:{ANSWER}|{OPTION}))?[ \t]*[!.]?[)\]]?\Z",
    re.I,
)
_BOX = re.compile(r"\[([ xX✓✔*]?)\][ \t]+(?=\S)")
_SIGN_AT_END = re.compile(r"[ \t]+(?:[←√]|\(\*\)|\[[xX*✓✔]\])\Z")
_DENIED = re.compile(
    r"[(\[][ \t]*(?:wrong|incorrect|false|not correct|falsch|faux|incorrect[oa]|неверно|неправильно|қате|错误)"
    r"[ \t]*[)\]]\Z",
    re.I,
)
_EMPHASIS = re.compile(r"(\*{1,3}|__(?=[^\n]*\s))([^*\n]+)\1\Z")
_STAR = re.compile(r"(?:(\*{1,2})([ \t]*)([^*\n]+)|([^*\n]+?)([ \t]*)(\*{1,2}))\Z")
_NUMBER = re.compile(r"[\d.,/%°\s+-]+")
_PLAIN = re.compile(r"[\w\s,.'’%-]+")


def without_marks(text: str, run: Run, options: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The options without such signs, and whether they told the answer.

    Raises `QuestionError` where a star may be the sign or a part of the option.
    """
    dressed = zip(run.labels, options, strict=True)
    options = [
        option.removesuffix(label.mark) if label.mark.strip("*_") == "" else option
        for label, option in dressed
    ]
    boxes = [_BOX.match(option) for option in options]
    if all(boxes):
        ticked = len({box[1].strip() for box in boxes if box}) > 1
        return tuple(_BOX.sub("", option, count=1) for option in options), ticked
    for rule in (_without_ticks, _without_sign, _without_words, _without_emphasis):
        found = rule(options)
        if found is not None and all(found):
            return tuple(found), True
    starred = [n for n, option in enumerate(options) if "*" in option]
    star = _STAR.fullmatch(options[starred[0]]) if len(starred) == 1 else None
    return _without_star(text, run, options, starred[0], star) if star else (tuple(options), False)


def _without_star(
    text: str, run: Run, options: Sequence[str], place: int, star: re.Match[str]
) -> tuple[tuple[str, ...], bool]:
    """`12*`, `* 12`, `* Au`; the only star of all options, which a word may own (`Q*`)."""
    bare, apart = star[3] or star[4], star[2] or star[5]
    others = [option for n, option in enumerate(options) if n != place]
    if _NUMBER.fullmatch(bare) or (star[1] and apart):
        return tuple(bare if n == place else option for n, option in enumerate(options)), True
    plain = len(bare.split()) <= 5 and _PLAIN.fullmatch(" ".join((bare, *others)))
    if len(bare) > 1 and (apart or plain):
        label = run.labels[place]
        what = f"the star may mark {label.glyph} as the answer or be a part of its text"
        raise refusal(text, what, label.at, label.at, "leave the star out, or write what it means")
    return tuple(options), False


def _without_ticks(options: Sequence[str]) -> list[str] | None:
    """`Au ✓`, `❌ Ag`: at most one sign an option, at either end of it."""
    signs = [_TICK.findall(option) for option in options]
    bare = [option.strip(_TICKS + "\ufe0f \t") for option in options]
    alone = all(len(found) < 2 for found in signs) and not _TICK.search("".join(bare))
    return bare if alone and any(signs) else None


def _without_sign(options: Sequence[str]) -> list[str] | None:
    """`Au ←`, `Au (*)`, `Au [x]`, in one option only."""
    bare = [_SIGN_AT_END.sub("", option) for option in options]
    return bare if sum(a != b for a, b in zip(options, bare, strict=True)) == 1 else None


def _without_words(options: Sequence[str]) -> list[str] | None:
    """`Au (correct)`, in one option only: in several it may be a part of their texts."""
    bare = [_SAID.sub("", option).rstrip() for option in options]
    if sum(a != b for a, b in zip(options, bare, strict=True)) != 1:
        return None
    return [_DENIED.sub("", option).rstrip() for option in bare]


def _without_emphasis(options: Sequence[str]) -> list[str] | None:
    """`**Au**`, the only one in bold."""
    found = [_EMPHASIS.fullmatch(option) for option in options]
    one = sum(match is not None for match in found) == 1
    bare = [match[2] if match else option for match, option in zip(found, options, strict=True)]
    return bare if one and "*" not in "".join(bare) else None
