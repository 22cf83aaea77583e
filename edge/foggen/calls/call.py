"""One call of a router, with its cancel token and its deadline."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf

from ..errors import DeadlineError
from .cancelling import CancelToken


@dataclass(frozen=True)
class Call:
    """A call in progress. deadline_s limits the whole call, edge and cloud together; None sets no
    such limit."""

    token: CancelToken
    deadline_s: float | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, infinite if there is none."""
        if self.deadline_s is None:
            return inf
        return self.started + self.deadline_s - time.monotonic()

    def within(self, limit_s: float) -> float:
        """Seconds that one step of the call may take, at most `limit_s`. Raises DeadlineError if no
        time is left."""
        left = self.left_s
        if left <= 0:
            raise DeadlineError(
                f"the question was not answered within {self.deadline_s} s", hint="allow more time"
            )
        return min(limit_s, left)
