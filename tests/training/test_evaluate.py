"""`foggen_training.evaluation.outcomes` and its command: the rows in, the figures against hand-made ones."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from foggen.confidence.labelled import Keyed, read_questions
from foggen.confidence.metrics import lift, macro
from foggen.engine.engine import Engine
from foggen.errors import ModelFileError, NoQuestionError, QuestionError
from foggen.question.question import Question
from foggen.routing.rule import Route, decide, effective_tau
from foggen_training.cli import app
from foggen_training.evaluation.clouds import (
    AS_PUBLISHED,
    AT_CHANCE,
    CARD_ACCURACY,
    CARD_MEAN,
    AnswerKey,
    CloudOptions,
    clouds_for,
)
from foggen_training.evaluation.intervals import Columns
from foggen_training.evaluation.outcomes import Outcome, measure
from foggen_training.evaluation.tables import COLUMNS, as_markdown, below_tau, summarize
from foggen_training.gate import figures
from foggen_training.labels.gguf_reader import GgufReader
from foggen_training.recipe import DOMAINS
from foggen_training.starter.questions import generate

from ..edge.scripted_model import SURE, Script, write_model

ROW = {"id": "q1", "domain": "law", "question": "Which?", "options": ["x", "y"], "answer": "B"}
NAN = float("nan")


def lines(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


# --- rows ---------------------------------------------------------------------------------------


def test_rows_are_read_with_their_keys(file: Path) -> None:
    more = {
        "id": 7,
        "domain": "math",
        "question": "2 + 2?",
        "options": ["4", "5", "6"],
        "answer": "a",
        "tier": 2,
        "source": "made up",
    }
    file.write_text(lines(ROW, "", more), "utf-8")
    first, second = read_questions(file)
    assert (first.id, first.domain, first.answer, first.tier) == ("q1", "law", 1, 0)
    assert first.question.options == ("x", "y")
    assert (second.id, second.domain, second.answer, second.tier) == ("7", "math", 0, 2)


def test_a_row_without_an_id_is_named_by_its_place(file: Path) -> None:
    file.write_text(lines({"question": "Which?", "options": ["x", "y"], "answer": "B"}), "utf-8")
    (item,) = read_questions(file)
    assert (item.id, item.domain) == (f"{file}:1", "")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_a_line_ends_at_a_newline_and_nowhere_else(file: Path, separator: str) -> None:
    first = ROW | {"question": f"First.{separator}Which?"}
    rows = "".join(
        json.dumps(row, ensure_ascii=False) + "\n" for row in (first, ROW | {"id": "q2"})
    )
    file.write_text(rows, "utf-8")
    assert len(read_questions(file)) == 2


def test_an_id_that_comes_twice_is_refused_with_both_lines(file: Path) -> None:
    file.write_text(f"{json.dumps(ROW)}\n\n{json.dumps(ROW)}\n", "utf-8")
    with pytest.raises(QuestionError) as caught:
        read_questions(file)
    assert f"{file}:3" in caught.value.message
    assert f"{file}:1" in caught.value.message


BAD_ROWS: dict[str, tuple[object, str]] = {
    "no JSON": ('{"id": ', "JSONDecodeError"),
    "a list": ([1, 2], "every row needs"),
    "no answer": ({k: v for k, v in ROW.items() if k != "answer"}, "'answer'"),
    "an answer outside the options": (ROW | {"answer": "C"}, "'C'"),
    "an answer of a number": (ROW | {"answer": 1}, "answer 1"),
    "no question": ({k: v for k, v in ROW.items() if k != "question"}, "question"),
    "an empty question": (ROW | {"question": " "}, "no question"),
    "one option": (ROW | {"options": ["x"]}, "one option"),
    "an option of a number": (ROW | {"options": ["x", 2]}, r"options\[1\]"),
    "no options": (ROW | {"options": None}, "no options"),
    "a tier that is no number": (ROW | {"tier": "hard"}, "hard"),
}


@pytest.mark.parametrize(("row", "words"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_named_by_file_and_line(file: Path, row: object, words: str) -> None:
    file.write_text(lines(ROW, "", row, ROW), "utf-8")
    with pytest.raises(QuestionError, match=words) as caught:
        read_questions(file)
    assert f"{file}:3: " in str(caught.value)
    assert caught.value.hint


def test_a_file_that_is_not_there_or_not_utf8_is_named(file: Path) -> None:
    with pytest.raises(NoQuestionError, match=re.escape(str(file))):
        read_questions(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(QuestionError, match=re.escape(str(file))):
        read_questions(file)
    with pytest.raises(NoQuestionError, match=re.escape(str(file.parent))):
        read_questions(file.parent)


# --- the cloud ----------------------------------------------------------------------------------


def cloud_is_right(identifier: str, domain: str) -> int:
    question = Question.from_options("Which?", ["a", "b"])
    return AnswerKey().is_right(Keyed(identifier, domain, question, 0))


def test_the_clouds_answers_are_the_same_on_every_machine() -> None:
    drawn = "".join(str(cloud_is_right(f"law-{n}", "law")) for n in range(40))
    assert drawn == "1110110111110111111101111101101101100110"


@pytest.mark.parametrize("domain", [*CARD_ACCURACY, "astrology"])
def test_the_cloud_is_right_about_as_often_as_the_card_says(domain: str) -> None:
    rate = CARD_ACCURACY.get(domain, CARD_MEAN)
    found = np.mean([cloud_is_right(f"{domain}-{n}", domain) for n in range(20_000)])
    assert abs(found - rate) < 4 * math.sqrt(rate * (1 - rate) / 20_000)


def test_the_domains_are_those_of_the_recipe() -> None:
    assert set(CARD_ACCURACY) == set(DOMAINS)
    assert macro(CARD_ACCURACY) == pytest.approx(CARD_MEAN, abs=0.001)


def unknowable(number: int, options: int = 4) -> Keyed:
    question = Question.from_options("Which?", [str(n) for n in range(options)])
    return Keyed(f"law-{number}", "law", question, 0, tier=4)


@pytest.mark.parametrize("options", [2, 4, 10])
def test_at_chance_the_cloud_guesses_what_nobody_can_know(options: int) -> None:
    right = np.mean([AT_CHANCE.is_right(unknowable(n, options)) for n in range(20_000)])
    assert abs(right - 1 / options) < 4 * math.sqrt(1 / options / 20_000)
    everywhere = np.mean([AS_PUBLISHED.is_right(unknowable(n, options)) for n in range(20_000)])
    assert abs(everywhere - CARD_ACCURACY["law"]) < 0.02


def test_where_something_can_be_known_both_clouds_are_one() -> None:
    for tier in (0, 1, 2, 3):
        for number in range(300):
            item = replace(unknowable(number), tier=tier)
            assert AT_CHANCE.is_right(item) == AS_PUBLISHED.is_right(item)
    assert AT_CHANCE.name != AS_PUBLISHED.name
    assert "chance on tier 4" in AT_CHANCE.name


def test_the_cloud_at_chance_comes_first_where_there_are_such_questions() -> None:
    known = replace(unknowable(0), tier=3)
    assert clouds_for(CloudOptions(), [known, unknowable(1)]) == (AT_CHANCE, AS_PUBLISHED)
    assert clouds_for(CloudOptions(), [known]) == (AS_PUBLISHED,)


# --- figures ------------------------------------------------------------------------------------

MATH = (
    #       id, domain, tier, confidence, expected, edge, cloud
    Outcome("a", "math", 1, 1.00, 0.9, 1, 0),
    Outcome("b", "math", 1, 0.75, 0.6, 0, 1),
    Outcome("c", "math", 2, 0.25, 0.3, 0, 1),
    Outcome("d", "math", 2, 0.00, 0.1, 1, 1),
)
LAW = (
    Outcome("e", "law", 0, 0.50, 0.45, 1, 0),  # at tau: stays on the edge
    Outcome("f", "law", 0, 1.00, 0.95, 1, 0),
)
# Worked out by hand at tau 0.5.
MATH_FIGURES = {
    "n": 4,
    "cloud_only": 3 / 4,
    "edge": 2 / 4,
    "random": 1 / 2 * 2 / 4 + 1 / 2 * 3 / 4,
    "system": (1 + 0 + 1 + 1) / 4,
    "lift": 3 / 4 - 5 / 8,
    "cloud_share": 2 / 4,
    "lift_expected": 3 / 4 - 5 / 8,
    "cloud_share_expected": 2 / 4,
    "auroc": 2 / 4,  # .9 above .6 and .3; .1 above neither
    "auroc_bucket": 2 / 4,
    "auroc_in_tier": (1 + 0) / 2,
    "ece": (0 + 0.75 + 0.25 + 1) / 4,
    "ece_expected": (0.1 + 0.6 + 0.3 + 0.9) / 4,
    "brier": (0.01 + 0.36 + 0.09 + 0.81) / 4,
    "kept_accuracy": 1 / 2,
}
LAW_FIGURES = {
    "n": 2,
    "cloud_only": 0,
    "edge": 1,
    "random": 1,
    "system": 1,
    "lift": 0,
    "cloud_share": 0,
    "lift_expected": 1 / 2 - 1 / 2,
    "cloud_share_expected": 1 / 2,
    "auroc": NAN,
    "auroc_bucket": NAN,
    "auroc_in_tier": NAN,
    "ece": 1 / 4,
    "ece_expected": (0.55 + 0.05) / 2,
    "brier": (0.55**2 + 0.05**2) / 2,
    "kept_accuracy": 1,
}


def test_figures_are_those_worked_out_by_hand() -> None:
    table = summarize([*MATH, *LAW], 0.5)
    assert list(table) == ["math", "law", "mean"]
    assert table["math"] == pytest.approx(MATH_FIGURES)
    assert table["law"] == pytest.approx(LAW_FIGURES, nan_ok=True)


def test_a_mean_is_the_mean_of_the_domains_never_pooled() -> None:
    mean = summarize([*MATH, *LAW], 0.5)["mean"]
    assert mean["n"] == 6
    for key in MATH_FIGURES.keys() - {"n"}:
        known = [row[key] for row in (MATH_FIGURES, LAW_FIGURES) if not math.isnan(row[key])]
        assert mean[key] == pytest.approx(sum(known) / len(known)), key
    assert mean["edge"] == 3 / 4  # 4 of 6 are right
    assert mean["system"] == pytest.approx(7 / 8)


def test_tau_decides_what_is_routed() -> None:
    shares = [summarize(MATH, tau)["math"]["cloud_share"] for tau in (0.0, 0.25, 0.5, 0.76, 1.0)]
    assert shares == [0, 1 / 4, 2 / 4, 3 / 4, 3 / 4]
    assert math.isnan(summarize(MATH[1:], 1.0)["math"]["kept_accuracy"])  # nothing is kept


def test_no_confidence_is_below_every_tau_and_no_probability() -> None:
    silent = Outcome("s", "math", 1, -1.0, -1.0, 1, 1)
    row = summarize([silent], 0.0)["math"]
    assert row["cloud_share"] == row["cloud_share_expected"] == 1
    assert row["ece"] == row["ece_expected"] == row["brier"] == 1


def test_no_confidence_is_no_bucket_of_a_round() -> None:
    """It does not count in the entropy; in what confidence is above accuracy it expected nothing."""
    silent = [Outcome("s", "math", 1, -1.0, -1.0, 1, 1)]
    for extra in ([], silent, 9 * silent):
        found = figures([*MATH, *extra], 0.5)
        assert found["entropy"] == pytest.approx(math.log(4) / math.log(5))
        difference = (0.9 + 0.6 + 0.3 + 0.1 - 2 - len(extra)) / (4 + len(extra))
        assert found["confidence_minus_accuracy"] == pytest.approx(difference)
    assert figures(silent, 0.5)["entropy"] == 0


@pytest.mark.parametrize("seed", range(5))
def test_lift_is_the_covariance_of_routing_and_what_the_cloud_is_better_by(seed: int) -> None:
    random = np.random.default_rng(seed)
    outcomes = [
        Outcome(str(n), "math", 0, float(bucket), float(bucket), int(edge), int(cloud))
        for n, (bucket, edge, cloud) in enumerate(
            zip(
                random.integers(0, 5, 300) / 4,
                random.integers(0, 2, 300),
                random.random(300) < 0.7,
                strict=True,
            )
        )
    ]
    routed = np.array([outcome.confidence < 0.5 for outcome in outcomes], dtype=float)
    better = np.array([outcome.cloud - outcome.edge for outcome in outcomes])
    covariance = np.cov(routed, better, bias=True)[0, 1]
    assert summarize(outcomes, 0.5)["math"]["lift"] == pytest.approx(covariance, abs=1e-12)
    edge, cloud = [o.edge for o in outcomes], [o.cloud for o in outcomes]
    assert lift(routed, edge, cloud) == pytest.approx(covariance, abs=1e-12)


def options(number: int, confidence: float, expected: float) -> Outcome:
    return Outcome("a", "math", 0, confidence, expected, 1, 1, options=number)


@pytest.mark.parametrize("tau", [0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("confidence", [-1.0, 0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("number", [2, 4, 5, 10])
def test_what_is_routed_is_what_the_product_would_route(
    tau: float, confidence: float, number: int
) -> None:
    said = None if confidence < 0 else confidence
    route = decide(said, effective_tau(tau, number)).route
    one = options(number, confidence, confidence)
    assert (one.compared_confidence < tau) == (route is Route.CLOUD)
    assert (one.compared_expected < tau) == (route is Route.CLOUD)
    assert summarize([one], tau)["math"]["cloud_share"] == (route is Route.CLOUD)
    assert below_tau([one], tau)["math"] == (route is Route.CLOUD)
    assert Columns([one], tau).routed[0] == (route is Route.CLOUD)


def test_above_four_options_a_confidence_still_counts_where_it_is_only_ranked() -> None:
    """AUROC and ECE are of what the model said, not of what the rule makes of it."""
    rows = [options(5, 0.75, 0.7), replace(options(5, 0.25, 0.3), edge=0)]
    found = summarize(rows, 0.5)["math"]
    assert found["auroc"] == found["auroc_bucket"] == 1
    assert found["ece"] == 0.25
    assert math.isnan(found["kept_accuracy"])


def test_shares_below_tau_are_per_domain_and_their_mean() -> None:
    assert below_tau([*MATH, *LAW], 0.5) == {"math": 0.5, "law": 0.0, "mean": 0.25}
    assert below_tau([*MATH, *LAW], 1.0) == {"math": 0.75, "law": 0.5, "mean": 0.625}


def test_the_table_has_a_row_for_each_domain_and_the_mean_in_bold() -> None:
    table = summarize([*MATH, *LAW], 0.5)
    head, rule, *rows = as_markdown(table).splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in (head, rule, *rows)]
    assert {len(row) for row in cells} == {1 + len(COLUMNS)}
    assert cells[0] == ["Domain", *COLUMNS.values()]
    assert set("".join(cells[1])) == set("-:")
    shown = {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in cells[2:]}
    assert list(shown) == ["Math", "Law", "**Mean**"]
    assert shown["Math"] == {
        "n": "4",
        "cloud_only": "75.0%",
        "edge": "50.0%",
        "random": "62.5%",
        "system": "75.0%",
        "lift": "+12.5",
        "cloud_share": "50.0%",
        "auroc": "0.500",
        "auroc_in_tier": "0.500",
        "ece": "0.500",
        "brier": "0.318",
        "kept_accuracy": "50.0%",
    }
    assert shown["Law"]["auroc"] == "-"
    assert shown["**Mean**"]["lift"] == "**+6.2**"
    assert as_markdown({"kazakh_culture": table["law"]}).splitlines()[2].startswith("| Kazakh cult")


# --- the command --------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that says 0.25 and B, and 1.0 where a question has the mark of what it is sure of."""
    path = tmp_path_factory.mktemp("scripted") / "scripted.gguf"
    return write_model(path, Script(bucket=0.25, answer="B"))


