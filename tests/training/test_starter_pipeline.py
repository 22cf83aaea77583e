"""`foggen_training.starter`: the labels of the round, every stage in small, and a run that is killed."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")

import torch
from safetensors.torch import load_file

from foggen.calibration import bucket_table
from foggen.cli.border import reported
from foggen.contract import BUCKETS
from foggen.engine import Engine
from foggen.known_models import check_model
from foggen.models import describe
from foggen_training.evaluate import measure
from foggen_training.master import load_master
from foggen_training.starter import build as stages
from foggen_training.starter.answers import label_ids, plain_answers, sequence_log_probabilities
from foggen_training.starter.build import (
    CALIBRATION_SEED,
    GGUF_NAME,
    build,
    calibrated,
    held_out_questions,
    keyed,
)
from foggen_training.starter.command import (
    StarterOptions,
    measure_and_write_card,
    run_starter,
)
from foggen_training.starter.pretrain import batches, rate
from foggen_training.starter.questions import LABELS, TIER_MIX, GradedQuestion, generate
from foggen_training.starter.round_zero import (
    BufferRow,
    _chance_of_key,
    drawn_questions,
    label,
    load_buffer,
    save_buffer,
    two_hot_bucket,
)
from foggen_training.starter.rows import CONTRACT, open_row, plain_row
from foggen_training.starter.tokenizer import load_tokenizer

from .small_starter import CHECKPOINT_EVERY, PLAN, STEPS, one_thread_of_the_cpu

# peft asks transformers for a name that transformers is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT_S = 600
Steps = list[tuple[int, int]]


@dataclass(frozen=True)
class Built:
    """A finished run: its folder, its GGUF, and the (step, steps) of which it told."""

    folder: Path
    path: Path
    steps: Steps

    @property
    def tokenizer(self) -> Any:
        return load_tokenizer(self.folder / "tokenizer")


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    with one_thread_of_the_cpu():
        yield


def run(folder: Path) -> Built:
    steps: Steps = []
    path = build(PLAN, folder, lambda step, of, _: steps.append((step, of)))
    return Built(folder, path, steps)


@pytest.fixture(scope="module")
def built(_small: None, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One run from nothing, never disturbed."""
    return run(tmp_path_factory.mktemp("built"))


# --- labels -------------------------------------------------------------------------------------


@pytest.mark.parametrize("correct", range(9))
def test_a_bucket_keeps_the_success_rate_on_average(correct: int) -> None:
    random, draws = Random(correct), 4000
    drawn = [two_hot_bucket(correct, 8, random) for _ in range(draws)]
    counts = Counter(drawn)
    below, above = math.floor(correct / 2) / 4, math.ceil(correct / 2) / 4
    assert set(counts) == {below, above}
    if below != above:  # an odd count is one neighbour as often as the other: nothing is rounded
        assert counts[below] / draws == pytest.approx(0.5, abs=0.04)
    assert sum(drawn) / draws == pytest.approx(correct / 8, abs=0.01)
    assert set(counts) <= set(BUCKETS)


@pytest.mark.parametrize("samples", [3, 5, 16])
def test_a_bucket_keeps_the_rate_of_any_number_of_samples(samples: int) -> None:
    for correct in range(samples + 1):
        random = Random(correct)
        mean = sum(two_hot_bucket(correct, samples, random) for _ in range(4000)) / 4000
        assert mean == pytest.approx(correct / samples, abs=0.012)


@pytest.mark.parametrize("temperature", [0.7, 1.0, 2.5])
def test_the_chance_of_the_key_is_a_softmax_over_the_questions_own_labels(
    temperature: float,
) -> None:
    questions = list(islice(generate(1, "train"), 300))
    assert {len(q.question.options) for q in questions} >= {2, 3, 4, 10}
    logits = np.random.default_rng(0).normal(0, 4, (300, len(LABELS))).astype(np.float32)
    chances = _chance_of_key(logits, questions, temperature)
    for question, row, chance in zip(questions, logits, chances, strict=True):
        weights = [
            math.exp(float(value) / temperature) for value in row[: len(question.question.options)]
        ]
        key = LABELS.index(question.answer)
        assert chance == pytest.approx(weights[key] / sum(weights), rel=1e-9)


def test_the_chance_of_the_key_survives_large_logits() -> None:
    (question,) = islice(generate(1, "train"), 1)
    logits = np.full((1, len(LABELS)), -9000, np.float32)
    logits[0, LABELS.index(question.answer)] = 9000
    assert _chance_of_key(logits, [question], 0.7).tolist() == [1.0]


def test_successes_are_drawn_binomially(built: Built) -> None:
    """Eight samples of the same question, many times over, against the binomial's shares."""
    model, draws = load_master(built.folder / "base"), 300
    question = next(q for q in generate(2) if len(q.question.options) == 2)
    plan = replace(PLAN.round_zero, open_share=0.0)
    rows = label(model, built.tokenizer, [question] * draws, plan)
    logits = plain_answers(model, built.tokenizer, [question])
    (chance,) = _chance_of_key(logits, [question], plan.temperature).tolist()
    assert 0.05 < chance < 0.95
    counts = Counter(row.correct for row in rows)
    for k in range(plan.samples + 1):
        share = math.comb(8, k) * chance**k * (1 - chance) ** (8 - k)
        spread = math.sqrt(draws * share * (1 - share))
        assert abs(counts[k] - draws * share) < 4 * spread + 1, k


