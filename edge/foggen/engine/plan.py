"""The token plan: which tokens of the reply are forced, and at which a choice is read.

Built at load from the model's own tokenizer: whole candidate replies are tokenized, and the places
where they part are the choices. With Qwen's vocabulary a reply is

    Conf idence : ␣ | 0 . 7 5 \\n Final ␣answer : | ␣A

The bucket needs two choices (`0` or `1` after the space; `0` `2` `5` or `7` after the dot), so the
prompt is prefilled with a speculative `0.` and two rows of logits are read from one call. The tail
ends before the label's own space, because ` A` is one token. A model whose tokenizer does not part
its replies in this way is refused, not guessed at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import ModelFileError
from ..question.question import MODEL_LABELS
from .contract import Contract, reply_text

Tokenize = Callable[[str], list[int]]  # scaffold text -> ids, control tokens recognised
LEAST_LABELS = 4


@dataclass(frozen=True)
class TokenPlan:
    """Token ids of one model's reply under its contract.

    prefix: the scaffold before the user's text. opening: the scaffold after it, with the forced
    start of the confidence line. first: ids of `0` and `1`. dot: the speculative id after `0`.
    second: the four ids that part the buckets below 1, in the buckets' order. tails: per bucket,
    what follows the opening, up to where the label is read. labels: ids of ` A`, ` B`, ...
    stop: the id that ends a reply.
    """

    prefix: tuple[int, ...]
    opening: tuple[int, ...]
    first: tuple[int, int]
    dot: int
    second: tuple[int, int, int, int]
    tails: tuple[tuple[int, ...], ...]
    labels: tuple[int, ...]
    stop: int

    @property
    def speculation(self) -> tuple[int, int]:
        """What is prefilled beyond the opening: `0` and the dot."""
        return self.first[0], self.dot

    @property
    def reply_tokens(self) -> int:
        """The most tokens that a reply adds after the user's text."""
        return len(self.opening) + max(len(tail) for tail in self.tails)


def build_plan(contract: Contract, tokenize: Tokenize) -> TokenPlan:
    """The plan for one tokenizer; ModelFileError where the vocabulary does not allow it."""
    prefix = tokenize(contract.prefix().text)
    suffix = contract.layout.suffix
    replies = [tokenize(suffix + reply_text(bucket, "A")) for bucket in contract.buckets]
    shared = _common_length(replies)
    opening, choices = replies[0][:shared], [reply[shared:] for reply in replies]
    first, dot, second = _bucket_choices(choices)
    labels = label_ids(suffix + reply_text(contract.buckets[0], "A").removesuffix(" A"), tokenize)
    _require(len(labels) >= LEAST_LABELS, "the labels A to D are no single tokens")
    for choice in choices:
        _require(choice[-1] == labels[0], "the label is not the reply's last token")
    stop = tokenize(contract.layout.stop)
    _require(len(stop) == 1, f"{contract.layout.stop!r} is not one token")
    tails = tuple(tuple(choice[:-1]) for choice in choices)
    return TokenPlan(tuple(prefix), tuple(opening), first, dot, second, tails, labels, stop[0])


def _bucket_choices(
    choices: Sequence[list[int]],
) -> tuple[tuple[int, int], int, tuple[int, int, int, int]]:
    """The two places where the buckets part: `0` or `1`, and the digit after `0.`."""
    *below, one = choices
    zero, dot = below[0][0], below[0][1]
    _require(
        all(choice[:2] == [zero, dot] for choice in below), "the buckets below 1 part too early"
    )
    _require(one[0] != zero, "the buckets 0 and 1 begin with the same token")
    second = [choice[2] for choice in below]
    _require(len(set(second)) == len(below) == 4, "the digit after the dot is no token of its own")
    return (zero, one[0]), dot, (second[0], second[1], second[2], second[3])


def label_ids(before: str, tokenize: Tokenize) -> tuple[int, ...]:
    """The ids of ` A`, ` B`, ... after a text, as far as each is one token after the same beginning."""
    ids: list[int] = []
    start = tokenize(f"{before} A")[:-1]
    for label in MODEL_LABELS:
        reply = tokenize(f"{before} {label}")
        if reply[:-1] != start or reply[-1] in ids:
            break
        ids.append(reply[-1])
    return tuple(ids)


def _common_length(sequences: Sequence[list[int]]) -> int:
    for index, column in enumerate(zip(*sequences, strict=False)):
        if len(set(column)) > 1:
            return index
    raise ModelFileError("all buckets have the same tokens", hint="export the model again")


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise ModelFileError(
            f"this model's vocabulary does not fit the contract: {problem}",
            hint="use a Qwen3 or Gemma-3 checkpoint trained for FogGen",
        )
