"""Small files in which Linux tells about itself."""

from __future__ import annotations

from pathlib import Path


def text_of(path: Path) -> str:
    """The text of a file without the space around it; nothing where it cannot be read."""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
