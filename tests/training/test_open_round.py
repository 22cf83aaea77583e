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

import numpy as np
import torch

from foggen.errors import ConfigurationError, FogGenError
from foggen_training.chain import Chain
from foggen_training.evaluation.judging import exact_match, final_part
from foggen_training.labels.models import ModelReference
from foggen_training.open_items import read_open
from foggen_training.open_round import OpenRound
from foggen_training.pools import open_pool
from foggen_training.prompts import Prompts
from foggen_training.publish import publish
from foggen_training.publish_options import PublishOptions
from foggen_training.recipe import BufferPlan, LabelPlan, OpenEndedPlan, Recipe
from foggen_training.round import Round
from foggen_training.run_command import with_places
from foggen_training.tuning.buffer import BufferRow, OpenRow, load_buffer

from .small_chain import Pair, one_thread, prompts_of, recipe, run, taught, write_base

pytestmark = pytest.mark.filterwarnings("ignore")


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def task_row(task: str, number: int) -> dict[str, object]:
    if task == "gsm8k":
        question, answers = f"How many are {number} and {number + 1}?", [str(2 * number + 1)]
    else:
        question, answers = f"Which colour is number {number}?", ["blue", "the blue one"]
    return {
        "id": f"{task}-{number}",
        "task": task,
        "question": question,
        "answers": answers,
        "context": "The sky is blue." if task == "squad" else None,
    }


def replies_to_learn(prompts: Prompts) -> list[Pair]:
    """Replies in the contract's format, also to sums, which so small a model gets wrong."""
    squad, sums = ([task_row(task, n) for n in range(20, 52)] for task in ("squad", "gsm8k"))
    asked = [(f"{row['context']}\n\n{row['question']}", n) for n, row in enumerate(squad)]
    colours = [
        (prompts.open_question(text), prompts.open_reply(n % 5 / 4, "blue")) for text, n in asked
    ]
    return colours + [
        (
            prompts.open_question(str(row["question"])),
            prompts.open_reply(n % 5 / 4, "7", "It is 7."),
        )
        for n, row in enumerate(sums)
    ]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    """A recipe that starts from a model which replies to open questions in the format."""
    folder = tmp_path_factory.mktemp("open")
    base = write_base(folder / "base", "qwen3")
    run(base, "qwen3", folder / "chain", passes=0)
    for task in ("squad", "truthfulqa", "gsm8k"):
        for split in ("train", "test"):
            write(folder / f"{task}.{split}.jsonl", [task_row(task, n) for n in range(12)])
    wrong: list[dict[str, object]] = [
        {"id": f"truthfulqa-{n}", "incorrect": ["red"]} for n in range(12)
    ]
    write(folder / "truthfulqa.incorrect.jsonl", wrong)
    solutions: list[dict[str, object]] = [
        {"id": f"gsm8k-{n}", "solution": f"{n} + {n + 1} = {2 * n + 1}."} for n in range(6)
    ]
    write(folder / "gsm8k.train.solutions.jsonl", solutions)
    model = recipe(base, "qwen3").model
    speaking = taught(base, folder / "speaking", replies_to_learn(prompts_of(base, model)), 260)
    start = recipe(speaking, "qwen3")
    return replace(
        start,
        name="open",
        passes=0,
        labels=LabelPlan(mode="exact", samples=4, batch=4, most_failures=0.9),
        buffer=BufferPlan(first=64, replayed=10),
        open_ended=OpenEndedPlan(
            squad=6,
            truthfulqa=3,
            gsm8k=11,
            folder=str(folder),
            replay_from=str(folder / "chain"),
            limit=20,
            test=4,
        ),
    )


