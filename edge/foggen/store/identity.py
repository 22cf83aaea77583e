"""What a model is, as far as a calibration depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..confidence.calibration import ModelIdentity, prompt_hash
from ..engine.contract import LETTERS_PREFIX, Contract
from ..engine.gguf_header import GgufHeader
from .models import quant_of

if TYPE_CHECKING:
    from ..engine.engine import Engine


def identity_of(engine: Engine, sha256: str) -> ModelIdentity:
    """The file, the quantization and the prompt of a loaded model."""
    return identity_of_file(engine.contract, engine.model.header, sha256)


def identity_of_file(contract: Contract, header: GgufHeader, sha256: str) -> ModelIdentity:
    """The same of a model file that is not loaded. contract: as the engine will use it."""
    asked = contract.prompt("") + ("" if contract.says_confidence else LETTERS_PREFIX)
    return ModelIdentity(sha256, quant_of(header), prompt_hash(asked))
