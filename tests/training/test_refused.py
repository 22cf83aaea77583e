"""A round that the gate refused: what is said, what is kept, and the three ways to go on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")
pytest.importorskip("matplotlib")

from click.testing import Result
from typer.testing import CliRunner

from foggen.errors import RoundRefusedError
from foggen_training.attempts import (
    finish_setting_aside,
    halvings,
    set_aside,
    set_aside_before,
)
from foggen_training.chain import Chain, best_so_far
from foggen_training.cli import app
from foggen_training.history import last_passed, recipe_of
from foggen_training.round import Round

from .small_chain import OPEN_GATE, RECIPE, one_thread, recipe, write_base

pytestmark = pytest.mark.filterwarnings("ignore")

SHUT = "least_entropy = 1.0\nretries = 1\n"  # no model says all buckets equally often


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base, a recipe whose gate lets nothing through, and the chain it came to."""
    folder = tmp_path_factory.mktemp("refused")
    write_base(folder / "base", "qwen3")
    write_recipe(folder, SHUT)
    result = train("run", folder / "recipe.toml", "-o", folder / "chain", "--base", folder / "base")
    (folder / "stderr").write_text(result.stderr, "utf-8")
    assert (result.exit_code, result.stdout) == (76, "")
    return folder


@pytest.fixture
def refused(home: Path, tmp_path: Path) -> Path:
    """A copy of it. The base stays where it was, since the recipe names it."""
    shutil.copytree(home / "chain", tmp_path / "chain")
    shutil.copy2(home / "recipe.toml", tmp_path)
    return tmp_path


def write_recipe(folder: Path, gate: str, rate: str = "1e-2") -> None:
    text = RECIPE.replace("least_entropy = 0.0\n", gate).replace(
        "first_learning_rate = 1e-2", f"first_learning_rate = {rate}"
    )
    (folder / "recipe.toml").write_text(text, "utf-8")


def train(*arguments: object) -> Result:
    with one_thread():
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run_on(folder: Path, home: Path, *arguments: object) -> Result:
    return train(
        "run", folder / "recipe.toml", "-o", folder / "chain", "--base", home / "base", *arguments
    )


def verdict(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "chain/R00/verdict.json").read_text("utf-8"))
    return value


# --- what is said, what is kept -------------------------------------------------------------------


def test_a_refusal_says_what_was_lost_and_how_to_go_on(home: Path) -> None:
    *_, line = (home / "stderr").read_text("utf-8").splitlines()
    assert line.startswith(
        "foggen: the gate refused R00 (math, law): compared with the start, the entropy of the buckets is 0."
    )
    assert f"the previous checkpoint is {home / 'base'}; " in line
    assert f"`foggen-train accept {home / 'chain'} R00`" in line
    assert "[gate]" in line
    assert "[tuning]" in line


def test_a_refused_round_is_tried_at_half_the_rate_first(home: Path) -> None:
    attempts = verdict(home)["attempts"]
    assert [attempt["learning_rate"] for attempt in attempts] == [1e-2, 5e-3]
    assert all("entropy" in attempt["losses"][0] for attempt in attempts)
    folder = home / "chain" / "R00"
    for name in (
        "outcomes.attempt1.jsonl",
        "metrics.attempt1.json",
        "outcomes.jsonl",
        "metrics.json",
        "checkpoint",
        "adapter",
    ):
        assert (folder / name).exists(), name
    first, second = (
        (folder / name).read_text("utf-8") for name in ("outcomes.attempt1.jsonl", "outcomes.jsonl")
    )
    assert first != second
    assert first.count("\n") == second.count("\n") == 32
    assert last_passed(recipe_of(home / "chain"), home / "chain") is None


def test_the_history_of_a_refused_chain_stays(home: Path) -> None:
    (line,) = json.loads((home / "chain" / "history.json").read_text("utf-8"))
    assert (line["round"], line["passed"]) == ("R00", False)
    assert (home / "chain" / "history.png").exists()
    result = train("status", home / "chain")
    assert "refused at try 2" in result.stdout


