"""Reading text files by their byte order mark, or else as UTF-8. The encoding is never guessed."""

from __future__ import annotations

import codecs
from pathlib import Path

from .errors import FogGenError, NoQuestionError, QuestionError

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
REMEDY = "save it as UTF-8"


def read_text(
    path: Path, most: int | None = None, unreadable: type[FogGenError] = QuestionError
) -> str:
    """Read a text file without its byte order mark. Newlines are left as they are.

    most: the largest size in bytes. Raises NoQuestionError if the file does not exist, `unreadable`
    if the system cannot read it, and QuestionError if it is too large or is not text in UTF-8,
    UTF-16 or UTF-32.
    """
    try:
        with path.open("rb") as file:
            data = file.read() if most is None else file.read(most + 1)
    except FileNotFoundError:
        raise NoQuestionError(f"no file {path}", hint="check the path") from None
    except OSError as exc:
        raise unreadable(f"{path} cannot be read: {exc.strerror}", hint="check the file") from exc
    if most is not None and len(data) > most:
        raise QuestionError(f"{path} is larger than {most} bytes", hint="give less at once")
    return decoded(data, str(path))


def decoded(data: bytes, origin: str) -> str:
    """Decode the bytes of a text file. origin: its name, for the QuestionError if they are not
    text."""
    encoding, text = marked(data)
    try:
        if encoding != "utf-8":
            if not text:  # a few bytes that need not be text
                raise QuestionError(
                    f"{origin} contains only the byte order mark of {encoding.upper()}",
                    hint=REMEDY,
                )
            return text.decode(encoding)
        if b"\0" in text:  # valid UTF-8, but nobody writes it in a text
            raise QuestionError(
                f"{origin} contains zero bytes, like UTF-16 without a byte order mark", hint=REMEDY
            )
        return text.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = text.count(b"\n", 0, exc.start) + 1
        raise QuestionError(
            f"{origin} is not {encoding.upper()}: byte 0x{text[exc.start]:02x} in line {line}",
            hint=REMEDY,
        ) from exc


def marked(data: bytes) -> tuple[str, bytes]:
    """The encoding that a byte order mark names, or UTF-8, and the bytes after the mark."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    return "utf-8", data