def row(number: int, domain: str, answer: str, sure: bool) -> dict[str, Any]:
    stem = f"{SURE if sure else ''} Which is number {number}?"
    return {
        "id": f"{domain}-{number}",
        "domain": domain,
        "question": stem,
        "options": ["w", "x", "y", "z"],
        "answer": answer,
    }


ROWS: Sequence[dict[str, Any]] = (
    row(0, "law", "B", True),
    row(1, "law", "A", True),
    row(2, "law", "B", False),
    row(3, "law", "C", False),
    row(4, "math", "B", True),
    row(5, "math", "D", False),
)


def test_a_model_is_measured_through_the_engine_that_ships(scripted: Path, file: Path) -> None:
    file.write_text(lines(*ROWS), "utf-8")
    told: list[int] = []
    with Engine(scripted) as engine:
        outcomes = measure(engine, read_questions(file), lambda: told.append(1))
    assert [outcome.confidence for outcome in outcomes] == [1.0, 1.0, 0.25, 0.25, 1.0, 0.25]
    assert [outcome.edge for outcome in outcomes] == [1, 0, 1, 0, 1, 0]
    assert [o.cloud for o in outcomes] == [cloud_is_right(r["id"], r["domain"]) for r in ROWS]
    assert len(told) == len(ROWS)


