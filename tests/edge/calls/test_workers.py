"""`foggen.calls.workers`: few threads, each used again; work that was abandoned or that fails stops nobody."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from foggen.calls.workers import Workers

WAIT_S = 60.0  # far more than anything here takes
NAME = "tested"


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == NAME]


def ended(running: list[threading.Thread]) -> bool:
    for thread in running:
        thread.join(WAIT_S)
    return not any(thread.is_alive() for thread in running)


def test_threads_start_when_they_are_needed_up_to_the_most() -> None:
    workers, go_on = Workers(NAME, 2), threading.Event()
    assert threads() == []
    futures = []
    for count in (1, 2, 2, 2):
        futures.append(workers.submit(lambda: go_on.wait(WAIT_S)))
        assert len(threads()) == count
    go_on.set()
    assert all(future.result(WAIT_S) for future in futures)
    running = threads()
    workers.close()
    assert ended(running)


def test_an_idle_thread_is_used_again() -> None:
    workers = Workers(NAME, 8)
    names = {workers.submit(threading.get_ident).result(WAIT_S)}
    while workers._idle == 0:  # the result is there a moment before the thread waits again
        time.sleep(0.001)
    names.add(workers.submit(threading.get_ident).result(WAIT_S))
    assert len(names) == len(threads()) == 1
    running = threads()
    workers.close()
    assert ended(running)


def test_what_was_submitted_is_done_before_the_threads_end() -> None:
    workers, go_on = Workers(NAME, 1), threading.Event()
    workers.submit(lambda: go_on.wait(WAIT_S))
    last = workers.submit(lambda: "last")
    running = threads()
    workers.close()
    go_on.set()
    assert last.result(WAIT_S) == "last"
    assert ended(running)


def test_what_is_submitted_after_the_end_is_done_too() -> None:
    """A question asked of a closed router must hear that it is closed, and not wait for ever."""
    workers = Workers(NAME, 1)
    workers.submit(lambda: 1).result(WAIT_S)
    running = threads()
    workers.close()
    assert ended(running)
    for _ in range(2):
        assert workers.submit(lambda: "late").result(WAIT_S) == "late"
    assert ended(threads())


def test_an_error_is_the_future_s_and_the_thread_goes_on() -> None:
    workers = Workers(NAME, 1)
    for error in (KeyError("x"), SystemExit(3)):
        with pytest.raises(type(error)):
            workers.submit(lambda error=error: raises(error)).result(WAIT_S)
    assert workers.submit(lambda: 7).result(WAIT_S) == 7
    workers.close()


def raises(error: BaseException) -> None:
    raise error


def test_abandoned_work_is_not_begun_and_does_not_stop_its_thread() -> None:
    workers, go_on, done = Workers(NAME, 1), threading.Event(), list[str]()
    begun = workers.submit(lambda: go_on.wait(WAIT_S))
    failing = workers.submit(lambda: done.append("not begun"))
    failing.cancel()
    begun.cancel()
    go_on.set()
    assert workers.submit(lambda: "next").result(WAIT_S) == "next"
    assert done == []
    workers.close()


def test_many_callers_at_once() -> None:
    workers = Workers(NAME, 3)
    with ThreadPoolExecutor(8) as pool:
        futures: list[Future[int]] = list(
            pool.map(lambda number: workers.submit(lambda: number * 2), range(200))
        )
    assert [future.result(WAIT_S) for future in futures] == [2 * n for n in range(200)]
    assert len(threads()) <= 3
    workers.close()
