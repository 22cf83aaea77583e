"""Where a chain's questions come from: each has one use, and what is wrong is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from foggen.errors import ConfigurationError, NoQuestionError, QuestionError
from foggen_training.pools import FilePool, GeneratedPool, open_pool
from foggen_training.recipe import BufferPlan, DataPlan, ModelPlan, Recipe

DOMAINS = ("law", "math")


def rows(domain: str, number: int, split: str = "train") -> list[dict[str, object]]:
    return [
        {"id": f"{domain}-{split}-{n}", "domain": domain, "question": f"Number {n}?",
         "options": ["a", "b"], "answer": "A"}
        for n in range(number)
    ]  # fmt: skip


def write(folder: Path, domain: str, split: str, lines: list[dict[str, object]]) -> None:
    path = folder / f"{domain}.{split}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in lines), "utf-8")


@pytest.fixture
def plan(tmp_path: Path) -> Recipe:
    for domain in DOMAINS:
        write(tmp_path, domain, "train", rows(domain, 60))
        write(tmp_path, domain, "test", rows(domain, 9, "test"))
    return Recipe(
        "x", ModelPlan("base"), passes=2,
        data=DataPlan("files", str(tmp_path), DOMAINS, validation=8, calibration=7),
        buffer=BufferPlan(first=21, new=10, replayed=5),
    )  # fmt: skip


def test_every_question_has_one_use(plan: Recipe) -> None:
    source = open_pool(plan)
    parts = [source.fresh(number) for number in range(5)]
    assert [len(part) for part in parts] == [21, 10, 10, 10, 10]
    assert [{item.domain for item in part} for part in parts] == [
        {"law", "math"}, {"law"}, {"math"}, {"law"}, {"math"},
    ]  # fmt: skip
    used = [*[item.id for part in parts for item in part],
            *[item.id for item in source.validation()],
            *[item.id for item in source.calibration()]]  # fmt: skip
    assert len(used) == len(set(used)) == 21 + 40 + 16 + 14
    assert len(source.test()) == 18
    assert not set(used) & {item.id for item in source.test()}


def test_the_same_recipe_draws_the_same_and_another_seed_another(plan: Recipe) -> None:
    again = FilePool(plan).fresh(1)
    assert [item.id for item in again] == [item.id for item in FilePool(plan).fresh(1)]
    other = FilePool(replace(plan, seed=2)).fresh(1)
    assert [item.id for item in other] != [item.id for item in again]


def test_a_chain_that_would_run_out_of_questions_is_refused_at_once(plan: Recipe) -> None:
    with pytest.raises(
        ConfigurationError, match="law has 60 training questions, the chain takes 66"
    ):
        open_pool(replace(plan, buffer=BufferPlan(first=21, new=20)))


def test_a_part_of_the_test_files_is_their_beginning(plan: Recipe) -> None:
    few = FilePool(replace(plan, data=replace(plan.data, test=4))).test()
    assert [item.id for item in few][:4] == [f"law-test-{n}" for n in range(4)]
    assert len(few) == 8


def test_an_empty_or_missing_domain_is_named(plan: Recipe, tmp_path: Path) -> None:
    write(tmp_path, "law", "train", [])
    with pytest.raises(QuestionError, match=r"law\.train\.jsonl: no questions of 'law'"):
        open_pool(plan)
    (tmp_path / "law.train.jsonl").unlink()
    with pytest.raises(NoQuestionError, match=r"law\.train\.jsonl"):
        open_pool(plan)


WRONG = {
    "no answer": ({"question": "Q?", "options": ["a", "b"]}, "answer"),
    "an answer outside the options": (
        {"question": "Q?", "options": ["a", "b"], "answer": "C"}, "'C' is none of the labels",
    ),
    "an id that is there already": (
        {"id": "law-train-0", "question": "Q?", "options": ["a", "b"], "answer": "A"}, "law-train-0",
    ),
    "another domain's question": (
        {"id": "z", "domain": "math", "question": "Q?", "options": ["a", "b"], "answer": "A"},
        "of another domain",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("row", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_row_is_named_by_its_file(
    plan: Recipe, tmp_path: Path, row: dict[str, object], words: str
) -> None:
    write(tmp_path, "law", "train", [*rows("law", 60), row])
    with pytest.raises(QuestionError) as caught:
        open_pool(plan)
    assert words in caught.value.message
    assert "law.train.jsonl" in caught.value.message
    assert "\n" not in str(caught.value)


def test_generated_questions_are_of_splits_that_pretraining_never_drew() -> None:
    plan = Recipe(
        "x", ModelPlan("base"), passes=1,
        data=DataPlan("generated", domains=DOMAINS, validation=5, calibration=5, test=6),
        buffer=BufferPlan(first=20, new=10),
    )  # fmt: skip
    source = open_pool(plan)
    assert isinstance(source, GeneratedPool)
    assert {item.domain for item in source.fresh(2)} == {"math"}
    assert all(item.id.startswith("round-") for item in [*source.fresh(0), *source.validation()])
    assert all(item.id.startswith("test-2026-") for item in source.test())
    ids = [i.id for n in range(3) for i in source.fresh(n)]
    ids += [i.id for i in [*source.validation(), *source.calibration()]]
    assert len(ids) == len(set(ids)) == 20 + 20 + 20


def test_every_round_of_the_starters_own_test_starts_from_its_first_question() -> None:
    """The tables of a chain and of `evaluate` are of the same questions."""
    from itertools import islice

    from foggen_training.recipe import DOMAINS as ALL
    from foggen_training.starter.questions import generate

    plan = Recipe("x", ModelPlan("b"), data=DataPlan("generated", domains=ALL, test=4))
    expected = [question.id for question in islice(generate(2026, "test"), 28)]
    assert [item.id for item in GeneratedPool(plan).test()] == expected
