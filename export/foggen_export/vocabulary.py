"""A checkpoint's tokenizer.json as the arrays of a GGUF: tokens, types, and merges or scores.

There are two kinds. Byte-level BPE (Qwen) has tokens, merges and the name of the pre-tokenizer, whose
pattern is built into llama.cpp. SentencePiece-like BPE with byte fallback (Gemma) has tokens and scores;
the scores rank tokens like their merges, so that llama.cpp's greedy joining makes the same pieces.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf

from foggen.errors import ModelFileError

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6  # GGUF token types
SPACE = "▁"  # SentencePiece's space
# llama.cpp's names of the patterns that split a text before BPE (Qwen2 and Qwen3 share one).
PRE_TOKENIZERS = {
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+": "qwen2",
}


@dataclass(frozen=True)
class Vocabulary:
    """tokens, types, scores: one per row of the model's embedding; ids without a token have the type
    UNUSED. pre: pre-tokenizer of a byte-level BPE; "" for the other kind, which has scores."""

    tokens: list[str]
    types: list[int]
    merges: list[str]
    scores: list[float]
    pre: str
    beginning: int | None
    end: int
    padding: int | None
    unknown: int | None
    chat_template: str | None

    def add_to(self, writer: gguf.GGUFWriter) -> None:
        """Add the `tokenizer.*` keys to a GGUF."""
        writer.add_tokenizer_model("gpt2" if self.pre else "llama")
        writer.add_tokenizer_pre(self.pre or "default")
        writer.add_token_list(self.tokens)
        writer.add_token_types(self.types)
        if self.pre:
            writer.add_token_merges(self.merges)
        else:
            writer.add_token_scores(self.scores)
            writer.add_add_space_prefix(False)
        if self.beginning is not None:
            writer.add_bos_token_id(self.beginning)
        writer.add_eos_token_id(self.end)
        if self.unknown is not None:
            writer.add_unk_token_id(self.unknown)
        if self.padding is not None:
            writer.add_pad_token_id(self.padding)
        writer.add_add_bos_token(self.beginning is not None)
        if self.chat_template:
            writer.add_chat_template(self.chat_template)


def read_vocabulary(folder: Path, size: int) -> Vocabulary:
    """Read the vocabulary of `folder`/tokenizer.json, padded to `size`, the rows of the embedding.

    Raises ModelFileError if it is of another kind or has more tokens than rows. Added tokens beyond the
    last row are left out, such as Gemma-3 1B's image token.
    """
    parsed, settings = (_read(folder, name) for name in ("tokenizer.json", "tokenizer_config.json"))
    model = parsed.get("model") or {}
    if model.get("type") != "BPE":
        raise ModelFileError(f"{folder}: the tokenizer is {model.get('type')!r}, not BPE")
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    byte_level = not model.get("byte_fallback")
    pre = _pre_tokenizer(parsed, folder) if byte_level else ""
    tokens, types = _tokens(parsed, size, folder, byte_level)
    ids = {token: index for index, token in enumerate(tokens)}
    return Vocabulary(
        tokens=tokens,
        types=types,
        merges=merges,
        scores=[] if byte_level else _scores(tokens, types, merges),
        pre=pre,
        beginning=None if byte_level else _id(ids, settings, "bos_token"),
        end=_end(ids, settings, folder),
        padding=_id(ids, settings, "pad_token"),
        unknown=None if byte_level else _id(ids, settings, "unk_token"),
        chat_template=_template(folder, settings),
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelFileError(
            f"{folder}: {exc}", hint="save the tokenizer into the checkpoint"
        ) from exc
    return found


def _pre_tokenizer(parsed: dict[str, Any], folder: Path) -> str:
    """llama.cpp's name for the pre-tokenizer of a byte-level BPE."""
    outer = parsed.get("pre_tokenizer") or {}
    parts = outer.get("pretokenizers", [outer])
    for part in parts:
        pattern = (part.get("pattern") or {}).get("Regex", "")
        if part.get("type") == "Split" and pattern in PRE_TOKENIZERS:
            return PRE_TOKENIZERS[pattern]
    raise ModelFileError(
        f"{folder}: the tokenizer splits text by a pattern that foggen does not know",
        hint=f"known are those of {', '.join(sorted(set(PRE_TOKENIZERS.values())))}",
    )


def _tokens(
    parsed: dict[str, Any], size: int, folder: Path, byte_level: bool
) -> tuple[list[str], list[int]]:
    tokens = [f"[PAD{index}]" for index in range(size)]
    types = [UNUSED] * size
    unknown = parsed["model"].get("unk_token")
    entries = [
        (token, index, _type_of(token, unknown, byte_level))
        for token, index in parsed["model"]["vocab"].items()
    ]
    for added in parsed.get("added_tokens", []):
        special, text = added["special"], added["content"]
        text = text if special or byte_level else text.replace(SPACE, " ")
        if added["id"] < size:
            entries.append((text, added["id"], CONTROL if special else USER_DEFINED))
    for token, index, kind in entries:
        if index >= size:
            raise ModelFileError(
                f"{folder}: token {token!r} has id {index}, but the model has {size} rows"
            )
        tokens[index], types[index] = token, kind
    return tokens, types


def _type_of(token: str, unknown: str | None, byte_level: bool) -> int:
    if byte_level:
        return NORMAL
    if token == unknown:
        return UNKNOWN
    is_byte = len(token) == 6 and token.startswith("<0x") and token.endswith(">")
    return BYTE if is_byte else NORMAL


def _scores(tokens: Sequence[str], types: Sequence[int], merges: Sequence[str]) -> list[float]:
    """Scores that rank a piece like the first merge that makes it, as in SentencePiece."""
    rank: dict[str, int] = {}
    for number, pair in enumerate(merges):
        rank.setdefault(pair.replace(" ", "", 1), number)
    last = len(merges)
    return [
        -float(rank.get(token, last)) if kind == NORMAL else -1000.0 - last
        for token, kind in zip(tokens, types, strict=True)
    ]


def _id(ids: dict[str, int], settings: dict[str, Any], name: str) -> int | None:
    """The id of a special token in the settings; None if they name none."""
    token = settings.get(name)
    text = token["content"] if isinstance(token, dict) else token
    return ids.get(text) if isinstance(text, str) else None


def _end(ids: dict[str, int], settings: dict[str, Any], folder: Path) -> int:
    """The id of the token that ends a reply; raises ModelFileError if there is none."""
    end = _id(ids, settings, "eos_token")
    if end is None:
        raise ModelFileError(
            f"{folder}: the tokenizer's eos_token is {settings.get('eos_token')!r}",
            hint="name the token that ends a reply in tokenizer_config.json",
        )
    return end


def _template(folder: Path, settings: dict[str, Any]) -> str | None:
    path = folder / "chat_template.jinja"
    if path.is_file():
        return path.read_text("utf-8")
    template = settings.get("chat_template")
    return template if isinstance(template, str) else None
