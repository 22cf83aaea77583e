"""The parameters of a request that not every model takes, and how a server says that it refuses one.

Reasoning models take `max_completion_tokens` in place of `max_tokens`, and no temperature; the
templates of some models have no place for a system message. Which model is of which kind is known
to its server alone, so the first request has all of them, and what is refused is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

REFUSES = re.compile(
    r"unsupported|not\s+supported|(?:does|do)\s*(?:not|n['’]t)\s+(?:support|allow|take)|unrecognized"
    r"|unknown|unexpected|not\s+(?:permitted|allowed|enabled)|deprecated|only\s+the\s+default"
    r"|use\W+max_completion_tokens|strictly\s+positive|greater\s+than\s+0",
    re.I,
)
NAMED: Mapping[str, re.Pattern[str]] = {
    "max_tokens": re.compile(r"(?<!\w)max_tokens(?!\w)", re.I),
    "temperature": re.compile(r"(?<!\w)temperature(?!\w)", re.I),
    "system": re.compile(
        r"messages\[0\]\.role|\bsystem\W+(?:role|message|prompt|instruction)", re.I
    ),
}


@dataclass(frozen=True)
class Accepted:
    """What a model accepts, as far as its server has said.

    max_tokens: the limit of the reply under this name, otherwise as `max_completion_tokens`.
    temperature: a temperature of 0. system: a system message, otherwise the question's message
    starts with the instructions.
    """

    max_tokens: bool = True
    temperature: bool = True
    system: bool = True

    def without(self, refused: Collection[str]) -> Accepted:
        """The same without the parameters that are named in `refused`."""
        return replace(self, **dict.fromkeys(refused, False))


EVERYTHING = Accepted()


def refused_parameters(error: object, words: str) -> frozenset[str]:
    """The parameters, by the names of `Accepted`, that a server's error refuses.

    error: the error object of the body. words: its code, type and message. A value that is merely
    too large is not a refused parameter.
    """
    if not REFUSES.search(words):
        return frozenset()
    param = error.get("param") if isinstance(error, Mapping) else None
    place = param if isinstance(param, str) and param else words
    return frozenset(name for name, pattern in NAMED.items() if pattern.search(place))
