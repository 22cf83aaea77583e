"""One call of a router: what ends it from outside, and when it must be over."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf

from ..errors import DeadlineError
from .cancelling import CancelToken


@dataclass(frozen=True)
class Call:
    """deadline_s: of the whole call, edge and cloud together; None for no other limit than theirs."""

    token: CancelToken
    deadline_s: float | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float:
        """Seconds until the call must be over."""
        if self.deadline_s is None:
            return inf
        return self.started + self.deadline_s - time.monotonic()

    def within(self, limit_s: float) -> float:
        """The seconds that a part of the call may take, `limit_s` at most. Raises DeadlineError if
        none are left."""
        left = self.left_s
        if left <= 0:
            raise DeadlineError(
                f"the question was not answered within {self.deadline_s} s", hint="allow more time"
            )
        return min(limit_s, left)
