"""`foggen.routing.rule`: the rule as a table, its equality case, and the row M08."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foggen.engine.contract import BUCKETS
from foggen.errors import UsageError
from foggen.question.question import TRAINED_OPTIONS
from foggen.routing.rule import Decision, Mode, Route, decide, effective_tau, parse_tau

EDGE, CLOUD = Route.EDGE, Route.CLOUD


@pytest.mark.parametrize(
    ("confidence", "mode", "decision"),
    [
        (0.75, Mode.AUTO, Decision(EDGE, "confidence >= tau")),
        (0.5, Mode.AUTO, Decision(EDGE, "confidence >= tau")),
        (0.25, Mode.AUTO, Decision(CLOUD, "confidence < tau")),
        (None, Mode.AUTO, Decision(CLOUD, "no confidence")),
        (0.75, Mode.EDGE_ONLY, Decision(EDGE, "confidence >= tau")),
        (0.25, Mode.EDGE_ONLY, Decision(EDGE, "confidence < tau, edge-only")),
        (None, Mode.EDGE_ONLY, Decision(EDGE, "no confidence, edge-only")),
        (1.0, Mode.CLOUD_ONLY, Decision(CLOUD, "cloud-only")),
        (None, Mode.CLOUD_ONLY, Decision(CLOUD, "cloud-only")),
        (0.75, Mode.DRY_RUN, Decision(EDGE, "confidence >= tau")),
        (0.25, Mode.DRY_RUN, Decision(CLOUD, "confidence < tau")),
        (None, Mode.DRY_RUN, Decision(CLOUD, "no confidence")),
    ],
)
def test_the_rule(confidence: float | None, mode: Mode, decision: Decision) -> None:
    assert decide(confidence, 0.5, mode) == decision


@pytest.mark.parametrize("bucket", BUCKETS)
def test_m08_equality_keeps_on_every_bucket(bucket: float) -> None:
    assert decide(bucket, bucket).route is EDGE
    assert decide(bucket, math.nextafter(bucket, 2)).route is CLOUD
    assert decide(bucket, math.nextafter(bucket, -1)).route is EDGE


@pytest.mark.parametrize("bucket", BUCKETS)
def test_m08_the_ends_of_tau(bucket: float) -> None:
    assert decide(bucket, 0.0).route is EDGE
    assert decide(bucket, 1.0).route is (EDGE if bucket == 1.0 else CLOUD)


@pytest.mark.parametrize("tau", [0.0, 0.5, 1.0])
def test_m08_no_confidence_asks_whatever_tau_is(tau: float) -> None:
    assert decide(None, tau).route is CLOUD


@pytest.mark.parametrize(
    ("text", "value"),
    [("0,5", 0.5), ("0.5", 0.5), (" 1 ", 1.0), ("0", 0.0), (".25", 0.25), (0.75, 0.75), (1, 1.0)],
)
def test_m08_forms_of_tau(text: object, value: float) -> None:
    assert parse_tau(text) == value


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-0.1", "1.01", "2", "50%", "", "half", "0.5.5", None, math.nan, "1_0"]
)
def test_m08_no_tau(text: object) -> None:
    with pytest.raises(UsageError, match="tau") as caught:
        parse_tau(text)
    assert repr(text) in caught.value.message
    assert caught.value.exit_code == 2
    assert "0 to 1" in caught.value.hint


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_tau_never_keeps_more(confidence: float, tau: float, other: float) -> None:
    low, high = sorted((tau, other))
    if decide(confidence, high).route is EDGE:
        assert decide(confidence, low).route is EDGE


def test_i05_tau_is_raised_beyond_the_trained_options() -> None:
    assert [effective_tau(0.3, count) for count in (2, TRAINED_OPTIONS)] == [0.3, 0.3]
    assert [effective_tau(0.3, count) for count in (TRAINED_OPTIONS + 1, 26)] == [1.0, 1.0]
