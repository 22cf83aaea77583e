"""The round on open-ended tasks, small: rows of two tasks, replayed multiple choice, figures of both."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")

from foggen.errors import ConfigurationError
from foggen_training.buffer import BufferRow, OpenRow, load_buffer
from foggen_training.chain import Chain
from foggen_training.labeller import ModelSource
from foggen_training.recipe import BufferPlan, LabelPlan, OpenEndedPlan, Recipe

from .small_chain import one_thread, recipe, run, write_base

pytestmark = pytest.mark.filterwarnings("ignore")


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def task_rows(task: str, number: int) -> list[dict[str, object]]:
    return [
        {"id": f"{task}-{n}", "task": task, "context": "The sky is blue." if task == "squad" else None,
         "question": f"Which colour is number {n}?", "answers": ["blue", "the blue one"]}
        for n in range(number)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    """A recipe that starts where a small chain ended."""
    folder = tmp_path_factory.mktemp("open")
    base = write_base(folder / "base", "qwen3")
    run(base, "qwen3", folder / "chain", passes=0)
    for task in ("squad", "truthfulqa", "gsm8k"):
        for split in ("train", "test"):
            write(folder / f"{task}.{split}.jsonl", task_rows(task, 6))
    wrong = [{"id": f"truthfulqa-{n}", "incorrect": ["red"]} for n in range(6)]
    write(folder / "truthfulqa.incorrect.jsonl", wrong)
    start = recipe(folder / "chain" / "R00" / "checkpoint", "qwen3")
    return replace(
        start, name="open", passes=0,
        labels=LabelPlan(samples=2, batch=4, most_failures=1.0),
        buffer=BufferPlan(first=64, replayed=10),
        open_ended=OpenEndedPlan(
            squad=5, truthfulqa=3, folder=str(folder), replay_from=str(folder / "chain"),
            limit=12, test=4,
        ),
    )  # fmt: skip


def test_a_round_has_rows_of_the_tasks_and_replayed_ones(plan: Recipe, tmp_path: Path) -> None:
    with one_thread():
        (line,) = list(Chain(plan, tmp_path / "r15").run())
    assert (line["round"], line["passed"]) == ("R15", True)
    rows = load_buffer(tmp_path / "r15" / "R15" / "buffer.jsonl")
    tasks = [row.item.task for row in rows if isinstance(row, OpenRow)]
    assert tasks == ["squad"] * 5 + ["truthfulqa"] * 3
    again = [row for row in rows if isinstance(row, BufferRow)]
    assert 0 < len(again) <= 10  # those that could be read
    assert all(row.replayed for row in again)
    figures = json.loads((tmp_path / "r15" / "R15" / "open.json").read_text("utf-8"))
    assert {task: found["n"] for task, found in figures.items()} == {"squad": 4, "truthfulqa": 4}
    assert (tmp_path / "r15" / "R15" / "checkpoint" / "model.safetensors").exists()


def test_an_open_row_is_learnt_in_the_contracts_words(plan: Recipe) -> None:
    with ModelSource(plan.model.base, plan.model, threads=1).open() as reader:
        prompts = reader.prompts  # type: ignore[attr-defined]
    reply = prompts.open_reply(0.75, "72", "48 + 24 = 72.")
    text = prompts.tokenizer.decode(reply, skip_special_tokens=False)
    assert text == "Confidence: 0.75\n48 + 24 = 72.\nFinal answer: 72<|im_end|>"
    assert prompts.tokenizer.decode(prompts.open_reply(1.0, "blue")) == (
        "Confidence: 1.0\nFinal answer: blue"
    )


def test_a_task_without_usable_rows_is_said(plan: Recipe, tmp_path: Path) -> None:
    """No own right trace of gsm8k, and only own traces are trained."""
    wanted = replace(plan, open_ended=replace(plan.open_ended, squad=0, truthfulqa=0, gsm8k=2))
    with one_thread(), pytest.raises(ConfigurationError, match="gsm8k gave 0 usable rows of 6"):
        list(Chain(wanted, tmp_path / "r15").run())


def test_replay_from_a_folder_without_buffers_is_said(plan: Recipe, tmp_path: Path) -> None:
    wanted = replace(plan, open_ended=replace(plan.open_ended, replay_from=str(tmp_path)))
    with one_thread(), pytest.raises(ConfigurationError, match="holds no buffers"):
        list(Chain(wanted, tmp_path / "r15").run())
