"""Wall time as replies tell it."""

from __future__ import annotations

import time


def milliseconds_since(started: float) -> float:
    """Milliseconds since a moment of `time.monotonic`."""
    return 1000 * (time.monotonic() - started)