def test_the_labels_logits_are_those_of_one_question_alone(built: Built) -> None:
    """Batches are padded and sorted by length; neither may show."""
    model, tokenizer = load_master(built.folder / "base"), built.tokenizer
    questions = list(islice(generate(4, "train"), 40))
    together = plain_answers(model, tokenizer, questions)
    for number in (0, 13, 39):
        row = plain_row(questions[number])
        ids = tokenizer.encode(row.prompt + row.opening, add_special_tokens=False).ids
        with torch.inference_mode():
            alone = model(torch.tensor([ids])).logits[0, -1, label_ids(tokenizer)].numpy()
        np.testing.assert_allclose(together[number], alone, atol=1e-3)


def test_an_open_answers_probability_is_that_of_its_tokens(built: Built) -> None:
    model, tokenizer = load_master(built.folder / "base"), built.tokenizer
    questions = [q for q in islice(generate(4, "train"), 60) if q.tier < 4][:8]
    rows = [open_row(question) for question in questions]
    found = sequence_log_probabilities(model, tokenizer, rows, 0.7)
    for row, score in zip(rows, found, strict=True):
        prompt = tokenizer.encode(row.prompt + row.opening, add_special_tokens=False).ids
        target = tokenizer.encode(row.target + "<|im_end|>", add_special_tokens=False).ids
        with torch.inference_mode():
            logits = model(torch.tensor([[*prompt, *target]])).logits[0].double() / 0.7
        scores = logits.log_softmax(-1)
        expected = sum(
            float(scores[len(prompt) + place - 1, token]) for place, token in enumerate(target)
        )
        assert score == pytest.approx(expected, abs=0.01)


def test_the_buffer_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = [BufferRow(0, 8, False), BufferRow(1, 0, True), BufferRow(2, 3, False)]
    save_buffer(rows, tmp_path / "buffer.jsonl")
    assert load_buffer(tmp_path / "buffer.jsonl") == rows
    assert [entry.name for entry in tmp_path.iterdir()] == ["buffer.jsonl"]


# --- the stream of batches ----------------------------------------------------------------------


def test_batches_from_a_step_on_are_those_that_come_after_it(built: Built) -> None:
    whole = list(batches(built.tokenizer, PLAN.pretraining, 0))
    assert len(whole) >= STEPS
    for start in (7, 16, 37):
        rest = list(batches(built.tokenizer, PLAN.pretraining, start))
        assert len(rest) == len(whole) - start
        for found, expected in zip(rest, whole[start:], strict=True):
            assert torch.equal(found.ids, expected.ids)
            assert torch.equal(found.replies, expected.replies)


def test_the_rate_warms_up_and_falls() -> None:
    plan = replace(PLAN.pretraining, steps=1000, warmup=100)
    rates = [rate(step, plan) for step in range(1000)]
    assert rates[0] == pytest.approx(0.01)
    assert max(rates) == rates[99] == rates[100] == 1.0
    assert all(later < earlier for earlier, later in pairwise(rates[100:]))
    assert 0 < rates[-1] < 0.1


# --- every stage, in small ----------------------------------------------------------------------


def test_every_stage_leaves_its_result_and_its_time(built: Built) -> None:
    for name in ("tokenizer", "base", "R0"):
        assert (built.folder / name / "tokenizer.json").is_file()
    for name in ("base", "R0"):
        assert (built.folder / name / "config.json").is_file()
    assert built.path == built.folder / GGUF_NAME
    assert not list(built.folder.glob("**/*.partial"))
    log = json.loads((built.folder / "log.json").read_text("utf-8"))
    assert set(log["seconds"]) == {
        "pretraining", "self-sampling", "round R0", "export and calibration",
    }  # fmt: skip
    assert all(spent >= 0 for spent in log["seconds"].values())
    assert log["device"] == "cpu"
    assert built.steps[0] == (0, STEPS)
    assert (50, STEPS) in built.steps
    assert len({of for _, of in built.steps}) == 2  # pretraining, then round R0


def test_the_buffer_has_every_question_of_the_round_once(built: Built) -> None:
    questions = drawn_questions(PLAN.round_zero)
    rows = load_buffer(built.folder / "buffer.jsonl")
    assert [row.number for row in rows] == list(range(PLAN.round_zero.questions))
    assert {row.correct for row in rows} <= set(range(9))
    assert len({row.correct for row in rows}) > 3
    openly = [questions[row.number] for row in rows if row.asked_open]
    assert len(openly) == int(PLAN.round_zero.open_share * len(questions))
    assert all(question.tier < 4 for question in openly)


