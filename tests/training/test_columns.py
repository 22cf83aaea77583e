"""The starter's figures on and off its own templates, from made outcomes."""

from __future__ import annotations

import math

import pytest

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import Contract
from foggen.question.question import Question
from foggen_training.evaluation.clouds import AT_CHANCE
from foggen_training.evaluation.outcomes import Outcome
from foggen_training.starter.columns import (
    EVERYDAY,
    OWN,
    UNSEEN,
    WORDINGS,
    all_columns,
    as_text,
    column,
    knowing_families,
    off_its_templates,
)

CONTRACT = Contract("qwen3", "system")


def questions(count: int, family: str = "knots") -> list[Keyed]:
    asked = Question.from_options("Which?", ["a", "b", "c", "d"])
    return [Keyed(f"unseen-{family}-{n:04}", "science", asked, 0) for n in range(count)]


def outcomes(items: list[Keyed], said: list[float], right: list[int]) -> list[Outcome]:
    return [
        Outcome(item.id, item.domain, 0, bucket, bucket, edge, 1)
        for item, bucket, edge in zip(items, said, right, strict=True)
    ]


def test_the_figures_of_a_column() -> None:
    """Of eight questions four are kept, three of them right; one of the kept is wrong at .75."""
    items = questions(8)
    said = [1.0, 1.0, 0.75, 0.5, 0.25, 0.25, 0.0, 0.0]
    found = column(UNSEEN, items, outcomes(items, said, [1, 1, 0, 1, 1, 0, 0, 0]), None, 0.5)
    figures = found.figures()
    cloud = sum(AT_CHANCE.is_right(item) for item in items)
    sent = sum(AT_CHANCE.is_right(item) for item in items[4:])
    assert figures["edge_accuracy"] == 0.5 and figures["chance"] == 0.25
    assert (figures["kept"], figures["kept_right"]) == (0.5, 0.75)
    assert (figures["wrong_and_kept"], figures["wrong_and_sure"]) == (1 / 8, 1 / 8)
    assert figures["lift"] == pytest.approx((3 + sent) / 8 - (4 + cloud) / 16)
    assert figures["lift_low"] <= figures["lift"] <= figures["lift_high"]


def test_nothing_kept_has_no_share_of_right_ones() -> None:
    items = questions(4)
    found = column(UNSEEN, items, outcomes(items, [0.0] * 4, [0, 1, 0, 0]), None, 0.5)
    assert math.isnan(found.figures()["kept_right"]) and found.figures()["kept"] == 0
    assert "| kept | 0.0% |" in as_text([found]) and "| right of the kept | - |" in as_text([found])


def test_families_that_the_model_has_some_idea_of_are_named() -> None:
    known, unknown = questions(20, "tides"), questions(20, "knots")
    right = [1] * 12 + [0] * 8 + [1] * 5 + [0] * 15
    said = [1.0] * 12 + [0.0] * 8 + [0.25] * 20
    items = [*known, *unknown]
    words = knowing_families(column(UNSEEN, items, outcomes(items, said, right), None, 0.5))
    assert words.startswith("1 of 2 families")
    assert "tides 60% (chance 25%, AUROC 1.00)" in words and "knots" not in words


def test_a_set_is_cut_at_equal_distances() -> None:
    found = off_its_templates(48)
    assert {name: len(items) for name, items in found.items()} == dict.fromkeys(found, 48)
    assert len({item.id.split("-")[1] for item in found[UNSEEN]}) > 40  # of 48 families


def test_all_columns_ask_every_set_but_the_first() -> None:
    items, asked = questions(4), []

    def measure(name: str, of: object) -> list[Outcome]:
        asked.append(name)
        return outcomes(items, [1.0] * 4, [1] * 4)

    off = dict.fromkeys(off_its_templates(4), items)
    done = outcomes(items, [0.0] * 4, [0] * 4)
    found = all_columns(items, done, off, CONTRACT, measure)
    assert [one.name for one in found] == [OWN, WORDINGS, UNSEEN, EVERYDAY]
    assert asked == [WORDINGS, UNSEEN, EVERYDAY]
    assert [one.figures()["kept"] for one in found] == [0, 1, 1, 1]
