"""What a loaded model is, as far as a calibration depends on it."""

from __future__ import annotations

from ..confidence.calibration import ModelIdentity, prompt_hash
from ..engine.engine import Engine
from .models import quant_of


def identity_of(engine: Engine, sha256: str) -> ModelIdentity:
    """The file, the quantization and the prompt of a loaded model."""
    return ModelIdentity(
        sha256, quant_of(engine.model.header), prompt_hash(engine.contract.prompt(""))
    )