def test_a_model_that_does_not_speak_the_format_has_no_confidence(tmp_path: Path) -> None:
    path = write_model(tmp_path / "mute.gguf", Script(speaks=False))
    (tmp_path / "rows.jsonl").write_text(lines(ROWS[0]), "utf-8")
    with Engine(path) as engine:
        (outcome,) = measure(engine, read_questions(tmp_path / "rows.jsonl"))
    assert (outcome.confidence, outcome.expected) == (-1.0, -1.0)


@pytest.fixture
def by_letters(tmp_path: Path) -> Path:
    """A model without a contract; it says B with a probability of 0.71 among four letters."""
    return write_model(tmp_path / "letters.gguf", Script(letters=True, answer="B", lead=2.0))


def test_a_model_without_a_contract_is_measured_by_its_letter(by_letters: Path, file: Path) -> None:
    rows = [{**one, "question": one["question"].replace(SURE, "")} for one in ROWS]
    file.write_text(lines(*rows), "utf-8")
    with Engine(by_letters) as engine:
        outcomes = measure(engine, read_questions(file))
    assert [outcome.edge for outcome in outcomes] == [1, 0, 1, 0, 1, 0]
    for outcome in outcomes:
        assert outcome.confidence == outcome.expected == outcome.letter
        assert outcome.letter == pytest.approx(0.711, abs=1e-3)
    result = run("evaluate", by_letters, "--data", file, "--json", "--tau", "0.7")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["below_tau"] == {"law": 0.0, "math": 0.0, "mean": 0.0}
    assert any("not trained to say a confidence" in note for note in found["notes"])
    own = json.loads(run("evaluate", by_letters, "--data", file, "--json").stdout)
    assert (own["tau"], own["below_tau"]["mean"]) == (1.0, 1.0)  # it keeps nothing


