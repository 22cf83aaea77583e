"""What FogGen is compared with: every baseline by hand on few questions, and all of them on a model."""

from __future__ import annotations

import csv
import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

from typer.testing import CliRunner

from foggen.errors import QuestionError
from foggen.labelled import Keyed
from foggen.question import Question
from foggen_training.cli import app
from foggen_training.evaluation import automix
from foggen_training.evaluation.automix import SAMPLES, Verification, proposal
from foggen_training.evaluation.baselines import (
    Baseline,
    compare,
    domain_prior,
    folds,
    letter_probability,
    self_consistency,
    surface,
)
from foggen_training.evaluation.clouds import AnswerKey, Recorded
from foggen_training.labels.reading import Reading
from foggen_training.starter.questions import generate, keyed

OPTIONS = ["w", "x", "y", "z"]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def items(number: int, domains: tuple[str, ...] = ("law", "math")) -> list[Keyed]:
    return [
        Keyed(f"{domains[n % len(domains)]}-{n}", domains[n % len(domains)],
              Question.from_options(f"Which is {'9' * (n % 5)}?", OPTIONS), n % 4)
        for n in range(number)
    ]  # fmt: skip


def plain(*shares: float) -> Reading:
    return Reading(np.full(5, 0.2), np.tile(shares, (5, 1)), 0, 0.5, 0.0, 50)


def test_folds_are_disjoint_and_whole() -> None:
    found = folds(items(100))
    assert sorted(np.concatenate(found)) == list(range(100))
    assert all(len(fold) > 5 for fold in found)


def test_a_domain_prior_never_looks_at_its_own_fold() -> None:
    questions = items(200)
    edge = np.array([float(item.domain == "law") for item in questions])
    found = domain_prior(questions, edge)
    assert set(found.scores) == {0.0, 1.0}
    alone = np.zeros(200)
    alone[0] = 1.0
    scores = domain_prior(questions, alone).scores
    assert scores[0] == 0  # that it was right itself does not count
    assert scores.max() < 0.05


def test_surface_features_find_what_can_be_seen_and_no_more() -> None:
    questions = items(400)
    digits = np.array([sum(c.isdigit() for c in item.question.stem) for item in questions])
    seen = surface(questions, (digits > 2).astype(float))
    assert np.corrcoef(seen.scores, digits > 2)[0, 1] > 0.9
    luck = np.random.default_rng(1).integers(0, 2, 400).astype(float)
    assert abs(np.corrcoef(surface(questions, luck).scores, luck)[0, 1]) < 0.2
    assert surface(questions, np.ones(400)).scores.std() == 0


def test_letter_probability_is_that_of_the_best_letter() -> None:
    found = letter_probability(items(2), [plain(0.7, 0.1, 0.1, 0.1), plain(0.2, 0.3, 0.4, 0.1)])
    assert found.scores == pytest.approx([0.7, 0.4])
    assert list(found.edge) == [1, 0]
    assert found.passes == 1


def test_self_consistency_counts_agreement_of_eight() -> None:
    found = self_consistency(items(2), [plain(1, 0, 0, 0), plain(0.25, 0.25, 0.25, 0.25)])
    assert found.scores[0] == 1
    assert found.scores[1] in {n / 8 for n in range(2, 8)}
    assert found.passes == 8


def test_automix_draws_eight_verifications() -> None:
    sure, torn, mute = Verification(1.0, 1.0), Verification(0.5, 1.0), Verification(0.9, 0.0)
    assert sure.sampled(1) == 1
    assert mute.sampled(1) == 0.5
    drawn = [torn.sampled(seed) for seed in range(2000)]
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.02)
    assert set(drawn) <= {n / SAMPLES for n in range(9)}
    questions = items(3)
    assert list(automix.scores(questions, [torn] * 3, 1)) == list(
        automix.scores(questions, [torn] * 3, 1)
    )


