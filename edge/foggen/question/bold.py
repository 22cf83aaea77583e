"""Labels in bold type: the signs are taken out, and one label that is bold alone tells the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .labels import Run

_BOLD_LABEL = re.compile(
    r"^[ \t]*(?P<bold>\*\*|__|<(?:b|strong|u|mark)>)"
    r"(?P<label>[(\[]?\w{1,2}[)\].:]{1,2}(?: [^*\n]*?)?|[^\W_](?=(?:\*\*|__)[.):]))"
    r"(?:\*\*|__|</(?:b|strong|u|mark)>)",
    re.MULTILINE,
)


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
