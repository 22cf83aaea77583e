"""The gate: what a round lost beyond luck, against the best round so far."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from foggen.confidence.metrics import auroc, macro
from foggen.engine.contract import BUCKETS
from foggen.errors import ConfigurationError
from foggen_training.evaluation.outcomes import Outcome
from foggen_training.gate import Reference, better, entropy, figures, judge
from foggen_training.paired import (
    Change,
    accuracy_lost,
    auroc_influence,
    changes,
    paired,
    ranking_change,
)
from foggen_training.recipe import GatePlan

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))  # as in `python bench/gate.py`

import gate as simulation

PLAN = GatePlan()

# "R14 raw" of the model cards of issai/foggen and issai/foggen-gemma3-270m: finance, science, coding,
# law, math, Kazakh culture, medical.
QWEN = (0.570, 0.569, 0.618, 0.553, 0.422, 0.913, 0.526)
GEMMA = (0.322, 0.304, 0.343, 0.317, 0.245, 0.437, 0.322)


def outcomes(answers: dict[str, Sequence[int]], expected: float | None = None) -> list[Outcome]:
    """Right (1) and wrong (0) answers by domain. Confidences run through the buckets, whatever the
    answer, if none is given."""
    return [
        Outcome(
            str(place),
            domain,
            0,
            BUCKETS[place % 5],
            BUCKETS[place % 5] if expected is None else expected,
            right,
            1,
        )
        for domain, rights in answers.items()
        for place, right in enumerate(rights)
    ]


def changed(lost: int, gained: int, both: int, neither: int) -> tuple[list[int], list[int]]:
    """One domain's answers before and now."""
    before = [1] * lost + [0] * gained + [1] * both + [0] * neither
    now = [0] * lost + [1] * gained + [1] * both + [0] * neither
    return before, now


def losses(before: list[Outcome], now: list[Outcome], **plan: float) -> list[str]:
    """What the gate says of accuracies and buckets."""
    return list(
        judge(now, Reference("R01", before), replace(PLAN, auroc_drop=1.0, **plan))["losses"]
    )


# --- the rule -------------------------------------------------------------------------------------


def test_a_domain_is_lost_beyond_two_points_and_luck() -> None:
    """100 questions, 2.4 standard deviations: 11 lost and 0 gained are 11 - 2.4 sqrt(11) = 3.0 > 2."""
    before, now = changed(lost=11, gained=0, both=49, neither=40)
    others = {name: [1] * 50 + [0] * 50 for name in ("math", "coding", "medical", "finance")}
    lost = losses(outcomes({"law": before, **others}), outcomes({"law": now, **others}))
    assert lost == ["law lost 11 questions and gained 0 of 100"]
    before, now = changed(lost=8, gained=0, both=52, neither=40)  # 8 - 2.4 sqrt(8) = 1.2
    assert not losses(outcomes({"law": before, **others}), outcomes({"law": now, **others}))
    before, now = changed(lost=25, gained=8, both=35, neither=32)  # 17 - 2.4 sqrt(33) = 3.2
    assert losses(outcomes({"law": before, **others}), outcomes({"law": now, **others}))
    before, now = changed(lost=25, gained=12, both=35, neither=28)  # 13 - 2.4 sqrt(37) < 0
    assert not losses(outcomes({"law": before, **others}), outcomes({"law": now, **others}))


def test_a_loss_of_exactly_what_is_allowed_passes_at_every_accuracy() -> None:
    """0.59 - 0.57 > 0.02 in floats: two questions of a hundred were refused at 17 of 20 accuracies."""
    for right in range(2, 101):
        before, now = changed(lost=2, gained=0, both=right - 2, neither=100 - right)
        assert not losses(outcomes({"law": before}), outcomes({"law": now}), luck=0)
    before, now = changed(lost=3, gained=0, both=57, neither=40)
    assert losses(outcomes({"law": before}), outcomes({"law": now}), luck=0)
    # The mean of 0, 2, 7 and 7 of 400 is 0.010000000000000002.
    pairs = [changed(lost, 0, 200, 200 - lost) for lost in (0, 2, 7, 7)]
    before, now = ({f"d{n}": pair[side] for n, pair in enumerate(pairs)} for side in (0, 1))
    assert not losses(outcomes(before), outcomes(now), luck=0)


def test_a_round_that_is_surer_than_it_may_be_is_refused_if_the_plan_says_so() -> None:
    """Half are right. Expected confidences of .5 are true, those of .75 a quarter too high."""
    half = {"law": [1, 0] * 50}
    true, sure = outcomes(half, expected=0.5), outcomes(half, expected=0.75)
    assert losses(true, sure, ece_rise=0.1) == ["the calibration error rose from 0.000 to 0.250"]
    assert not losses(true, sure, ece_rise=0.25) and not losses(true, sure)
    assert not losses(sure, true, ece_rise=0.0)


