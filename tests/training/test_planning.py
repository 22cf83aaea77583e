"""`foggen-train plan`: what a recipe would do, before it does it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")

from typer.testing import CliRunner

from foggen.errors import ConfigurationError
from foggen_training.chain import Chain
from foggen_training.cli import app
from foggen_training.planning import make_plan, summary
from foggen_training.recipe import Recipe, TuningPlan
from foggen_training.speed import longest_part, rate
from foggen_training.tuning.gradients import TrainingRow

from .small_chain import one_thread, recipe, write_base

pytestmark = pytest.mark.filterwarnings("ignore")
LONGEST = 100  # tokens; some rows have fewer, some more
SHARED = Path(os.environ.get("FOGGEN_SHARED") or Path(__file__).parents[3] / "shared") / "data"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    base = write_base(tmp_path_factory.mktemp("plan") / "base", "qwen3")
    return recipe(base, "qwen3")


def test_the_planned_rows_are_those_that_the_chain_trains_on(small: Recipe, tmp_path: Path) -> None:
    with one_thread():
        plan = make_plan(small, seconds=0.3)
        lines = list(Chain(small, tmp_path / "chain").run())
    assert [one.name for one in plan.rounds] == [line["round"] for line in lines]
    assert [one.rows for one in plan.rounds] == [line["rows"]["questions"] for line in lines]
    assert {one.measured for one in plan.rounds} == {2 * (16 + 16)}
    assert not plan.missing


def test_the_machine_is_measured_on_the_recipes_questions(small: Recipe) -> None:
    with one_thread():
        plan = make_plan(small, seconds=0.3)
    assert plan.speed
    assert min(plan.speed.labels, plan.speed.answers, plan.speed.training) > 0
    if sys.platform != "win32":
        assert plan.speed.memory
        assert plan.speed.memory > 1e8
    cost = plan.cost(plan.rounds[0])
    assert cost
    assert cost.tokens == pytest.approx(64 * (1 - plan.too_long) * plan.tokens, rel=0.01)
    assert cost.train == pytest.approx(cost.tokens / plan.speed.training)


def test_rows_that_are_too_long_are_told_and_not_counted(small: Recipe) -> None:
    short = replace(small, tuning=TuningPlan(longest=LONGEST, epochs=1))
    plan = make_plan(short, seconds=0.1)
    assert 0 < plan.too_long < 1
    assert plan.tokens <= LONGEST
    cost = plan.cost(plan.rounds[0])
    assert cost
    assert cost.tokens < 64 * plan.tokens
    assert f"{plan.too_long:.1%} of the rows have more than {LONGEST}" in " ".join(
        summary(plan, short)
    )


def test_rows_that_are_all_too_long_are_an_error(small: Recipe) -> None:
    with pytest.raises(ConfigurationError, match="longest is 20"):
        make_plan(replace(small, tuning=TuningPlan(longest=20)))


def test_a_base_that_is_not_there_leaves_the_rows(small: Recipe, tmp_path: Path) -> None:
    plan = make_plan(replace(small, model=replace(small.model, base=str(tmp_path / "nowhere"))))
    assert [one.rows for one in plan.rounds] == [64, 64, 64]
    assert plan.speed is None
    assert "nowhere" in plan.missing[0]


def test_rates_leave_out_what_warms_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part takes 50 s the first time, as one of a new shape may in a real model, and then 1 s."""
    clock, parts = [0.0], list[Sequence[int]]()

    def work(part: Sequence[int]) -> None:
        clock[0] += 1 if part in parts else 50
        parts.append(part)

    monkeypatch.setattr("foggen_training.speed.time.perf_counter", lambda: clock[0])
    assert rate(work, range(100), 400, 4) == 4
    assert [len(part) for part in parts[:3]] == [1, 1, 4]


def test_the_memory_is_measured_on_the_longest_rows() -> None:
    rows = [TrainingRow((0,) * length, 2) for length in (10, 50, 20, 40)]
    assert [len(row.ids) for row in longest_part(rows, 100)] == [50, 40]
    assert [len(row.ids) for row in longest_part(rows, 5)] == [50]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder is not here")
@pytest.mark.parametrize(
    "name", ["foggen-qwen3-0.6b", "foggen-gemma3-1b", "foggen-gemma3-270m", "foggen-r15-oe"]
)
def test_the_published_recipes_pass_on_the_shared_data(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    folders = ["--data", str(SHARED / "mcq"), "--open-ended", str(SHARED / "open_ended")]
    result = CliRunner().invoke(app, ["plan", name, "--json", *folders])
    assert result.exit_code == 0, result.output
    rounds = json.loads(result.stdout)["rounds"]
    if name != "foggen-r15-oe":
        assert [one["new"] for one in rounds if "kazakh_culture" in one["new"]][-1] == {
            "kazakh_culture": 90
        }


def test_wrong_data_are_an_error(small: Recipe, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["plan", "foggen-qwen3-0.6b", "--data", str(tmp_path)])
    assert result.exit_code == 66