def test_running_on_without_a_change_says_the_same_and_does_nothing(
    refused: Path, home: Path
) -> None:
    before = (refused / "chain" / "R00" / "verdict.json").read_bytes()
    result = run_on(refused, home)
    assert result.exit_code == 76
    assert (refused / "chain" / "R00" / "verdict.json").read_bytes() == before


# --- going on -------------------------------------------------------------------------------------


def test_another_gate_judges_the_kept_outcomes_without_training(refused: Path, home: Path) -> None:
    weights = refused / "chain" / "R00" / "checkpoint" / "model.safetensors"
    before = (
        weights.stat().st_mtime_ns,
        (weights.parents[1] / "outcomes.jsonl").stat().st_mtime_ns,
    )
    seconds = verdict(refused)["seconds"]
    write_recipe(refused, "least_entropy = 0.0\nretries = 1\n")
    result = run_on(refused, home, "--rounds", 1)
    assert (result.exit_code, result.stdout) == (0, f"{refused / 'chain'}\n")
    judged = verdict(refused)
    assert judged["passed"]
    assert [bool(attempt["losses"]) for attempt in judged["attempts"]] == [True, False]
    assert judged["seconds"] == seconds
    after = (weights.stat().st_mtime_ns, (weights.parents[1] / "outcomes.jsonl").stat().st_mtime_ns)
    assert after == before
    assert not (refused / "chain" / "R01").exists()


def test_one_more_retry_is_one_more_attempt_at_half_the_rate(refused: Path, home: Path) -> None:
    write_recipe(refused, "least_entropy = 1.0\nretries = 2\n")
    assert run_on(refused, home).exit_code == 76
    rates = [attempt["learning_rate"] for attempt in verdict(refused)["attempts"]]
    assert rates == [1e-2, 5e-3, 2.5e-3]
    assert (refused / "chain" / "R00" / "outcomes.attempt2.jsonl").exists()


def test_another_rate_tunes_the_same_buffer_anew(refused: Path, home: Path) -> None:
    buffer = refused / "chain" / "R00" / "buffer.jsonl"
    before = buffer.stat().st_mtime_ns
    write_recipe(refused, "least_entropy = 0.0\n", rate="3e-3")
    assert run_on(refused, home, "--rounds", 1).exit_code == 0
    judged = verdict(refused)
    assert [attempt["learning_rate"] for attempt in judged["attempts"]] == [1e-2, 5e-3, 3e-3]
    assert judged["passed"]
    assert buffer.stat().st_mtime_ns == before
    assert (buffer.parent / "outcomes.attempt2.jsonl").exists()
    config = json.loads((buffer.parent / "config.json").read_text("utf-8"))
    assert config["recipe"]["tuning"]["first_learning_rate"] == 3e-3


def test_nothing_but_gate_and_tuning_may_change(refused: Path, home: Path) -> None:
    text = (refused / "recipe.toml").read_text("utf-8")
    (refused / "recipe.toml").write_text(text.replace("prior = 4", "prior = 5"), "utf-8")
    result = run_on(refused, home)
    assert result.exit_code == 78
    assert "labels.prior was 4.0 and is now 5.0" in result.stderr


def test_a_refused_round_is_accepted_as_it_is(refused: Path, home: Path) -> None:
    result = train("accept", refused / "chain", "R00")
    checkpoint = refused / "chain" / "R00" / "checkpoint"
    assert (result.exit_code, result.stdout) == (0, f"{checkpoint}\n")
    assert train("accept", refused / "chain", "R00").exit_code == 0  # a second time changes nothing
    assert run_on(refused, home, "--rounds", 1).exit_code == 0
    assert " accepted " in train("status", refused / "chain").stdout
    assert last_passed(recipe_of(refused / "chain"), refused / "chain") == checkpoint.parent


