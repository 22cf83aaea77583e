"""From labelled passes to a calibration, and from its file back."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from foggen.confidence.calibrating import (
    LEAST_ROWS,
    Target,
    calibrate,
    calibration_error,
    least_rows,
)
from foggen.confidence.calibration import ModelIdentity, from_json
from foggen.confidence.certificate import NOTHING_KEPT
from foggen.confidence.fitting import LEAST_FOR_HEAD, fit
from foggen.confidence.metrics import auroc
from foggen.confidence.scores import FUSED, HEAD, SCORES, score_of
from foggen.errors import ConfigurationError
from simulated_passes import passes

IDENTITY = ModelIdentity("a" * 64, "q8_0", "b" * 64)


def test_p_right_is_true_of_rows_that_nothing_was_fitted_on() -> None:
    calibration = calibrate(passes(1500, 1), IDENTITY, Target()).calibration
    fresh = passes(4000, 2)
    p_right = np.array([calibration.p_right(row.signals) for row in fresh])
    right = np.array([calibration.answer(row.signals) == row.key for row in fresh], dtype=float)
    assert calibration_error(p_right, right) < 0.04
    singles = [
        auroc([score_of(name, row.signals) for row in fresh], right)
        for name in SCORES
        if name != FUSED
    ]
    assert auroc(p_right, right) > max(singles) - 0.01


def test_a_few_rows_have_no_head() -> None:
    assert fit(passes(LEAST_FOR_HEAD - 1, 3)).weights == ()
    fused = fit(passes(LEAST_FOR_HEAD - 1, 3), score=FUSED)
    assert len(fused.weights) == len(HEAD)


def test_a_prior_is_taken_out_where_a_model_prefers_a_letter_and_only_there() -> None:
    biased = fit(passes(600, 4, favourite=2.0))
    assert biased.prior[0] > max(biased.prior[1:]) + 1
    fresh = passes(2000, 5, favourite=2.0)
    before = np.mean([row.right() for row in fresh])
    after = np.mean([row.right(biased.prior) for row in fresh])
    assert after > before + 0.05
    assert fit(passes(600, 4)).prior == ()


def test_tau_sends_the_share_that_is_asked_for() -> None:
    calibration = calibrate(passes(1500, 6), IDENTITY, Target(cloud_share=0.3)).calibration
    sent = np.mean([not calibration.keeps(row.signals) for row in passes(4000, 7)])
    assert sent == pytest.approx(0.3, abs=0.03)
    assert calibration.promise["cloud_share"] == pytest.approx(0.3, abs=0.01)


def test_a_bound_is_certified_on_the_half_that_nothing_was_fitted_on() -> None:
    report = calibrate(passes(3000, 8), IDENTITY, Target(max_error=0.2))
    certificate = report.certificate
    assert certificate is not None
    assert certificate.holds
    assert (certificate.tested, len(report.right)) == (1500, 1500)
    kept = [row for row in passes(8000, 9) if report.calibration.keeps(row.signals)]
    assert kept
    assert np.mean([not row.right(report.calibration.prior) for row in kept]) <= 0.2


def test_too_few_rows_keep_nothing() -> None:
    report = calibrate(passes(60, 10), IDENTITY, Target(max_error=0.02))
    assert report.calibration.tau == NOTHING_KEPT
    assert not report.kept.any()
    assert not report.calibration.may_keep(1.0, 1.0)


def test_the_two_stages_are_the_rule_at_once() -> None:
    for score in SCORES:
        calibration = calibrate(
            passes(400, 11), IDENTITY, Target(cloud_share=0.5), score=score
        ).calibration
        for row in passes(500, 12):
            signals = row.signals
            early = calibration.may_keep(signals.bucket, signals.expected)
            two = early and calibration.keeps(signals)
            assert two == calibration.keeps(signals)
            if score in ("bucket", "expected"):
                assert early == calibration.keeps(signals)


def test_the_floor_takes_nothing_from_the_rows_it_was_fitted_on() -> None:
    rows = passes(800, 13)
    report = calibrate(rows, IDENTITY, Target(cloud_share=0.4), score="letters")
    assert 0 < report.calibration.floor < 0.5
    assert (report.kept == (report.p_right >= report.calibration.tau)).all()


def test_how_many_rows_a_target_needs() -> None:
    assert least_rows(Target(cloud_share=0.2)) == LEAST_ROWS
    assert least_rows(Target(max_error=0.1)) == 2 * 22
    assert least_rows(Target(max_error=0.01)) == 2 * 230


def test_a_calibration_is_read_as_it_was_written() -> None:
    for score in SCORES:
        target = Target(cloud_share=0.5)
        made = calibrate(passes(200, 14, favourite=2.0), IDENTITY, target, score=score, data="mine")
        assert from_json(made.calibration.to_json(), "here") == made.calibration


def test_another_file_is_refused_with_its_place() -> None:
    good = json.loads(calibrate(passes(200, 14), IDENTITY, Target()).calibration.to_json())
    damaged = [
        "",
        "[]",
        "{}",
        json.dumps(good | {"version": 9}),
        json.dumps(good | {"score": "magic"}),
        json.dumps(good | {"tau": float("nan")}),
        json.dumps(good | {"score": FUSED, "weights": {}}),
        json.dumps(good | {"model": {"sha256": "a"}}),
    ]
    for text in damaged:
        with pytest.raises(ConfigurationError, match=r"^x\.json is no calibration"):
            from_json(text, "x.json")


def test_the_calibration_of_another_model_is_refused_by_name() -> None:
    IDENTITY.check(IDENTITY, "starter")
    for other in (
        replace(IDENTITY, sha256="c" * 64),
        replace(IDENTITY, quant="q4_0"),
        replace(IDENTITY, prompt="d" * 64),
    ):
        with pytest.raises(ConfigurationError, match="than starter has"):
            IDENTITY.check(other, "starter")
