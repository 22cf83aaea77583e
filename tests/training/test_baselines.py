"""What FogGen is compared with: every baseline by hand on few questions, and all of them on a model."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

from typer.testing import CliRunner

from foggen.confidence.labelled import Keyed
from foggen.confidence.metrics import auroc, macro
from foggen.config import STARTER
from foggen.engine.engine import Engine
from foggen.question.question import Question
from foggen.store.models import locate
from foggen_training.cli import app
from foggen_training.evaluation.baselines import (
    domain_prior,
    foggen,
    folds,
    letter_asked_alone,
    letter_of_base,
    letter_same_pass,
    self_consistency,
    surface,
)
from foggen_training.evaluation.outcomes import Outcome, measure
from foggen_training.evaluation.rivals import all_rivals
from foggen_training.labels.gguf_reader import GgufReader
from foggen_training.labels.reading import Reading
from foggen_training.pools import generated
from foggen_training.starter.questions import generate, keyed
from foggen_training.starter.rows import PLAIN

OPTIONS = ["w", "x", "y", "z"]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def items(number: int, domains: tuple[str, ...] = ("law", "math")) -> list[Keyed]:
    return [
        Keyed(
            f"{domains[n % len(domains)]}-{n}",
            domains[n % len(domains)],
            Question.from_options(f"Which is {'9' * (n % 5)}?", OPTIONS),
            n % 4,
        )
        for n in range(number)
    ]


def plain(*shares: float) -> Reading:
    return Reading(np.full(5, 0.2), np.tile(shares, (5, 1)), 0, 0.5, 0.0, 50)


def test_folds_are_disjoint_and_whole() -> None:
    found = folds(items(100))
    assert sorted(np.concatenate(found)) == list(range(100))
    assert all(len(fold) > 5 for fold in found)


def outcome(answer: int, letter: float = 0.5, options: int = 4) -> Outcome:
    return Outcome("a", "law", 0, 0.75, 0.7, int(answer == 0), 1, answer, options, letter)


def test_a_domain_prior_is_one_score_a_domain() -> None:
    questions = items(200)
    edge = np.array([float(item.domain == "law") for item in questions])
    prior = domain_prior(questions, edge)
    assert list(prior.scores) == list(edge)
    luck = np.random.default_rng(1).integers(0, 2, 200).astype(float)
    scores = domain_prior(questions, luck).scores
    for name in ("law", "math"):
        own = np.array([item.domain == name for item in questions])
        assert set(scores[own]) == {luck[own].mean()}


def varied(number: int, seed: int) -> list[Keyed]:
    """Questions whose looks say nothing, in four domains."""
    random = np.random.default_rng(seed)
    names = ("law", "math", "coding", "finance")
    return [
        Keyed(
            f"{n}",
            names[n % 4],
            Question.from_options(
                f"Which {'x' * random.integers(1, 60)} {random.integers(999)}?",
                [f"{n}", "bb" * random.integers(1, 5), "c", "d"],
            ),
            n % 4,
        )
        for n in range(number)
    ]


def test_surface_features_find_what_can_be_seen() -> None:
    questions = items(400)
    digits = np.array([sum(c.isdigit() for c in item.question.stem) for item in questions])
    seen = surface(questions, (digits > 2).astype(float))
    assert auroc(seen.scores, digits > 2) > 0.98
    assert surface(questions, np.ones(400)).scores.std() == 0


def test_surface_features_that_say_nothing_rank_nothing() -> None:
    """Scores of other folds alone rank luck backwards: 0.45 at 100 questions a domain."""
    values = []
    for seed in range(6):
        questions = varied(400, seed)
        luck = (np.random.default_rng(100 + seed).random(400) < 0.6).astype(float)
        scores = surface(questions, luck).scores
        names = np.array([item.domain for item in questions])
        values += [macro(auroc(scores[names == n], luck[names == n]) for n in set(names))]
    assert np.mean(values) == pytest.approx(0.5, abs=0.03)


def test_the_letter_of_the_same_pass_ranks_foggens_own_answers() -> None:
    rows = [outcome(0, 0.9), outcome(1, 0.4)]
    letter = letter_same_pass(rows)
    assert list(letter.scores) == [0.9, 0.4]
    assert list(letter.edge) == [1, 0]
    assert letter.passes == 1


def test_the_letter_of_the_base_is_its_probability_of_foggens_answer() -> None:
    base = [plain(0.7, 0.1, 0.1, 0.1), plain(0.2, 0.3, 0.4, 0.1), plain(0.25, 0.25, 0.25, 0.25)]
    letter = letter_of_base([outcome(0), outcome(1), outcome(-1)], base)
    assert letter.scores == pytest.approx([0.7, 0.3, 0.0])
    assert list(letter.edge) == [1, 0, 0]
    assert letter.passes == 2


def test_the_letter_asked_alone_keeps_its_own_answer() -> None:
    letter = letter_asked_alone(items(2), [plain(0.7, 0.1, 0.1, 0.1), plain(0.2, 0.3, 0.4, 0.1)])
    assert letter.scores == pytest.approx([0.7, 0.4])
    assert list(letter.edge) == [1, 0]
    assert letter.passes == 1


def test_foggen_is_ranked_by_what_it_says_and_routed_as_the_product_does() -> None:
    """With more than four options only a confidence of 1.0 keeps an answer."""
    sure = replace(outcome(0, options=5), confidence=1.0, expected=0.98)
    bucket, expected = foggen([outcome(0), outcome(0, options=5), sure])
    assert list(bucket.scores) == [0.75, 0.75, 1.0]
    assert list(bucket.order) == [0.75, -1.0, 1.0]
    assert list(expected.scores) == [0.7, 0.7, 0.98]
    assert list(expected.order) == [0.7, -1.0, -1.0]


def test_self_consistency_counts_agreement_of_eight() -> None:
    found = self_consistency(items(2), [plain(1, 0, 0, 0), plain(0.25, 0.25, 0.25, 0.25)])
    assert found.scores[0] == 1
    assert found.scores[1] in {n / 8 for n in range(2, 8)}
    assert found.passes == 8


# --- all of them on a model ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def starter() -> Engine:
    with Engine(locate(STARTER)[1]) as engine:
        yield engine


def test_what_the_model_did_not_give_is_left_out_with_a_note(starter: Engine) -> None:
    questions = generated(5, "test", 21)
    reader = GgufReader(starter, starter.contract.with_system_prompt(PLAIN.system_prompt))
    outcomes = measure(starter, questions)
    base = reader.read_raw(questions)
    whole = all_rivals(reader, questions, outcomes, base, shots=False)
    assert [b.name for b in whole.baselines] == [
        "FogGen, bucket",
        "FogGen, expected",
        "letter, same pass",
        "letter of the base",
        "letter, asked alone",
        "self-consistency",
        "domain prior",
        "surface features",
        "AutoMix",
    ]
    own = np.mean([one.answer == item.answer for one, item in zip(base, questions, strict=True)])
    assert any(f"whose own answers are right in {own:.1%}" in note for note in whole.notes)
    silent = [replace(one, answer=-1, letter=-1.0) for one in outcomes[:2]] + outcomes[2:]
    less = all_rivals(reader, questions, silent, None, shots=False)
    names = {b.name for b in less.baselines}
    assert not names & {"AutoMix", "letter, same pass", "letter of the base"}
    assert any("2 of 21 questions have no answer to verify" in note for note in less.notes)
    assert any("without probabilities" in note for note in less.notes)


def test_a_gguf_and_its_readings_give_the_same_letter(starter: Engine) -> None:
    questions = generated(6, "test", 7)
    reader = GgufReader(starter, starter.contract)
    for one, reading in zip(measure(starter, questions), reader.read(questions), strict=True):
        assert one.letter == pytest.approx(reading.labels[reading.bucket].max(), abs=0.01)


# --- the command ---------------------------------------------------------------------------------


def test_evaluate_writes_tables_and_plots_of_all_baselines(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(
        app, ["evaluate", "starter", "--number", "140", "--baselines", "-o", str(out)]
    )
    assert result.exit_code == 0, result.output
    names = [
        "random",
        "FogGen, bucket",
        "FogGen, expected",
        "letter, same pass",
        "letter, asked alone",
        "self-consistency",
        "domain prior",
        "surface features",
        "AutoMix",
        "oracle",
    ]
    found = json.loads((out / "evaluation.json").read_text("utf-8"))
    assert list(found["baselines"]) == names
    assert [row["passes"] for row in found["baselines"].values()] == [1, 1, 1, 1, 1, 8, 0, 0, 9, 1]
    assert all(f"| {name} |" in result.stdout for name in names)
    for low, high in found["intervals"].values():
        assert low < high
    assert found["who_wins"].startswith("FogGen's bucket, which routes, ")
    assert result.stdout.count(" by AUROC, ") == 4  # two clouds, bucket and expected
    with (out / "table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["domain"] for row in rows].count("mean") == 2
    assert rows[7]["cloud"] == found["cloud"]
    assert float(rows[7]["system"]) == pytest.approx(found["table"]["mean"]["system"])
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
