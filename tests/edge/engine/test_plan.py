"""`foggen.engine.plan`: the tokens of a reply are those of the whole text, or the model is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import ascii_uppercase

import pytest

from foggen import Router
from foggen.engine.contract import BUCKETS, Contract, reply_text
from foggen.engine.plan import build_plan
from foggen.errors import ModelFileError

CONTRACT = Contract("qwen3", "Be brief.")
CONTROL = r"<\|im_start\|>|<\|im_end\|>|</?think>"
# As in Qwen's vocabulary: a space before a letter belongs to the word, one before a digit does not.
PIECES = rf"{CONTROL}| ?[A-Za-z]+|\d|[^\w\s]|\s"


def tokenizer(pattern: str) -> Callable[[str], list[int]]:
    """One id for each piece that the pattern finds."""
    known: dict[str, int] = {}
    return lambda text: [known.setdefault(piece, len(known)) for piece in re.findall(pattern, text)]


def test_the_plan_of_qwen_s_pieces() -> None:
    tokenize = tokenizer(PIECES)
    plan = build_plan(CONTRACT, tokenize)
    assert [plan.first, plan.dot] == [(tokenize("0")[0], tokenize("1")[0]), tokenize(".")[0]]
    assert list(plan.second) == tokenize("0257")
    assert plan.speculation == tuple(tokenize("0."))
    assert plan.labels == tuple(tokenize(f" {letter}")[0] for letter in ascii_uppercase)
    assert list(plan.tails[3]) == tokenize("0.75\nFinal answer:")
    assert plan.stop == tokenize("<|im_end|>")[0]
    assert plan.reply_tokens == len(plan.opening) + 8


def test_the_starter_s_plan_gives_the_tokens_of_the_whole_reply(router: Router) -> None:
    engine = router.edge
    plan, suffix = engine.plan, engine.contract.layout.suffix
    assert len(plan.labels) == 26
    for bucket, tail in zip(BUCKETS, plan.tails, strict=True):
        for place, letter in enumerate(ascii_uppercase):
            whole = engine.model.tokenize(suffix + reply_text(bucket, letter), scaffold=True)
            assert [*plan.opening, *tail, plan.labels[place]] == whole


def test_no_space_is_forced_before_the_label(router: Router) -> None:
    model, plan = router.edge.model, router.edge.plan
    assert [model.piece(label) for label in plan.labels[:2]] == [b" A", b" B"]
    assert all(model.piece(tail[-1]).endswith(b":") for tail in plan.tails)
    assert model.piece(plan.opening[-1]) == b" "
    assert model.is_end(plan.stop)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (rf"{CONTROL}| ?[A-Za-z]+|\d\.\d+|[^\w\s]|\s", "part too early"),  # 0.75 is one token
        (rf"{CONTROL}| ?[A-Za-z]+|\d\.|\d+|[^\w\s]|\s", "no token of its own|part too early"),
        (rf"{CONTROL}| answer: [B-Z]| ?[A-Za-z]+|\d|[^\w\s]|\s", "labels A to D"),
        (r"<\||\|>|im_start|im_end|think| ?[A-Za-z]+|\d|[^\w\s]|\s", "is not one token"),
    ],
)
def test_m07_a_vocabulary_that_does_not_fit_is_refused(pattern: str, problem: str) -> None:
    with pytest.raises(ModelFileError, match=problem) as caught:
        build_plan(CONTRACT, tokenizer(pattern))
    assert caught.value.hint


def test_m07_a_tokenizer_that_knows_nothing_is_refused() -> None:
    with pytest.raises(ModelFileError):
        build_plan(CONTRACT, lambda text: [])
    with pytest.raises(ModelFileError):
        build_plan(CONTRACT, lambda text: [7] * len(text))


def test_fewer_labels_than_letters_are_counted() -> None:
    """` K` is two tokens in this vocabulary: the model has the labels A to J."""
    pattern = rf"{CONTROL}| [A-J]\b| ?[a-z]+|[A-Z][a-z]+|\d|[^\w\s]|\s|[A-Z]"
    plan = build_plan(CONTRACT, tokenizer(pattern))
    assert len(plan.labels) == 10
