"""Texts of options that carry their own labels: `A)21`, `B)22`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from foggen_cloud.alphabets import ALPHABETS, alphabets_of, fold

from .labels import LETTER

# "1.5" and "2:3" are no labels: a number needs a blank after it.
_OWN = re.compile(
    rf"\s*[(\[]?(?P<label>{LETTER}(?=\s?[)\].:：．、])|\d{{1,2}}(?=\s?[)\].:、]+\s))\s?[)\].:：．、]+\s*(?P<text>\S.*)",
    re.S,
)


def own_labels(options: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The labels and the rest of the texts, if each text begins with the label of its place."""
    found = [_OWN.fullmatch(option) for option in options]
    labels = [match["label"] for match in found if match]
    if len(labels) < len(options) or not are_a_list(labels):
        return None
    return labels, [match["text"].strip() for match in found if match]


def are_a_list(labels: Sequence[str]) -> bool:
    """Do two or more labels count from the first letter of an alphabet?"""
    folded = [fold(label) for label in labels]
    counted = list(range(1, len(labels) + 1))
    return len(labels) > 1 and any(
        [ALPHABETS[n].get(letter) for letter in folded] == counted for n in alphabets_of(folded)
    )
