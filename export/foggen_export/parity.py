"""Check that a GGUF equals its checkpoint: same tokens as transformers, and same logits up to rounding.

Also check that a merged checkpoint equals its base with the adapter: the logits of the live adapter are
stored and compared with those of the merged files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foggen.engine.contract import Contract, reply_text
from foggen.engine.native import Context, Model
from foggen.question.question import Question

from .loading import load_model, load_tokenizer
from .prompts import QUESTIONS, TEXTS
from .spoken import Spoken
from .tokens import scaffold_ids, user_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

NEAR_TIE = 0.1  # logits; a best token with a smaller lead may change places with the second


@dataclass(frozen=True)
class TokenParity:
    """texts: number of compared texts. different: texts whose ids differ from the tokenizer's."""

    texts: int
    different: tuple[str, ...]


@dataclass(frozen=True)
class LogitParity:
    """prompts: number of prompts, compared at their last token. largest_difference: largest difference
    of a logit, as a share of the prompt's largest logit. other_best: number of prompts with another best
    token, without near-ties. near_ties: number of near-ties with another best token."""

    prompts: int
    largest_difference: float
    other_best: int
    near_ties: int


def token_parity(model: Model, folder: Path, contract: Contract) -> TokenParity:
    """`compare_tokens` with the tokenizer that transformers makes of a checkpoint's folder."""
    return compare_tokens(model, load_tokenizer(folder), contract)


def compare_tokens(model: Model, tokenizer: Tokenizer, contract: Contract) -> TokenParity:
    """Compare the tokens of the built-in texts as user text, and of the contract's strings as scaffold."""
    strings = [contract.prefix().text, contract.layout.suffix]
    strings += [contract.layout.suffix + reply_text(bucket, "A") for bucket in contract.buckets]
    different = [
        text for text in TEXTS if model.tokenize(text, scaffold=False) != user_ids(tokenizer, text)
    ] + [
        text
        for text in strings
        if model.tokenize(text, scaffold=True) != scaffold_ids(tokenizer, text)
    ]
    return TokenParity(len(TEXTS) + len(strings), tuple(different))


def prompts_of(model: Model, contract: Contract, questions: Sequence[Question]) -> list[list[int]]:
    """Token ids of whole prompts, up to the confidence."""
    prefix, suffix = (
        model.tokenize(text, scaffold=True)
        for text in (contract.prefix().text, contract.layout.suffix)
    )
    return [
        [*prefix, *model.tokenize(question.text(), scaffold=False), *suffix]
        for question in questions
    ]


def logit_parity(
    model: Model, folder: Path, contract: Contract, questions: Sequence[Question] = QUESTIONS
) -> LogitParity:
    """Compare the last logits of every prompt with transformers; both sides compute in fp32."""
    prompts = prompts_of(model, contract, questions)
    with exact_context(model, max(map(len, prompts))) as context, reference(folder) as expected_of:
        return _compared((last_logits(context, prompt), expected_of(prompt)) for prompt in prompts)


def merge_parity(folder: Path, live: Spoken) -> LogitParity:
    """Compare the logits of a merged checkpoint with those of its live adapter."""
    with reference(folder) as found_of:
        pairs = zip(live.prompts, live.logits, strict=True)
        return _compared((found_of(prompt), expected) for prompt, expected in pairs)


def _compared(pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> LogitParity:
    """Summarize pairs of measured and expected logits, one for each prompt."""
    differences, other, ties = [], 0, 0
    for found, expected in pairs:
        differences.append(np.abs(found - expected).max() / np.abs(expected).max())
        if found.argmax() != expected.argmax():
            first, second = np.sort(expected)[-1:-3:-1]
            near = first - second < NEAR_TIE
            ties, other = ties + int(near), other + int(not near)
    largest = float(np.max(differences))  # nan if one of them is
    return LogitParity(len(differences), largest, other, ties)


@contextmanager
def exact_context(model: Model, tokens: int) -> Iterator[Context]:
    context = Context(model, context=max(256, -(-tokens // 256) * 256), exact=True)
    try:
        yield context
    finally:
        context.close()


def last_logits(context: Context, prompt: Sequence[int]) -> NDArray[np.float32]:
    context.cut(0)
    found: NDArray[np.float32] = context.decode(prompt, 0, [len(prompt) - 1])[0]
    return found


@contextmanager
def reference(folder: Path) -> Iterator[Any]:
    """A function from a prompt's ids to the last logits of transformers, with weights in fp32."""
    import torch

    model = load_model(folder)

    def logits(prompt: Sequence[int]) -> NDArray[np.float32]:
        with torch.inference_mode():
            found: NDArray[np.float32] = model(torch.tensor([prompt])).logits[0, -1].numpy()
        return found

    yield logits
