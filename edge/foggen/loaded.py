"""A model that is loaded, shared by all routers that use it and freed with the last of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from .routing.edge import Edge
from .store.models import ModelInfo


@dataclass(eq=False)
class LoadedModel:
    """edge: the model. info: what replies say of it."""

    edge: Edge
    info: ModelInfo
    _users: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def retain(self) -> LoadedModel:
        """The model, with one more user."""
        with self._lock:
            self._users += 1
        return self

    def release(self) -> None:
        """One user less; the last one frees the model."""
        with self._lock:
            self._users -= 1
            last = self._users <= 0
        if last:
            self.edge.close()
