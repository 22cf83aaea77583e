"""The streams of the three worlds: what each split draws from, and what it never does."""

from __future__ import annotations

from itertools import islice

import pytest

from foggen_training.recipe import DOMAINS
from foggen_training.starter.families import BASE, EVERYDAY, ROUNDS
from foggen_training.starter.worlds import _family_wordings, is_apart, sources, stream

NAMES = {"base": {f.name for f in BASE}, "later": {f.name for f in (*ROUNDS, *EVERYDAY)}}


@pytest.mark.parametrize("split", ["train", "round", "apart"])
def test_the_same_seed_gives_the_same_questions(split: str) -> None:
    first, second, other = (
        [q.question.text() for q in islice(stream(seed, split), 200)] for seed in (1, 1, 2)
    )
    assert first == second
    assert first != other


def test_a_split_has_its_own_families() -> None:
    drawn = {
        split: {q.skill for q in islice(stream(3, split), 4000)}
        for split in ("train", "round", "apart")
    }
    assert not drawn["train"] & NAMES["later"]
    assert drawn["train"] & NAMES["base"]
    held = {family.name for family in (*ROUNDS, *EVERYDAY) if is_apart(family)}
    assert drawn["round"] & NAMES["later"]
    assert not drawn["round"] & held
    assert drawn["apart"] & NAMES["later"] <= held


def test_every_domain_keeps_families_for_the_rounds_and_apart() -> None:
    for domain in DOMAINS:
        assert sources("foreign", domain, "round")
        assert sources("foreign", domain, "apart")


def test_wordings_of_a_base_family_are_divided_between_pretraining_and_rounds() -> None:
    divided = 0
    for family in BASE:
        train, later = (set(_family_wordings(family, split)) for split in ("train", "round"))
        divided += not train & later
        assert train
        assert later
    assert divided > 0.8 * len(BASE)