def test_the_gguf_is_opened_and_says_what_its_buckets_are_worth(
    built: Built, tmp_path: Path
) -> None:
    questions = [keyed(q) for q in islice(generate(CALIBRATION_SEED, "round", TIER_MIX), 70)]
    with Engine(built.folder / "uncalibrated.gguf") as engine:
        assert engine.contract.calibration == {}
        outcomes = measure(engine, questions)
    table = bucket_table([o.confidence for o in outcomes], [o.edge for o in outcomes], BUCKETS)
    with Engine(built.path) as engine:
        assert engine.contract == calibrated(CONTRACT, table)
        assert engine.contract.calibration["buckets"] == table
        assert engine.contract.round == "R0"
        assert measure(engine, questions) == outcomes
    assert sum(row["n"] for row in table.values()) > 35, "round R0 did not install the format"
    shown = describe(str(built.path), tmp_path).as_dict()
    assert shown["title"] == "FogGen starter"
    assert shown["sha256"] == check_model(built.path, tmp_path)


def test_round_zero_changes_the_weights_and_keeps_their_names(built: Built) -> None:
    base, tuned = (load_file(built.folder / name / "model.safetensors") for name in ("base", "R0"))
    assert base.keys() == tuned.keys()
    changed = {name for name in base if not torch.equal(base[name], tuned[name])}
    assert changed
    assert all("_proj" in name for name in changed)  # low-rank adapters of linear layers alone
    assert {str(weights.dtype) for weights in tuned.values()} == {"torch.float32"}


def test_a_finished_run_is_not_run_again(built: Built) -> None:
    files = [path for path in built.folder.rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}
    again = run(built.folder)
    assert again.steps == []
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_card_says_what_was_made_and_measured(built: Built, tmp_path: Path) -> None:
    exam = tmp_path / "exam.jsonl"
    rows = [{"id": str(n), "domain": "law", "question": f"Article {n}?", "options": ["a", "b"],
             "answer": "A"} for n in range(3)]  # fmt: skip
    exam.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    card = measure_and_write_card(PLAN, built.folder, built.path, 70, (exam,))
    text = card.read_text("utf-8")
    assert card == built.folder / "README.md"
    assert hashlib.sha256(built.path.read_bytes()).hexdigest() in text
    assert "{" not in text
    assert "size `nano`" in text
    assert f"{STEPS} steps of 8 rows" in text
    assert "| **Mean** | **70** |" in text
    assert "| Law |" in text.partition("## Real exam questions")[2]
    assert "(3 questions of public exams" in text


# --- a run that is killed -----------------------------------------------------------------------


def test_a_killed_run_goes_on_at_its_checkpoint_and_ends_the_same(
    built: Built, tmp_path: Path
) -> None:
    folder, killed_at = tmp_path / "killed", 30
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.training.small_starter", str(folder), str(killed_at)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = [int(line) for line in islice(process.stdout, 4)]
    finally:
        process.kill()
        process.wait(60)
        process.communicate()
    assert told == [0, 10, 20, 30]
    state = torch.load(folder / "pretraining.pt", weights_only=True)
    assert state["step"] == CHECKPOINT_EVERY
    assert not (folder / "base").exists()
    (folder / "pretraining.partial").write_bytes(b"half a checkpoint")

    resumed = run(folder)
    pretraining = [step for step, of in resumed.steps if of == STEPS]
    assert pretraining == [20, 30, 40, 50]
    for name in ("buffer.jsonl", "tokenizer/tokenizer.json", "base/model.safetensors",
                 "R0/model.safetensors", GGUF_NAME):  # fmt: skip
        assert (folder / name).read_bytes() == (built.folder / name).read_bytes(), name


def test_a_stage_that_is_cut_off_leaves_nothing_that_looks_whole(
    built: Built, tmp_path: Path
) -> None:
    """What a kill left half written is written anew, not taken."""
    model = load_master(built.folder / "base")
    for work in (
        lambda: stages.save_checkpoint(model, built.tokenizer, tmp_path / "base"),
        lambda: stages.make_tokenizer(PLAN, tmp_path / "tokenizer"),
    ):
        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(stages, "save_tokenizer", save_half)
            work()
    assert not (tmp_path / "base").exists()
    assert not (tmp_path / "tokenizer").exists()
    stages.save_checkpoint(model, built.tokenizer, tmp_path / "base")
    stages.make_tokenizer(PLAN, tmp_path / "tokenizer")
    for name in ("base", "tokenizer"):
        whole = (built.folder / name / "tokenizer.json").read_bytes()
        assert (tmp_path / name / "tokenizer.json").read_bytes() == whole


def save_half(_: Any, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text('{"model": {"vo', "utf-8")
    raise KeyboardInterrupt


def test_an_unknown_size_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = StarterOptions(tmp_path / "out", "huge", 10, 64, 1, 70, ())
    with pytest.raises(SystemExit) as stopped, reported():
        run_starter(options)
    assert stopped.value.code == 2
    assert "nano, small, mid" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_held_out_questions_are_of_the_test_split() -> None:
    found: list[GradedQuestion] = held_out_questions(7)
    assert [q.id for q in found] == [f"test-2026-{n}" for n in range(7)]
