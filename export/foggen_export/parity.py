"""Whether a GGUF is the checkpoint: the same tokens as transformers, and the same logits but for rounding.

And before that, whether a merged checkpoint is its base with the adapter on it: what the live pair
said is kept, and compared with what the merged files say.
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

NEAR_TIE = 0.1  # logits: below this lead of the best token, another may come first


@dataclass(frozen=True)
class TokenParity:
    """texts: how many were compared. different: those whose ids differ from transformers'."""

    texts: int
    different: tuple[str, ...]


@dataclass(frozen=True)
class LogitParity:
    """prompts: how many were compared, at their last token. largest_difference: of any logit, as a
    share of the largest logit of its prompt. other_best: prompts whose best token is another one,
    near-ties left out; near_ties: those."""

    prompts: int
    largest_difference: float
    other_best: int
    near_ties: int


def token_parity(model: Model, folder: Path, contract: Contract) -> TokenParity:
    """The built-in texts as user text, and the contract's own strings as scaffold."""
    tokenizer = load_tokenizer(folder)
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
    """Token ids of whole prompts, up to where the confidence is said."""
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
    """The last logits of every prompt, against transformers in fp32; keys and values in fp32 here."""
    prompts = prompts_of(model, contract, questions)
    with exact_context(model, max(map(len, prompts))) as context, reference(folder) as expected_of:
        return _compared((last_logits(context, prompt), expected_of(prompt)) for prompt in prompts)


def merge_parity(folder: Path, live: Spoken) -> LogitParity:
    """What the merged checkpoint of a folder says, against what its live adapter said."""
    with reference(folder) as found_of:
        pairs = zip(live.prompts, live.logits, strict=True)
        return _compared((found_of(prompt), expected) for prompt, expected in pairs)


def _compared(pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> LogitParity:
    """pairs: the logits found and those expected, prompt by prompt."""
    differences, other, ties = [], 0, 0
    for found, expected in pairs:
        differences.append(np.abs(found - expected).max() / np.abs(expected).max())
        if found.argmax() != expected.argmax():
            first, second = np.sort(expected)[-1:-3:-1]
            near = first - second < NEAR_TIE
            ties, other = ties + int(near), other + int(not near)
    largest = float(np.max(differences))  # not a number if one of them is none
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
    """A function from a prompt's ids to transformers' last logits, the weights in fp32."""
    import torch

    model = load_model(folder)

    def logits(prompt: Sequence[int]) -> NDArray[np.float32]:
        with torch.inference_mode():
            found: NDArray[np.float32] = model(torch.tensor([prompt])).logits[0, -1].numpy()
        return found

    yield logits
