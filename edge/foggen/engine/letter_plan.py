"""The token plan of a model that was not trained to the contract: it answers by its letter alone.

The reply begins with a forced `Answer:`, and the letter is read where it is due:

    prompt ... Answer : | ␣A

So there is one choice, and one row of logits gives it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ModelFileError
from .contract import LETTERS_PREFIX, Contract
from .plan import LEAST_LABELS, Tokenize, label_ids


@dataclass(frozen=True)
class LetterPlan:
    """Token ids of one model's reply by letters.

    prefix: the scaffold before the user's text. opening: the scaffold after it, with the forced start of
    the reply. labels: ids of ` A`, ` B`, ... stop: the id that ends a reply.
    """

    prefix: tuple[int, ...]
    opening: tuple[int, ...]
    labels: tuple[int, ...]
    stop: int

    @property
    def reply_tokens(self) -> int:
        """The most tokens that a reply adds after the user's text."""
        return len(self.opening)


def build_letter_plan(
    contract: Contract, tokenize: Tokenize, beginning: int | None = None
) -> LetterPlan:
    """The plan for one tokenizer. beginning: the token that the model wants before every text, if any.

    Raises ModelFileError where the vocabulary does not have the layout's control tokens or the letters.
    """
    prefix, stop = tokenize(contract.prefix().text), tokenize(contract.layout.stop)
    if len(stop) != 1:
        raise _misfit(contract, f"{contract.layout.stop!r} is not one token")
    if beginning is not None and prefix[0] != beginning:
        prefix = [beginning, *prefix]
    start = contract.layout.suffix + LETTERS_PREFIX
    opening, labels = tokenize(start), label_ids(start, tokenize)
    if len(labels) < LEAST_LABELS or tokenize(f"{start} A")[:-1] != opening:
        raise _misfit(contract, "the labels A to D are no single tokens")
    return LetterPlan(tuple(prefix), tuple(opening), labels, stop[0])


def _misfit(contract: Contract, problem: str) -> ModelFileError:
    return ModelFileError(
        f"this model's vocabulary does not fit the chat layout {contract.chat_layout!r}: {problem}",
        hint="name the layout that it was trained with, with --layout, or use another model",
    )
