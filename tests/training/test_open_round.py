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

from foggen.errors import ConfigurationError, FogGenError
from foggen_training.chain import Chain
from foggen_training.labels.models import ModelReference
from foggen_training.pools import open_pool
from foggen_training.recipe import BufferPlan, LabelPlan, OpenEndedPlan, Recipe
from foggen_training.round import Round
from foggen_training.run_command import with_places
from foggen_training.tuning.buffer import BufferRow, OpenRow, load_buffer

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
        labels=LabelPlan(mode="exact", samples=2, batch=4, most_failures=1.0),
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
    assert len(again) == 10
    assert all(row.replayed for row in again)
    figures = json.loads((tmp_path / "r15" / "R15" / "open.json").read_text("utf-8"))
    assert {task: found["n"] for task, found in figures.items()} == {"squad": 4, "truthfulqa": 4}
    assert (tmp_path / "r15" / "R15" / "checkpoint" / "model.safetensors").exists()


def test_an_open_row_is_learnt_in_the_contracts_words(plan: Recipe) -> None:
    with ModelReference(plan.model.base, plan.model, threads=1).open() as reader:
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


def test_the_folder_of_the_tasks_is_a_flag_and_a_wrong_one_leaves_nothing(
    plan: Recipe, tmp_path: Path
) -> None:
    elsewhere = with_places(plan, "", "", str(tmp_path / "nowhere"))
    with pytest.raises(FogGenError, match=r"nowhere/squad\.train\.jsonl"):
        list(Chain(elsewhere, tmp_path / "r15").run())
    assert not (tmp_path / "r15").exists()


# --- questions without their options -------------------------------------------------------------


def test_some_questions_are_asked_without_their_options(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", "qwen3")
    wanted = replace(
        recipe(base, "qwen3"), passes=1,
        buffer=BufferPlan(first=64, new=16, replayed=16, plain=0.5, unaided=0.5),
    )  # fmt: skip
    with one_thread():
        list(Chain(wanted, tmp_path / "chain").run())
    rows = load_buffer(tmp_path / "chain" / "R00" / "buffer.jsonl")
    asked = {row.item.id: row.item for row in rows if isinstance(row, BufferRow)}
    able = [item for item in asked.values() if item.stands_alone]
    unaided = [row for row in rows if isinstance(row, OpenRow)]
    assert len(unaided) == len(able) // 2 > 5
    for row in unaided:
        item = asked[row.item.id]
        assert item.stands_alone
        assert (row.item.question, row.answer) == (item.question.stem, item.answer_text)
        assert 0 <= row.success <= 1
    later = load_buffer(tmp_path / "chain" / "R01" / "buffer.jsonl")
    assert any(isinstance(row, OpenRow) for row in later)


def test_a_control_deals_out_the_labels_of_questions_without_options_too(tmp_path: Path) -> None:
    """One real label in eight would teach the control what it must not know."""
    base = write_base(tmp_path / "base", "qwen3")
    plan = replace(recipe(base, "qwen3"), buffer=BufferPlan(first=64, unaided=0.5))

    def successes(name: str, *, shuffle: bool) -> tuple[list[float], list[float]]:
        wanted = replace(plan, labels=replace(plan.labels, shuffle=shuffle))
        round0 = Round(wanted, open_pool(wanted), 0, base, tmp_path / name)
        round0.begin()
        round0.label()
        rows = load_buffer(round0.folder / "buffer.jsonl")
        unaided = [row.success for row in rows if isinstance(row, OpenRow)]
        return [row.success for row in rows], unaided

    with one_thread():
        real, real_unaided = successes("real", shuffle=False)
        dealt, dealt_unaided = successes("control", shuffle=True)
    assert sorted(dealt) == sorted(real) != dealt
    assert sorted(dealt_unaided) != sorted(real_unaided)


def test_the_chance_of_a_text_is_that_of_its_tokens_one_by_one(tmp_path: Path) -> None:
    import torch

    base = write_base(tmp_path / "base", "qwen3")
    plan = recipe(base, "qwen3")
    items = open_pool(plan).validation()[:4]
    with one_thread(), ModelReference(str(base), plan.model, threads=1).open() as reader:
        found = reader.chance_of_text(items, 0.7)
        prompts, model = reader.prompts, reader.model  # type: ignore[attr-defined]
        for item, chance in zip(items, found, strict=True):
            ids, expected = prompts.plain_open_question(item.question.stem), 1.0
            for token in prompts.plain_text(item.answer_text):
                with torch.inference_mode():
                    logits = model(torch.tensor([ids])).logits[0, -1] / 0.7
                expected *= float(logits.softmax(-1)[token])
                ids = [*ids, token]
            assert chance == pytest.approx(expected, rel=1e-3)
