"""`foggen.engine.turns`: what ends one call never reaches another, and no ended call keeps the model."""

from __future__ import annotations

import threading
import time
from typing import cast

import pytest

from foggen import CancelToken
from foggen.engine.engine import Engine
from foggen.engine.lifetime import Lifetime
from foggen.engine.native import Context, DecodingStopped
from foggen.engine.turns import Turns
from foggen.errors import CancelledError, DeadlineError, FogGenError

from ..conftest import Opened
from ..helpers import held

WAIT_S = 60.0  # far more than anything here takes


class WaitingContext:
    """A context that decodes until it is stopped, and tells whether it was."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.lifetime = Lifetime("model", lambda: None)

    def decode(self) -> None:
        if self.stopped.wait(WAIT_S):
            raise DecodingStopped

    def stop(self) -> None:
        self.stopped.set()

    def clear_stop(self) -> None:
        self.stopped.clear()


@pytest.fixture
def engine(opened: Opened) -> Engine:
    return opened().edge


def decodes(engine: Engine) -> bool:
    """Under a turn: raises DecodingStopped if somebody has stopped it."""
    engine.context.cut(len(engine.plan.prefix))
    return len(engine.context.decode([5], len(engine.plan.prefix), [0])) == 1


def test_a_cancel_that_comes_too_late_does_not_end_the_next_turn(engine: Engine) -> None:
    token = CancelToken()
    with engine.turn(cancel=token):
        token.cancel()  # the work of this turn was already done
    with engine.turn():
        assert decodes(engine)


def test_a_deadline_that_passes_too_late_does_not_end_the_next_turn(engine: Engine) -> None:
    with engine.turn(0.01):
        time.sleep(0.2)  # the deadline passes while nothing is decoded
    with engine.turn():
        assert decodes(engine)


def test_the_end_of_a_waiting_call_does_not_reach_the_one_that_decodes(engine: Engine) -> None:
    errors: list[FogGenError] = []

    def wait_for_a_turn(deadline_s: float | None, token: CancelToken) -> None:
        try:
            with engine.turn(deadline_s, token):
                pass
        except FogGenError as error:
            errors.append(error)

    for deadline_s in (0.01, None):
        token = CancelToken()
        waiting = threading.Thread(target=wait_for_a_turn, args=(deadline_s, token))
        with engine.turn():
            waiting.start()
            while not engine.waiting and waiting.is_alive():
                time.sleep(0.001)
            if deadline_s is None:
                token.cancel()
            waiting.join(WAIT_S)
            assert decodes(engine)
    assert [type(error) for error in errors] == [DeadlineError, CancelledError]


def test_a_call_that_was_ended_while_it_waited_leaves_the_queue(engine: Engine) -> None:
    with held(engine):
        with pytest.raises(DeadlineError), engine.turn(0.01):
            pass
        assert engine.waiting == 0
    with engine.turn(WAIT_S):
        assert decodes(engine)
    assert not engine.busy


def test_close_stops_the_turn_under_way_and_has_waited_for_its_end() -> None:
    context = WaitingContext()
    turns = Turns(cast(Context, context))
    errors: list[str] = []

    def work() -> None:
        try:
            with turns.turn():
                context.decode()
        except FogGenError as error:
            errors.append(error.message)

    thread = threading.Thread(target=work)
    thread.start()
    while not turns.busy:
        time.sleep(0.001)
    turns.close()
    assert context.stopped.is_set()
    assert not turns.busy
    thread.join(WAIT_S)
    assert errors == ["this model was closed"]
    with pytest.raises(FogGenError, match="closed"), turns.turn():
        pass


def test_an_error_inside_a_turn_ends_it(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.turn():
        raise ZeroDivisionError
    with engine.turn():
        assert decodes(engine)


def test_what_was_left_in_part_is_nobody_s_question(engine: Engine) -> None:
    with engine.turn():
        whole = engine.new_ticket()
    assert engine.holds(whole)
    with pytest.raises(ZeroDivisionError), engine.turn():
        part = engine.new_ticket()
        raise ZeroDivisionError
    assert not engine.holds(part)


def test_a_thread_that_asks_in_the_middle_of_its_question_is_told(engine: Engine) -> None:
    told = pytest.raises(FogGenError, match="in the middle of a question")
    with engine.turn(), told, engine.turn():
        pass
    with engine.turn():
        assert decodes(engine)


def test_cancelled_is_told_before_too_late(engine: Engine) -> None:
    """A user who has cancelled is not asked to allow more time."""
    token = CancelToken()
    token.cancel()
    with held(engine), pytest.raises(CancelledError), engine.turn(0.01, token):
        pass