@pytest.fixture(scope="module")
def r15(plan: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the round, run once."""
    folder = tmp_path_factory.mktemp("r15")
    with one_thread():
        (line,) = list(Chain(plan, folder).run())
    assert (line["round"], line["passed"]) == ("R15", True)
    return folder / "R15"


def task_rows_of(folder: Path) -> list[OpenRow]:
    return [row for row in load_buffer(folder / "buffer.jsonl") if isinstance(row, OpenRow)]


def test_a_round_has_rows_of_the_tasks_and_replayed_ones(r15: Path) -> None:
    tasks = [row.item.task for row in task_rows_of(r15)]
    assert tasks == ["squad"] * 6 + ["truthfulqa"] * 3 + ["gsm8k"] * 11
    again = [row for row in load_buffer(r15 / "buffer.jsonl") if isinstance(row, BufferRow)]
    assert len(again) == 10
    assert all(row.replayed for row in again)
    assert (r15 / "checkpoint" / "model.safetensors").exists()


def test_what_was_never_solved_is_taught_with_the_references_reasoning(r15: Path) -> None:
    rows = [row for row in task_rows_of(r15) if row.item.task == "gsm8k"]
    never = [row for row in rows if row.success == 0]
    assert len(never) > 5
    for row in never:
        number = int(row.item.id.removeprefix("gsm8k-"))
        total = 2 * number + 1
        solution = f"{number} + {number + 1} = {total}." if number < 6 else ""
        assert (row.answer, row.reasoning) == (str(total), solution)
    assert {bool(row.reasoning) for row in never} == {True, False}
    assert any(row.success > 0 for row in task_rows_of(r15))


def test_the_figures_of_the_tasks_are_kept_before_and_after(r15: Path) -> None:
    before, after = (
        json.loads((r15 / name).read_text("utf-8")) for name in ("open.before.json", "open.json")
    )
    keys = {"n", "accuracy", "readable", "lift", "cloud_share", "assumed_cloud", "auroc"}
    for tasks in (before, after):
        assert {task: set(figures) - keys for task, figures in tasks.items()} == {
            "squad": {"f1"},
            "truthfulqa": set(),
            "gsm8k": set(),
        }
        assert all(keys <= set(figures) for figures in tasks.values())
        assert {figures["n"] for figures in tasks.values()} == {4}
    assert before != after


def test_the_card_of_an_open_ended_round_has_its_table(r15: Path, tmp_path: Path) -> None:
    with one_thread():
        *_, card = publish(PublishOptions(r15.parent, tmp_path, most=2))
    table = card.read_text("utf-8").partition("## Open-ended tasks")[2]
    after = json.loads((r15 / "open.json").read_text("utf-8"))
    for task, figures in after.items():
        (row,) = [line for line in table.splitlines() if line.startswith(f"| {task} | 4 |")]
        assert f"| {figures['accuracy']:.1%} |" in row
        assert row.endswith(f"| {100 * figures['lift']:+z.1f} |")


def test_the_figures_before_are_those_of_the_start(plan: Recipe, r15: Path) -> None:
    items = read_open(Path(plan.open_ended.folder) / "squad.test.jsonl")[:4]
    with one_thread(), ModelReference(plan.model.base, plan.model, threads=1).open() as reader:
        replies = [one.texts[0] for one in reader.write([i.text for i in items], 0.0, 1, 20, 0)]
    before = json.loads((r15 / "open.before.json").read_text("utf-8"))["squad"]
    assert before["accuracy"] == np.mean([exact_match(final_part(r), ["blue"]) for r in replies])
    assert before["accuracy"] > 0


def test_replies_without_a_format_are_counted_and_too_many_stop_the_round(
    plan: Recipe, tmp_path: Path
) -> None:
    # Hot enough that some of the 80 replies miss the format, seldom all four of a question.
    hot = replace(plan, labels=replace(plan.labels, temperature=1.2))
    alone = replace(hot, buffer=replace(plan.buffer, replayed=0))
    r15 = OpenRound(alone, open_pool(alone), 0, Path(plan.model.base), tmp_path / "R15")
    r15.begin()
    with one_thread():
        r15.label()
    counts = json.loads((r15.folder / "labelled.json").read_text("utf-8"))
    assert 0 < counts["unreadable"] <= 0.5
    assert counts["questions"] - counts["unlabelled"] == 6 + 3 + 11
    strict = replace(hot, labels=replace(hot.labels, most_failures=counts["unreadable"] / 2))
    with one_thread(), pytest.raises(ConfigurationError, match="could not be read") as caught:
        list(Chain(strict, tmp_path / "r15").run())
    assert (caught.value.exit_code, "most_failures" in caught.value.hint) == (78, True)
    assert not (tmp_path / "r15" / "R15" / "buffer.jsonl").exists()


def test_a_model_that_never_replies_in_the_format_is_not_asked_everything(
    plan: Recipe, tmp_path: Path
) -> None:
    """A file of thousands of questions is not gone through for three rows."""
    steps: list[str] = []
    base = str(Path(plan.open_ended.folder) / "base")
    mute = replace(plan, model=replace(plan.model, base=base))
    mute = replace(mute, open_ended=replace(plan.open_ended, squad=0, truthfulqa=3, gsm8k=0))
    chain = Chain(mute, tmp_path / "r15", progress=lambda name, *_: steps.append(name))
    with one_thread(), pytest.raises(ConfigurationError, match=r"100\.0% of the replies"):
        list(chain.run())
    assert "label truthfulqa" not in steps  # which is told after a batch that goes on


def test_an_open_row_is_learnt_in_the_contracts_words(plan: Recipe) -> None:
    prompts = prompts_of(Path(plan.model.base), plan.model)
    reply = prompts.open_reply(0.75, "72", "48 + 24 = 72.")
    text = prompts.tokenizer.decode(reply, skip_special_tokens=False)
    assert text == "Confidence: 0.75\n48 + 24 = 72.\nFinal answer: 72<|im_end|>"
    assert prompts.tokenizer.decode(prompts.open_reply(1.0, "blue")) == (
        "Confidence: 1.0\nFinal answer: blue"
    )


def test_a_task_with_too_few_questions_is_said_before_anything_is_written(
    plan: Recipe, tmp_path: Path
) -> None:
    wanted = replace(plan, open_ended=replace(plan.open_ended, gsm8k=13))
    with pytest.raises(ConfigurationError, match="gsm8k has 12 training questions, but 13 rows"):
        list(Chain(wanted, tmp_path / "r15").run())
    assert not (tmp_path / "r15").exists()


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
        recipe(base, "qwen3"),
        passes=1,
        buffer=BufferPlan(first=64, new=16, replayed=16, raw=0.5, unaided=0.5),
    )
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
    base = write_base(tmp_path / "base", "qwen3")
    plan = recipe(base, "qwen3")
    items = open_pool(plan).validation()[:4]
    reference = ModelReference(str(base), plan.model, threads=1, half=False)  # to compare exactly
    with one_thread(), reference.open() as reader:
        chances = reader.chance_of_text(items, 0.7)
        prompts, model = reader.prompts, reader.model  # type: ignore[attr-defined]
        for item, chance in zip(items, chances, strict=True):
            ids, expected = prompts.raw_open_question(item.question.stem), 1.0
            for token in prompts.raw_text(item.answer_text):
                with torch.inference_mode():
                    logits = model(torch.tensor([ids])).logits[0, -1] / 0.7
                expected *= float(logits.softmax(-1)[token])
                ids = [*ids, token]
            assert chance == pytest.approx(expected, rel=1e-3)
