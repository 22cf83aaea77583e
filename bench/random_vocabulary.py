"""A vocabulary for a model of random weights: a made-up byte-level BPE, or a real one from a folder.

The made-up one needs no download. It learns merges from the contract's texts and from the words of the
benchmark's questions, so that a reply has the same tokens as in Qwen's vocabulary
(`Conf idence : ␣ 0 . 7 5 \\n Final ␣answer : ␣A`). The remaining rows are tokens that no text contains;
they cost the output matrix and the grammar as much as others. `random_model.py` writes the vocabulary to
a file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import count, pairwise, product
from pathlib import Path
from string import ascii_lowercase

from foggen.engine.contract import BUCKETS, published, reply_text
from foggen.engine.layouts import LAYOUTS
from foggen.engine.plan import MODEL_LABELS
from foggen.errors import UsageError

NORMAL, CONTROL, USER_DEFINED, UNUSED = 1, 3, 4, 5  # GGUF token types
END = "<|im_end|>"
CONTROL_TOKENS = ("<|endoftext|>", "<|im_start|>", END)
USER_DEFINED_TOKENS = ("<think>", "</think>")
QWEN_LAYOUTS = ("qwen3", "chatml")
_CONTROL = re.compile(r"<[a-z_|]+>")

# These are single tokens in real vocabularies as well, so exact lengths can be reached.
_WORD_LIST = """
time people water number part place work year day man world life hand house school state family
student group country problem fact money month lot right study book eye job word business issue
side kind head service friend father power hour game line end member law car city community name
president team minute idea body information back parent level office door person art war history
party result change morning reason research girl guy moment air teacher force education foot boy
age policy process music market sense
"""
WORDS = tuple(_WORD_LIST.split())

# Qwen2's pre-tokenization, for ASCII text only.
_PIECES = re.compile(
    r"[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_SPECIAL = re.compile("|".join(map(re.escape, CONTROL_TOKENS + USER_DEFINED_TOKENS)))
_FIRST = 1000  # a weight that puts the merges of a piece before all others


@dataclass(frozen=True)
class Vocabulary:
    """The arrays of a GGUF; `tokens` and `types` have one entry per row of the embedding.

    name: a name for files and for the report.
    """

    name: str
    tokens: list[str]
    types: list[int]
    merges: list[str]

    @property
    def end(self) -> int:
        """The id of the token that ends a reply: Qwen's, or the last control token of a made-up one."""
        if END in self.tokens:
            return self.tokens.index(END)
        return max(row for row, kind in enumerate(self.types) if kind == CONTROL)

    def digest(self) -> str:
        """Eight hexadecimal digits that identify this vocabulary."""
        return sha256(json.dumps([self.tokens, self.types, self.merges]).encode()).hexdigest()[:8]


def control_tokens(layout: str) -> tuple[str, ...]:
    """The control tokens that a chat layout writes, with the one that ends a reply last."""
    if layout in QWEN_LAYOUTS:
        return CONTROL_TOKENS
    found = LAYOUTS[layout]
    named = dict.fromkeys(_CONTROL.findall(found.prefix + found.suffix))
    return (*(token for token in named if token != found.stop), found.stop)


def synthetic_vocabulary(size: int, control: tuple[str, ...] = CONTROL_TOKENS) -> Vocabulary:
    """A made-up vocabulary of exactly `size` tokens, with the special ones last."""
    merges = _merges()
    tokens = [*_byte_letters().values(), *dict.fromkeys(left + right for left, right in merges)]
    special = (*control, *USER_DEFINED_TOKENS)
    missing = size - len(tokens) - len(special)
    if missing < 0:
        raise UsageError(f"a vocabulary of {size} tokens", hint=f"at least {size - missing}")
    known = set(tokens)
    fillers = (filler for filler in _fillers() if filler not in known)
    tokens += [next(fillers) for _ in range(missing)]
    types = [NORMAL] * len(tokens) + [CONTROL] * len(control)
    types += [USER_DEFINED] * len(USER_DEFINED_TOKENS)
    return Vocabulary("synthetic", [*tokens, *special], types, [" ".join(pair) for pair in merges])