def test_the_closed_form_of_a_confidence_that_is_not_said_is_refused(
    by_letters: Path, file: Path
) -> None:
    file.write_text(lines(ROWS[0]), "utf-8")
    with Engine(by_letters) as engine:
        reader = GgufReader(engine, engine.contract)
        assert reader.read_raw(read_questions(file))  # the letter alone can be read
        with pytest.raises(ModelFileError, match="says no confidence"):
            reader.read(read_questions(file))


def test_evaluate_prints_one_json_object(scripted: Path, file: Path) -> None:
    file.write_text(lines(*ROWS), "utf-8")
    result = run("evaluate", scripted, "--data", file, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    found = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert found["tau"] == 0.5
    assert found["below_tau"] == {"law": 0.5, "math": 0.5, "mean": 0.5}
    law = found["table"]["law"]
    assert (law["n"], law["edge"], law["cloud_share"], law["kept_accuracy"]) == (4, 0.5, 0.5, 0.5)
    assert law["auroc_bucket"] == 0.5
    assert law["auroc_in_tier"] is None  # the rows have no tiers
    assert found["table"]["math"]["kept_accuracy"] == 1
    assert found["table"]["mean"]["kept_accuracy"] == 0.75
    assert [outcome["id"] for outcome in found["outcomes"]] == [row["id"] for row in ROWS]


def test_evaluate_prints_the_table_for_people(scripted: Path, file: Path) -> None:
    file.write_text(lines(*ROWS), "utf-8")
    result = run("evaluate", scripted, "--data", file)
    assert result.exit_code == 0
    assert result.stdout.count("| Domain | n |") == 1
    assert "A cloud at the published rates everywhere" in result.stdout
    assert "a cloud at chance on such ones would be the same" in result.stdout
    assert "below tau 0.5: law 50.0%, math 50.0%, mean 50.0%" in result.stdout


def test_generated_questions_are_shown_beside_both_clouds_the_honest_one_first(
    scripted: Path,
) -> None:
    text = run("evaluate", scripted, "--number", 140, "--seed", 5).stdout
    chance = text.index("A cloud at chance where nothing can be known")
    assert chance < text.index("| Domain |") < text.index("A cloud at the published rates")
    found = json.loads(run("evaluate", scripted, "--number", 140, "--seed", 5, "--json").stdout)
    assert "at chance on tier 4" in found["cloud"]
    (other,) = found["beside_other_clouds"]
    first, second = found["table"]["mean"], other["table"]["mean"]
    assert first["cloud_only"] < second["cloud_only"] - 0.05
    assert first["edge"] == second["edge"]
    assert first["system"] < second["system"]
    assert [one["options"] for one in found["outcomes"]] == [4] * 140


def test_five_options_go_to_the_cloud_and_the_text_says_so(scripted: Path, file: Path) -> None:
    rows = [row(n, "law", "B", sure=n < 2) | {"options": list("vwxyz")} for n in range(4)]
    file.write_text(lines(*rows), "utf-8")
    arguments = ["evaluate", scripted, "--data", file, "-t", "0.2"]
    found = json.loads(run(*arguments, "--json").stdout)
    assert found["table"]["law"]["cloud_share"] == 0.5  # 0.25 is above tau, and not 1.0
    assert "4 of 4 questions have more than four options" in run(*arguments).stdout


def test_tau_and_several_files_change_the_tables(scripted: Path, tmp_path: Path) -> None:
    for name, rows in (("one", ROWS[:4]), ("two", ROWS[4:])):
        (tmp_path / f"{name}.jsonl").write_text(lines(*rows), "utf-8")
    arguments = ["evaluate", scripted, "--data", tmp_path / "one.jsonl", "--json"]
    only = json.loads(run(*arguments).stdout)
    assert set(only["table"]) == {"law", "mean"}
    both = json.loads(run(*arguments, "--data", tmp_path / "two.jsonl", "-t", "0.2").stdout)
    assert set(both["table"]) == {"law", "math", "mean"}
    assert both["tau"] == 0.2
    assert both["below_tau"] == {"law": 0, "math": 0, "mean": 0}


def test_without_files_the_test_split_is_asked(scripted: Path) -> None:
    found = json.loads(run("evaluate", scripted, "--number", 70, "--seed", 5, "--json").stdout)
    assert {name: row["n"] for name, row in found["table"].items()} == {
        **dict.fromkeys(DOMAINS, 10),
        "mean": 70,
    }
    expected = [question.id for question in islice(generate(5, "test"), 70)]
    assert [outcome["id"] for outcome in found["outcomes"]] == expected
    assert {outcome["tier"] for outcome in found["outcomes"]} == {1, 2, 3, 4}


def test_what_cannot_be_evaluated_is_one_line_and_an_exit_code(
    scripted: Path, file: Path, tmp_path: Path
) -> None:
    file.write_text(lines(ROW | {"answer": "Z"}), "utf-8")
    good, empty = tmp_path / "good.jsonl", tmp_path / "empty.jsonl"
    good.write_text(lines(ROW), "utf-8")
    empty.write_text("\n", "utf-8")
    for arguments, code, words in (
        ((scripted, "--data", file), 65, f"{file}:1"),
        ((scripted, "--data", empty), 66, "no questions"),
        ((scripted, "--data", tmp_path / "nowhere"), 66, "nowhere"),
        ((tmp_path / "no.gguf", "--data", good), 78, "no.gguf"),
        ((scripted, "--number", "70", "-t", "1.5"), 2, "1.5"),
    ):
        result = run("evaluate", *arguments)
        assert (result.exit_code, result.stdout) == (code, ""), arguments
        (line,) = result.stderr.splitlines()
        assert words in line
        assert "a bug" not in line


def test_questions_are_printed_as_rows_that_evaluate_reads(file: Path) -> None:
    result = run("questions", "--number", 21, "--seed", 7, "--split", "test")
    assert (result.exit_code, result.stderr) == (0, "")
    expected = list(islice(generate(7, "test"), 21))
    assert [json.loads(line) for line in result.stdout.split("\n")[:-1]] == [
        question.row("test") for question in expected
    ]
    file.write_text(result.stdout, "utf-8")
    items = read_questions(file)
    assert [item.question.options[item.answer] for item in items] == [
        question.answer_text for question in expected
    ]
    assert [item.tier for item in items] == [question.tier for question in expected]


def test_questions_are_of_the_training_split_unless_asked_otherwise() -> None:
    (line,) = run("questions", "--number", 1).stdout.splitlines()
    assert json.loads(line)["id"] == "train-1-0"
    other = run("questions", "--number", 1, "--split", "exam")
    assert (other.exit_code, other.stdout) == (2, "")
    assert "train, round, test" in other.stderr
