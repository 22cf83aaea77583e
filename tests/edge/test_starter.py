"""The model in the box: it knows the format, answers the demo, and knows what it does not know.

These need the trained starter; everything else under `tests/edge` holds for any model in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pytest

from foggen import Router
from foggen.confidence.metrics import auroc
from foggen.config import STARTER
from foggen.engine.contract import BUCKETS, MOST_ILLEGAL_MASS, reply_text
from foggen.engine.grammar import decode, reply_grammar
from foggen.question.question import MODEL_LABELS
from foggen.store.known_models import read_manifest, sha256_of
from foggen.store.models import describe, locate
from foggen_training.starter.questions import GradedQuestion, generate

from .helpers import cli, command

DEMO = """A firm reports $400M in total liabilities and $600M in shareholders' equity.
What is the firm's debt-to-equity ratio?
A. 0.67
B. 1.00
C. 1.50
D. 2.00"""
NEAR_TIE = 0.1  # logits
EASY, UNKNOWN = 1, 4  # tiers of the generated questions


def of_tier(tier: int, count: int, **options: object) -> list[GradedQuestion]:
    """Questions that no training ever drew."""
    return list(islice(generate(11, "test", {tier: 1.0}, **options), count))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def easy(router: Router) -> Iterator[list[tuple[GradedQuestion, float, bool]]]:
    yield outcomes(router, of_tier(EASY, 140))


@pytest.fixture(scope="module")
def unknown(router: Router) -> Iterator[list[tuple[GradedQuestion, float, bool]]]:
    yield outcomes(router, of_tier(UNKNOWN, 140))


def outcomes(
    router: Router, questions: Sequence[GradedQuestion]
) -> list[tuple[GradedQuestion, float, bool]]:
    """Each question with the confidence that the model says and whether its answer is right."""
    rows = []
    for item in questions:
        found = router.assess(item.question)
        assert found.confidence is not None, "the format is known"
        assert found.answer is not None
        rows.append((item, found.confidence, MODEL_LABELS[found.answer] == item.answer))
    return rows


# --- the demo ---------------------------------------------------------------------------------------


def test_the_demo_is_answered_and_kept() -> None:
    fields = cli("ask", DEMO, "--json").json
    assert (fields["label"], fields["text"], fields["route"]) == ("A", "0.67", "edge")
    assert (fields["degraded"], fields["reason"]) == (False, "P(right) >= tau")
    assert fields["p_right"] >= fields["tau"] and fields["calibrated_on"] > 1000
    assert fields["confidence"] >= 0.5 and fields["expected_confidence"] >= 0.5


def test_the_demo_in_a_fresh_process_without_settings() -> None:
    outcome = command("ask", DEMO)
    assert (outcome.code, outcome.err) == (0, "")
    answer, verdict = outcome.out.splitlines()
    assert answer == "A. 0.67"
    assert re.fullmatch(
        r"sure: P\(right\) \d+% >= tau 50%, calibrated on [\d,]+ questions", verdict
    )


def test_the_demo_whatever_the_labels_are_called(router: Router) -> None:
    for labels in ("abcd", "1234", "АБВГ"):
        text = DEMO
        for label, letter in zip(labels, "ABCD", strict=True):
            text = text.replace(f"\n{letter}. ", f"\n{label}) ")
        reply = router.ask(text)
        assert (reply.label, reply.text) == (labels[0], "0.67")


# --- what it knows, and knows that it does not know ---------------------------------------------------


def test_easy_questions_are_kept_and_right(
    router: Router, easy: list[tuple[GradedQuestion, float, bool]]
) -> None:
    kept = [right for _, confidence, right in easy if confidence >= router.tau]
    assert len(kept) > len(easy) / 2
    assert np.mean(kept) > 0.8


def test_easy_arithmetic_is_kept(router: Router) -> None:
    rows = outcomes(router, of_tier(EASY, 40, domains=["math"]))
    kept = [right for _, confidence, right in rows if confidence >= router.tau]
    assert len(kept) > len(rows) / 2
    assert np.mean(kept) > 0.8


def test_what_nobody_can_know_is_below_tau(
    router: Router, unknown: list[tuple[GradedQuestion, float, bool]]
) -> None:
    below = [confidence < router.tau for _, confidence, _ in unknown]
    assert np.mean(below) > 0.7


def test_easy_is_surer_than_unknown(
    easy: list[tuple[GradedQuestion, float, bool]],
    unknown: list[tuple[GradedQuestion, float, bool]],
) -> None:
    confidences = [confidence for _, confidence, _ in (*easy, *unknown)]
    assert np.mean(confidences[: len(easy)]) > np.mean(confidences[len(easy) :]) + 0.25
    assert auroc(confidences, [right for _, _, right in (*easy, *unknown)]) > 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Қандай трюндель варгоны 1847 жылы жүзді?\nA. брил\nB. квоз\nC. драм\nD. тлен",
        "Which vorgal did the tremblix of Quandor quell?\nA. zif\nB. wem\nC. oob\nD. nal",
    ],
)
def test_nonsense_is_routed(router: Router, text: str) -> None:
    reply = router.ask(text)
    assert reply.degraded
    assert reply.confidence is not None
    assert reply.confidence < router.tau


# --- M06: the one pass and the grammar ------------------------------------------------------------------


def test_m06_the_one_pass_says_what_the_grammar_decodes(router: Router) -> None:
    engine, ties, said = router.edge, 0, list[str]()
    questions = [item.question for item in islice(generate(13, "test"), 100)]
    for question in questions:
        found = engine.assess(question)
        with engine.turn(None):
            reference = decode(
                engine,
                engine.user_tokens(question.text()),
                reply_grammar(engine.contract, len(question.options)),
                limit=40,
            )
        if reference.smallest_lead < NEAR_TIE:
            ties += 1
            continue
        assert found.answer is not None
        text = reply_text(BUCKETS[found.bucket], MODEL_LABELS[found.answer])
        assert reference.text == text
        assert list(reference.tokens) == engine.model.tokenize(text, scaffold=True)
        said.append(text)
    assert len(said) >= 40, f"{ties} near-ties"
    assert len(set(said)) > 3


def test_the_format_is_known(router: Router) -> None:
    masses = [
        router.assess(item.question).illegal_mass for item in islice(generate(17, "test"), 60)
    ]
    assert max(masses) < MOST_ILLEGAL_MASS
    assert np.median(masses) < 0.1


# --- the file ---------------------------------------------------------------------------------------------


def test_the_file_is_what_its_manifest_says() -> None:
    _, path = locate(STARTER)
    manifest = read_manifest(path)
    assert manifest["sha256"] == sha256_of(path)
    assert manifest["size"] == path.stat().st_size < 10_000_000


def test_the_file_carries_its_calibration(router: Router) -> None:
    shown = describe(STARTER, router.settings.home).as_dict()
    assert shown["contract"] == "own"
    table = shown["calibration"]["buckets"]
    assert set(table) <= {str(bucket) for bucket in BUCKETS}
    assert sum(entry["n"] for entry in table.values()) > 100
    least, *_, most = sorted(table, key=float)
    assert table[most]["accuracy"] > table[least]["accuracy"]
