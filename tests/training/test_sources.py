"""Where a chain's questions come from: each has one use, and what is wrong is named."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from foggen.errors import ConfigurationError, NoQuestionError, QuestionError
from foggen_training.chain import Chain
from foggen_training.chain_folder import claim
from foggen_training.pools import FilePool, GeneratedPool, open_pool, size
from foggen_training.recipe import BufferPlan, DataPlan, ModelPlan, Recipe
from foggen_training.recipe_file import read_recipe, recipe_from

from .test_recipe import RECIPES

DOMAINS = ("law", "math")


def rows(domain: str, number: int, split: str = "train") -> list[dict[str, object]]:
    return [
        {
            "id": f"{domain}-{split}-{n}",
            "domain": domain,
            "question": f"Number {n}?",
            "options": ["a", "b"],
            "answer": "A",
        }
        for n in range(number)
    ]


def write(folder: Path, domain: str, split: str, lines: list[dict[str, object]]) -> None:
    path = folder / f"{domain}.{split}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in lines), "utf-8")


@pytest.fixture
def plan(tmp_path: Path) -> Recipe:
    for domain in DOMAINS:
        write(tmp_path, domain, "train", rows(domain, 60))
        write(tmp_path, domain, "test", rows(domain, 9, "test"))
    return Recipe(
        "x",
        ModelPlan("base"),
        passes=2,
        data=DataPlan("files", str(tmp_path), DOMAINS, validation=8, calibration=7),
        buffer=BufferPlan(first=21, new=10, replayed=5),
    )


def test_every_question_has_one_use(plan: Recipe) -> None:
    source = open_pool(plan)
    parts = [source.fresh(number) for number in range(5)]
    assert [len(part) for part in parts] == [21, 10, 10, 10, 10]
    assert [{item.domain for item in part} for part in parts] == [
        {"law", "math"},
        {"law"},
        {"math"},
        {"law"},
        {"math"},
    ]
    used = [
        *[item.id for part in parts for item in part],
        *[item.id for item in source.validation()],
        *[item.id for item in source.calibration()],
    ]
    assert len(used) == len(set(used)) == 21 + 40 + 16 + 14
    assert len(source.test()) == 18
    assert not set(used) & {item.id for item in source.test()}


def test_the_same_recipe_draws_the_same_and_another_seed_another(plan: Recipe) -> None:
    again = FilePool(plan).fresh(1)
    assert [item.id for item in again] == [item.id for item in FilePool(plan).fresh(1)]
    other = FilePool(replace(plan, seed=2)).fresh(1)
    assert [item.id for item in other] != [item.id for item in again]


def test_a_short_file_is_shared_out_evenly_among_its_rounds(plan: Recipe, tmp_path: Path) -> None:
    """law has 60 - 15 - 11 = 34 questions for two rounds; math has enough for what they may take."""
    write(tmp_path, "math", "train", rows("math", 100))
    pool = open_pool(replace(plan, buffer=BufferPlan(first=21, new=20)))
    assert [pool.shares(number) for number in range(5)] == [
        {"law": 11, "math": 10},
        {"law": 17},
        {"math": 20},
        {"law": 17},
        {"math": 20},
    ]
    parts = [pool.fresh(number) for number in range(5)]
    assert [len(part) for part in parts] == [21, 17, 20, 17, 20]
    used = [item.id for part in [*parts, pool.validation(), pool.calibration()] for item in part]
    assert len(used) == len(set(used)) == 95 + 30
    again = open_pool(replace(plan, buffer=BufferPlan(first=21, new=20)))
    assert [item.id for item in again.fresh(3)] == [item.id for item in parts[3]]


def test_long_questions_are_measured_and_not_trained_on(plan: Recipe, tmp_path: Path) -> None:
    lines = rows("law", 120)
    for line in lines[::2]:
        line["question"] = f"{line['question']} {'very ' * 30}long"
    write(tmp_path, "law", "train", lines)
    pool = open_pool(replace(plan, data=replace(plan.data, longest=100)))
    trained = [item for number in range(5) for item in pool.fresh(number)]
    assert len(trained) == 21 + 40
    assert max(map(size, trained)) <= 100
    assert max(map(size, [*pool.validation(), *pool.calibration()])) > 100
    with pytest.raises(ConfigurationError, match=r"105 are above data\.longest"):
        open_pool(replace(plan, data=replace(plan.data, longest=1)))


def test_an_odd_question_goes_to_the_earlier_round(plan: Recipe, tmp_path: Path) -> None:
    write(tmp_path, "law", "train", rows("law", 15 + 11 + 3))
    pool = open_pool(plan)
    assert [pool.shares(number) for number in (1, 3)] == [{"law": 2}, {"law": 1}]


def test_a_round_that_would_have_no_new_question_is_refused_at_once(
    plan: Recipe, tmp_path: Path
) -> None:
    write(tmp_path, "law", "train", rows("law", 15 + 11 + 1))
    with pytest.raises(
        ConfigurationError,
        match="law has 27 training questions; validation and calibration take 15, R00 11, and the 2",
    ) as caught:
        open_pool(plan)
    assert "buffer.first" in caught.value.hint


def test_more_passes_must_not_ask_a_question_again(plan: Recipe, tmp_path: Path) -> None:
    """With one pass R01 took all 34 questions of law; of two it would have had 17."""
    one = replace(plan, passes=1, buffer=BufferPlan(first=21, new=40))
    claim(tmp_path / "chain", one)
    (tmp_path / "chain" / "R01").mkdir()
    two = Chain(replace(one, passes=2), tmp_path / "chain")
    with pytest.raises(ConfigurationError, match=r"R01 took \{'law': 34\} new questions; with 2"):
        list(two.run())
    assert (
        recipe_from(
            json.loads((tmp_path / "chain" / "recipe.json").read_text("utf-8")), tmp_path
        ).passes
        == 1
    )


SHARED = Path(os.environ.get("FOGGEN_SHARED") or Path(__file__).parents[3] / "shared") / "data"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared questions are not here")
@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_published_recipe_opens_on_the_shared_questions(path: Path) -> None:
    recipe = read_recipe(path)
    recipe = replace(recipe, data=replace(recipe.data, folder=str(SHARED / "mcq")))
    pool = open_pool(recipe)
    assert len(pool.validation()) == len(recipe.data.domains) * recipe.data.validation
    if not recipe.open_ended.rows:
        for number in range(1, len(recipe.rounds)):
            assert all(0 < share <= recipe.buffer.new for share in pool.shares(number).values())
    if recipe.name == "foggen-qwen3-0.6b":  # 637 questions of Kazakh culture for two rounds
        assert [pool.shares(number) for number in (6, 13)] == [{"kazakh_culture": 90}] * 2


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
        {"question": "Q?", "options": ["a", "b"], "answer": "C"},
        "'C' is not one of the labels",
    ),
    "an id that is there already": (
        {"id": "law-train-0", "question": "Q?", "options": ["a", "b"], "answer": "A"},
        "law-train-0",
    ),
    "another domain's question": (
        {"id": "z", "domain": "math", "question": "Q?", "options": ["a", "b"], "answer": "A"},
        "to another domain",
    ),
}


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
        "x",
        ModelPlan("base"),
        passes=1,
        data=DataPlan("generated", domains=DOMAINS, validation=5, calibration=5, test=6),
        buffer=BufferPlan(first=20, new=10),
    )
    source = open_pool(plan)
    assert isinstance(source, GeneratedPool)
    assert {item.domain for item in source.fresh(2)} == {"math"}
    assert all(item.id.startswith("round-world-") for item in source.fresh(0))
    apart = [*source.validation(), *source.calibration()]
    assert all(item.id.startswith("apart-world-") for item in apart)
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
