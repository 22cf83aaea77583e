"""Notations that are taken out of a text before it is read: bold labels, HTML's line breaks, text2qti's feedback."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from .labels import LETTER, Run

_BOLD_LABEL = re.compile(
    rf"^[ \t]*(?P<bold>\*\*|__|<(?:b|strong|u|mark)>)"
    rf"(?P<label>(?:[^\W\d]+ )?[(\[]?(?:\w{{1,2}}|{LETTER})[)\].:]{{1,2}}(?: [^*\n]*?)?|[^\W_](?=(?:\*\*|__)[.):]))"
    r"(?:\*\*|__|</(?:b|strong|u|mark)>)",
    re.MULTILINE,
)
_HTML_LINE = re.compile(
    r"<(?:br|p|div|td|th)\b[^>]*>[ \t]*(?:<(?:b|strong)>[ \t]*)?(?:[(\[]?\w{1,2}[)\].:]|\w</t)",
    re.I,
)
_HTML = {  # what each tag becomes in the text
    re.compile(r"<(?:br|/?p|/?div|/?table|/?tbody|/?thead)\b[^>]*>", re.I): "\n",
    re.compile(r"<tr\b[^>]*>\s*", re.I): "\n| ",
    re.compile(r"</t[dh]>\s*", re.I): " | ",
    re.compile(r"</?(?:t[rdh]|b|strong|span|form|label|h\d|body|html)\b[^>]*>", re.I): "",
}
_QTI_OPTION = re.compile(r"^[ \t]*\*?(?:[a-z]\)|\[[ *]?\]) ", re.M)
_QTI_HEAD = re.compile(
    r"\A(?:\s*(?:(?:quiz )?(?:title|description)|points):[^\n]*\n)+(?=\s*\d+\.\s)", re.I
)
_QTI_FEEDBACK = re.compile(r"^[ \t]*\.\.\.[ \t][^\n]*\n?", re.M)


def plain(text: str) -> tuple[str, bool]:
    """`text` without the tags of HTML around its labels and without text2qti's fields and feedback,
    and whether there was feedback, which may tell the answer."""
    if len(_HTML_LINE.findall(text)) > 1:
        for tag, written in _HTML.items():
            text = tag.sub(written, text)
        text = html.unescape(text)
    if not _QTI_OPTION.search(text):
        return text, False
    bare = _QTI_FEEDBACK.sub("", text)
    return _QTI_HEAD.sub("", bare), bare != text


def without_bold_labels(text: str) -> tuple[str, list[int]]:
    """`text` without the bold type of labels, and the places in it of what was bold."""
    pieces: list[str] = []
    places, position, length = [], 0, 0
    for found in _BOLD_LABEL.finditer(text):
        pieces += [text[position : found.start("bold")], found["label"]]
        length += found.start("bold") - position
        places.append(length)
        length += len(found["label"])
        position = found.end()
    return "".join((*pieces, text[position:])), places


def some_are_bold(places: Sequence[int], run: Run) -> bool:
    """Is the label of one option in bold, and not those of all? That tells the answer."""
    bold = sum(any(label.start <= place <= label.at for place in places) for label in run.labels)
    return 0 < bold < len(run.labels)
