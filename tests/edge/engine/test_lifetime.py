"""`foggen.engine.lifetime`: nothing is freed while it is in use, and everything is freed once."""

from __future__ import annotations

import pytest

from foggen.engine.lifetime import Lifetime
from foggen.errors import FogGenError

from ..helpers import python

STUCK = """
    import threading
    from foggen.engine.lifetime import Lifetime, process

    begun = threading.Event()
    lifetime = Lifetime("model", lambda: None, lambda: print("asked to stop", flush=True))

    def work():
        with lifetime.using():
            begun.set()
            threading.Event().wait()

    threading.Thread(target=work, daemon=True).start()
    begun.wait()
    """


class Native:
    """What a lifetime guards; `done` records what was done to it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.lifetime = Lifetime(
            "model", lambda: self.done.append("freed"), lambda: self.done.append("stopped")
        )


def test_an_unused_object_is_freed_once() -> None:
    native = Native()
    native.lifetime.close()
    native.lifetime.close()
    assert native.done == ["freed"]


def test_closing_an_object_in_use_stops_it_and_frees_it_at_the_end_of_the_last_use() -> None:
    native = Native()
    with native.lifetime.using():
        with native.lifetime.using():
            native.lifetime.close()
        assert native.done == ["stopped"], "one use is still under way"
    assert native.done == ["stopped", "freed"]


def test_an_object_that_is_held_is_freed_when_it_is_released() -> None:
    native = Native()
    native.lifetime.hold()
    native.lifetime.close()
    assert "freed" not in native.done
    native.lifetime.release()
    native.lifetime.close()
    assert native.done.count("freed") == 1


def test_a_failing_use_ends_like_any_other() -> None:
    native = Native()
    with pytest.raises(RuntimeError), native.lifetime.using():
        raise RuntimeError
    native.lifetime.close()
    assert native.done == ["freed"]


def test_a_closed_object_is_neither_used_nor_held() -> None:
    native = Native()
    native.lifetime.close()
    assert native.lifetime.closed
    for use in (native.lifetime.check, native.lifetime.hold, native.lifetime.using().__enter__):
        with pytest.raises(FogGenError, match=r"this model was closed.*open a new Router"):
            use()


def test_a2_a_native_call_that_does_not_stop_does_not_hold_up_the_end_for_ever() -> None:
    outcome = python(STUCK)
    assert (outcome.code, outcome.out, outcome.err) == (0, "asked to stop\n", "")


IDLE = """
    from foggen.engine import lifetime

    lifetime.EXIT_WAIT_S = 1000.0
    lifetime.process.begin()
    for _ in range(2):
        with lifetime.process.call():
            pass
    """


def test_a2_where_nothing_is_under_way_the_end_of_the_process_waits_for_nothing() -> None:
    outcome = python(IDLE)
    assert (outcome.code, outcome.err) == (0, "")