def folder_vocabulary(folder: Path, size: int) -> Vocabulary:
    """The vocabulary of a folder with vocab.json, merges.txt and a file of added tokens.

    Rows without a token become unused tokens, as in a converted checkpoint. Raises UsageError if a file is
    missing, if there are more tokens than rows, or if Qwen3's special tokens are missing.
    """
    try:
        ids: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))
        lines = (folder / "merges.txt").read_text("utf-8").splitlines()
        added: dict[str, int] = json.loads(_added_tokens(folder).read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise UsageError(f"--tokenizer {folder}: {exc}") from exc
    absent = [token for token in CONTROL_TOKENS + USER_DEFINED_TOKENS if token not in added]
    if absent:
        raise UsageError(f"--tokenizer {folder}: no added token {', '.join(absent)}")
    if max(*ids.values(), *added.values()) >= size:
        problem = f"--tokenizer {folder}: more tokens than the shape's {size} rows"
        raise UsageError(problem, hint="take a shape with a larger vocabulary")
    tokens, types = [f"[PAD{row}]" for row in range(size)], [UNUSED] * size
    for token, row in (*ids.items(), *added.items()):
        tokens[row], types[row] = token, NORMAL
    for token, row in added.items():
        types[row] = CONTROL if token.startswith("<|") else USER_DEFINED
    merges = [line for line in lines if line and not line.startswith("#version")]
    return Vocabulary(folder.resolve().name, tokens, types, merges)


def _added_tokens(folder: Path) -> Path:
    """The file of Qwen3's added tokens if the folder has one, otherwise that of the base vocabulary."""
    path = folder / "qwen3_added_tokens.json"
    return path if path.is_file() else folder / "added_tokens.json"


def _corpus() -> Counter[tuple[str, ...]]:
    """Pieces that must become single tokens, as tuples of letters, with their weights."""
    texts = [published("qwen3").prompt("\n".join(f"{label}. " for label in MODEL_LABELS))]
    texts += [reply_text(bucket, label) for bucket in BUCKETS for label in MODEL_LABELS]
    texts += [*WORDS, *(f" {word}" for word in WORDS)]
    letters, pieces = _byte_letters(), Counter[tuple[str, ...]]()
    for text in texts:
        for part in _SPECIAL.split(text):
            for piece in _PIECES.findall(part):
                pieces[tuple(letters[byte] for byte in piece.encode())] += 1
    # "Confidence" is two tokens in Qwen's vocabulary; they stay separate because they are learnt first.
    del pieces[tuple("Confidence")]
    pieces[tuple("Conf")] = pieces[tuple("idence")] = _FIRST
    return pieces


@cache
def _merges() -> tuple[tuple[str, str], ...]:
    """The merges of byte-pair encoding, most frequent first, until every piece is a single token."""
    pieces, merges = _corpus(), list[tuple[str, str]]()
    while True:
        pairs = Counter[tuple[str, str]]()
        for piece, weight in pieces.items():
            for pair in pairwise(piece):
                pairs[pair] += weight
        if not pairs:
            return tuple(merges)
        merges.append(max(pairs, key=lambda pair: (pairs[pair], pair)))
        pieces = Counter({_merged(piece, *merges[-1]): n for piece, n in pieces.items()})


def _merged(piece: tuple[str, ...], left: str, right: str) -> tuple[str, ...]:
    out: list[str] = []
    for token in piece:
        if token == right and out and out[-1] == left:
            out[-1] = left + right
        else:
            out.append(token)
    return tuple(out)


def _byte_letters() -> dict[int, str]:
    """GPT-2's letters for the 256 bytes: printable bytes stand for themselves, others start at U+0100."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    beyond = count(0x100)
    return {byte: chr(byte if byte in printable else next(beyond)) for byte in range(256)}


def _fillers() -> Iterator[str]:
    """Words that no merge produces, with a leading space like most real tokens."""
    space = _byte_letters()[0x20]
    return (f"{space}q{''.join(letters)}" for letters in product(ascii_lowercase, repeat=4))