def test_only_a_refused_round_can_be_accepted(refused: Path) -> None:
    result = train("accept", refused / "chain", "R07")
    assert result.exit_code == 2
    assert "has no refused round 'R07'" in result.stderr
    path = refused / "chain" / "R00" / "verdict.json"
    path.write_text(json.dumps(verdict(refused) | {"passed": True}), "utf-8")
    assert train("accept", refused / "chain", "R00").exit_code == 2


def test_what_an_accepted_round_lost_is_forgiven(refused: Path, home: Path) -> None:
    """Otherwise the round after it would be refused for the same loss."""
    plan = replace(recipe(home / "base", "qwen3"), gate=OPEN_GATE)
    current = Round(plan, None, 0, home / "base", refused / "chain" / "R00")  # type: ignore[arg-type]
    best = current.reference()
    better = replace(best, name="R09", outcomes=[replace(o, edge=1) for o in best.outcomes])
    assert best_so_far(better, current, {"passed": True}).name == "R09"
    assert best_so_far(better, current, {"passed": True, "accepted": True}).name == "R00"


def test_the_round_of_a_long_chain_is_named_with_the_checkpoint_before_it(
    refused: Path, home: Path
) -> None:
    """R00 is accepted, R01 is refused: the chain keeps R00's checkpoint."""
    train("accept", refused / "chain", "R00")
    write_recipe(refused, "least_entropy = 1.0\nretries = 0\n")
    result = run_on(refused, home)
    assert result.exit_code == 76
    line = result.stderr.splitlines()[-1]
    assert line.startswith("foggen: the gate refused R01 (math): compared with R00, the entropy")
    assert f"the previous checkpoint is {refused / 'chain/R00/checkpoint'};" in line
    assert (refused / "chain" / "R00" / "checkpoint" / "model.safetensors").exists()
    with pytest.raises(RoundRefusedError):
        list(Chain(recipe_of(refused / "chain"), refused / "chain").run())


# --- killed in between ----------------------------------------------------------------------------


def attempt(folder: Path, number: int) -> None:
    """What an attempt leaves."""
    for name in ("adapter", "checkpoint"):
        (folder / name).mkdir()
    for name in ("outcomes.jsonl", "metrics.json", "table.json", "trained.json"):
        (folder / name).write_text(f"{number}", "utf-8")


def test_an_attempt_that_was_being_set_aside_is_set_aside_once(tmp_path: Path) -> None:
    """Killed after the judgement, before the files: they are of the attempt that was judged."""
    attempt(tmp_path, 1)
    judgement = json.dumps({"attempts": [{"losses": ["a"]}], "halved_since": 0})
    (tmp_path / "attempts.json").write_text(judgement, "utf-8")
    finish_setting_aside(tmp_path)
    assert (tmp_path / "outcomes.attempt1.jsonl").read_text("utf-8") == "1"
    assert {path.name for path in tmp_path.iterdir()} == {
        "attempts.json",
        "outcomes.attempt1.jsonl",
        "metrics.attempt1.json",
    }
    attempt(tmp_path, 2)
    finish_setting_aside(tmp_path)
    assert (tmp_path / "outcomes.jsonl").read_text("utf-8") == "2"
    assert (tmp_path / "adapter").exists()


def test_the_rate_is_halved_from_attempt_to_attempt_and_whole_after_another_tuning(
    tmp_path: Path,
) -> None:
    judgements: list[dict[str, Any]] = []
    for number, anew, halved in ((1, False, 1), (2, False, 2), (3, True, 0), (4, False, 1)):
        attempt(tmp_path, number)
        judgements.append({"losses": [str(number)]})
        set_aside(tmp_path, judgements, anew=anew)
        assert halvings(tmp_path) == halved
        if anew:  # killed after it: done again from the verdict that is still there
            set_aside(tmp_path, judgements, anew=True)
        assert halvings(tmp_path) == halved
        assert set_aside_before(tmp_path) == judgements
        assert (tmp_path / f"outcomes.attempt{number}.jsonl").read_text("utf-8") == str(number)