def test_small_losses_everywhere_are_a_loss_of_the_mean() -> None:
    """Seven times 6 lost and 1 gained of 100: no domain's, but 35 - 2.4 sqrt(49) = 18.2 > 7 of 700."""
    before, now = changed(lost=6, gained=1, both=53, neither=40)
    domains = [f"d{n}" for n in range(7)]
    lost = losses(outcomes(dict.fromkeys(domains, before)), outcomes(dict.fromkeys(domains, now)))
    assert lost == ["all domains together lost 42 questions and gained 7 of 700"]
    one = losses(outcomes({"law": before}), outcomes({"law": now}))
    assert one == []


def test_every_domain_counts_the_same_in_the_mean() -> None:
    few, many = Change(5, 0, 10), Change(0, 0, 1000)
    assert accuracy_lost([few, many], 0) == pytest.approx(0.25)
    assert accuracy_lost([few, many], 2) == pytest.approx(0.25 - 5**0.5 / 10)


def test_every_key_of_the_gate_counts() -> None:
    before, now = changed(lost=14, gained=0, both=46, neither=40)
    same = [1] * 50 + [0] * 50
    pair = outcomes({"law": before, "math": same}), outcomes({"law": now, "math": same})
    law = "law lost 14 questions and gained 0 of 100"
    both = "all domains together lost 14 questions and gained 0 of 200"
    assert losses(*pair) == [law, both]
    assert losses(*pair, accuracy_drop=0.06) == [both]
    assert losses(*pair, mean_drop=0.03) == [law]
    assert losses(*pair, luck=3.5) == []


def test_the_same_questions_or_an_error() -> None:
    with pytest.raises(ConfigurationError, match="the validation questions differ from those"):
        judge(outcomes({"law": [1, 0]}), Reference("R00", outcomes({"law": [1, 0, 1]})), PLAN)
    with pytest.raises(ConfigurationError, match="the validation questions differ from those"):
        judge(outcomes({"law": [1, 0]}), Reference("R00", outcomes({"math": [1, 0]})), PLAN)


def test_questions_are_paired_by_their_ids_within_a_domain() -> None:
    """Two files may number their questions alike, and the order does not count."""
    before = outcomes({"law": [1, 0, 0], "math": [0, 1, 1]})
    now = outcomes({"law": [1, 1, 0], "math": [0, 1, 0]})[::-1]
    assert changes(paired(before, now)) == {"math": Change(1, 0, 3), "law": Change(0, 1, 3)}


# --- the buckets ----------------------------------------------------------------------------------


def test_entropy_is_of_the_buckets_alone() -> None:
    assert entropy(list(BUCKETS) * 3) == pytest.approx(1)
    assert entropy([0.5] * 7) == 0
    assert entropy([*BUCKETS, -1.0, -1.0]) == pytest.approx(1)  # no confidence is no sixth bucket
    assert entropy([-1.0]) == 0


def test_one_bucket_alone_is_refused() -> None:
    before = outcomes({"law": [1, 0] * 10})
    now = [replace(outcome, confidence=0.5) for outcome in before]
    assert losses(before, now) == ["the entropy of the buckets is 0.00, less than 0.30"]
    assert losses(before, now, least_entropy=0.0) == []


def test_who_said_no_confidence_expected_nothing() -> None:
    silent = [replace(o, confidence=-1.0, expected=-1.0) for o in outcomes({"law": [1, 0]})]
    assert figures(silent, 0.5)["confidence_minus_accuracy"] == pytest.approx(-0.5)


# --- ranking --------------------------------------------------------------------------------------


def ranked(random: np.random.Generator, size: int, noise: float) -> list[Outcome]:
    """Three domains whose confidences rank the answers, more or less."""
    out = []
    for domain in ("law", "math", "coding"):
        chance = random.random(size)
        for place in range(size):
            expected = float(np.clip(chance[place] + random.normal(0, noise), 0, 1))
            right = int(random.random() < chance[place])
            out.append(Outcome(str(place), domain, 0, BUCKETS[place % 5], expected, right, 1))
    return out


def test_the_influences_are_those_of_leaving_a_question_out() -> None:
    """The jackknife: n - 1 times the AUROC's change is the question's influence, with ties too."""
    random = np.random.default_rng(3)
    scores, right = random.integers(0, 20, 400) / 20, random.random(400) < 0.4
    influences = auroc_influence(scores, right)
    assert influences.mean() == pytest.approx(0, abs=1e-12)
    area = auroc(scores, right)
    for place in range(0, 400, 40):
        kept = np.arange(400) != place
        left_out = 399 * (area - auroc(scores[kept], right[kept]))
        assert influences[place] == pytest.approx(left_out, rel=0.02, abs=0.01)


