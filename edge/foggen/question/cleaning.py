"""Text as a person sees it: without control characters, escape sequences and invisible signs."""

from __future__ import annotations

import re
import unicodedata

from ..text_files import marked

# Only whole sequences: an unfinished one would swallow the question's text.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x08\x1b\x7f-\x9f\n]*(?:\x07|\x1b\\|\x9c)"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
# NFC takes quadratic time on a long row of combining marks; pieces of 1024 bound it.
_PIECE = re.compile(r"[\x00-\x7f]*[^\x00-\x7f]{0,1024}")


def clean(text: str | bytes) -> tuple[str, tuple[str, ...]]:
    """`text` without what a terminal or a tokenizer should not get, and notes on what was changed.

    Bytes are read as their byte order mark says, and as UTF-8 without one. CRLF and CR become newlines.
    Terminal escape sequences, the other C0 and C1 controls except newline and tab, and a leading byte order
    mark are removed. Invalid bytes and lone surrogates become U+FFFD. Everything else is kept, bidi controls
    included. Notes: `invalid_utf8_replaced`, `lone_surrogates_replaced`, `control_characters_removed`.
    """
    notes = []
    if isinstance(text, bytes):
        encoding, data = marked(text)
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") > data.count("\ufffd".encode(encoding)):
            notes.append("invalid_utf8_replaced")
    if _SURROGATES.search(text):
        notes.append("lone_surrogates_replaced")
        text = _SURROGATES.sub("\ufffd", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    printable = _CONTROLS.sub("", _ESCAPES.sub("", text))
    if printable != text:
        notes.append("control_characters_removed")
    return printable.lstrip("\ufeff"), tuple(notes)


def visible(text: str | bytes) -> tuple[str, tuple[str, ...]]:
    """`clean`, then without zero-width and bidi controls and in Unicode's NFC."""
    cleaned, notes = clean(text)
    shown = _INVISIBLE.sub("", cleaned)
    if shown != cleaned:
        notes = (*notes, "invisible_characters_removed")
    shown = shown.replace("\u2028", "\n").replace("\u2029", "\n")
    if not shown.isascii():
        shown = _PIECE.sub(lambda piece: unicodedata.normalize("NFC", piece[0]), shown)
    return shown, notes
