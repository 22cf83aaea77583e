"""A checkpoint's tokenizer as GGUF's arrays: tokens, types and merges of a byte-level BPE."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.errors import ModelFileError

NORMAL, CONTROL, USER_DEFINED, UNUSED = 1, 3, 4, 5  # GGUF token types


@dataclass(frozen=True)
class Vocabulary:
    """tokens and types have the model's vocabulary size; ids without a token are unused ones."""

    tokens: list[str]
    types: list[int]
    merges: list[str]
    end: int
    padding: int | None
    chat_template: str | None


def read_vocabulary(folder: Path, size: int) -> Vocabulary:
    """The vocabulary of `folder`/tokenizer.json, padded to the embedding's `size` rows.

    Raises ModelFileError if it is no byte-level BPE or has more tokens than rows.
    """
    try:
        parsed = json.loads((folder / "tokenizer.json").read_text("utf-8"))
        settings = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelFileError(
            f"{folder}: {exc}", hint="save the tokenizer into the checkpoint"
        ) from exc
    model = parsed.get("model", {})
    if model.get("type") != "BPE" or model.get("byte_fallback"):
        raise ModelFileError(f"{folder}: the tokenizer is no byte-level BPE")
    tokens, types = _tokens(parsed, size, folder)
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    ids = {token: index for index, token in enumerate(tokens)}
    end, padding = (_id(ids, settings.get(name)) for name in ("eos_token", "pad_token"))
    if end is None:
        raise ModelFileError(
            f"{folder}: the tokenizer's eos_token is {settings.get('eos_token')!r}",
            hint="name the token that ends a reply in tokenizer_config.json",
        )
    return Vocabulary(tokens, types, merges, end, padding, _template(folder, settings))


def _tokens(parsed: dict[str, Any], size: int, folder: Path) -> tuple[list[str], list[int]]:
    tokens = [f"[PAD{index}]" for index in range(size)]
    types = [UNUSED] * size
    entries = [(token, index, NORMAL) for token, index in parsed["model"]["vocab"].items()]
    entries += [
        (added["content"], added["id"], CONTROL if added["special"] else USER_DEFINED)
        for added in parsed.get("added_tokens", [])
    ]
    for token, index, kind in entries:
        if index >= size:
            raise ModelFileError(f"{folder}: token {token!r} has id {index}, the model {size} rows")
        tokens[index], types[index] = token, kind
    return tokens, types


def _id(ids: dict[str, int], token: Any) -> int | None:
    """The id of a special token of the settings; None where they name none."""
    text = token["content"] if isinstance(token, dict) else token
    return ids.get(text) if isinstance(text, str) else None


def _template(folder: Path, settings: dict[str, Any]) -> str | None:
    path = folder / "chat_template.jinja"
    if path.is_file():
        return path.read_text("utf-8")
    template = settings.get("chat_template")
    return template if isinstance(template, str) else None