def test_the_deviation_of_a_difference_is_the_bootstraps() -> None:
    random = np.random.default_rng(5)
    before = ranked(random, 300, 0.1)
    now = [
        replace(
            o,
            expected=float(np.clip(o.expected + random.normal(0, 0.2), 0, 1)),
            edge=o.edge if random.random() < 0.9 else 1 - o.edge,
        )
        for o in before
    ]
    pairs = paired(before, now)
    change = ranking_change(pairs)
    assert change
    arrays = [
        [np.array([[o.expected, o.edge] for o in side]) for side in zip(*answered, strict=True)]
        for answered in pairs.values()
    ]

    def fall(places: Sequence[np.ndarray]) -> float:
        return macro(
            auroc(*earlier[i].T) - auroc(*later[i].T)
            for (earlier, later), i in zip(arrays, places, strict=True)
        )

    falls = [fall([random.integers(0, 300, 300) for _ in arrays]) for _ in range(1000)]
    low, high = np.quantile(falls, [0.025, 0.975])
    assert change.deviation == pytest.approx((high - low) / (2 * 1.96), rel=0.1)
    assert (low + high) / 2 == pytest.approx(change.before - change.now, abs=0.01)


def test_a_ranking_that_is_gone_is_refused_and_luck_is_not() -> None:
    random = np.random.default_rng(7)
    before = ranked(random, 200, 0.1)
    blind = [replace(o, expected=float(random.random())) for o in before]
    (loss,) = judge(blind, Reference("R01", before), PLAN)["losses"]
    assert loss.startswith("AUROC fell from 0.8")
    noisy = [replace(o, expected=o.expected + float(random.normal(0, 0.05))) for o in before]
    assert judge(noisy, Reference("R01", before), PLAN)["losses"] == []
    assert judge(blind, Reference("base", before, ranked=False), PLAN)["losses"] == []


def test_a_domain_that_is_all_right_has_no_ranking() -> None:
    sure, mixed = outcomes({"law": [1] * 10}), outcomes({"law": [1, 0] * 5})
    assert ranking_change(paired(sure, mixed)) is None
    assert judge(mixed, Reference("R01", sure), replace(PLAN, luck=9.0))["losses"] == []


# --- the best so far ------------------------------------------------------------------------------


def test_the_reference_is_the_most_accurate_round_and_never_a_raw_base() -> None:
    first = Reference("R00", outcomes({"law": [1, 0, 0, 0], "math": [1, 1]}))
    second = Reference("R01", outcomes({"law": [1, 1, 0, 0], "math": [1, 1]}))
    assert (first.accuracy, second.accuracy) == (0.625, 0.75)
    assert better(first, second).name == better(second, first).name == "R01"
    assert better(first, replace(first, name="R02")).name == "R00"
    base = Reference("base", outcomes({"law": [1, 1, 1, 1], "math": [1, 1]}), ranked=False)
    assert better(base, first).name == "R00"


def test_losses_in_small_steps_are_seen_against_the_best_round() -> None:
    """Each step loses two questions of a hundred, which is nothing; eight of them are a loss."""
    right = [1] * 60 + [0] * 40
    chain = [right]
    for step in range(8):
        chain.append([0] * (2 * step + 2) + right[2 * step + 2 :])
    answers = [outcomes({"law": step, "math": right}) for step in chain]
    for before, now in pairwise(answers):
        assert not losses(before, now)
    best = Reference("R00", answers[0])
    for number, step in enumerate(answers[1:], 1):
        best = better(best, Reference(f"R{number:02d}", step))
    assert best.name == "R00"
    assert losses(list(best.outcomes), answers[-1])


# --- luck and loss, on the published accuracies ---------------------------------------------------


def test_the_simulation_is_on_the_published_accuracies() -> None:
    assert simulation.CARDS == {"foggen": QWEN, "foggen-gemma3-270m": GEMMA}
    random = np.random.default_rng(1)
    questions = simulation.Validation.drawn(random, QWEN, 4000, 0.05)
    now = questions.next_round(random)
    assert np.abs(questions.right.mean(1) - QWEN).max() < 0.03
    assert np.abs((questions.right != now).mean(1) - 0.05).max() < 0.015
    assert np.abs(questions.right.mean(1) - now.mean(1)).max() < 0.015
    lost = questions.next_round(random, 0.1, 4)
    assert questions.right[4].mean() - lost[4].mean() == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("card", [QWEN, GEMMA], ids=["foggen", "foggen-gemma3-270m"])
def test_a_round_that_changed_nothing_is_hardly_ever_refused(card: tuple[float, ...]) -> None:
    """At most 2% of rounds, with 100 questions of each of seven domains and 5% churn."""
    share, _ = simulation.share_refused(np.random.default_rng(2), card, 100, 0.05, trials=300)
    assert share <= 0.02


@pytest.mark.parametrize("card", [QWEN, GEMMA], ids=["foggen", "foggen-gemma3-270m"])
def test_a_true_loss_of_ten_points_is_found(card: tuple[float, ...]) -> None:
    """In at least 80% of cases, with 300 questions a domain and 5% churn."""
    assert simulation.share_found(np.random.default_rng(3), card, 300, 0.05, 0.1, trials=140) >= 0.8


def test_a_first_round_at_chance_is_not_refused_for_a_raw_bases_luck() -> None:
    """The two were asked in different words, and two thirds of their right answers differ."""
    random = np.random.default_rng(4)
    refused = [simulation.refused_from_nothing(random, 100) for _ in range(400)]
    assert np.mean(refused) <= 0.02
