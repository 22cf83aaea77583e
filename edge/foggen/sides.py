"""What every way of answering needs: the two sides, and the user's rule between them."""

from __future__ import annotations

from dataclasses import dataclass

from .cloud_side import CloudSide
from .config import Settings
from .engine import Engine
from .models import ModelInfo
from .routing import Mode, Route, decide


@dataclass(frozen=True)
class Sides:
    """The edge's engine, the cloud, and the settings in force."""

    engine: Engine
    cloud: CloudSide
    settings: Settings
    info: ModelInfo
    tau: float

    def keeps(self, confidence: float | None, tau: float) -> bool:
        """Whether the edge's answer will be needed: it is kept, shown, or nothing else can answer."""
        mode = self.settings.mode
        kept = decide(confidence, tau, mode).route is Route.EDGE
        return kept or mode is Mode.DRY_RUN or self.cloud.cloud is None
