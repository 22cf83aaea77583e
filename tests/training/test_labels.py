"""Labels from readings and from replies: counted by hand, and without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foggen.confidence.labelled import Keyed
from foggen.errors import ConfigurationError
from foggen.question.question import Question
from foggen_training.labels.jobs import Batch, Job, LabelJob, cut, label_into
from foggen_training.labels.label import (
    Label,
    Replies,
    check_failures,
    exact_label,
    sampled_label,
    seed_of,
)
from foggen_training.labels.models import ModelReference
from foggen_training.labels.reading import Reading, legal_shares
from foggen_training.open_items import OpenItem
from foggen_training.recipe import LabelPlan, ModelPlan, TuningPlan
from foggen_training.tuning.buffer import (
    BufferRow,
    OpenRow,
    batches,
    buffer_rows,
    earlier_questions,
    load_buffer,
    save_buffer,
    shrunk,
    shuffled,
)

QUESTION = Question.from_options("Which?", ["w", "x", "y", "z"])


def keyed(number: int = 0, domain: str = "law") -> Keyed:
    return Keyed(f"q{number}", domain, QUESTION, 1)


def replies(*texts: str) -> Replies:
    return Replies(texts, 100)


def test_exact_is_the_sum_over_buckets() -> None:
    labels = np.array([[0.1, 0.9, 0, 0]] * 4 + [[1, 0, 0, 0]])
    reading = Reading(np.array([0.1, 0.2, 0.3, 0.2, 0.2]), labels, 2, 0.55, 0.01, 90)
    label = exact_label(keyed(), reading)
    assert label == Label("q0", pytest.approx(0.8 * 0.9), 0.55, 0.01, 1, 90)


def test_sampled_counts_right_answers_among_the_readable() -> None:
    texts = [
        "Confidence: 0.5\nFinal answer: B",
        "Confidence: 1.0\nFinal answer: A",
        "Confidence: 0.75\nFinal answer: B",
        "no format at all",
    ]
    label = sampled_label(keyed(), replies(*texts), raw=False)
    assert label == Label("q0", pytest.approx(2 / 3), pytest.approx(0.75), 0.25, 1, 100)


def test_the_raw_base_needs_no_confidence() -> None:
    text = "Final answer: B"
    assert sampled_label(keyed(), replies(text), raw=True).success == 1
    assert sampled_label(keyed(), replies(text), raw=False).failures == 1


def test_too_many_failures_stop_the_round() -> None:
    def failures(failed: int) -> list[float]:
        return [float(n < failed) for n in range(20)]

    assert check_failures(failures(2), LabelPlan()) == pytest.approx(0.1)
    with pytest.raises(ConfigurationError, match=r"15\.0% of the replies"):
        check_failures(failures(3), LabelPlan())


def test_never_solved_questions_stay_and_unlabelled_ones_go() -> None:
    items = [keyed(n) for n in range(3)]
    labels = [
        Label("q0", 0.0, 0.2, 0.0, 3, 1),
        Label("q1", 0.0, 0.0, 1.0, 0, 1),
        Label("q2", 1.0, 0.9, 0.5, 1, 1),
    ]
    rows = buffer_rows(items, labels, LabelPlan(), raw=False, replayed=False)
    assert [(row.item.id, row.success, row.target) for row in rows] == [("q0", 0, 1), ("q2", 1, 1)]
    answered = buffer_rows(items, labels, LabelPlan(answer_target="own"), raw=False, replayed=True)
    assert [(row.target, row.replayed) for row in answered] == [(3, True), (1, True)]


def test_a_prior_counts_the_models_expectation_as_samples() -> None:
    label = Label("q0", 1.0, 0.25, 0.0, 1, 1)
    assert shrunk(label, 8, 0) == 1
    assert shrunk(label, 8, 8) == pytest.approx(0.625)
    (first,) = buffer_rows([keyed()], [label], LabelPlan(prior=8), raw=True, replayed=False)
    (later,) = buffer_rows([keyed()], [label], LabelPlan(prior=8), raw=False, replayed=False)
    assert (first.success, later.success) == (1, pytest.approx(0.625))


def test_a_buffer_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    item = Keyed("q0", "law", Question.from_options("Қай жыл?\u2028", ["1", "2"]), 1, 3)
    task = OpenItem("g1", "gsm8k", "", "How many?", ("72", "72.0"))
    rows = [BufferRow(item, 0.375, 0, True), OpenRow(task, 0.5, "72", "48 + 24")]
    save_buffer(rows, tmp_path / "buffer.jsonl")
    assert load_buffer(tmp_path / "buffer.jsonl") == rows


def test_replay_draws_from_what_was_once_new(tmp_path: Path) -> None:
    rows = [BufferRow(keyed(n), 0.5, 1, replayed=n >= 10) for n in range(20)]
    save_buffer(rows, tmp_path / "b.jsonl")
    drawn = earlier_questions([tmp_path / "b.jsonl"], 6, "seed")
    assert len(drawn) == len({item.id for item in drawn}) == 6
    assert {item.id for item in drawn} <= {f"q{n}" for n in range(10)}
    assert drawn == earlier_questions([tmp_path / "b.jsonl"], 6, "seed")
    assert drawn != earlier_questions([tmp_path / "b.jsonl"], 6, "another")
    assert len(earlier_questions([tmp_path / "b.jsonl"], 99, "seed")) == 10


def test_no_row_is_lost_to_batches() -> None:
    from foggen_training.tuning.buffer import TrainingRow

    rows = [TrainingRow(tuple(range(10 + n % 90)), 3) for n in range(50)]
    made = batches(rows, TuningPlan(batch=8, longest=80), "seed")
    assert sorted(len(row.ids) for batch in made for row in batch) == sorted(
        len(row.ids) for row in rows if len(row.ids) <= 80
    )
    assert {len(batch) for batch in made[:-1]} <= {8, len(rows) % 8}


def test_shares_are_of_the_legal_tokens_and_the_rest_is_illegal() -> None:
    logits = np.log([0.2, 0.6, 0.1, 0.1])
    shares, illegal = legal_shares(logits, [0, 1], 1.0)
    assert shares == pytest.approx([0.25, 0.75])
    assert illegal == pytest.approx(0.2)
    sharp, _ = legal_shares(logits, [0, 1], 0.5)
    assert sharp == pytest.approx([0.1, 0.9])


# --- batches into a file -------------------------------------------------------------------------

JOB = LabelJob(ModelReference("nowhere", ModelPlan("nowhere")), LabelPlan(batch=4), raw=False)


def engine(calls: list[int], fail_at: int = -1):  # type: ignore[no-untyped-def]
    def run(job: Job, given: Sequence[Batch]):  # type: ignore[no-untyped-def]
        for batch in given:
            if batch.number == fail_at:
                raise RuntimeError("killed")
            calls.append(batch.number)
            yield [Label(i.id, batch.seed / 2**32, 0.5, 0.0, 0, 1) for i in batch.items]

    return run


def test_a_run_goes_on_at_the_batch_where_it_was(tmp_path: Path) -> None:
    items = [keyed(n) for n in range(18)]
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    expected = label_into(whole, JOB, items, "s", engine([]))
    with pytest.raises(RuntimeError):
        label_into(part, JOB, items, "s", engine([], fail_at=3))
    part.write_bytes(part.read_bytes() + b'{"id": "q12", "succ')  # what a kill -9 leaves
    calls: list[int] = []
    assert label_into(part, JOB, items, "s", engine(calls)) == expected
    assert calls == [3, 4]
    assert part.read_bytes() == whole.read_bytes()
    assert label_into(part, JOB, items, "s", engine(calls)) == expected
    assert calls == [3, 4]


def test_progress_is_told_in_questions(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    items = [keyed(n) for n in range(6)]
    label_into(tmp_path / "l.jsonl", JOB, items, "s", engine([]), lambda *now: told.append(now))
    assert told == [(0, 6), (4, 6), (6, 6)]


def test_a_batch_has_a_seed_of_its_own() -> None:
    items = [keyed(n) for n in range(9)]
    seeds = [batch.seed for batch in cut(items, 4, "s")]
    assert len(set(seeds)) == 3
    assert seeds == [batch.seed for batch in cut(items, 4, "s")]
    assert seeds != [batch.seed for batch in cut(items, 4, "t")]
    assert seed_of("a", 1) == seed_of("a", 1) != seed_of("a", 2)


def test_a_control_deals_the_same_labels_out_to_other_rows() -> None:
    rows = [BufferRow(keyed(n), n / 100, 1) for n in range(100)]
    dealt = shuffled(rows, "seed")
    assert [row.item for row in dealt] == [row.item for row in rows]
    assert sorted(row.success for row in dealt) == [row.success for row in rows]
    assert dealt != shuffled(rows, "another seed")


def test_no_tier_and_no_success_is_dealt_more_than_another() -> None:
    """A plain shuffle leaves 4,000 rows .005 apart by luck; so little is learnt, and ranks show it."""
    rows = [
        BufferRow(replace(keyed(n), tier=n % 4), (n % 997) / 996 / (1 + n % 4), 1)
        for n in range(16_000)
    ]
    dealt = np.array([row.success for row in shuffled(rows, "seed")])
    tiers = [dealt[tier::4].mean() for tier in range(4)]
    assert max(tiers) - min(tiers) < 0.001
    assert abs(np.corrcoef(dealt, [row.success for row in rows])[0, 1]) < 0.002
