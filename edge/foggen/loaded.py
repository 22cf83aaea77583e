"""A loaded model, shared by the routers that use it and freed with the last of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from .confidence.calibration import Calibration
from .routing.edge import Edge
from .store.models import ModelInfo


@dataclass(eq=False)
class LoadedModel:
    """A model in memory. info: its description in replies."""

    edge: Edge
    info: ModelInfo
    calibration: Calibration | None = None
    _users: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def retain(self) -> LoadedModel:
        """Count one more user, and return the model."""
        with self._lock:
            self._users += 1
        return self

    def release(self) -> None:
        """Count one user less. The last one frees the model."""
        with self._lock:
            self._users -= 1
            last = self._users <= 0
        if last:
            self.edge.close()
