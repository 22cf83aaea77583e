"""Signs by which a question bank marks the right option: `12 ✓`, `**12**`, `12 (correct)`, `12 *`.

The model must not be told the answer, so that they are cut off. A star is a part of some texts
(`SELECT *`, `*args`): where nothing decides, the question is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from foggen_cloud.answer_words import ANSWER, BEFORE, OPTION, RIGHT

from ._labels import Run
from ._refusals import refusal

_TICKS = "✓✔✅☑✗✘❌☒"
_TICK = re.compile(rf"[{_TICKS}]\ufe0f?")
# Au (correct)    Au [right answer]    Au <-- correct. "(right)" alone may be a side.
_SAID = re.compile(
    rf"(?:[(\[]|(?:<|←)[-–=]*)[ \t]*(?!(?:right|true)[ \t]*[)\]]){BEFORE}(?:{RIGHT}|{ANSWER})"
    rf"(?:[ \t]+(?:{ANSWER}|{OPTION}))?[ \t]*[!.]?[)\]]?\Z",
    re.I,
)
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
    for rule in (_without_ticks, _without_words, _without_emphasis):
        found = rule(options)
        if found is not None and all(found):
            return tuple(found), True
    starred = [n for n, option in enumerate(options) if "*" in option]
    star = _STAR.fullmatch(options[starred[0]]) if len(starred) == 1 else None
    if star is None:
        return tuple(options), False
    bare, apart = star[3] or star[4], star[2] or star[5]
    if _NUMBER.fullmatch(bare) or (star[1] and apart):  # 12*    * 12    * Au
        return tuple(bare if n == starred[0] else option for n, option in enumerate(options)), True
    others = [option for n, option in enumerate(options) if n != starred[0]]
    short = len(bare.split()) <= 5  # a long text may end in the name Q*
    if len(bare) > 1 and (
        apart or (short and _PLAIN.fullmatch(" ".join((bare, *others))))
    ):  # Au *    Au*
        label = run.labels[starred[0]]
        what = f"the star may mark {label.glyph} as the answer or be a part of its text"
        raise refusal(text, what, label.at, label.at, "leave it out, or write `text*` in backticks")
    return tuple(options), False


def _without_ticks(options: Sequence[str]) -> list[str] | None:
    """`Au ✓`, `❌ Ag`: at most one sign an option, at either end of it."""
    signs = [_TICK.findall(option) for option in options]
    bare = [option.strip(_TICKS + "\ufe0f \t") for option in options]
    alone = all(len(found) < 2 for found in signs) and not _TICK.search("".join(bare))
    return bare if alone and any(signs) else None


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
