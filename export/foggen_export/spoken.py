"""What a live adapter says to the built-in questions, kept so that the merged files can be compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foggen.engine.contract import Contract
from foggen.question.question import Question

from .adapters import Adapted
from .loading import load_tokenizer
from .prompts import QUESTIONS
from .tokens import prompt_ids

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Spoken:
    """The ids of prompts, and the model's logits after each, (V,)."""

    prompts: tuple[tuple[int, ...], ...]
    logits: tuple[NDArray[np.float32], ...]


def spoken_by(
    adapted: Adapted, folder: Path, contract: Contract, questions: Sequence[Question] = QUESTIONS
) -> Spoken:
    """What the live adapter says under a contract. folder: of its base's tokenizer."""
    tokenizer = load_tokenizer(folder)
    prompts = tuple(tuple(prompt_ids(tokenizer, contract, question)) for question in questions)
    return Spoken(prompts, tuple(adapted.last_logits(prompt) for prompt in prompts))
