"""What was measured of each question is kept as it comes, and asked once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foggen.confidence.labelled import Keyed
from foggen.question.question import Question
from foggen_training.evaluation.automix import Verification
from foggen_training.evaluation.keeping import keep_in, key_of
from foggen_training.evaluation.outcomes import Outcome
from foggen_training.labels.reading import Reading

ITEMS = [
    Keyed(f"q{n}", "law", Question.from_options(f"Number {n}?", ["a", "b"]), 0) for n in range(5)
]


def outcome(item: Keyed) -> Outcome:
    return Outcome(item.id, "law", 0, 0.75, 0.7, 1, 0, 0, 2, 0.6)


def reading(item: Keyed) -> Reading:
    return Reading(np.full(5, 0.2), np.full((5, 2), 0.5), 3, 0.6, 0.01, 90)


class Model:
    """Says how often it was asked."""

    def __init__(self, result: Any) -> None:
        self.result, self.asked = result, list[str]()

    def __call__(self, items: Sequence[Keyed]) -> list[Any]:
        self.asked += [item.id for item in items]
        return [self.result(item) for item in items]


@pytest.mark.parametrize("result", [outcome, reading, lambda _: Verification(0.3, 0.9)])
def test_every_kind_of_result_is_read_back_as_it_was(tmp_path: Path, result: Any) -> None:
    model = Model(result)
    first = keep_in(tmp_path, "x.jsonl", "key")("x", model, ITEMS)
    again = keep_in(tmp_path, "x.jsonl", "key")("x", model, ITEMS)
    assert len(model.asked) == len(ITEMS)
    assert [type(one) for one in again] == [type(one) for one in first]
    assert repr(again) == repr(first)


def test_a_line_that_was_cut_is_asked_again(tmp_path: Path) -> None:
    model = Model(outcome)
    keep_in(tmp_path, "x.jsonl", "key")("x", model, ITEMS)
    path = tmp_path / "x.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    model.asked.clear()
    assert keep_in(tmp_path, "x.jsonl", "key")("x", model, ITEMS) == [outcome(i) for i in ITEMS]
    assert model.asked == ["q4"]
    assert path.read_bytes() == whole


def test_another_key_begins_anew(tmp_path: Path) -> None:
    model = Model(outcome)
    keep_in(tmp_path, "x.jsonl", "one")("x", model, ITEMS)
    keep_in(tmp_path, "x.jsonl", "other")("x", model, ITEMS)
    assert len(model.asked) == 2 * len(ITEMS)
    assert json.loads((tmp_path / "x.jsonl").read_text("utf-8").split("\n")[0]) == {"key": "other"}


def test_other_questions_are_asked(tmp_path: Path) -> None:
    """More of them go on, and others are asked from where they differ."""
    model = Model(outcome)
    ask = keep_in(tmp_path, "x.jsonl", "key")
    ask("x", model, ITEMS[:2])
    ask("x", model, ITEMS)
    assert model.asked == ["q0", "q1", "q2", "q3", "q4"]
    model.asked.clear()
    results = ask("x", model, [ITEMS[0], ITEMS[3]])
    assert [one.id for one in results] == ["q0", "q3"]
    assert model.asked == ["q3"]


def test_a_key_is_of_the_weights_and_of_what_else_counts(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"1")
    first = key_of(folder, "prompt")
    assert key_of(folder, "prompt") == first != key_of(folder, "another")
    (folder / "model.safetensors").write_bytes(b"2")
    assert key_of(folder, "prompt") != first
    file = tmp_path / "model.gguf"
    file.write_bytes(b"2")
    of_two = key_of(file)
    file.write_bytes(b"3")
    assert key_of(file) != of_two