def test_automix_shows_four_examples_two_of_them_right() -> None:
    text = proposal(items(1)[0], 2, shots=True)
    assert text.endswith("Proposed answer: C. y")
    assert text.count("Verification Decision: correct\n") == 2
    assert text.count("Verification Decision: incorrect\n") == 2
    assert proposal(items(1)[0], 2, shots=False).startswith("Which is")


def test_all_are_compared_at_one_share() -> None:
    questions = items(400)
    random = np.random.default_rng(2)
    edge = random.integers(0, 2, 400).astype(float)
    cloud = np.ones(400)
    perfect, useless = Baseline("perfect", edge, edge, 1), Baseline("useless", edge * 0, edge, 9)
    table = compare(questions, [perfect, useless], cloud, 0.2)
    assert list(table) == ["random", "perfect", "useless", "oracle"]
    assert table["useless"]["system"] == pytest.approx(table["random"]["system"])
    assert table["useless"]["lift"] == pytest.approx(0, abs=1e-9)
    assert table["perfect"]["system"] == pytest.approx(table["oracle"]["system"], abs=0.01)
    assert table["perfect"]["lift"] == pytest.approx(0.2 * (1 - 0.5), abs=0.03)
    assert (table["perfect"]["auroc"], table["useless"]["auroc"]) == (1, 0.5)


# --- clouds --------------------------------------------------------------------------------------


def test_recorded_answers_are_read_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "cloud.jsonl"
    questions = items(3)
    rows = [{"id": questions[0].id, "answer": "A"}, {"id": questions[1].id, "answer": None}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    cloud = Recorded.read(file)
    assert [cloud.is_right(item) for item in questions[:2]] == [1, 0]
    with pytest.raises(QuestionError, match=questions[2].id):
        cloud.is_right(questions[2])
    file.write_text('{"id": "x"}\n', "utf-8")
    with pytest.raises(QuestionError, match=f"{file}:1"):
        Recorded.read(file)


def test_the_answer_key_errs_at_the_rates_it_is_given() -> None:
    cloud = AnswerKey(rates={"law": 1.0}, other=0.0)
    assert {cloud.is_right(item) for item in items(50, ("law",))} == {1}
    assert {cloud.is_right(item) for item in items(50, ("math",))} == {0}


# --- the command ---------------------------------------------------------------------------------


def test_evaluate_writes_tables_and_plots_of_all_baselines(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(
        app, ["evaluate", "starter", "--number", "140", "--baselines", "-o", str(out)]
    )
    assert result.exit_code == 0, result.output
    names = ["random", "FogGen, bucket", "FogGen, expected", "domain prior", "surface features",
             "letter probability", "self-consistency", "AutoMix", "oracle"]  # fmt: skip
    found = json.loads((out / "evaluation.json").read_text("utf-8"))
    assert list(found["baselines"]) == names
    assert [row["passes"] for row in found["baselines"].values()] == [1, 1, 1, 0, 0, 1, 8, 9, 1]
    assert all(f"| {name} |" in result.stdout for name in names)
    for low, high in found["intervals"].values():
        assert low <= high
    with (out / "table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["domain"] for row in rows][-1] == "mean"
    assert float(rows[-1]["edge"]) == pytest.approx(found["table"]["mean"]["edge"])
    for name in ("accuracy", "reliability", "risk"):
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert found["baselines"]["FogGen, expected"]["auroc"] == pytest.approx(
        found["table"]["mean"]["auroc"]
    )


def test_recorded_answers_take_the_clouds_place(tmp_path: Path) -> None:
    questions = [keyed(question) for question in islice(generate(2026, "test"), 70)]
    file = tmp_path / "cloud.jsonl"
    file.write_text(
        "".join(json.dumps({"id": q.id, "answer": "ABCD"[q.answer]}) + "\n" for q in questions),
        "utf-8",
    )
    result = CliRunner().invoke(
        app, ["evaluate", "starter", "--number", "70", "--cloud", str(file), "--json"]
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["table"]["mean"]["cloud_only"] == 1
    assert "cloud.jsonl" in found["cloud"]
