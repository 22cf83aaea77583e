"""Wall time in milliseconds, the unit of replies."""

from __future__ import annotations

import time


def milliseconds_since(started: float) -> float:
    """Milliseconds since `started`, a reading of `time.monotonic`."""
    return 1000 * (time.monotonic() - started)
