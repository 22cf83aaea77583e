"""`foggen.calls.cancelling`: a token ends what was given it, once and for all, and nothing after that starts."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

import pytest

from foggen import CancelToken
from foggen.errors import CancelledError


def never_started() -> Future[str]:
    raise AssertionError("it was started")


def test_whoever_comes_inside_or_too_late_is_called() -> None:
    token, called = CancelToken(), list[str]()
    with token.calling(lambda: called.append("left")):
        pass
    with token.calling(lambda: called.append("inside")):
        token.cancel()
    with token.calling(lambda: called.append("late")):
        pass
    assert called == ["inside", "late"]
    assert token.cancelled


def test_nothing_is_started_after_a_cancel() -> None:
    token = CancelToken()
    token.check()
    token.cancel()
    with pytest.raises(CancelledError):
        token.check()
    with pytest.raises(CancelledError):
        token.result(never_started)
    with pytest.raises(CancelledError):
        asyncio.run(token.aresult(never_started))


def test_what_takes_too_long_is_cancelled() -> None:
    future: Future[str] = Future()
    with pytest.raises(TimeoutError):
        CancelToken().result(lambda: future, 0.01)
    assert future.cancelled()


def test_what_takes_too_long_is_cancelled_in_an_event_loop() -> None:
    future: Future[str] = Future()
    with pytest.raises(TimeoutError):
        asyncio.run(CancelToken().aresult(lambda: future, 0.01))
    assert future.cancelled()


def test_a_result_in_time_is_given_back() -> None:
    future: Future[str] = Future()
    future.set_result("done")
    assert CancelToken().result(lambda: future, 0.01) == "done"
    assert asyncio.run(CancelToken().aresult(lambda: future)) == "done"
