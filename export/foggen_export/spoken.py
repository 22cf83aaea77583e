"""The logits of a live adapter after the built-in questions, to compare the merged files with."""

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
    """The ids of prompts, and a model's logits after each, (V,)."""

    prompts: tuple[tuple[int, ...], ...]
    logits: tuple[NDArray[np.float32], ...]


def spoken_by(
    adapted: Adapted, folder: Path, contract: Contract, questions: Sequence[Question] = QUESTIONS
) -> Spoken:
    """Ask the live adapter the questions under a contract. folder: folder of its base's tokenizer."""
    tokenizer = load_tokenizer(folder)
    prompts = tuple(tuple(prompt_ids(tokenizer, contract, question)) for question in questions)
    return Spoken(prompts, tuple(adapted.last_logits(prompt) for prompt in prompts))
