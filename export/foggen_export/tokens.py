"""Tokenizing with a checkpoint's tokenizer as the runtime does: scaffold and user text separately.

`read_tokenizer` needs no transformers; what transformers makes of the same folder, `loading.load_tokenizer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from foggen.errors import ModelFileError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from foggen.engine.contract import Contract
    from foggen.question.question import Question


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in a checkpoint's tokenizer.json; raises ModelFileError for one that is damaged."""
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    try:
        return Tokenizer.from_file(str(path))
    except Exception as exc:  # the library raises nothing narrower
        raise ModelFileError(
            f"{path}: {exc}", hint="save the tokenizer into the checkpoint"
        ) from exc


def scaffold_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Ids of a text in which control tokens are recognized."""
    tokenizer.encode_special_tokens = False
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


def user_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Ids of a user's text, in which control tokens are plain text.

    The tokenizer still matches added tokens that are not control tokens (`<think>`), so they are cut in
    two, at the same place as in `foggen.engine.native`.
    """
    tokenizer.encode_special_tokens = True
    try:
        return [
            token
            for part in _parts(tokenizer, text)
            for token in tokenizer.encode(part, add_special_tokens=False).ids
        ]
    finally:
        tokenizer.encode_special_tokens = False


def prompt_ids(tokenizer: Tokenizer, contract: Contract, question: Question) -> list[int]:
    """Ids of a whole prompt, up to the confidence."""
    return [
        *scaffold_ids(tokenizer, contract.prefix().text),
        *user_ids(tokenizer, question.text()),
        *scaffold_ids(tokenizer, contract.layout.suffix),
    ]


def _parts(tokenizer: Tokenizer, text: str) -> Iterator[str]:
    pattern = _matched(tokenizer)
    pieces = pattern.split(text) if pattern else [text]
    for index, piece in enumerate(pieces):
        yield from (
            part for part in ([piece] if index % 2 == 0 else [piece[:1], piece[1:]]) if part
        )


@lru_cache(maxsize=4)
def _matched(tokenizer: Tokenizer) -> re.Pattern[str] | None:
    """The added tokens that are matched in any text. Cached, since Gemma-3 has 6,242 of them: collecting
    them took 25 ms per text, tokenizing the text 0.4 ms."""
    added = tokenizer.get_added_tokens_decoder().values()
    names = [str(token.content) for token in added if not token.special]
    names = sorted((name for name in names if name.strip()), key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, names)) + ")") if names else None
