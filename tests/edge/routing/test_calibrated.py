"""A calibrated model's way of a question: two stages, one rule, and the letters without their prior."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foggen import Question, Router
from foggen.confidence import stored
from foggen.confidence.calibration import NOT_KEPT, Calibration, ModelIdentity
from foggen.confidence.maps import LINE, ProbabilityMap
from foggen.confidence.scores import signals_of
from foggen.config import Settings
from foggen.errors import ConfigurationError
from foggen.loaded import LoadedModel
from foggen.routing.cloud import CloudLink
from foggen.store.models import ModelInfo
from foggen.testing import Scripted, ScriptedEdge

QUESTION = "2 + 2 = ?\nA. 3\nB. 4"
IDENTITY = ModelIdentity("a" * 64, "q8_0", "b" * 64)


def calibration(**values: Any) -> Calibration:
    base: dict[str, Any] = {
        "score": "expected",
        "map": ProbabilityMap(LINE, 1.0, 0.0),
        "tau": 0.7,
        "rows": 100,
        "model": IDENTITY,
    }
    return Calibration(**base | values)


def router(scripted: Scripted, made: Calibration | None, **settings: Any) -> Router:
    edge = ScriptedEdge(default=scripted)
    loaded = LoadedModel(edge, ModelInfo("scripted", "a" * 64, "R0"), made)
    chosen = Settings(**settings)
    return Router(loaded, chosen, CloudLink(chosen))


def test_p_right_is_compared_and_the_confidence_is_still_said() -> None:
    with router(Scripted("B", 0.75), calibration()) as sure:
        reply = sure.ask(QUESTION)
    assert (reply.label, reply.confidence, reply.sure) == ("B", 0.75, True)
    assert reply.p_right == pytest.approx(0.75, abs=0.01)
    assert (reply.tau, reply.calibrated_on) == (0.7, 100)
    assert reply.reason == "P(right) >= tau"
    with router(Scripted("B", 0.75), calibration(tau=0.8)) as unsure:
        reply = unsure.ask(QUESTION)
    assert (reply.sure, reply.degraded) == (False, True)
    assert reply.reason.startswith("P(right) < tau")


def test_a_tau_of_the_users_wins_and_the_cards_rule_can_be_had() -> None:
    with router(Scripted("B", 0.75), calibration(), tau=0.9) as strict:
        assert (strict.tau, strict.ask(QUESTION).sure) == (0.9, False)
    with router(Scripted("B", 0.75), calibration(tau=0.9), score="bucket") as cards:
        reply = cards.ask(QUESTION)
        assert (reply.sure, reply.tau, reply.calibrated_on) == (True, 0.5, None)
        assert not cards.sharing(tau=0.8).ask(QUESTION).sure


def test_below_the_floor_nothing_is_kept_whatever_the_letters_say() -> None:
    with router(Scripted("B", 0.25), calibration(score="letters", floor=0.5, tau=0.1)) as one:
        reply = one.ask(QUESTION)
    assert (reply.sure, reply.degraded, reply.edge_answer) == (False, True, "B")
    assert reply.reason.startswith("P(right) < tau")


def test_an_answer_that_cannot_be_kept_is_not_decoded() -> None:
    made = calibration(score="letters", floor=0.5, tau=0.1)
    with router(Scripted("B", 0.25), made) as one:
        choice = one._choice(QUESTION, False)
        assessed = one.edge.assess(
            Question.parse(QUESTION),
            wants_answer=lambda found: choice._may_keep(found, 0.1),
            deadline_s=None,
            cancel=None,
        )
    assert assessed.answer is None
    assert choice._found(assessed).compared == NOT_KEPT


def test_the_answer_is_that_of_the_letters_without_their_prior() -> None:
    with router(Scripted("A", 0.75), None) as plain:
        signals = signals_of(plain.assess(QUESTION))
    prior = (20.0, 0.0)
    assert signals.without_prior(prior).answer == 1
    with router(Scripted("A", 0.75), calibration(prior=prior)) as one:
        assert one.ask(QUESTION).label == "B"


def test_an_open_question_has_the_cards_rule() -> None:
    with router(Scripted("four", 0.5), calibration(tau=0.9)) as one:
        reply = one.ask_open("2 + 2 = ?")
    assert (reply.sure, reply.tau, reply.p_right) == (True, 0.5, None)


def test_more_options_than_were_trained_on_need_no_full_confidence_once_calibrated() -> None:
    question = "Which?\n" + "\n".join(f"{label}. {label * 2}" for label in "ABCDEF")
    with router(Scripted("B", 0.75), None) as plain:
        assert plain.ask(question).tau == 1.0
    with router(Scripted("B", 0.75), calibration()) as one:
        assert (one.ask(question).tau, one.ask(question).sure) == (0.7, True)


def test_a_calibration_is_kept_by_the_models_hash(tmp_path: Path) -> None:
    made = calibration()
    assert stored.load(tmp_path, IDENTITY.sha256) is None
    assert stored.save(tmp_path, made).parent == tmp_path / "calibrations"
    assert stored.load(tmp_path, IDENTITY.sha256) == made
    assert stored.load(tmp_path, "c" * 64) is None
    stored.path_of(tmp_path, IDENTITY.sha256).write_text("{}", "utf-8")
    with pytest.raises(ConfigurationError, match="is no calibration"):
        stored.load(tmp_path, IDENTITY.sha256)
    assert stored.remove(tmp_path, IDENTITY.sha256)
    assert not stored.remove(tmp_path, IDENTITY.sha256)


def test_the_calibration_of_another_prompt_is_refused(tmp_path: Path) -> None:
    with Router.open(home=tmp_path) as one:
        assert one.model is not None
        sha256 = one.model.sha256
    stored.save(tmp_path, calibration(model=ModelIdentity(sha256, "q8_0", "d" * 64)))
    with pytest.raises(ConfigurationError, match="another prompt"):
        Router.open(home=tmp_path)
